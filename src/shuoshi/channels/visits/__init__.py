"""Home visits (3.2.3) and the representatives' collection book: who goes where, what was said there, and phones that may be offline.

    Plan ──────┐
    Device ── receive (the record, sealed on the phone) → Visit → keep_file (each picture) → matters, once all are here
                 └→ the same visit with other words: Differing, which a person settles

The phone makes the key of a visit, for ever. Nothing it holds is let go before the server said what it has.
"""
