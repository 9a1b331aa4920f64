"""Every verb that changes the knowledge base: each is one transaction with one event in the stream of what it changes."""

from shuoshi.knowledge.actions.changes import SOURCES, Deed, EntryGiven
from shuoshi.knowledge.actions.entries import (
    confirm_reviewed,
    decline,
    hand_over,
    propose,
    publish,
    retire,
    revise,
)
from shuoshi.knowledge.actions.tasks import missing, no_entry_needed, settle_with

__all__ = [
    "SOURCES",
    "Deed",
    "EntryGiven",
    "confirm_reviewed",
    "decline",
    "hand_over",
    "missing",
    "no_entry_needed",
    "propose",
    "publish",
    "retire",
    "revise",
    "settle_with",
]
