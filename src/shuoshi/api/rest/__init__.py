"""Our own interface for programs (3.1.3), version 1: JSON, a key in the header, problems as RFC 9457 has them.

    door (any address) → ninja → operations → channels.platforms → shapes
                           └ whatever goes wrong → problems

What a platform may and what became of what it sent is `channels.platforms`, as for Open311; here it is only written.
"""
