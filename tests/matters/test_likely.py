"""4.2.1: how words and decisions are weighed. What a cold institution finds by words is test_likely_by_words."""

from __future__ import annotations

from shuoshi.matters.likely import Decided, Likely, likely
from shuoshi.organization.profile import Profile
from shuoshi.organization.profile.editing import checked, find, opened
from tests.support.village import default_profile

CLAIM = "INTEREST_CLAIM"
LAMP = Decided("B604", "城建办")


def codes(found: list[Likely]) -> list[str]:
    return [one.category for one in found]


def rules(**spoken: list[str]) -> Profile:
    """The default profile in which only these words of residents speak."""
    data = opened(default_profile())
    for kind in data["kinds"]:
        for group in kind["categories"]:
            for one in (group, *group["children"]):
                one["spoken"] = spoken.get(one["code"], [])
    return checked(data)


def test_a_longer_word_says_more_and_swallows_what_it_holds() -> None:
    found = likely(rules(B604=["路灯"], B302=["楼道路灯"]), CLAIM, "楼道路灯坏了")
    assert codes(found) == ["B302"] and found[0].words == ("楼道路灯",)


def test_a_word_of_many_categories_says_less_for_each() -> None:
    shared = rules(B601=["停水", "水管"], B301=["水管"])
    assert codes(likely(shared, CLAIM, "停水了，水管没坏")) == ["B601", "B301"]
    of_five = rules(**{code: ["不通"] for code in ("B601", "B602", "B603", "B604", "B605")})
    assert likely(of_five, CLAIM, "又不通了") == []


def test_the_kind_it_was_accepted_as_comes_first_and_forbids_nothing() -> None:
    both = rules(B604=["路灯"], C203=["路灯"])
    assert codes(likely(both, CLAIM, "路灯")) == ["B604", "C203"]
    assert codes(likely(both, "SUGGESTION", "路灯")) == ["C203", "B604"]


def test_the_names_of_categories_speak_in_both_scripts() -> None:
    silent = rules()
    assert codes(likely(silent, CLAIM, "我们这里噪声太大")) == ["B502"]
    assert codes(likely(silent, CLAIM, "這裡的噪聲太大")) == ["B502"]
    assert likely(silent, CLAIM, "其他诉求") == []


def test_decisions_are_counted_with_the_unit_all_of_them_went_to() -> None:
    silent = rules()
    (found,) = likely(silent, CLAIM, "", [LAMP, LAMP, LAMP])
    assert found == Likely("B604", (), alike=3, all_alike=True, unit="城建办")
    first, second = likely(silent, CLAIM, "", [LAMP, Decided("B604", "水利站"), Decided("B601", "水利站")])
    assert (first.alike, first.all_alike, first.unit) == (2, False, "")
    assert (second.category, second.alike, second.all_alike, second.unit) == ("B601", 1, False, "水利站")


def test_one_decision_outweighs_a_word_and_is_outweighed_by_many() -> None:
    lamps = rules(B604=["路灯"], B703=["井盖", "窨井", "线垂下来"])
    assert codes(likely(lamps, CLAIM, "路灯", [Decided("B502", "")])) == ["B502", "B604"]
    assert codes(likely(lamps, CLAIM, "井盖、窨井、线垂下来", [Decided("B502", "")])) == ["B703", "B502"]


def test_what_much_less_speaks_for_is_left_out() -> None:
    lamps = rules(B604=["路灯"], B601=["停水"], B602=["停电", "跳闸", "变压器"])
    assert codes(likely(lamps, CLAIM, "路灯、停水")) == ["B601", "B604"]
    assert codes(likely(lamps, CLAIM, "路灯、停电、跳闸、变压器")) == ["B602", "B604"]
    assert codes(likely(lamps, CLAIM, "路灯、停水、停电、跳闸、变压器", [Decided("B602", "")])) == ["B602"]


def test_what_these_rules_do_not_know_or_keep_apart_is_not_told() -> None:
    silent = rules()
    assert likely(silent, CLAIM, "", [Decided("X999", ""), Decided("B203", "民政办")]) == []
    data = opened(default_profile())
    find(data, "B604")["sensitive"] = True
    assert likely(checked(data), CLAIM, "", [LAMP, LAMP]) == []


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    lamps = rules(B604=["路灯"])
    assert codes(likely(lamps, CLAIM, f"{'我' * 1_900}路灯")) == ["B604"]
    assert likely(lamps, CLAIM, f"{'我' * 2_100}路灯") == []
