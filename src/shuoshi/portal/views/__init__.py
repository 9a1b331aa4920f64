"""Residents' pages: each view parses, calls one verb or question below, and answers. No rule of the procedure is here."""
