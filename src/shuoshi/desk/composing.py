"""What is being written beside a matter and was not sent yet: one draft per account and matter, for both composers.

It outlives a time-out, another action that is opened, a browser that is closed. Whoever wrote it finds it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.signing import Signer

from shuoshi.kernel import drafts
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action

COMPOSED = frozenset({Action.NOTE, Action.WRITE_TO_SPEAKER})  # they have their own places on the page of a matter
FORM = "desk.composing"


def unsent(account: UUID, matter: Matter) -> Mapping[str, str]:
    """The words of each composer, by its action; one statement."""
    kept = drafts.load(_token(account, matter))
    return dict(kept.body) if kept is not None else {}


def keep(account: UUID, matter: Matter, action: Action, words: str) -> None:
    """Hold these words until they are sent; no words at all are nothing to hold."""
    body = {name: said for name, said in unsent(account, matter).items() if name != action}
    if words.strip():
        body[action.value] = words
    token = _token(account, matter)
    if body:
        drafts.save(token, FORM, body, owner=account, subject=matter.number)
    else:
        drafts.drop(token)


def sent(account: UUID, matter: Matter, action: Action) -> None:
    """They are lines of the timeline now."""
    if action in COMPOSED and action in unsent(account, matter):
        keep(account, matter, action, "")


def _token(account: UUID, matter: Matter) -> str:
    """Cannot be guessed from outside, and needs no place to be kept in."""
    return Signer(salt=FORM).signature(f"{account} {matter.number}")
