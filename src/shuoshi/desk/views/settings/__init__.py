"""Settings of the institution: lists, forms, history from the events. Every change is a verb of organization or people."""
