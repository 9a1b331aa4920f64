"""The WeChat official account as a way in (3.1.3): somebody writes to it, is asked little, and has a number in the end.

    platform → wire (is it theirs, is it new) → arriving: kept, then answered ─┬→ dialogue (pure) → answering: a matter, its state
                                                                             └→ late: whatever could not be answered in time

A follower is nobody we know: an openid proves nothing. A matter belongs to one by its number and code alone (binding).
"""
