"""The open platform (3.1.3): programs of others that send what residents told them, and ask what became of it.

    key → queries.of_key → Platform ─┬→ actions.post(platform, Sent) → Intake → matters.actions.register → Posted
                                     └→ queries.sent(platform, …) → states, never words or contacts

How a program speaks to us, Open311 or REST, is a face above; who may, and what became of it, is here.
"""
