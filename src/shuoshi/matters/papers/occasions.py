"""The occasions of the further steps, each kind counted from one in the order in which it came.

What is counted never changes its place: a ruling is not taken back, and lines of the timeline are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from shuoshi.matters.models import Assignment, Deadline, Entry, Matter, Request, Round
from shuoshi.matters.queries.matter import mine
from shuoshi.matters.vocabulary import Action, DeadlineKind, RequestKind, RequestState, RoundBecause

_RULED = (RequestState.GRANTED, RequestState.REFUSED)
_RAISED = (Action.ESCALATE, Action.RAISE_TIER)  # without anybody's having asked for it


class Rise(NamedTuple):
    """One time the matter went up, or was to: what was asked for and ruled on, or what was done of itself or by hand."""

    at: datetime
    request: Request | None
    entry: Entry | None


class Counts(NamedTuple):
    """How often each occasion was there so far; of what bears numbers of its own, the numbers."""

    returns: int
    extensions: int
    parkings: int
    exits: int
    rises: int
    reminders: int
    supervisions: list[int]
    reworks: list[int]  # the ordinals of their rounds
    reviews: list[int]


def counted(matter: Matter) -> Counts:
    """Five statements, whatever the length of the matter."""
    ruled = list(matter.requests.filter(state__in=_RULED).values_list("kind", flat=True))
    said = list(matter.entries.filter(action__in=[Action.REMIND, *_RAISED]).values_list("action", flat=True))
    return Counts(
        returns=ruled.count(RequestKind.RETURN),
        extensions=ruled.count(RequestKind.EXTENSION),
        parkings=ruled.count(RequestKind.PARK),
        exits=ruled.count(RequestKind.EXIT),
        rises=ruled.count(RequestKind.ESCALATION) + sum(said.count(one) for one in _RAISED),
        reminders=said.count(Action.REMIND),
        supervisions=list(matter.supervisions.order_by("ordinal").values_list("ordinal", flat=True)),
        reworks=list(_reworks(matter).values_list("ordinal", flat=True)),
        reviews=list(
            matter.reviews.filter(decided_at__isnull=False).order_by("ordinal").values_list("ordinal", flat=True)
        ),
    )


def ruling(matter: Matter, kind: RequestKind, ordinal: int) -> Request:
    """The request of this kind that was ruled on so many times before, and once more."""
    return mine(matter, _ruled(matter, kind)[ordinal - 1 : ordinal])[0]


def rise(matter: Matter, ordinal: int) -> Rise:
    found = sorted(_rises(matter), key=lambda one: one.at)
    return found[ordinal - 1]


def reminder(matter: Matter, ordinal: int) -> Entry:
    rows = matter.entries.filter(action=Action.REMIND).order_by("at", "pk")
    related = ("person", "in_place_of", "unit", "assignment__unit")
    return mine(matter, rows.select_related(*related)[ordinal - 1 : ordinal])[0]


def rework(matter: Matter, ordinal: int) -> Round:
    return mine(matter, _reworks(matter)[ordinal - 1 : ordinal])[0]


def clocks(matter: Matter, kind: DeadlineKind, **of: Assignment | Round | None) -> list[Deadline]:
    """One clock of an assignment or round with all that followed it, oldest first. A successor begins where the first did."""
    return list(matter.deadlines.filter(kind=kind, **of).select_related("follows").order_by("pk"))


def ran(chain: list[Deadline], at: datetime) -> Deadline | None:
    """The one of them that counted at that moment; one that was over already still does."""
    return next((one for one in chain if one.settled_at is None or one.settled_at > at), chain[-1] if chain else None)


def _ruled(matter: Matter, kind: RequestKind) -> QuerySet[Request]:
    related = ("assignment__unit", "requester", "in_place_of", "unit", "decided_by")
    rows = matter.requests.filter(kind=kind, state__in=_RULED)
    return rows.select_related(*related).order_by("decided_at", "pk")


def _reworks(matter: Matter) -> QuerySet[Round]:
    return matter.rounds.filter(because=RoundBecause.REWORK).order_by("ordinal")


def _rises(matter: Matter) -> Iterator[Rise]:
    for row in mine(matter, _ruled(matter, RequestKind.ESCALATION)):
        assert row.decided_at is not None
        yield Rise(row.decided_at, row, None)
    raised = matter.entries.filter(action__in=_RAISED).select_related("person", "in_place_of").order_by("at", "pk")
    for entry in mine(matter, raised):
        yield Rise(entry.at, None, entry)
