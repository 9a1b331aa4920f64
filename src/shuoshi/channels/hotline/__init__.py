"""Calls at the hotline (3.2.1): told by the telephone exchange, offered to whoever is there, and none forgotten.

    exchange → pushing.pushed (rings, answered, hung up) → Call ─┬→ registered: a matter
                                                                └→ missed: rung back, or tried in vain

Without an exchange nothing of this is needed: the registrar types the number. A number never says who somebody is: it only
fills the field in and shows what is beside it.
"""
