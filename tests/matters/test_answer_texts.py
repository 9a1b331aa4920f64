"""Orders of superior bodies are answered in their form (3.1.3): the paper, and the text that is copied."""

from __future__ import annotations

from typing import Any

import pytest

from shuoshi.kernel import clock, verify
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import answer_texts, papers, terms
from shuoshi.matters.models import AnswerText, Matter, Result
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.vocabulary import Naming, OrderState, ResultState, Status
from tests.kernel.documents import words_of_docx
from tests.matters.outside import order, sent_down
from tests.matters.test_papers import ADDRESS, issue
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")
REF = Ref(PaperKind.ORDER_ANSWER, 1)


def refused(code: str) -> Any:
    return pytest.raises(Refused, match=code)


def answered(town: Place, **other: object) -> Matter:
    return sent_down(town, Status.IN_FOLLOW_UP, content="请核实路灯，办后报结果", **other)


def test_the_paper_says_their_number_what_was_asked_and_what_was_done(town: Place) -> None:
    matter = answered(town)
    said = papers.content_of(matter, REF)
    assert (said["主送"], said["上级单号"]) == ("县信访局", "县转 12 号")
    assert said["上级要求"] == "请核实路灯，办后报结果" and "10 个工作日" in said["上级期限"]
    assert said["满意度"] == "还没有评价" and said["结论"] == "已经答复说事人"
    assert said["签发人"] and said["逐条"] and said["承办单位"]
    row = issue(town, matter, REF.name, by="刘敏")
    assert row.number == f"{matter.number}-SF01"
    words = words_of_docx(papers.of_document(row, ADDRESS).docx().data)
    assert "上级转办件办理情况回复单" in words and "县转 12 号" in words and "还没有评价" in words


def test_how_satisfied_somebody_is_stands_there_as_they_said_it(town: Place) -> None:
    matter = answered(town)
    matter = town.follow_up(matter, 5)
    assert papers.content_of(matter, REF)["满意度"] == "非常满意"
    assert "非常满意" in answer_texts.text_for(matter, town.actor("刘敏"))


def test_there_is_none_before_an_answer_and_none_of_what_nobody_sent_down(town: Place) -> None:
    for matter in (sent_down(town), sent_down(town, Status.IN_HANDLING), town.matter_in(Status.IN_FOLLOW_UP)):
        assert REF.kind not in {one.kind for one in papers.refs(matter)}
    assert REF in papers.refs(answered(town))
    assert answer_texts.text_for(town.matter_in(Status.IN_FOLLOW_UP), town.actor("刘敏")) == ""


def test_it_is_issued_by_whoever_speaks_to_them_and_kept_from_the_unit(town: Place) -> None:
    matter = answered(town)
    for who in ("王芳", "周建国", "孙丽"):
        with refused("not_yours_to_issue"):
            issue(town, matter, REF.name, by=who)
    for who in ("周建国", "孙丽"):
        assert answer_texts.text_for(matter, town.actor(who)) == ""


def test_whoever_asked_for_confidence_is_not_named(town: Place) -> None:
    matter = town.matter_in(
        Status.IN_FOLLOW_UP, by="王芳", channel="outside", order=order(), naming=Naming.CONFIDENTIAL
    )
    said = papers.content_of(matter, REF)
    assert "陈" not in said["说事人"] and not said["联系电话"]


def test_each_body_is_answered_in_its_own_words(town: Place) -> None:
    matter = answered(town)
    assert answer_texts.text_for(matter, town.actor("刘敏")).startswith("县信访局：\n你单位转来的县转 12 号")
    admin = town.actor("管理员")
    answer_texts.write("", "给所有上级：{上级单号}", actor=admin)
    assert answer_texts.text_for(matter, town.actor("刘敏")) == "给所有上级：县转 12 号"
    own = answer_texts.write("县信访局", "｛上级单号｝\n{逐条}", actor=admin)
    lines = answer_texts.text_for(matter, town.actor("刘敏")).split("\n")
    assert lines[0] == "县转 12 号" and lines[1].startswith("1. ")
    answer_texts.edit(own, "{ 上级单号 }！", actor=admin)
    assert answer_texts.text_for(matter, town.actor("刘敏")) == "县转 12 号！"
    for _ in range(2):
        answer_texts.drop(own, actor=admin)
    assert answer_texts.text_for(matter, town.actor("刘敏")).startswith("给所有上级")
    assert AnswerText.objects.filter(active=True).count() == 1 and not list(verify.verify())


