"""Ledgers (台账) that leave the house: any list with all its rows, registers of a period, forms of those above.

    asked (Asked: which list, narrowed how) → actions.ask → Export → making, by the worker → a sealed file, for its owner, a day

`lists` and `registers` say what is in each; `writing` is how it looks as a file. No file names a speaker.
"""
