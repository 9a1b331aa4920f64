"""Notices beyond the desk: who is told of what by which way, the gateways, the call list, the morning list."""
