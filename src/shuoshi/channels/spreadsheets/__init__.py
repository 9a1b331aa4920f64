"""Matters from a spreadsheet: an older ledger, or what another system wrote out.

    file → reading (Grid) → columns and values, kept as a layout → checking (Intake or faults) → run, by the worker

`actions` are what people do, `running` is what the worker does, `queries` what pages ask.
"""
