"""4.2.2, 7.1: units that help with a date of their own; leaders who take a matter on, write on it, confer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Action, Bond, DeadlineKind, Outcome, Status
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fresh, offered, running, who_may
from tests.support.village import Place


def helped(town: Place, matter: Matter | None = None) -> Matter:
    matter = matter or town.matter_in(Status.IN_HANDLING)
    return town.run("孙丽", sample(town, Action.ADD_CO_UNIT, matter), matter)


def refused(code: str):
    return pytest.raises(Refused, match=rf"^{code}:")


def queued(town: Place, who: str, name: str, matter: Matter) -> bool:
    return matter in queries.in_queue(town.actor(who), name, clock.now())


def test_the_unit_is_told_finds_it_in_its_queue_and_answers(town: Place):
    matter = helped(town)
    assert queued(town, "赵立新", "co", matter) and not queued(town, "周建国", "co", matter)
    assert outbox.waiting_for(town.actor("赵立新")).filter(about_id=matter.pk, kind="help_asked").exists()
    assert who_may(town, Action.GIVE_CO_OPINION, matter) == {"赵立新", "李国强"}
    matter = town.run("赵立新", terms.GiveCoOpinion(text="线路没有问题"), matter)
    row = matter.co_units.get(unit=town.units["水利站"])
    assert row.answered_by_id == town.persons["赵立新"]
    assert not queued(town, "赵立新", "co", matter)
    assert matter.involvements.filter(person=town.persons["赵立新"], bond=Bond.HELPED).exists()
    assert outbox.waiting_for(town.actor("孙丽")).filter(about_id=matter.pk, kind="help_given").exists()
    assert list(verify()) == []


def test_the_lead_answers_without_it_only_with_a_reason(town: Place):
    matter = helped(town)
    with refused("opinion_open"):
        town.prepare(matter)
    point = terms.PointAnswer(
        demand=next(iter(town.demands(matter))).pk, outcome=Outcome.CANNOT_ACT, text="办不了", because="归县里"
    )
    given = terms.PrepareResult(points=(point,), reply="办不了", report="办不了", without_opinions="等不到了，先答复")
    matter = town.sign(town.run("孙丽", given, matter))
    clock_ = matter.deadlines.get(kind=DeadlineKind.CO_OPINION)
    assert clock_.outcome == "VOID"
    assert Action.GIVE_CO_OPINION not in offered(town, "赵立新", matter)


def test_its_date_is_no_later_than_the_leads(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    far = local(clock.now()).date() + timedelta(days=60)
    with refused("opinion_too_late"):
        town.run("孙丽", terms.AddCoUnit(unit=town.units["水利站"].pk, task="查", until=far), matter)


def test_late_it_is_said_to_the_unit_and_stays_missed(town: Place):
    matter = helped(town)
    sweep_until(clock.now() + timedelta(days=3))
    said = outbox.waiting_for(town.actor("赵立新")).filter(about_id=matter.pk, kind="clock_overdue_beside")
    assert said.exists()
    with clock.simulated(clock.now() + timedelta(days=3)):
        matter = town.run("赵立新", terms.GiveCoOpinion(text="线路没有问题"), fresh(matter))
    assert matter.deadlines.get(kind=DeadlineKind.CO_OPINION).outcome == "MISSED"


def test_a_unit_chosen_at_the_order_is_asked_by_the_lead(town: Place):
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    both = terms.Assign(unit=town.units["城建办"].pk, reason="归", co_units=(town.units["水利站"].pk,))
    matter = town.sign_for(town.run("刘敏", both, matter))
    assert not queued(town, "赵立新", "co", matter), "nothing is asked of it yet"
    matter = helped(town, matter)
    assert matter.co_units.count() == 1 and queued(town, "赵立新", "co", matter)


def test_given_back_nothing_is_owed_any_more(town: Place):
    matter = helped(town)
    matter = town.run("刘敏", terms.Escalate(reason="要县里办"), matter)
    assert not [key for key in running(matter) if key.startswith("co_opinion")]


# ── leaders ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_written_instruction_binds_the_unit_and_is_answered(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    matter = town.run("马镇长", sample(town, Action.INSTRUCT, matter), matter)
    assert Action.REQUEST_RETURN not in offered(town, "周建国", matter)
    told = promises.told(queries.tracking(town.speaker(matter), clock.now()))
    assert any("批示" in word.text for word in told.words)
    assert not any("这周办完" in word.text for word in told.words), "its words are for the unit"
    matter = town.run("周建国", terms.AnswerInstruction(text="后天装"), matter)
    assert matter.deadlines.get(kind=DeadlineKind.INSTRUCTION).outcome == "MET"
    assert outbox.waiting_for(town.actor("马镇长")).filter(kind="instruction_answered").exists()
    assert list(verify()) == []


def test_who_instructs_or_sponsors_does_not_rule_on_the_end(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("马镇长", sample(town, Action.SPONSOR, matter), matter)
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    assert "马镇长" not in who_may(town, Action.RULE_EXIT, matter)


def test_a_sponsor_looks_again_on_the_day_and_is_reminded(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("马镇长", sample(town, Action.SPONSOR, matter), matter)
    assert matter.sponsor_id == town.persons["马镇长"]
    assert matter.next_due_kind != DeadlineKind.SPONSOR, "the unit's own dates stay in front"
    matter = town.run("马镇长", sample(town, Action.REVIEW_SPONSORED, matter), matter)
    assert matter.deadlines.filter(kind=DeadlineKind.SPONSOR).count() == 2
    sweep_until(clock.now() + timedelta(days=10))
    said = outbox.waiting_for(town.actor("马镇长")).filter(about_id=matter.pk, kind="clock_overdue_beside")
    assert said.exists()


def test_a_conference_ends_the_returning_but_rules_on_none(town: Place):
    asked = town.matter_in(Status.ASSIGNED)
    asked = town.run("周建国", sample(town, Action.REQUEST_RETURN, asked), asked)
    assert Action.CONFER not in offered(town, "刘敏", asked) and Action.INSTRUCT not in offered(town, "马镇长", asked)
    matter = town.matter_in(Status.ASSIGNED)
    matter = town.run("刘敏", sample(town, Action.CONFER, matter), matter)
    assert Action.REQUEST_RETURN not in offered(town, "周建国", matter)


def test_what_was_conferred_on_before_is_bound_when_it_is_given_out(town: Place):
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    matter = town.assign(town.run("刘敏", sample(town, Action.CONFER, matter), matter))
    assert matter.assignment is not None and matter.assignment.binding


def test_an_answer_is_to_what_is_still_owed(town: Place):
    """What was written in the round before is owed no more; the unit answers the one that runs."""
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("马镇长", sample(town, Action.INSTRUCT, matter), matter)
    matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), town.sign(town.prepare(matter)))
    matter = town.run(
        "马镇长", terms.Instruct(text="补齐", until=local(clock.now()).date() + timedelta(days=5)), matter
    )
    matter = town.run("周建国", terms.AnswerInstruction(text="补好了"), matter)
    assert matter.instructions.get(ordinal=2).answer == "补好了"
    assert not [key for key in running(matter) if key.startswith("instruction")]


def test_after_a_returned_report_the_unit_may_be_asked_again(town: Place):
    matter = helped(town)
    point = terms.PointAnswer(
        demand=next(iter(town.demands(matter))).pk, outcome=Outcome.CANNOT_ACT, text="办不了", because="归县里"
    )
    given = terms.PrepareResult(points=(point,), reply="办不了", report="办不了", without_opinions="先答复")
    matter = town.sign(town.run("孙丽", given, matter))
    matter = town.run("王芳", terms.ReturnReport(reason="缺协办意见"), matter)
    assert not queued(town, "赵立新", "co", matter)
    assert queued(town, "赵立新", "co", helped(town, matter))


def test_a_unit_that_must_stay_away_owes_nothing(town: Place):
    matter = helped(town)
    matter = town.run(town.speaker(matter), terms.DeclareConflict(text="亲戚", unit=town.units["水利站"].pk), matter)
    matter = town.run(
        who_may(town, Action.RULE_CONFLICT, matter).pop(), terms.RuleConflict(granted=True, text="是"), matter
    )
    assert matter.deadlines.get(kind=DeadlineKind.CO_OPINION).outcome == "VOID"


def test_what_others_owe_takes_no_notice_back(town: Place):
    morning = (clock.local(clock.now()) + timedelta(days=1)).replace(
        hour=10, minute=0
    )  # after hours it would be owed a day later
    with clock.simulated(morning):
        matter = town.matter_in(Status.IN_HANDLING)
        sweep_until(clock.now() + timedelta(days=4))
        late = outbox.waiting_for(town.actor("孙丽")).filter(about_id=matter.pk, kind="clock_overdue")
        assert late.exists()
        with clock.simulated(clock.now() + timedelta(days=4)):
            town.run("马镇长", sample(town, Action.SPONSOR, matter), fresh(matter))
        assert late.exists()
