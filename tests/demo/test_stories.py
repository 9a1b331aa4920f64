"""What the invented people say: different from one another, in the institution's own terms, nobody's real data."""

from __future__ import annotations

import re
from itertools import combinations

from shuoshi.demo.stories import in_month, voices
from shuoshi.demo.town import content
from shuoshi.organization.profile.load import load
from tools import words

OUTSIDE = {"PRAISE", "OTHER", "INVALID", "SCREENED"}


def test_there_are_about_three_hundred() -> None:
    assert 280 <= len(voices()) <= 350


def test_no_two_of_them_say_nearly_the_same() -> None:
    pieces = {voice.title: _pieces(voice.says) for voice in voices()}
    assert len(pieces) == len(voices()), "two voices share a title"
    alike = [
        (one, other)
        for (one, first), (other, second) in combinations(pieces.items(), 2)
        if len(first & second) > 0.4 * min(len(first), len(second))
    ]
    assert alike == []


def test_every_category_is_known_to_the_profile_and_every_kind_is_met() -> None:
    codes = {voice.family.category for voice in voices()} - OUTSIDE
    profile = load()
    kinds = {profile.kind_of(code).code for code in codes}
    assert kinds == {"POLICY_ENQUIRY", "INTEREST_CLAIM", "SUGGESTION", "DISPUTE"}
    assert len(codes) > 80


def test_every_place_is_on_the_map_and_every_demand_has_its_answer() -> None:
    areas = content()["areas"]
    for voice in voices():
        if voice.area:
            village, *group = voice.area
            assert not group or group[0] in areas[village]["groups"], voice.title
        assert voice.wants or voice.family.category in OUTSIDE, voice.title
        for want in voice.wants:
            assert want.because or want.outcome not in ("CANNOT_ACT", "NOT_JUSTIFIED"), voice.title
        assert len(voice.title) <= 40


def test_the_town_writes_as_a_careful_office_does() -> None:
    for voice in voices():
        said_by_staff = [want.answer for want in voice.wants] + [
            voice.answer,
            *voice.family.done,
            *voice.family.checked,
        ]
        for text in said_by_staff:
            assert words.faults(text) == [], text


def test_some_concern_people_and_units_of_the_town_and_go_to_somebody_else() -> None:
    town = content()
    units, people = {unit["key"] for unit in town["units"]}, {person["key"] for person in town["people"]}
    concerned = [voice for voice in voices() if voice.about]
    assert len(concerned) >= 6
    for voice in concerned:
        assert set(voice.about) <= units | people, voice.title
        assert voice.to in units - set(voice.about), voice.title


def test_residents_online_complain_of_somebody_in_words_whom_the_registry_looks_up() -> None:
    complaining = [voice for voice in voices() if voice.complains]
    assert {bool(voice.about) for voice in complaining} == {True, False}, "some of the town, some of nobody"
    assert {voice.channel for voice in complaining} == {"online"}


def test_who_comes_takes_over_the_posts_of_somebody_of_the_same_unit() -> None:
    there = {person["key"]: person for person in content()["people"]}
    coming = content()["came"]
    assert coming
    for person in coming:
        left = there[person["after"]]
        assert person["key"] not in there
        assert person["posts"] == left["posts"], person["name"]


def test_what_speakers_answer_are_questions_of_the_category() -> None:
    profile = load()
    answered = [voice for voice in voices() if voice.knows]
    assert answered
    for voice in answered:
        asked = {question.code for question in profile.category(voice.family.category).questions}
        assert {code for code, _answer in voice.knows} <= asked, voice.title


def test_no_number_could_be_anybodys() -> None:
    for text in [voice.says + voice.answer for voice in voices()]:
        assert not re.search(r"1[3-9]\d{9}|\d{17}[\dXx]", text)
    for unit in content()["units"]:
        assert unit.get("phone", "000-").startswith("000-")


def test_months_are_named_from_the_day_it_is_said() -> None:
    assert in_month("{m-2}底，{m}，{m+1}", 1) == "十一月底，一月，二月"


def _pieces(text: str) -> set[str]:
    """Runs of four characters, the shape in which copying shows."""
    plain = re.sub(r"\W", "", text)
    return {plain[start : start + 4] for start in range(len(plain) - 3)}
