"""Empties append-only tables between tests that commit: triggers step aside for that moment only."""
