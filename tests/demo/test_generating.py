"""Very many matters, made after a small demo: whole, numbered, spread, and as alive as any other."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from shuoshi.demo.build import build
from shuoshi.demo.generating import filling
from shuoshi.demo.generating.days import Days, at, micros, written
from shuoshi.demo.generating.filling import generate
from shuoshi.kernel import calendars, clock, files
from shuoshi.kernel.clock import INSTITUTION_ZONE
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, queries, terms
from shuoshi.matters.models import Attachment, Card, Deadline, Entry, Matter, Party
from shuoshi.matters.vocabulary import OPEN, Action, CardCause, CardColour, Status
from shuoshi.organization import actors
from shuoshi.people.models import Account
from tests.support.village import Place, build_town

TODAY = date(2026, 11, 23)


@pytest.mark.slow
@pytest.mark.django_db
def test_generated_matters_are_whole_and_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    build(today=TODAY, every=14)
    own = set(Matter.objects.values_list("pk", flat=True))

    assert generate(300, days=400) == 300

    made = Matter.objects.exclude(pk__in=own)
    assert made.count() == 300
    assert list(verify()) == []
    _numbered_by_day_in_the_order_of_registration()
    _spread(list(made))
    _told_in_order_by_nobody_but_their_own_streams(made.order_by("pk")[0], own)
    _sealed_and_found(made.filter(status=Status.CLOSED, exit="SATISFIED").order_by("pk")[0])
    _goes_on(made.filter(status=Status.IN_HANDLING).order_by("-pk")[0])

    assert generate(20, seed=2) == 20, "copies are never made of copies"
    assert list(verify()) == []


def _numbered_by_day_in_the_order_of_registration() -> None:
    said = Matter.objects.filter(drill=False, part_of=None)  # those have numbers of their own
    rows = list(said.order_by("registered_at").values_list("number", "tail", "registered_at"))
    assert len({number for number, _tail, _at in rows}) == len(rows)
    for number, tail, registered_at in rows:
        day = f"{clock.local(registered_at):%Y%m%d}"
        assert number.split("-")[2] == day and tail == day[-4:] + number[-4:]


def _spread(made: list[Matter]) -> None:
    calendar = calendars.load()
    first = min(matter.registered_at for matter in made)
    assert timedelta(days=450) < datetime(2026, 11, 23, tzinfo=INSTITUTION_ZONE) - first < timedelta(days=660)
    assert len({matter.registered_at for matter in made}) > 290, "no two in the same second"
    open_ = [matter for matter in made if matter.status in OPEN]
    assert 2 <= len(open_) < 60 and all(matter.registered_at.year == 2026 for matter in open_)
    assert len({matter.category for matter in made}) > 8 and len({matter.lead_unit_id for matter in made}) > 5
    assert Counter(matter.status for matter in made).keys() >= {"CLOSED", "IN_HANDLING"}
    for matter in made:
        if matter.channel in ("hotline", "point"):
            assert calendar.is_working_day(clock.local(matter.registered_at).date())


def _told_in_order_by_nobody_but_their_own_streams(matter: Matter, own: set[object]) -> None:
    events = Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk)).order_by("sequence")
    assert events[0].action == "register" and str(matter.pk) in events[0].payload
    for event in events:
        assert not any(str(pk) in event.payload for pk in own)
    entries = list(Entry.objects.filter(matter=matter).order_by("at", "id"))
    assert entries[0].action == "register"
    assert all(deadline.due_at > deadline.started_at for deadline in Deadline.objects.filter(matter=matter))


def _sealed_and_found(matter: Matter) -> None:
    """Its own words, its own people, found by its last sentence; pictures open."""
    detail = matter.content.split("号，")[-1]
    found = queries.search_matters(_actor("wangfang"), f"{matter.content.split('号，')[0][-4:]}号 {detail[:3]}")
    assert matter.pk in {row.pk for row in found.page.rows}
    for party in Party.objects.filter(matter=matter).select_related("person", "contact__person"):
        assert party.person.name
        if party.contact is not None:
            assert party.contact.value.startswith("000")
    attachment = Attachment.objects.filter(matter__in=Matter.objects.filter(pk=matter.pk)).first()
    if attachment is not None:
        assert files.read(attachment.stored, matter.data_key())[:2] == b"\xff\xd8"


def _goes_on(matter: Matter) -> None:
    """The next real action finds everything it needs: its handler reports, and its clocks go on."""
    handler = actors.of(Account.objects.get(person=matter.handler_id))
    with clock.simulated(datetime(2026, 11, 23, 9, 30, tzinfo=INSTITUTION_ZONE)):
        done = actions.run(
            Action.REPORT_PROGRESS, matter.pk, terms.ReportProgress(done="料到了", next_step="明天装"), actor=handler
        )
    last = Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk)).order_by("-sequence")[0]
    assert last.hash == done.event_hash and last.action == Action.REPORT_PROGRESS


def _actor(name: str):
    return actors.of(Account.objects.get(username=name))


@pytest.mark.django_db
def test_what_happens_once_to_a_unit_is_never_copied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    town = build_town()
    ordinary, last_straw = town.matter_in(Status.IN_HANDLING), town.matter_in(Status.IN_HANDLING)
    _talk(last_straw)

    assert filling._originals() == [ordinary.pk]


def _talk(matter: Matter) -> None:
    """The card for what came together in a quarter."""
    due = Deadline.objects.filter(matter=matter).order_by("due_at")[0]
    Card.objects.bulk_create(
        [
            Card(
                matter=matter,
                deadline=due,
                unit_id=matter.lead_unit_id,
                colour=CardColour.TALK,
                cause=CardCause.OFTEN,
                kind=due.kind,
                due_at=due.due_at,
                at=due.due_at,
                quarter="2026Q4",
                reds=3,
                given=4,
            )
        ]
    )


@pytest.mark.django_db
def test_a_real_institution_is_never_filled() -> None:
    town: Place = build_town()
    before = Matter.objects.count()
    with pytest.raises(ValueError, match="only a demo"):
        generate(3)
    assert Matter.objects.count() == before and town.units


@pytest.mark.django_db
def test_moved_times_keep_their_order_hours_and_days() -> None:
    """Nothing of an office falls onto a holiday, and nothing overtakes anything."""
    calendar = calendars.load()
    days = Days(calendar, date(2021, 1, 1), date(2027, 3, 1))
    start = datetime(2026, 9, 20, 0, 0, tzinfo=INSTITUTION_ZONE)  # over a weekend, the Mid-Autumn and the National days
    moments = [micros(start + timedelta(minutes=37 * step)) for step in range(1200)]
    for by, bend in ((0, 1.0), (-7, 1.18), (-400, 0.85), (-1203, 0.97), (20, 1.1)):
        moved = [days.moved(moment, by, bend) for moment in moments]
        assert moved == sorted(set(moved)), "order is kept and no two fall together"
        for moment, after in zip(moments, moved, strict=True):
            was, now = at(moment).astimezone(INSTITUTION_ZONE), at(after).astimezone(INSTITUTION_ZONE)
            if calendar.is_working_day(was.date()) and was.hour < 23:
                assert calendar.is_working_day(now.date())
                assert (8.5 <= was.hour + was.minute / 60 < 12) == (8.5 <= now.hour + now.minute / 60 < 12)
    noon = micros(datetime(2026, 9, 22, 12, 0, tzinfo=INSTITUTION_ZONE))
    assert at(days.moved(noon, -5, 1.1)).astimezone(INSTITUTION_ZONE).hour == 12, "closing times stay"
    assert written(noon) == "2026-09-22T04:00:00.000000Z"
