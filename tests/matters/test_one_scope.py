"""2.3: one rule decides who sees a matter — as SQL, as a pure function, in lists, counts, search and pages."""

from __future__ import annotations

from datetime import datetime

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters import queries
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import sees, standing, visible_to
from shuoshi.organization.roles import Role
from tests.matters import cells
from tests.support.village import Place


@pytest.mark.minute
def test_the_sql_and_the_function_agree_for_everybody_on_every_matter(town: Place):
    matters = [made() for made in cells.situations(cells.manned(town)).values()]
    matters.append(town.raise_matter(concerns_units=(town.units["城建办"].pk,)))
    matters.append(town.raise_matter(concerns_people=(town.persons["刘敏"],)))
    matters.append(town.raise_matter(concerns_units=(town.units["青禾镇"].pk,)))
    for name in (*cells.PEOPLE, *cells.MORE):
        actor = town.actor(name)
        seen = set(visible_to(actor).values_list("pk", flat=True))
        for matter in Matter.objects.select_related("lead_unit__parent").filter(pk__in=[m.pk for m in matters]):
            units = {matter.lead_unit_id} if matter.lead_unit_id else set()
            units |= set(matter.assignments.values_list("unit_id", flat=True))
            units |= set(matter.co_units.values_list("unit_id", flat=True))
            assert sees(actor, matter, standing(actor, matter), frozenset(units)) == (matter.pk in seen), (name, matter)


def test_whom_a_matter_concerns_never_meets_it(town: Place):
    matter = town.raise_matter(concerns_people=(town.persons["刘敏"],))
    matter = town.accept(matter)
    actor, now = town.actor("刘敏"), clock.now()
    assert not visible_to(actor).filter(pk=matter.pk).exists()
    assert not queries.search_matters(actor, matter.number).page.rows
    assert not queries.search_matters(actor, "路灯").page.rows
    assert not queries.search_matters(actor, "13800000017").page.rows
    assert all(matter not in list(queries.in_queue(actor, name, now)) for name in queries.QUEUES)
    assert queries.counts(actor, now)["assign"] == 0


def test_a_complaint_about_the_town_goes_to_the_tier_above(town: Place):
    matter = town.raise_matter(concerns_units=(town.units["青禾镇"].pk,))
    assert matter.tier_path == town.units["青禾县"].path
    seen_by = [name for name in cells.PEOPLE if visible_to(town.actor(name)).filter(pk=matter.pk).exists()]
    assert seen_by == ["县分办", "县回访"]


@pytest.mark.minute
def test_counts_are_what_the_lists_show(town: Place):
    for made in cells.situations(cells.manned(town)).values():
        made()
    now = clock.now()
    for name in (*cells.PEOPLE, *cells.MORE):
        actor = town.actor(name)
        counted = queries.counts(actor, now)
        for queue in queries.QUEUES:
            assert counted[queue] == listed(actor, queue, now), (name, queue)


def listed(actor: Actor, queue: str, now: datetime) -> int:
    """How many stand on all pages of a queue."""
    shown, after = 0, ""
    while True:
        page = queries.queue(actor, queue, now, after=after)
        shown += len(page.rows)
        if not page.next:
            return shown
        after = page.next


def test_counts_tell_two_people_of_one_post_apart_and_follow_every_change(town: Place):
    """Their question is prepared for the posts both hold; what it answers is each one's own, and of this moment."""
    for name in ("甲登记", "乙登记"):
        town.person(name, ("受理中心", Role.REGISTRAR))
    matter, now = town.raise_matter(concerns_people=(town.persons["甲登记"],)), clock.now()
    before = {name: queries.counts(town.actor(name), now)["accept"] for name in ("甲登记", "乙登记")}
    assert before["乙登记"] == before["甲登记"] + 1
    town.accept(matter)
    assert queries.counts(town.actor("乙登记"), now)["accept"] == before["甲登记"]


def test_nobody_without_a_matter_sees_any(town: Place):
    town.raise_matter()
    assert not visible_to(Actor(ActorKind.SPEAKER)).exists()
    assert not visible_to(town.actor("管理员")).exists()
