"""Every kind of paper has an end of its own after the number of the matter."""

from __future__ import annotations

from shuoshi.matters.papers import PaperKind
from shuoshi.matters.papers.subject import ends
from tests.support.village import default_profile


def test_no_two_kinds_of_paper_end_alike_whatever_the_rules_leave_out_or_give_twice() -> None:
    profile = default_profile()
    usual = profile.numbering.suffixes
    for suffixes in ({}, dict.fromkeys(usual, "JB"), usual, {**usual, "review": "RE"}):
        numbering = profile.numbering.model_copy(update={"suffixes": suffixes})
        found = ends(profile.model_copy(update={"numbering": numbering}))
        assert set(found) == set(PaperKind) and len(set(found.values())) == len(found)
    assert ends(profile)[PaperKind.REVIEW] == usual["review"]
