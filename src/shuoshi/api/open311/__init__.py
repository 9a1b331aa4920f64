"""Open311 GeoReport v2 (3.1.3): the interface that programs for reporting to a city speak, so that they work unchanged.

    request → door.open311 (method, jurisdiction, key; errors) → reading → channels.platforms → written as XML or JSON

A service is a category of the profile, an attribute one of its questions, a request a matter. A request is known by a
name nobody guesses, never by the number of the matter. Without a key one learns of it how it stands; with the key it
was sent by, also which unit has it; words, contacts and places of nobody. http://wiki.open311.org/GeoReport_v2
"""
