"""The yardstick: what an experienced developer would write in an afternoon with Django alone.

Same middleware, session and account, a form with as many fields, two inserts; a list of 50 rows from one query; a page
of five queries. No events, clocks, encryption, rules of visibility, counts beside the navigation: what those cost is the
difference that the bench shows.
"""
