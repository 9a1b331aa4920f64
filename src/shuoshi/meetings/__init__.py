"""Meetings where matters are discussed (3.1.2): called in time, held with a quorum, written down, and followed up.

    call → agenda (waiting matters, topics of residents, free ones) → open_ → who is present → votes, resolutions, what is said
       └→ cancel                                                   └→ close → minutes, versions → approve at a later one → publish

Who is present is counted only after the recorder confirmed it; a vote keeps who was there. What is wrong is struck with a
reason, never removed; a meeting that is closed is changed by corrections only.
"""
