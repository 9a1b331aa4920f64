"""Suggestion boxes (3.2.2): where they hang, that two people opened them, and that every letter found came to something.

    open_ (two people, so many letters) → Opening, Letter 1 … n → add_photos → register (a matter, or more) or set_aside
                     └→ confirm or dispute by the second one

An opening that found nothing is an opening. A letter waits until it is a matter or was set aside with a reason; whoever opened
the box alone, or counts otherwise than the second one, is seen.
"""
