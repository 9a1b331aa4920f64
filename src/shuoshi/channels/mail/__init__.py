"""E-mail (3.1.3): one inbox that is read, each mail once; who wrote it gains nothing by what a header claims.

    inbox.opened → fetching.fetch → reading.read → threads.found → receiving.receive ─┬→ a matter, or words added to one
                                                                                     ├→ waits for a person (desk)
                                                                                     └→ ignored: automatic, list, own

A mail is matched to a thread by the ids of messages, then by the token of a link we sent, never by its subject. We answer
only a new matter, once, without a word of the sender's; what a program wrote is never answered.
"""
