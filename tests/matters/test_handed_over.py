"""4.3.1: a letter to an outside body ends no promise, is asked back until it is answered, and gives away no more than it may."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.clock import local
from shuoshi.kernel.models import Event
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, papers, queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import PaperKind
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import (
    Action,
    ConsentShown,
    DeadlineKind,
    Given,
    Ground,
    Naming,
    Outcome,
    Status,
)
from tests.matters.divided import answer, divide, part, take_on
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fresh, offered, queues_with, running, told, who_may
from tests.support.village import Place, picture


def letter(town: Place, matter: Matter, **other: object) -> terms.HandOverOutside:
    given = sample(town, Action.HAND_OVER_OUTSIDE, matter)
    assert isinstance(given, terms.HandOverOutside)
    return replace(given, **other)  # type: ignore[arg-type]


def sent(town: Place, matter: Matter | None = None, **other: object) -> Matter:
    matter = matter or town.matter_in(Status.IN_HANDLING)
    return town.run("周建国", letter(town, matter, **other), matter)


def asked(matter: Matter) -> set[str]:
    """The letters whose answer is waited for."""
    return set(matter.deadlines.filter(kind=DeadlineKind.ASK_BACK, outcome="OPEN").values_list("about", flat=True))


def refused(code: str):
    return pytest.raises(Refused, match=rf"^{code}:")


def in_days(days: int):
    return local(clock.now()).date() + timedelta(days=days)


def said_to(town: Place, matter: Matter) -> str:
    return "\n".join(word.text for word in promises.told(queries.tracking(town.speaker(matter), clock.now())).words)


def test_the_head_sends_it_and_every_clock_runs_on(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    assert who_may(town, Action.HAND_OVER_OUTSIDE, matter) == {"周建国"}
    before, status, turn = running(matter), matter.status, matter.turn
    matter = sent(town, matter)
    assert running(matter) == before | {DeadlineKind.ASK_BACK}
    assert (matter.status, matter.turn) == (status, turn)
    row = matter.outside_letters.get()
    assert row.number == f"{matter.number}-YS01"
    assert list(verify()) == []


def test_the_speaker_reads_to_whom_where_to_ask_and_what_was_told_of_them(town: Place):
    matter = sent(town, number="青城建函〔2026〕8 号")
    said = said_to(town, matter)
    assert all(part in said for part in ("县供电公司", "95598", "〔2026〕8 号", "没有提供", "日期不变"))
    assert "请检修" not in said, "the letter is between the offices"


def test_it_is_asked_again_until_it_is_answered(town: Place):
    matter = sent(town)
    sweep_until(clock.now() + timedelta(days=8))
    said = Notice.objects.filter(about_id=matter.pk, kind="clock_overdue", to_person=town.actor("孙丽").person_id)
    assert any("ask_back" in one.facts_json for one in said), "even where another clock has said something since"
    with clock.simulated(clock.now() + timedelta(days=8)):
        matter = town.run("孙丽", terms.AskOutside(letter=1, text="说在排队", until=in_days(10)), fresh(matter))
        assert asked(matter) == {"1"} and matter.outside_letters.get().asked == 1
        assert matter.deadlines.filter(kind=DeadlineKind.ASK_BACK, outcome="MISSED").count() == 1
        matter = town.run("孙丽", sample(town, Action.RECORD_OUTSIDE_ANSWER, matter), matter)
    assert not asked(matter)
    assert "线路已经检修" in said_to(town, matter)
    assert Action.ASK_OUTSIDE not in offered(town, "孙丽", matter)
    with refused("outside_answer_owed"):
        town.run("孙丽", terms.AskOutside(letter=1, text="再问", until=in_days(9)), matter)


def test_it_is_no_answer_to_the_speaker_and_still_asked_after_one(town: Place):
    matter = sent(town)
    with refused("outside_unanswered"):
        town.prepare(matter)
    point = terms.PointAnswer(
        demand=next(iter(town.demands(matter))).pk, outcome=Outcome.CANNOT_ACT, text="归供电公司", because="供电条例"
    )
    given = terms.PrepareResult(points=(point,), reply="已移送", report="已移送", without_opinions="对方要一个月")
    matter = town.sign(town.run("孙丽", given, matter))
    assert asked(matter) == {"1"}
    assert {"孙丽", "周建国", "王芳"} <= who_may(town, Action.RECORD_OUTSIDE_ANSWER, matter)
    matter = town.follow_up(matter, 1)
    assert matter.status == Status.ASSIGNED and asked(matter) == {"1"}, "and over the round"


def test_nothing_of_the_speaker_goes_out_without_a_ground(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    with refused("ground_missing"):
        letter(town, matter, given=(Given.NAME,))
    with refused("missing"):
        letter(town, matter, given=(Given.NAME,), ground=Ground.LAW)
    with refused("consent_not_shown"):
        sent(town, matter, given=(Given.NAME,), ground=Ground.CONSENT)
    with refused("names_in_letter"):
        sent(town, matter, text="请和陈大明联系")
    with refused("names_in_letter"):
        sent(town, matter, text="请打 13800000017")


NAME, PHONE, CARD = "请和陈大明联系", "请打 13800000017", "身份证 330102197001011234"
LAW = {"ground": Ground.LAW, "basis": "供电条例第九条"}


@pytest.mark.parametrize(
    ("given", "text", "code"),
    [
        ((Given.NAME,), PHONE, "names_in_letter"),
        ((Given.PHONE,), NAME, "names_in_letter"),
        ((Given.NAME,), f"{NAME}，{CARD}", "identity_in_letter"),
        ((Given.NAME, Given.PHONE), f"{NAME}，{PHONE}，{CARD}", "identity_in_letter"),
        ((Given.ADDRESS,), CARD, "identity_in_letter"),
        ((Given.PHONE,), "发到 dm.chen@example.com", "identity_in_letter"),
    ],
    ids=["number", "name", "card by name", "card by both", "card", "mail"],
)
def test_the_letter_itself_tells_no_more_than_was_chosen(town: Place, given: tuple[Given, ...], text: str, code: str):
    with refused(code):
        sent(town, given=given, text=text, **LAW)


def test_what_was_chosen_may_stand_in_it(town: Place):
    sent(town, given=(Given.NAME,), text=NAME, **LAW)
    sent(town, given=(Given.PHONE,), text=PHONE, **LAW)
    assert sent(town, given=(Given.NAME, Given.PHONE), text=f"{NAME}，{PHONE}", **LAW).hand_overs == 1


def test_their_own_words_go_out_without_the_identity_card(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, content=f"路灯不亮，我叫陈大明，{CARD}，13800000017")
    matter = sent(town, matter, given=(Given.NAME, Given.PHONE, Given.WORDS), **LAW)
    ref = next(one for one in papers.refs(matter) if one.kind == PaperKind.HAND_OVER)
    words = str(papers.content_of(matter, ref)["原话"])
    assert "陈大明" in words and "13800000017" in words and "330102197001011234" not in words


def test_the_event_says_what_was_given_and_why(town: Place):
    consent = {
        "ground": Ground.CONSENT,
        "shown_by": ConsentShown.SIGNED,
        "proof_ref": "同意书 3",
        "files": (picture(),),
    }
    matter = sent(town, given=(Given.PHONE, Given.NAME), **consent)
    event = Event.objects.get(stream_id=str(matter.pk), action=Action.HAND_OVER_OUTSIDE)
    facts = json.loads(event.payload) if isinstance(event.payload, str) else event.payload
    assert "name,phone" in json.dumps(facts) and "consent" in json.dumps(facts)
    assert "姓名、电话" in said_to(town, matter)


def test_who_wants_to_stay_unnamed_stays_so_to_others(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.CONFIDENTIAL)
    consent = {"ground": Ground.CONSENT, "shown_by": ConsentShown.RECORDED, "proof_ref": "录音 3"}
    for why in ({"ground": Ground.LAW, "basis": "治安管理处罚法第 78 条"}, consent):
        with refused("kept_confidential"):
            sent(town, matter, given=(Given.NAME,), **why)
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.ANONYMOUS)
    with refused("nobody_to_name"):
        sent(town, matter, given=(Given.PHONE,), ground=Ground.LAW, basis="治安管理处罚法第 78 条")


def test_the_day_to_ask_is_near_enough(town: Place):
    for days in (0, 61):
        with refused("asked_too_late"):
            sent(town, until=in_days(days))


def test_two_letters_are_asked_back_each_for_itself(town: Place):
    matter = sent(town, sent(town), body="县公安局")
    matter = town.run("周建国", terms.RecordOutsideAnswer(letter=2, text="已立案"), matter)
    assert asked(matter) == {"1"}
    with refused("no_such_letter"):
        town.run("周建国", terms.RecordOutsideAnswer(letter=2, text="已立案"), matter)


def test_the_letter_names_what_was_chosen_and_nobody_else(town: Place):
    law = {"ground": Ground.LAW, "basis": "供电条例第九条"}
    matter = sent(town, sent(town), given=(Given.PHONE, Given.WORDS), **law)
    plain, telling = (papers.content_of(matter, ref) for ref in papers.refs(matter) if ref.kind == PaperKind.HAND_OVER)
    assert not {"说事人", "联系电话"} & set(plain) and plain["原话"] == plain["提供依据"] == ""
    assert telling["联系电话"].startswith("138") and "说事人" not in telling and telling["提供依据"] == "供电条例第九条"
    clear = papers.in_clear(telling, papers.parties_of(matter))
    assert clear["联系电话"] == "13800000017" and "陈大明" not in str(clear)


def test_it_is_issued_by_the_registry_or_the_unit(town: Place):
    matter = sent(town)
    ref = next(one for one in papers.refs(matter) if one.kind == PaperKind.HAND_OVER)
    document = actions.issue_paper(matter.pk, ref, actor=town.actor("周建国"))
    assert document.number == matter.outside_letters.get().number
    with refused("not_yours_to_issue"):
        actions.issue_paper(matter.pk, ref, actor=town.actor("马镇长"))


def test_a_letter_without_an_answer_is_asked_after_when_the_matter_is_closed(town: Place):
    matter = sent(town)
    given = sample(town, Action.PREPARE_RESULT, matter)
    assert isinstance(given, terms.PrepareResult)
    matter = town.run("孙丽", replace(given, without_opinions="先答复，答复来了再告知"), matter)
    matter = town.follow_up(town.sign(matter), 5)
    assert matter.status == Status.CLOSED
    asking = matter.deadlines.get(kind=DeadlineKind.ASK_BACK, outcome="OPEN")
    assert matter.next_due_at == asking.due_at and "checks" in queues_with(town, "孙丽", matter)
    with clock.simulated(asking.due_at + timedelta(hours=1)):
        clocks.sweep(clock.now())
        assert told(town, matter, "clock_overdue") and matter.cards.filter(colour="red").exists()
        given = terms.RecordOutsideAnswer(letter=1, text="已经换了变压器")
        matter = town.run("王芳", given, matter)
    assert matter.status == Status.CLOSED and "checks" not in queues_with(town, "孙丽", matter)
    assert list(verify()) == []


def test_a_letter_of_a_part_is_asked_after_when_the_part_is_over(town: Place):
    """Its own people do so, and the speaker reads the answer with the whole."""
    whole = divide(town)
    first = sent(town, take_on(town, part(whole, 1)))
    points = tuple(
        terms.PointAnswer(demand=demand.pk, outcome=Outcome.SOLVED, text="修好了") for demand in town.demands(first)
    )
    given = sample(town, Action.PREPARE_RESULT, first)
    assert isinstance(given, terms.PrepareResult)
    given = replace(given, points=points, without_opinions="先答复，答复来了再告知")
    first = town.sign(town.run("孙丽", given, first))
    assert first.status == Status.PART_OVER and asked(first) == {"1"}
    for action in (Action.ASK_OUTSIDE, Action.RECORD_OUTSIDE_ANSWER):
        assert {"孙丽", "周建国", "王芳"} <= who_may(town, action, first)
    assert "checks" in queues_with(town, "孙丽", first)
    first = town.run("孙丽", terms.AskOutside(letter=1, text="说在排队", until=in_days(10)), first)
    for n in (2, 3):
        answer(town, part(whole, n))
    assert town.follow_up(fresh(whole), 5).status == Status.CLOSED
    first = town.run("王芳", terms.RecordOutsideAnswer(letter=1, text="线路已经检修"), fresh(first))
    assert not asked(first) and "checks" not in queues_with(town, "孙丽", first)
    assert "线路已经检修" in said_to(town, fresh(whole))
    assert list(verify()) == []
