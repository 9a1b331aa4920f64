"""Several matters ticked in a list: what can be done to all of them at once, and the selection between its two pages.

Only what moves work on or tells somebody of it. Closing, rating and ruling are decisions about one matter, on what was
found and said in it: whoever could end two hundred with one press would end them unread, so none of these has a place
here, and nothing of a form decides which deeds there are.

A selection lies in a sealed draft of whoever made it, with the turn each matter had in the list: what somebody else
changed since is named, not overwritten. The key of the deeds follows from its token, so the same selection sent again
does nothing twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.several import FORMS
from shuoshi.kernel import drafts
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import number_in
from shuoshi.matters import actions
from shuoshi.matters.actions.several import Ended
from shuoshi.matters.case import HANDLING, Case
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.papers.listed import OF_A_PART
from shuoshi.matters.queries.several import refusals
from shuoshi.matters.vocabulary import Action
from shuoshi.organization.roles import Role

_FORM = "desk.selection"
_LASTS = timedelta(days=1)
_REGISTRY = frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT, Role.LEADER})
_AT_WORK = _REGISTRY | frozenset(HANDLING)


class Deed(TextChoices):
    """What a selection can be for."""

    ASSIGN = "assign", _("交办")
    TELL = "tell", _("告知说事人")
    REMIND = "remind", _("催办")
    REGISTRATION = "registration", _("打印登记表")
    ORDER = "order", _("打印交办单")


ICONS: Mapping[Deed, str] = {
    Deed.ASSIGN: "send",
    Deed.TELL: "message-square",
    Deed.REMIND: "bell",
    Deed.REGISTRATION: "printer",
    Deed.ORDER: "printer",
}
ACTIONS: Mapping[Deed, Action] = {
    Deed.ASSIGN: Action.ASSIGN,
    Deed.TELL: Action.WRITE_TO_SPEAKER,
    Deed.REMIND: Action.REMIND,
}
PAPERS: Mapping[Deed, PaperKind] = {Deed.REGISTRATION: PaperKind.REGISTRATION, Deed.ORDER: PaperKind.ORDER}
_WHO: Mapping[Deed, frozenset[Role]] = {  # whom the bar offers it to; whether it may be done, each matter says
    Deed.ASSIGN: frozenset({Role.DISPATCHER}),
    Deed.TELL: _AT_WORK,
    Deed.REMIND: _REGISTRY | {Role.SUPERVISOR},
    Deed.REGISTRATION: _AT_WORK,
    Deed.ORDER: _AT_WORK,
}


@dataclass(frozen=True)
class Row:
    """One ticked row: which matter, and the turn it had when it was shown."""

    key: UUID
    turn: int


@dataclass(frozen=True)
class Selection:
    """What was ticked for what, where one came from, and what became of it when it was carried out."""

    token: str
    deed: Deed
    rows: Sequence[Row]
    back: str
    ended: Sequence[Ended] = ()

    @property
    def key(self) -> str:
        """The intention, of every matter the same: the scope of a key is its matter."""
        return hashlib.sha256(f"{_FORM} {self.token}".encode()).hexdigest()[:40]

    @property
    def keys(self) -> list[UUID]:
        return [row.key for row in self.rows]


def offered(actor: Actor) -> list[Deed]:
    """The buttons of the bar for this person. No statement."""
    posts = [*actor.posts, *(post for absent in actor.stands_in for post in absent.lent)]
    roles = {Role(post.role) for post in posts}
    return [deed for deed in Deed if roles & _WHO[deed]]


def ticked(values: Iterable[str]) -> list[Row]:
    """Rows as the boxes of a list post them, several in one value apart by spaces, each once.

    What is no such row is left out, for no list of ours sends it.
    """
    found: dict[UUID, Row] = {}
    for value in " ".join(values).split():
        hex_, _dot, turn = value.partition(".")
        number = number_in(turn)
        try:
            key = UUID(hex_)
        except ValueError:
            continue
        if number is not None:
            found.setdefault(key, Row(key, number))
    return list(found.values())


def keep(owner: UUID, deed: Deed, rows: Sequence[Row], back: str) -> str:
    """Put a selection by; the token that finds it."""
    token = drafts.new_token()
    _save(owner, Selection(token, deed, rows, back))
    return token


def end(owner: UUID, selection: Selection, ended: Sequence[Ended]) -> None:
    """It was carried out: from now on its page tells what came of it."""
    _save(owner, Selection(selection.token, selection.deed, selection.rows, selection.back, ended))


def load(token: str, owner: UUID) -> Selection | None:
    """The selection of this account; None for what is none, or somebody else's."""
    kept = drafts.load(token)
    if kept is None or kept.form != _FORM or kept.owner != owner:
        return None
    body: dict[str, Any] = kept.body
    rows = [Row(UUID(hex_), turn) for hex_, turn in body["rows"]]
    ended = [Ended(UUID(hex_), why) for hex_, why in body["ended"]]
    return Selection(token, Deed(body["deed"]), rows, body["back"], ended)


def why_not(deed: Deed, cases: Sequence[Case]) -> dict[UUID, str]:
    """Which of them it cannot be done to, and why, in the words of the procedure."""
    if deed in ACTIONS:
        return refusals(ACTIONS[deed], cases)
    told = {case.matter.pk: _no_paper(case, PAPERS[deed]) for case in cases}
    return {key: why for key, why in told.items() if why}


def paper_of(case: Case, kind: PaperKind) -> Ref:
    """The paper of this kind that is in force now."""
    assignment = case.matter.assignment
    return Ref(kind, assignment.ordinal) if kind == PaperKind.ORDER and assignment is not None else Ref(kind)


def _no_paper(case: Case, kind: PaperKind) -> str:
    if kind == PaperKind.ORDER and case.matter.assignment is None:
        return _now("还没有交办，没有交办单。")
    if case.matter.is_part and kind not in OF_A_PART:
        return _now("这是分项，请在整件 %(number)s 里办。") % {"number": case.matter.number_of_whole}
    return actions.may_not_issue(case, kind)


def _save(owner: UUID, selection: Selection) -> None:
    body = {
        "deed": selection.deed.value,
        "rows": [[row.key.hex, row.turn] for row in selection.rows],
        "back": selection.back,
        "ended": [[one.matter_id.hex, one.why] for one in selection.ended],
    }
    drafts.save(selection.token, _FORM, body, owner=owner, lasts=_LASTS)


assert set(FORMS) == set(ACTIONS.values())
