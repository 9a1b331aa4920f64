"""A year of the invented town at the size of a real one: many people act by the real verbs, the worker is killed now and
then, and at the end what the system promised is counted from what stands in the database."""