def test_what_is_kept_with_the_matter_does_not_say_how_satisfied_somebody_is(town: Place) -> None:
    matter = town.follow_up(answered(town), 1)
    kept = answer_texts.text_for(matter, town.actor("刘敏"), kept=True)
    assert "县转 12 号" in kept and "不满意" not in kept and "评价" not in kept
    answer_texts.write("", "{上级单号}，评价{满意度}", actor=town.actor("管理员"))
    assert answer_texts.text_for(matter, town.actor("刘敏"), kept=True) == "县转 12 号，评价见评价"


def test_an_answer_that_does_not_stand_is_not_reported_as_what_was_done(town: Place) -> None:
    matter = answered(town)
    Result.objects.filter(matter=matter).update(state=ResultState.RETURNED)
    assert "签发人" not in papers.content_of(matter, REF) and REF not in papers.refs(matter)


def test_what_is_reported_before_an_answer_says_why(town: Place) -> None:
    matter = sent_down(town, Status.IN_HANDLING)
    assert papers.content_of(matter, REF)["结论"] == "还在办理" and "已经办理" not in answer_texts.built_in()
    matter.withdrawal_asked_at = clock.now()
    assert papers.content_of(matter, REF)["结论"] == "说事人撤回"


def test_nothing_is_answered_to_whoever_took_the_order_back(town: Place) -> None:
    matter = answered(town)
    matter.order_state = OrderState.WITHDRAWN
    assert REF not in papers.refs(matter) and answer_texts.text_for(matter, town.actor("刘敏")) == ""


def test_what_a_value_holds_is_not_looked_at_again(town: Place) -> None:
    matter = sent_down(town, Status.IN_FOLLOW_UP, number="{满意度}")
    answer_texts.write("", "{上级单号}", actor=town.actor("管理员"))
    assert answer_texts.text_for(matter, town.actor("刘敏")) == "{满意度}"


def test_words_are_checked_when_they_are_kept(town: Place) -> None:
    admin = town.actor("管理员")
    for text, code in (
        ("", "answer_text_length"),
        ("{上级单号}" + "字" * 2000, "answer_text_length"),
        ("{上级单号}{姓名}", "answer_text_unknown"),
        ("{上级单号}{二维码}", "answer_text_unknown"),
        ("{上级单号}{", "answer_text_braces"),
        ("{{上级单号}}", "answer_text_braces"),
        ("已经办好", "answer_text_missing"),
    ):
        with refused(code):
            answer_texts.write("县信访局", text, actor=admin)
    answer_texts.write("县信访局", "{上级单号}", actor=admin)
    with refused("answer_text_known"):
        answer_texts.write(" 县信访局 ", "{上级单号}", actor=admin)
    for who in ("刘敏", "王芳"):
        with refused("not_administrator"):
            answer_texts.write("县政府", "{上级单号}", actor=town.actor(who))


@pytest.mark.once
def test_the_built_in_words_pass_their_own_check_and_have_a_sample_for_every_name() -> None:
    assert answer_texts.check(answer_texts.built_in())
    every = "{上级单号}" + "".join(f"〈{{{name}}}〉" for name in answer_texts.NAMES)
    assert "〈〉" not in answer_texts.sample(every) and "{" not in answer_texts.sample(every)


def test_what_is_reported_is_recorded_by_the_existing_action(town: Place) -> None:
    matter = answered(town)
    text = answer_texts.text_for(matter, town.actor("刘敏"))
    matter = town.run("刘敏", terms.ReportBack(text=text, number="报 3 号"), matter)
    assert str(matter.outside_order.report) == text
