"""Letters on the desk: what a registrar meets who takes on twenty of them, one after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.desk import headings
from shuoshi.matters import papers, terms
from shuoshi.matters.models import Matter, ResultPoint
from shuoshi.matters.vocabulary import Kind, Status
from tests.support.village import Place, picture

Desk = Callable[[str], Client]
LETTER = (
    "进村的路什么时候修\n尊敬的领导，您好！进村的路年年说修，年年不动工，路灯也全都不亮，晚上走路很不安全。\n"
    "1.希望早点修路；2.把灯修好；3.请告诉我们哪天动工。我们等了三年，孩子放学摸黑走，老人不敢出门，请一定派人来看看。"
)


def opened(client: Client, matter: Matter, action: str) -> Any:
    return client.get(f"/desk/matters/{matter.number}/{action}/")


def sent(client: Client, matter: Matter, action: str, **data: str) -> Any:
    form = opened(client, matter, action).context["form"]
    drawn = {name: form[name].value() for name in form.fields if form[name].value() not in (None, [])}
    return client.post(f"/desk/matters/{matter.number}/{action}/", drawn | data)


def asked(matter: Matter) -> list[str]:
    return [one.text for one in matter.demands.filter(dropped=False).order_by("ordinal")]


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("早点修路\n\n 把灯修好 \n告诉哪天动工", ["早点修路", "把灯修好", "告诉哪天动工"]),
        ("", ["进村的路什么时候修"]),
    ],
    ids=["point by point", "left empty: the title"],
)
def test_a_letter_is_summed_up_where_it_is_accepted(town: Place, at_desk: Desk, typed: str, points: list[str]) -> None:
    matter = town.raise_matter(content=LETTER, demands=())
    client = at_desk("王芳")
    form = opened(client, matter, "accept").context["form"]
    assert form["title"].value() == "进村的路什么时候修" and not form["demands"].value()
    assert sent(client, matter, "accept", kind=Kind.INTEREST_CLAIM, demands=typed).status_code == 302
    assert asked(matter) == points


def test_what_was_said_in_a_few_words_is_a_point_already(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(content="路灯坏了三盏，希望早点修好。", demands=())
    client = at_desk("王芳")
    assert opened(client, matter, "accept").context["form"]["demands"].value() == matter.content
    sent(client, matter, "accept", kind=Kind.INTEREST_CLAIM, title="路灯不亮")
    assert asked(matter) == [matter.content]


def test_correcting_the_place_leaves_a_letter_of_several_lines_one_point(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(content=LETTER, demands=())
    answer = sent(at_desk("王芳"), matter, "correct_registration", place="村尾", reason="地点写错了")
    assert answer.status_code == 302
    matter = Matter.objects.get(pk=matter.pk)
    assert matter.place == "村尾" and asked(matter) == [LETTER]


def test_the_desk_does_not_print_a_letter_twice(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(content=LETTER, demands=())
    body = at_desk("王芳").get(f"/desk/matters/{matter.number}/").content.decode()
    assert body.count("请告诉我们哪天动工") == 1 and "还没有归纳，受理时写。" in body


@pytest.mark.parametrize(
    ("content", "called", "title"),
    [
        ("为啥县城不通班车？\n王县长好！我家住在镇上，过去有班车。", "为啥县城不通班车？", "为啥县城不通班车？"),
        ("尊敬的王县长，您好：我家住在镇上，过去有班车。", "我家住在镇上，过去有班车。", ""),
        ("尊敬的各位领导：\n您们好！我家住在镇上。", "我家住在镇上。", ""),
        ("尊敬的各位领导\n我家住在镇上。", "我家住在镇上。", ""),
        (
            "敬爱的王县长请您看看孩子的冬天\n教室没有暖气。",
            "敬爱的王县长请您看看孩子的冬天",
            "敬爱的王县长请您看看孩子的冬天",
        ),
        ("退费一拖再拖！\n培训班三个月不退钱。", "退费一拖再拖！", "退费一拖再拖！"),
        ("乱收暖气费，投诉无门。\n物业不退钱。", "乱收暖气费，投诉无门。", "乱收暖气费，投诉无门"),
        ("关于加装护栏的建议\n车辆随意掉头。", "关于加装护栏的建议", "加装护栏的建议"),
        ("领导你好，现在停水", "现在停水", ""),
        ("王镇长打人", "王镇长打人", ""),
        ("你们好几个月没来收垃圾了", "你们好几个月没来收垃圾了", ""),
        ("您好！", "您好！", ""),
        ("Dear Sir or Madam,\nthe lamp at the school is broken.", "the lamp at the school is broken.", ""),
        ("请打 13800000017\n没有人来修。", "请打 13800000017", ""),
    ],
)
def test_a_letter_is_called_by_its_heading_or_by_what_follows_the_greeting(
    content: str, called: str, title: str
) -> None:
    matter = Matter(title="", content=content)
    assert (headings.of(matter), headings.fit_for_title(matter)) == (called, title)


def test_one_demand_is_answered_once(town: Place, at_desk: Desk) -> None:
    """With a single demand its answer is the reply: written once, read once, on every page and on the paper."""
    matter = town.sign_for(town.assign(town.classify(town.accept(town.raise_matter()))))
    given = {
        "outcome_1": "SOLVED",
        "reply": "三盏灯都换好了。\n每月再查一次。",
        "report": "已换灯泡。",
        "form": "short",
    }
    town.run("孙丽", terms.RecordMeasure(text="换了灯泡", files=(picture(),)), matter)
    answer = sent(at_desk("孙丽"), matter, "prepare_result", **given)
    assert answer.status_code == 302, answer.context["form"].errors
    matter = Matter.objects.get(pk=matter.pk)
    point = ResultPoint.objects.get(matter=matter)
    point.matter = matter
    assert point.text == given["reply"]
    assert opened(at_desk("周建国"), matter, "sign_result").content.decode().count("每月再查一次") == 1

    matter = town.sign(matter)
    said = papers.content_of(matter, papers.Ref(papers.PaperKind.REPLY, 1))
    assert (said["答复"], said["逐条"]) == (given["reply"], [["1", "修好路灯", "解决", ""]])
    told = at_desk("王芳").get(f"/desk/matters/{matter.number}/as-resident/").content.decode()
    assert told.count("每月再查一次") == 1
    assert opened(at_desk("赵红"), matter, "record_follow_up").content.decode().count("三盏灯都换好了。<br>") == 1


def test_several_demands_are_each_answered_in_words(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(demands=("修好路灯", "定期检查"))
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    given = {
        "outcome_1": "SOLVED",
        "outcome_2": "SOLVED",
        "text_2": "每月一次",
        "reply": "换好了。",
        "report": "换好了。",
    }
    answer = sent(at_desk("孙丽"), matter, "prepare_result", form="short", **given)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["text_1"]


def test_the_timeline_says_how_it_was_rated(town: Place, at_desk: Desk) -> None:
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), result=2)
    assert "没有解决，对结果不满意，对态度" in at_desk("王芳").get(f"/desk/matters/{matter.number}/").content.decode()


@pytest.mark.parametrize(("content", "there"), [(LETTER * 4, True), (LETTER, False)], ids=["long", "short"])
def test_on_a_phone_a_long_letter_does_not_stand_before_what_can_be_done(
    town: Place, at_desk: Desk, content: str, there: bool
) -> None:
    matter = town.raise_matter(content=content, demands=())
    body = at_desk("王芳").get(f"/desk/matters/{matter.number}/").content.decode()
    assert ('href="#acts-h"' in body) is there
