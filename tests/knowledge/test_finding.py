"""What is said finds the entry that answers it, in whatever words people use; what is unlike finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from shuoshi.knowledge import finding, queries
from tests.knowledge.written import published
from tests.support.statements import Statements
from tests.support.village import Place

Counting = Callable[[], AbstractContextManager[Statements]]

ENTRIES = {
    "城乡居民养老金怎么领": ("六十岁领养老钱", "新农保"),
    "在外省住院怎么报销": ("异地就医", "外地看病报销"),
    "孩子转学回来要不要考试": ("转学", "转学籍"),
    "身份证丢了怎么补办": ("身份证丢失", "身份证不见了"),
    "宅基地翻建要办哪些手续": ("老房子翻修", "拆了重盖"),
}


@pytest.fixture
def five(town: Place) -> Place:
    for question, ways in ENTRIES.items():
        published(town, question=question, ways=ways, answer=f"{question}：按规定办。")
    return town


def asked(said: str) -> list[str]:
    return [entry.current.question for entry in finding.suggest(queries.in_force(), said)]


def test_a_call_finds_its_entry_first(five: Place):
    calls = {
        "我下个月满六十，村里那个新农保是不是自己打到卡上？": "城乡居民养老金怎么领",
        "老伴在儿子那边犯病，外地看病报销得了不？": "在外省住院怎么报销",
        "后天早上的火车，今天发现身份证不见了，急死人。": "身份证丢了怎么补办",
        "屋里那间老房子翻修，听说现在管得严": "宅基地翻建要办哪些手续",
    }
    assert {said: asked(said)[0] for said in calls} == calls


def test_what_is_unlike_finds_nothing(five: Place):
    for said in ("", "路灯坏了三盏，晚上看不清路", "怎么", "办", "13800000017", "😀😀"):
        assert asked(said) == [], said


def test_a_category_lifts_its_entries_and_finds_none_alone(town: Place):
    published(town, question="残疾证到期怎么换", ways=("到期换证",), categories=("A104",))
    published(town, question="驾驶证到期怎么换", ways=("到期换证",), categories=("A401",))
    first = finding.suggest(queries.in_force(), "到期换证", "A401")
    assert [entry.current.codes for entry in first] == [["A401"], ["A104"]]
    assert finding.suggest(queries.in_force(), "路灯不亮", "A401") == []


def test_typed_words_must_all_be_there_before_what_is_only_alike(five: Place):
    found = finding.find(queries.in_force(), "转学 考试")
    assert found[0].current.question == "孩子转学回来要不要考试"


def test_words_of_the_answer_are_found_and_of_a_version_out_of_force_are_not(five: Place):
    from shuoshi.knowledge import actions
    from tests.knowledge.written import given

    entry = published(five, question="图书能借几本", answer="一次三本，看三个星期。", ways=())
    assert finding.find(queries.in_force(), "三个星期") == [entry]
    actions.revise(
        entry.pk, given(question="图书能借几本", answer="一次五本。", ways=()), seen=1, actor=five.actor("孙丽")
    )
    assert finding.find(queries.in_force(), "三个星期") == [entry]
    actions.publish(entry.pk, 2, actor=five.actor("周建国"))
    assert finding.find(queries.in_force(), "三个星期") == []


def test_looking_costs_the_same_whatever_the_number(town: Place, statements: Counting):
    def look() -> Statements:
        with statements() as seen:
            found = finding.suggest(queries.in_force(), "养老钱怎么领，新农保")
            assert [(one.current.answer, one.unit.name) for one in found]
        return seen

    published(town)
    few = look()
    for number in range(12):
        published(town, question=f"养老金问题之{number}")
    many = look()
    assert few.count == many.count <= 2, many
