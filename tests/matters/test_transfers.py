"""4.3.1: duties move from one unit to another by a document. No clock begins anew, nobody is returned anything, and what

was late stays counted against the unit that was late.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clocks import Outcome
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions
from shuoshi.matters.models import Deadline, Matter
from shuoshi.matters.queries import promises, tracking
from shuoshi.matters.vocabulary import Action, DeadlineKind, EndedBecause, Status
from shuoshi.organization import actions as organization
from shuoshi.organization import queries
from shuoshi.organization.actions import TransferGiven
from shuoshi.organization.models import DutyLine
from shuoshi.organization.transfer import DutyTransfer
from tests.matters.test_clocks_run_out import later
from tests.support.attempts import sample
from tests.support.looking import fresh, offered, queues_with, running, told
from tests.support.village import Place

PAPER = b"%PDF-1.7 document"


def given(
    town: Place, to: str = "水利站", *, after: int = 0, codes: tuple[str, ...] = (), **other: object
) -> TransferGiven:
    today = clock.local(clock.now()).date()
    return TransferGiven(
        from_unit=town.units["城建办"].pk,
        to_unit=town.units[to].pk,
        from_day=today + timedelta(days=after),
        document_number="青政发〔2026〕12 号",
        document_date=today,
        document_name="通知.pdf",
        document=PAPER,
        reason="机构改革，道路照明改由水利站管",
        codes=codes,
        **other,  # type: ignore[arg-type]
    )


def transferred(town: Place, to: str = "水利站", **how: object) -> DutyTransfer:
    row = organization.enter_transfer(given(town, to, **how), actor=town.actor("管理员"))  # type: ignore[arg-type]
    actions.carry_out_transfers(clock.now())
    row.refresh_from_db()
    return row


def clock_of(matter: Matter, kind: DeadlineKind) -> Deadline:
    return Deadline.objects.get(matter=matter, kind=kind, outcome=Outcome.OPEN)


def test_open_matters_follow_with_their_time_and_the_new_unit_signs(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    before, promised = clock_of(matter, DeadlineKind.COMPLETION), matter.promised_by
    row = transferred(town)
    matter = fresh(matter)
    assert (matter.status, matter.lead_unit, matter.handler_id) == (Status.ASSIGNED, town.units["水利站"], None)
    assert (matter.returns, matter.promised_by, matter.result_in_hand) == (0, promised, False)
    after = clock_of(matter, DeadlineKind.COMPLETION)
    assert (after.due_at, after.started_at, after.follows_id) == (before.due_at, before.started_at, before.pk)
    assert after.assignment == matter.assignment
    assert DeadlineKind.SIGN_FOR in running(matter)
    assert "sign_for" in queues_with(town, "赵立新", matter)
    assert told(town, matter, "assigned") >= {("水利站", "")}
    assert (row.moved, row.finished_at is not None) == (1, True)
    assert Action.REQUEST_RETURN not in offered(town, "赵立新", matter)  # a document is no suggestion
    assert list(verify()) == []


def test_the_speaker_reads_why_and_who_goes_on(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    transferred(town)
    said = [one.text for one in promises.told(tracking(town.speaker(matter), clock.now())).words]
    assert any("机构改革" in text and "由水利站接着办" in text and "日期不变" in text for text in said)


def test_what_was_late_stays_late_and_stays_the_old_units(town: Place):
    """A transfer sheds nothing: the clock that is over is answered by the new unit and missed by the old."""
    matter = town.matter_in(Status.IN_HANDLING)
    old = matter.assignment
    due = clock_of(matter, DeadlineKind.COMPLETION).due_at
    with clock.simulated(due + timedelta(hours=1)):
        transferred(town)
        late = clock_of(matter, DeadlineKind.COMPLETION)
        assert (late.due_at, late.assignment) == (due, old)
        matter = fresh(matter)
        assert matter.assignment != old
        assert matter.next_due_at == min(
            clock.due_at for clock in matter.deadlines.filter(outcome="OPEN").exclude(kind="promise")
        )
        matter = town.sign_for(matter, "李国强")
        town.sign(town.prepare(matter, by="李国强"), by="赵立新")
    late.refresh_from_db()
    assert (late.outcome, late.assignment) == (Outcome.MISSED, old)
    assert not Deadline.objects.filter(
        matter=matter, kind=DeadlineKind.COMPLETION, assignment=matter.assignment
    ).exists()


def test_the_signature_that_was_not_given_in_time_is_missed_by_the_old_unit(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    first = clock_of(matter, DeadlineKind.SIGN_FOR)
    with clock.simulated(first.due_at + timedelta(minutes=1)):
        transferred(town)
    first.refresh_from_db()
    assert first.outcome == Outcome.MISSED
    assert clock_of(matter, DeadlineKind.SIGN_FOR).started_at > first.due_at


def test_lines_of_the_duty_list_move_and_a_closer_one_is_made_of_a_broad_one(town: Place):
    unit = town.units["城建办"].pk
    for code in ("B6", "B604"):
        organization.add_duty_line(code, unit, actor=SYSTEM)
    transferred(town, codes=("B604",))
    found = [(line.category, line.unit.short_name) for line in queries.duty("B604")]
    assert found[0] == ("B604", "水利站")
    assert ("B604", "城建办") not in found
    assert ("B6", "城建办") in found
    transferred(town)
    assert not DutyLine.objects.filter(unit=unit, active=True).exists()


def test_only_these_categories_and_places_follow(town: Place):
    other = town.sign_for(town.assign(town.classify(town.matter_in(Status.ACCEPTED), category="B601")))
    mine = town.matter_in(Status.IN_HANDLING)
    row = transferred(town, codes=("B604",), area=town.area.pk if town.area else None)
    assert fresh(other).lead_unit == town.units["城建办"]
    assert fresh(mine).lead_unit == town.units["水利站"]
    assert row.moved == 1


def test_nothing_moves_before_its_day_and_it_may_be_taken_back_until_then(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    row = transferred(town, after=3)
    assert fresh(matter).status == Status.IN_HANDLING
    organization.cancel_transfer(row.pk, actor=town.actor("管理员"))
    with clock.simulated(clock.now() + timedelta(days=4)):
        assert actions.carry_out_transfers(clock.now()) == 0
    again = transferred(town, after=3)
    with clock.simulated(clock.now() + timedelta(days=4)):
        assert actions.carry_out_transfers(clock.now()) == 1
        assert actions.carry_out_transfers(clock.now()) == 0
        with pytest.raises(Refused, match="transfer_carried_out"):
            organization.cancel_transfer(again.pk, actor=town.actor("管理员"))


def test_whom_a_matter_concerns_does_not_get_it_by_document(town: Place):
    matter = town.raise_matter(concerns_units=(town.units["水利站"].pk,))
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    transferred(town)
    matter = fresh(matter)
    assert (matter.status, matter.lead_unit) == (Status.ACCEPTED, None)
    assert matter.assignments.get().ended_because == EndedBecause.TRANSFERRED
    assert "assign" in queues_with(town, "刘敏", matter)


def test_paused_and_helped_matters_follow_too(town: Place):
    paused = town.matter_in(Status.PAUSED)
    helped = town.run("孙丽", sample(town, Action.ADD_CO_UNIT, m := town.matter_in(Status.IN_HANDLING)), m)
    transferred(town, "柳湾村")
    assert (fresh(paused).status, fresh(helped).status) == (Status.ASSIGNED, Status.ASSIGNED)
    assert DeadlineKind.COMPLETION in running(paused)
    assert Action.GIVE_CO_OPINION in offered(town, "李国强", helped)
    town.run("李国强", sample(town, Action.GIVE_CO_OPINION, helped), helped)


def test_a_pending_request_falls_and_a_supervision_order_does_not(town: Place):
    matter = town.run("孙丽", sample(town, Action.REQUEST_EXTENSION, m := town.matter_in(Status.IN_HANDLING)), m)
    matter = town.run("刘敏", sample(town, Action.ORDER_SUPERVISION, matter), matter)
    transferred(town)
    matter = fresh(matter)
    assert matter.supervised
    assert DeadlineKind.SUPERVISION in running(matter)
    assert not matter.requests.filter(state="PENDING").exists()


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"after": -1}, "transfer_backdated"),
        ({"to": "城建办"}, "transfer_to_itself"),
        ({"codes": ("B699",)}, "category_unknown"),
    ],
)
def test_what_would_falsify_or_makes_no_sense_is_refused(town: Place, other: dict[str, object], code: str):
    with pytest.raises(Refused, match=code):
        transferred(town, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("document", b"words", "document_odd"),
        ("document", b"%PDF" + b"0" * (10 * 1024 * 1024), "document_too_large"),
        ("document_number", " ", "document_missing"),
        ("document_date", date(2999, 1, 1), "document_of_the_future"),
    ],
)
def test_there_is_no_transfer_without_its_document(town: Place, column: str, value: object, code: str):
    from dataclasses import replace

    with pytest.raises(Refused, match=code):
        organization.enter_transfer(replace(given(town), **{column: value}), actor=town.actor("管理员"))


def test_only_an_administrator_of_both_units_and_one_at_a_time(town: Place):
    with pytest.raises(Refused, match="not_administrator"):
        organization.enter_transfer(given(town), actor=town.actor("周建国"))
    with pytest.raises(Refused, match="not_administrator"):
        organization.enter_transfer(given(town, "县水务局"), actor=town.actor("管理员"))
    organization.enter_transfer(given(town, after=2), actor=town.actor("管理员"))
    with pytest.raises(Refused, match="transfer_waits"):
        organization.enter_transfer(given(town, after=5), actor=town.actor("管理员"))


def test_a_unit_is_not_closed_over_open_matters(town: Place):
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)))
    from shuoshi.organization.models import Post

    Post.objects.filter(unit=town.units["城建办"]).update(until=later(0))
    with pytest.raises(Refused, match="unit_has_matters"):
        organization.close_unit(town.units["城建办"].pk, actor=SYSTEM)
    transferred(town)
    assert fresh(matter).lead_unit == town.units["水利站"]
    organization.close_unit(town.units["城建办"].pk, actor=SYSTEM)
    with pytest.raises(Refused, match="unit_closed"):
        organization.enter_transfer(
            TransferGiven(
                **{**given(town).__dict__, "to_unit": town.units["城建办"].pk, "from_unit": town.units["水利站"].pk}
            ),
            actor=town.actor("管理员"),
        )
