"""4.3.3, 4.4: what a reply ends and what a returned report begins again; the person's word beside a decided exit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    DeadlineKind,
    Exit,
    Kind,
    RequestKind,
    RequestState,
    Satisfaction,
    Solved,
    Status,
    Way,
)
from shuoshi.organization.roles import Role
from tests.support.attempts import sample
from tests.support.looking import facts_of, offered, queues_with, running, told, who_may
from tests.support.village import Place, picture

MISSED = terms.RecordFollowUp(way=Way.CALL, reached=False, text="无人接听")
GOOD = terms.Answers(contacted=True, solved=Solved.YES, result=Satisfaction.GOOD, attitude=Satisfaction.GOOD)
BAD = terms.Answers(contacted=True, solved=Solved.NO, result=Satisfaction.BAD, attitude=Satisfaction.GOOD)


def test_an_answer_on_the_spot_that_comes_back_has_a_limit_and_a_promise(town: Place):
    """The registry can handle: it goes on there, and not without a clock."""
    town.person("中心办事员", ("受理中心", Role.HANDLER))
    town.person("中心主任", ("受理中心", Role.DEPARTMENT_HEAD))
    town.person("两岗", ("受理中心", Role.REGISTRAR), ("受理中心", Role.HANDLER))
    matter = town.raise_matter(by="两岗")
    answer = terms.AnswerOnTheSpot(kind=Kind.INTEREST_CLAIM, title="路灯不亮", answer="已经报修", category="B604")
    matter = town.run("两岗", answer, matter)
    matter = town.run("王芳", terms.ReturnReport(reason="没有修好"), matter)
    assert (matter.status, matter.handler_id) == (Status.IN_HANDLING, town.persons["两岗"])
    assert {DeadlineKind.COMPLETION, DeadlineKind.PROMISE} <= running(matter)
    assert matter.promised_by == matter.deadlines.get(kind=DeadlineKind.PROMISE).due_at


def test_who_answered_at_the_desk_and_does_not_handle_leaves_it_to_a_colleague(town: Place):
    town.person("中心办事员", ("受理中心", Role.HANDLER))
    town.person("中心主任", ("受理中心", Role.DEPARTMENT_HEAD))
    matter = town.raise_matter()
    answer = terms.AnswerOnTheSpot(kind=Kind.INTEREST_CLAIM, title="路灯不亮", answer="已经报修", category="B604")
    matter = town.run("王芳", answer, matter)
    matter = town.run("刘敏", terms.ReturnReport(reason="没有修好"), matter)
    assert matter.status == Status.ASSIGNED
    assert who_may(town, Action.SIGN_FOR, matter) == {"中心办事员", "中心主任"}


def test_calls_before_a_report_came_back_count_for_nothing_afterwards(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    start = clock.local(clock.now())
    for day, hour in ((1, 12), (2, 19)):
        with clock.simulated((start + timedelta(days=day)).replace(hour=hour, minute=35)):
            matter = town.run("赵红", MISSED, matter)
    with clock.simulated((start + timedelta(days=3)).replace(hour=9)):
        matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), matter)
        matter = town.sign(town.prepare(matter))
    with clock.simulated((start + timedelta(days=4)).replace(hour=9)):
        matter = town.run("赵红", MISSED, matter)
    assert (matter.status, matter.attempts) == (Status.IN_FOLLOW_UP, 1)


def test_a_return_nobody_ruled_on_falls_with_the_signature(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    matter = town.sign(town.prepare(matter))
    assert matter.requests.get(kind=RequestKind.RETURN).state == RequestState.WITHDRAWN
    assert DeadlineKind.RULING not in running(matter)
    assert "returns" not in queues_with(town, "刘敏", matter)


def test_an_exit_asked_for_before_the_reply_falls_and_the_resident_is_asked(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    matter = town.sign(matter)
    assert matter.requests.get(kind=RequestKind.EXIT).state == RequestState.WITHDRAWN
    assert Action.RATE in offered(town, town.speaker(matter), matter)


def test_the_residents_word_is_kept_beside_an_exit_decided_over_the_reply(town: Place):
    for answers in (GOOD, BAD):
        matter = town.matter_in(Status.IN_FOLLOW_UP)
        matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
        matter = town.run("刘敏", terms.RuleExit(granted=True, text="已经说清"), matter)
        matter = town.run(town.speaker(matter), terms.Rate(answers=answers), matter)
        assert (matter.status, matter.exit) == (Status.CLOSED, Exit.EXPLAINED)
        assert matter.ratings.get().result == answers.result
        assert not running(matter)


def test_an_end_decided_without_any_reply_is_not_rated(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    matter = town.run("刘敏", terms.RuleExit(granted=True, text="同意"), matter)
    assert Action.RATE not in offered(town, town.speaker(matter), matter)


def test_the_second_report_that_comes_back_is_a_signal_and_the_leader_hears_of_it(town: Place):
    matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), town.matter_in(Status.IN_FOLLOW_UP))
    assert not told(town, matter, "report_returned_again")
    matter = town.run("王芳", terms.ReturnReport(reason="照片不是那条路"), town.sign(town.prepare(matter)))
    assert ("青禾镇", Role.LEADER) in told(town, matter, "report_returned_again")
    assert [facts["signal"] for facts in facts_of(matter) if "signal" in facts] == ["report_returned"]


def test_an_exit_of_another_kind_of_matter_is_refused(town: Place):
    matter = town.accept(town.raise_matter(), Kind.SUGGESTION)
    matter = town.sign_for(town.assign(town.classify(matter, "C101", Kind.SUGGESTION)))
    given = terms.RequestExit(exit=Exit.STATUTORY_ROUTE, text="去法院", basis="依据", rights_notice="可以起诉")
    with pytest.raises(Refused) as refused:
        town.run("周建国", given, matter)
    assert refused.value.code == "exit_of_other_kind"


def test_the_evidence_for_an_exit_is_kept_inside(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    given = terms.RequestExit(
        exit=Exit.EXPLAINED, text="没有这一项", basis="办法", rights_notice="可以复核", evidence=(picture(),)
    )
    matter = town.run("周建国", given, matter)
    shown = matter.attachments.get(entry__action=Action.REQUEST_EXIT)
    assert shown.audience == Audience.INTERNAL
