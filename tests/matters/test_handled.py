"""4.3.1, 4.3.2: what is found, planned and done are records of their own; word of progress is owed again after each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Action, Audience, Complexity, DeadlineKind, Exit, Kind, Status
from shuoshi.organization.roles import Role
from tests.support.attempts import sample
from tests.support.looking import offered, running, told, who_may
from tests.support.village import Place, picture


def read_by_the_resident(town: Place, matter: Matter) -> list[str]:
    return [word.text for word in promises.told(queries.tracking(town.speaker(matter), clock.now())).words]


WORK = {
    Action.RECORD_INVESTIGATION: terms.RecordInvestigation(text="线路图和竣工图不一致", public_text="到现场看过了"),
    Action.SET_PLAN: terms.SetPlan(text="换灯头，请老赵来", public_text="准备换灯头"),
    Action.RECORD_MEASURE: terms.RecordMeasure(text="换了三盏，张师傅", public_text="换了三盏", files=(picture(),)),
}


def test_finding_plan_and_measure_are_each_a_record_with_a_public_part(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    for given in WORK.values():
        matter = town.run("孙丽", given, matter)
    for action, given in WORK.items():
        inner, public = (
            matter.entries.get(action=action, audience=one) for one in (Audience.INTERNAL, Audience.PUBLIC)
        )
        assert (inner.text, public.text) == (given.text, given.public_text)
        assert inner.person_id == town.persons["孙丽"]
    read = read_by_the_resident(town, matter)
    assert {"到现场看过了", "准备换灯头", "换了三盏"} <= set(read)
    assert not {given.text for given in WORK.values()} & set(read)
    assert matter.attachments.get(entry__action=Action.RECORD_MEASURE)


@pytest.mark.parametrize("action", [*WORK, Action.REPORT_PROGRESS])
def test_only_who_handles_it_records_the_work(town: Place, action: Action):
    assert who_may(town, action, town.matter_in(Status.IN_HANDLING)) == {"孙丽"}


def test_another_person_of_the_unit_goes_on_with_the_clocks_that_run(town: Place):
    town.person("郑东", ("城建办", Role.HANDLER))
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    clocks = set(matter.deadlines.values_list("pk", "due_at", "outcome"))
    assert who_may(town, Action.CHANGE_HANDLER, matter) == {"周建国", "马镇长"}
    matter = town.run("周建国", terms.ChangeHandler(handler=town.persons["郑东"], reason="孙丽去学习"), matter)
    assert matter.handler_id == town.persons["郑东"] and not matter.result_in_hand
    assert set(matter.deadlines.values_list("pk", "due_at", "outcome")) == clocks
    assert told(town, matter, "handed_to_you") == {("郑东", "")}
    assert "孙丽去学习" in read_by_the_resident(town, matter)
    assert Action.RECORD_MEASURE not in offered(town, "孙丽", matter)


def test_word_of_progress_is_owed_again_from_when_it_was_given(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    first = matter.deadlines.get(kind=DeadlineKind.PROGRESS)
    with clock.simulated(first.due_at - timedelta(hours=1)):
        matter = town.run("孙丽", terms.ReportProgress(done="看过现场", next_step="周四换灯头"), matter)
        first.refresh_from_db()
        (after,) = matter.deadlines.filter(kind=DeadlineKind.PROGRESS, outcome="OPEN")
        assert first.outcome == "MET" and after.started_at == clock.now() and after.due_at > first.due_at
        assert any("周四换灯头" in words for words in read_by_the_resident(town, matter))
    with clock.simulated(after.due_at + timedelta(hours=1)):
        town.run("孙丽", terms.ReportProgress(done="灯头到货", next_step="明天装"), matter)
    after.refresh_from_db()
    assert after.outcome == "MISSED"


@pytest.mark.parametrize("status", [Status.PAUSED, Status.PARKED])
def test_word_of_progress_is_owed_while_the_time_stands_still(town: Place, status: Status):
    at_work = town.matter_in(Status.IN_HANDLING).deadlines.get(kind=DeadlineKind.PROGRESS, outcome="OPEN")
    matter = town.matter_in(status)
    standing = matter.deadlines.get(kind=DeadlineKind.PROGRESS, outcome="OPEN")
    assert standing.limit != at_work.limit and standing.due_at > at_work.due_at
    assert Action.REPORT_PROGRESS in offered(town, "孙丽", matter)


# ── what never moves the resident's date ───────────────────────────────────────────────────────────────────────────


def returned(town: Place, matter: Matter) -> Matter:
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    matter = town.run("刘敏", terms.RuleReturn(granted=True, text="归水利站"), matter)
    return town.assign(matter, "水利站")


def reclassified(town: Place, matter: Matter) -> Matter:
    given = terms.Classify(
        kind=Kind.INTEREST_CLAIM, category="B601", complexity=Complexity.COMPLEX, reason="牵涉三个村"
    )
    return town.run("刘敏", given, matter)


def handed_up(town: Place, matter: Matter) -> Matter:
    matter = town.run("马镇长", terms.Escalate(reason="要县里出钱"), matter)
    return town.run("县分办", terms.Assign(unit=town.units["县水务局"].pk, reason="县里办"), matter)


@pytest.mark.parametrize("turn", [returned, reclassified, handed_up])
def test_the_residents_date_stays_whoever_gets_it_next(town: Place, turn):  # type: ignore[no-untyped-def]
    matter = town.matter_in(Status.ASSIGNED)
    promise = matter.deadlines.get(kind=DeadlineKind.PROMISE, outcome="OPEN")
    with clock.simulated(clock.now() + timedelta(hours=2)):
        after = turn(town, matter)
        assert after.promised_by == matter.promised_by == promise.due_at
        assert after.deadlines.get(kind=DeadlineKind.PROMISE).pk == promise.pk


# ── how it may end ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_end_that_was_decided_tells_facts_basis_and_rights(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    asked = terms.RequestExit(
        exit=Exit.EXPLAINED, text="没有这一项补贴", basis="补贴办法第三条", rights_notice="三十日内可以请县里复核"
    )
    matter = town.run("刘敏", terms.RuleExit(granted=True, text="看过了"), town.run("周建国", asked, matter))
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.EXPLAINED)
    (said,) = [words for words in read_by_the_resident(town, matter) if "没有这一项补贴" in words]
    assert "补贴办法第三条" in said and "三十日内可以请县里复核" in said


def test_no_end_without_reply_and_report(town: Place):
    """Reply, report and every point are asked for; before the signature nobody closes or rates it."""
    for missing in ("reply", "report"):
        with pytest.raises(Refused, match=r"^missing:"):
            terms.PrepareResult(**({"points": (), "reply": "修好了", "report": "已更换"} | {missing: " "}))
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    assert Action.RATE not in offered(town, town.speaker(matter), matter)
    assert not who_may(town, Action.RECORD_FOLLOW_UP, matter)
    matter = town.sign(matter)
    result = matter.results.get()
    result.matter = matter
    assert (result.reply, result.report) == ("路灯已经修好。", "经查，灯泡老化，已更换三盏。")
    assert matter.deadlines.get(kind=DeadlineKind.COMPLETION).outcome == "MET"
    assert matter.deadlines.get(kind=DeadlineKind.FIRST_CONTACT).outcome == "MISSED", "nobody spoke to the person"
    assert told(town, matter, "replied") and DeadlineKind.FOLLOW_UP in running(matter)
