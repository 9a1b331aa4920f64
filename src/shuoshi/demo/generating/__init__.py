"""Filling a demo with very many matters, for measuring and for trying at full size.

The demo's own matters went through the real actions; they become moulds (`making`). A plan says which is cast for which
day (`plan`), casting gives each copy keys, people, times and hashes of its own (`casting`), and `kernel.bulk` writes
them. So the actions stay the only ones that know what a matter looks like, and `shuoshi verify` is content.
"""
