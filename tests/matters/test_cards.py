"""6.1.1: a warning is a yellow card, a date that passed a red one, each with its cause; more follows by the profile's rules."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clock import quarter_of
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Card, Matter
from shuoshi.matters.queries import cards as queries
from shuoshi.matters.vocabulary import CardCause, CardColour, DeadlineKind, Lateness, Naming, Status, Urgency
from shuoshi.organization import actions as organization
from shuoshi.organization.profile.cards import Cards
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.looking import fresh, told
from tests.support.village import Place, default_profile


def _of(matter: Matter, kind: DeadlineKind) -> list[tuple[str, str]]:
    found = Card.objects.filter(matter=matter, kind=kind).order_by("at", "id")
    return list(found.values_list("colour", "cause"))


def _later(days: int) -> datetime:
    return clock.now() + timedelta(days=days)


def test_a_clock_brings_each_card_once_and_in_its_order(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(_later(60))
    assert _of(matter, DeadlineKind.COMPLETION) == [("yellow", "near"), ("red", "passed"), ("talk", "long")]
    assert fresh(matter).deadlines.get(kind=DeadlineKind.COMPLETION).late == Lateness.LONGEST
    assert set(Card.objects.filter(matter=matter).values_list("unit__name", flat=True)) == {"城建办"}
    assert told(town, matter, "talk_due") and list(verify()) == []
    card = Card.objects.get(matter=matter, kind=DeadlineKind.COMPLETION, colour=CardColour.RED)
    event = Event.objects.get(stream_id=str(matter.pk), action="clock_overdue", recorded_at=card.at)
    assert str(card.pk) in event.payload, "the event that gave it tells of it"


def test_what_is_done_in_time_brings_none(town: Place):
    matter = town.follow_up(town.sign(town.prepare(town.matter_in(Status.IN_HANDLING))), 5)
    sweep_until(_later(60))
    assert matter.status == Status.CLOSED and not Card.objects.filter(matter=matter).exists()


def test_the_registry_has_its_own_and_the_resident_s_date_brings_none(town: Place):
    matter = town.raise_matter()
    sweep_until(_later(30))
    assert set(Card.objects.filter(matter=matter).values_list("unit__name", "kind")) == {("受理中心", "accept")}
    other = town.matter_in(Status.IN_HANDLING)
    sweep_until(_later(60))
    assert not _of(other, DeadlineKind.PROMISE)


def test_a_second_red_card_is_an_order_before_five_days_are_over(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    first = matter.deadlines.filter(kind=DeadlineKind.FIRST_CONTACT).get()
    progress = matter.deadlines.filter(kind=DeadlineKind.PROGRESS).get()
    sweep_until(first.due_at + timedelta(minutes=1))
    assert fresh(matter).assignment.reds == 1 and not fresh(matter).supervised
    sweep_until(progress.due_at + timedelta(minutes=1))
    matter = fresh(matter)
    assert matter.assignment.reds == 2 and matter.supervised
    assert matter.supervisions.get().ordered_by is None


def test_another_unit_begins_without_the_cards_of_the_one_before(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(matter.deadlines.filter(kind=DeadlineKind.FIRST_CONTACT).get().due_at + timedelta(minutes=1))
    assert fresh(matter).assignment.reds == 1
    matter = town.run("刘敏", terms.Escalate(reason="本级办不了"), fresh(matter))
    matter = town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="归县里管"), matter)
    assert matter.assignment.reds == 0
    assert Card.objects.filter(matter=matter, unit=town.units["城建办"], colour=CardColour.RED).count() == 1


def test_many_red_cards_of_a_quarter_are_one_talk(town: Place):
    for _each in range(4):
        town.matter_in(Status.IN_HANDLING)
    sweep_until(_later(4))
    talk = Card.objects.get(cause=CardCause.OFTEN)
    assert talk.unit == town.units["城建办"] and talk.quarter == quarter_of(talk.at)[0]
    assert (talk.reds, talk.given) == (3, 4)
    with clock.simulated(_later(200)):
        town.matter_in(Status.IN_HANDLING)
        for _each in range(3):
            town.matter_in(Status.IN_HANDLING)
        sweep_until(_later(4))
    assert Card.objects.filter(cause=CardCause.OFTEN).values("quarter").distinct().count() == 2


def test_a_few_of_many_are_no_talk(town: Place):
    rules = default_profile().model_copy(update={"cards": Cards(talk_share=80)})
    organization.publish_profile(rules, actor=SYSTEM)
    for _each in range(4):
        town.matter_in(Status.IN_HANDLING)
    answered = town.sign(town.prepare(town.matter_in(Status.IN_HANDLING)))
    sweep_until(_later(4))
    assert not Card.objects.filter(cause=CardCause.OFTEN).exclude(reds=4).exists(), "three of five are sixty per cent"
    assert Card.objects.filter(cause=CardCause.OFTEN, reds=4, given=5).count() == 1
    assert not Card.objects.filter(matter=answered, unit=town.units["城建办"]).exists()


def test_a_sweeper_that_slept_for_weeks_gives_all_of_them_once(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    completion = matter.deadlines.get(kind=DeadlineKind.COMPLETION)
    with clock.simulated(completion.due_at + timedelta(days=40)):
        for _each in range(4):
            clocks.sweep(clock.now())
    assert _of(matter, DeadlineKind.COMPLETION) == [("red", "passed"), ("talk", "long")]
    assert fresh(matter).supervised


def test_a_drill_brings_none(town: Place):
    matter = town.raise_matter("何勇", urgency=Urgency.U1, drill=True, naming=Naming.ANONYMOUS)
    sweep_until(_later(10))
    assert not Card.objects.filter(matter=matter).exists()


def test_a_late_answer_that_is_returned_is_late_once(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(matter.deadlines.get(kind=DeadlineKind.COMPLETION).due_at + timedelta(hours=1))
    with clock.simulated(clock.now() + timedelta(days=20)):
        matter = town.sign(town.prepare(fresh(matter)))
        matter = town.run("赵红", terms.ReturnReport(reason="缺照片"), matter)
        sweep_until(_later(10))
    reds = [cause for cause in _of(matter, DeadlineKind.COMPLETION) if cause == ("red", "passed")]
    assert len(reds) == 1


def test_whoever_may_not_see_the_matter_sees_no_card(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, concerns_people=(town.persons["马镇长"],))
    sweep_until(_later(40))
    assert queries.cards(town.actor("周建国")).filter(matter=matter).exists()
    assert not queries.cards(town.actor("马镇长")).filter(matter=matter).exists()
    sums = queries.of_the_quarter(town.actor("马镇长"), clock.now())[1]
    assert not [one for one in sums if one.unit == town.units["城建办"].short_name]


def test_a_card_that_is_taken_back_or_changed_is_found_by_verify(town: Place):
    town.matter_in(Status.IN_HANDLING)
    sweep_until(_later(30))
    assert list(verify()) == []
    red = Card.objects.filter(colour=CardColour.RED).order_by("at").first()
    assert red is not None
    with connection.cursor() as cursor:
        cursor.execute("UPDATE matters_card SET kind = 'progress' WHERE id = %s", [_raw(red)])
        assert [one.column for one in verify() if "card" in one.where] == ["kind"]
        cursor.execute("DELETE FROM matters_card WHERE id = %s", [_raw(red)])
    assert [one for one in verify() if "card" in one.where]


def _raw(card: Card) -> str:
    return card.pk.hex if connection.vendor == "sqlite" else str(card.pk)
