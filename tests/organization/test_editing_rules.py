"""Changing rules: pieces by code, what differs in words, and nothing that is no profile can be published."""

from __future__ import annotations

from copy import deepcopy

import pytest

from shuoshi.organization.profile import editing
from shuoshi.organization.profile.editing import Data, NotAProfile
from shuoshi.organization.profile.load import load

NAME = {"zh-Hans": "路灯", "zh-Hant": "路燈", "en": "Street lamps"}


@pytest.fixture(scope="module")
def standing() -> Data:
    return editing.opened(load())


@pytest.fixture
def data(standing: Data) -> Data:
    return deepcopy(standing)


def test_what_is_untouched_is_the_same_profile(data: Data, standing: Data) -> None:
    assert editing.checked(data) == load()
    assert editing.differences(standing, data) == []


def test_a_new_category_gets_a_code_nobody_had_and_stands_in_the_differences(data: Data, standing: Data) -> None:
    code = editing.add_category(data, "B6", NAME)
    assert code == "B606"
    assert str(editing.checked(data).category(code)) == "路灯"
    (found,) = editing.differences(standing, data)
    assert (found.where, found.before, found.after) == ("种类和类别 › 利益诉求 › 基础设施 › 路灯", "", "路灯")


def test_a_new_group_is_found_by_its_letter(data: Data) -> None:
    code = editing.add_category(data, "SUGGESTION", NAME)
    assert code == "C6"
    assert editing.checked(data).kind_of(code).code == "SUGGESTION"


def test_a_removed_category_is_named(data: Data, standing: Data) -> None:
    editing.remove_category(data, "B605")
    (found,) = editing.differences(standing, data)
    assert (found.before, found.after) == ("通信", "")
    with pytest.raises(KeyError):
        editing.find(data, "B605")


def test_a_renamed_category_and_another_limit_are_told_with_both_values(data: Data, standing: Data) -> None:
    editing.find(data, "B601")["name"]["zh-Hans"] = "用水"
    data["limits"]["steps"]["completion"]["by_complexity"]["INTEREST_CLAIM"]["standard"] = "5wd"
    said = {found.where: (found.before, found.after) for found in editing.differences(standing, data)}
    assert said["种类和类别 › 利益诉求 › 基础设施 › 用水 › 名称"] == ("供水", "用水")
    assert ("7wd", "5wd") in said.values()


def test_a_question_goes_with_those_asked_only_after_it(data: Data) -> None:
    editing.remove_question(data, "B601", "state")
    left = [question["code"] for question in editing.find(data, "B601")["questions"]]
    assert left == ["how_many"]
    editing.checked(data)


def test_a_question_is_added_and_replaced_in_its_place(data: Data) -> None:
    question = {"code": "since", "text": NAME, "type": "date", "options": [], "required": False}
    editing.set_question(data, "B605", question)
    editing.set_question(data, "B605", question | {"required": True}, replaces="since")
    (found,) = editing.checked(data).category("B605").questions
    assert found.required and found.type == "date"


def test_empty_languages_repeat_the_first() -> None:
    assert editing.words({"zh-Hans": " 路灯 ", "en": ""}) == {"zh-Hans": "路灯", "zh-Hant": "路灯", "en": "路灯"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["limits"]["steps"]["accept"].update(all="soon"), "“soon”不是时限"),
        (lambda data: data["outcomes"].pop(), "缺少"),
        (lambda data: editing.find(data, "B601")["name"].update({"en": ""}), "请写文字"),
        (
            lambda data: editing.set_question(
                data, "B605", {"code": "x", "text": NAME, "type": "choice", "options": []}
            ),
            "选择题要写 options",
        ),
    ],
)
def test_what_is_no_profile_says_where_and_why(data: Data, change, said: str) -> None:
    change(data)
    with pytest.raises(NotAProfile) as caught:
        editing.checked(data)
    assert any(said in problem for problem in caught.value.problems), caught.value.problems
