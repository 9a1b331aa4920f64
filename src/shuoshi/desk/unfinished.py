"""What was typed into the form of an action and not sent yet: one draft per account, matter and action.

It outlives a reload, a time-out, somebody who was faster, and is there on another device. The two composers on the page of
a matter keep theirs in `composing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.core.signing import Signer
from django.http import HttpRequest, QueryDict

from shuoshi.kernel import drafts
from shuoshi.kernel.web import kept, uploads
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action

ACTING = "desk.acting."  # and the action
_OF_THE_PAGE = frozenset({"from", "next", "do"})  # where somebody came from and goes to


def of(account: UUID, matter: Matter, action: Action) -> drafts.Loaded | None:
    """What this person left in this form; one statement."""
    return drafts.load(_token(account, matter, action))


def keep(request: HttpRequest, account: UUID, matter: Matter, action: Action) -> None:
    """Hold what the form says now; a form that says nothing is nothing to hold."""
    typed = [(name, value) for name, value in kept.fields(request) if name not in _OF_THE_PAGE]
    token = _token(account, matter, action)
    if any(name != uploads.TOKEN for name, _value in typed):
        drafts.save(token, f"{ACTING}{action}", typed, owner=account, subject=matter.number)
    else:
        drafts.drop(token)


def sent(account: UUID, matter: Matter, action: Action) -> None:
    """It was carried out."""
    drafts.drop(_token(account, matter, action))


def filled_in(draft: drafts.Loaded) -> QueryDict:
    """The data of a form that shows it and carries nothing out."""
    data = QueryDict(mutable=True)
    for name, value in draft.body:
        data.appendlist(str(name), str(value))
    data[kept.AGAIN] = "1"
    return data


def texts(draft: drafts.Loaded | None) -> Sequence[str]:
    """The part of it that a person would miss, where its form is not there any more."""
    return [] if draft is None else [str(value) for _name, value in draft.body if kept.is_wordy(str(value))]


def _token(account: UUID, matter: Matter, action: Action) -> str:
    """Cannot be guessed from outside, and needs no place to be kept in."""
    return Signer(salt=ACTING).signature(f"{account} {matter.number} {action}")
