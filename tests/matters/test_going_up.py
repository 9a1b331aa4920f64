"""4.2.2: what is beyond a unit's powers is put to the tier above, which rules, assigns, and does not hand it down again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Action, BeyondUs, DeadlineKind, RequestState, Status
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.looking import fresh, offered, who_may
from tests.support.village import Place


def put_above(town: Place, matter: Matter) -> Matter:
    given = terms.RequestEscalation(reason=BeyondUs.ENFORCEMENT, text="拆违建要县里的执法队")
    return town.run("周建国", given, matter)


def taken_on(town: Place, matter: Matter) -> Matter:
    return town.run("县分办", terms.RuleEscalation(granted=True, text="县里来办"), put_above(town, matter))


def test_the_tier_above_rules_and_is_told(town: Place):
    matter = put_above(town, town.matter_in(Status.IN_HANDLING))
    assert who_may(town, Action.RULE_ESCALATION, matter) == {"县分办"}
    told = outbox.waiting_for(town.actor("县分办")).filter(about_id=matter.pk, kind="escalation_asked")
    assert told.exists()
    assert matter.status == Status.IN_HANDLING and DeadlineKind.COMPLETION in running(matter)


def running(matter: Matter) -> set[str]:
    return set(matter.deadlines.filter(outcome="OPEN").values_list("kind", flat=True))


def test_granted_the_county_assigns_and_the_resident_keeps_the_date(town: Place):
    before = town.matter_in(Status.IN_HANDLING)
    matter = taken_on(town, before)
    assert (matter.status, matter.tier_path) == (Status.ACCEPTED, town.units["青禾县"].path)
    assert matter.promised_by == before.promised_by and matter.returns == 0
    assert {DeadlineKind.ASSIGN, DeadlineKind.PROMISE} <= running(matter)
    said = promises.told(queries.tracking(town.speaker(matter), clock.now()))
    assert any(word.text == "县里来办" for word in said.words), "the resident reads why"
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里的事"), matter)
    helping = matter.co_units.get(assignment=matter.assignment)
    assert helping.unit == town.units["城建办"], "who asked helps"
    assert list(verify()) == []


def test_it_goes_down_again_only_by_the_duty_list(town: Place):
    matter = taken_on(town, town.matter_in(Status.IN_HANDLING))
    with pytest.raises(Refused, match=r"^handed_down:"):
        town.run("县分办", terms.Assign(unit=town.units["城建办"].pk, reason="还是你们办"), matter)


def test_refused_the_unit_goes_on_and_asks_no_more(town: Place):
    matter = put_above(town, town.matter_in(Status.IN_HANDLING))
    matter = town.run("县分办", terms.RuleEscalation(granted=False, text="镇里能办"), matter)
    assert (matter.status, matter.lead_unit) == (Status.IN_HANDLING, town.units["城建办"])
    with pytest.raises(Refused, match=r"^put_above_before:"):
        put_above(town, matter)


def test_silence_is_refusal(town: Place):
    matter = put_above(town, town.matter_in(Status.IN_HANDLING))
    sweep_until(clock.now() + timedelta(days=6))
    assert matter.requests.get().state == RequestState.REFUSED
    assert fresh(matter).status == Status.IN_HANDLING


def test_at_the_top_nothing_is_above(town: Place):
    matter = taken_on(town, town.matter_in(Status.IN_HANDLING))
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里的事"), matter)
    assert Action.REQUEST_ESCALATION not in offered(town, "县水务", matter)
