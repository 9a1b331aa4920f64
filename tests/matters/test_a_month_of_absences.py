"""4.3.1: a leaver with thirty open matters, a chain of three deputies, absences that overlap: at no minute of a month is

anything without an owner who is there and may act. Owners change only where an absence, a post or a handler does, so that
every such moment is looked at, and the last instant before it: between two of them nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions
from shuoshi.matters.actions.locking import open_clocks
from shuoshi.matters.case import Case
from shuoshi.matters.models import Matter
from shuoshi.matters.permission import refusal_of
from shuoshi.matters.scope import standing, visible_to
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.matters.workflow import row
from shuoshi.organization import actions as organization
from shuoshi.organization import actors, deputies
from shuoshi.organization.absence import Absence
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from shuoshi.people.models import Account
from tests.support.village import Place

DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
MONTH = 30 * DAY
MATTERS = 30
LEAVES = 20  # the day
AWAY = (  # who, deputy, first day, last; the deputies of 孙丽 are away one after another, her two absences overlap
    ("孙丽", "王工", 2, 9),
    ("王工", "周建国", 3, 8),
    ("周建国", "赵立新", 4, 7),
    ("赵立新", "李国强", 5, 6),
    ("孙丽", "李国强", 8.5, 12),
    ("李国强", None, 10, 11),
    ("周建国", None, 15, 16),
    ("孙丽", None, 15.25, 15.75),
    ("王工", None, 22, 24),
    ("周建国", "孙丽", 23, 23.5),  # who has left by then
)


@pytest.fixture
def begin(town: Place) -> datetime:
    town.person("王工", ("城建办", Role.HANDLER))
    now = clock.now()
    Post.objects.update(since=now - DAY)
    return now


def owners(town: Place, matters: list[Matter], at: datetime) -> set[str | None]:
    """Who is there and has the work in hand: found by the question, entitled by the table, and sees the matter.

    None for one that nobody has.
    """
    covers, names = deputies.covers(at), {pk: name for name, pk in town.persons.items()}
    acting: dict[UUID, Actor] = {}
    found: set[str | None] = set()
    for matter in Matter.objects.select_related("lead_unit").filter(pk__in=[one.pk for one in matters]):
        acts = covers.acting_for(matter.handler_id) if matter.handler_id else None
        if acts is None or covers.is_away(acts):
            found.add(None)
            continue
        if acts not in acting:
            acting[acts] = actors.of(Account.objects.get(person=acts), at)
        found.add(names[acts] if _entitled(acting[acts], matter, at) else None)
    return found


def _entitled(actor: Actor, matter: Matter, at: datetime) -> bool:
    case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=at, clocks=open_clocks(matter))
    seen = visible_to(actor).filter(pk=matter.pk).exists()
    return seen and refusal_of(row(Action.RECORD_MEASURE), case) is None


def moments(begin: datetime) -> Iterator[datetime]:
    """Every moment at which somebody goes or comes back, and the instant before it; the ends of the month."""
    found = {begin, begin + LEAVES * DAY, begin + MONTH}
    for absence in Absence.objects.filter(active=True):
        found |= {absence.starts_at, absence.ends_at}
    for moment in sorted(found):
        if moment > begin:
            yield moment - INSTANT
        yield moment


@pytest.mark.once  # rules, not rows
def test_nothing_is_without_an_owner_at_any_minute_of_a_month(town: Place, begin: datetime):
    matters = [town.matter_in(Status.IN_HANDLING) for _ in range(MATTERS)]
    started = clock.now()
    for name, deputy, first, last in AWAY:
        if (name, deputy) != ("周建国", "孙丽"):
            town.away(name, deputy, hours=(last - first) * 24, after=first * 24)
    everybody: dict[datetime, set[str | None]] = {}
    left = begin + LEAVES * DAY
    for at in [one for one in moments(started) if one < left]:
        with clock.simulated(at):
            everybody[at] = owners(town, matters, at)
            assert actions.rearrange(at) == 0
    with clock.simulated(left):
        _leaves(town, matters)
        name, _deputy, first, last = AWAY[-1]
        with pytest.raises(Refused, match="deputy_without_post"):
            town.away(name, "孙丽", hours=12, after=72)
        town.away(name, None, hours=(last - first) * 24, after=(first - LEAVES) * 24)
    for at in [one for one in moments(started) if one >= left]:
        with clock.simulated(at):
            everybody[at] = owners(town, matters, at)
            assert actions.rearrange(at) == 0
    assert not [at for at, found in everybody.items() if None in found]
    seen = list(dict.fromkeys(name for found in everybody.values() for name in sorted(map(str, found))))
    assert seen == ["孙丽", "王工", "周建国", "赵立新", "李国强", "马镇长"]


def _leaves(town: Place, matters: list[Matter]) -> None:
    """Refused as long as one matter is left, then without anything staying behind."""
    post = Post.objects.get(person=town.persons["孙丽"], until__isnull=True)
    admin, head = town.actor("管理员"), town.actor("周建国")
    to = {one.pk: town.persons["王工"] for one in matters}
    kept = to.pop(matters[-1].pk)
    assert actions.hand_over(to, "孙丽调走，由王工接着办", actor=head).refused == {}
    with pytest.raises(Refused, match="holds_open_work"):
        organization.end_post(post.pk, actor=admin)
    assert actions.hand_over({matters[-1].pk: kept}, "孙丽调走，由王工接着办", actor=head).done == 1
    organization.end_post(post.pk, actor=admin)
