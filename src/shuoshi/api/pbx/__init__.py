"""Pushes of a telephone exchange: an address nobody guesses, to which it tells of each call in a short form."""
