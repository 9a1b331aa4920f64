"""Names between braces: kept as codes, shown in the language of the page, told where they are none."""

from __future__ import annotations

import pytest
from django.utils import translation

from shuoshi.kernel.refusal import Refused
from shuoshi.workbench import variables
from shuoshi.workbench.variables import GAP, Variable

pytestmark = pytest.mark.once


def test_a_phrase_is_kept_with_codes_and_read_in_any_language() -> None:
    with translation.override("zh-hans"):
        kept = variables.kept("{称呼}，编号｛ 编号 ｝\r\n䶮𠮷")
        assert kept == "{address}，编号{number}\n䶮𠮷"
        assert variables.shown(kept) == "{称呼}，编号{编号}\n䶮𠮷"
    with translation.override("zh-hant"):
        typed = variables.shown(kept)
        assert variables.kept(typed) == kept and typed != kept
    with translation.override("en"):
        assert variables.kept("{称呼}") == "{address}", "as a colleague typed it"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "phrase_length"),
        (" \n ", "phrase_length"),
        ("长" * 2001, "phrase_length"),
        ("{身份证号}", "phrase_unknown_name"),
        ("{}", "phrase_unknown_name"),
        ("{编号", "phrase_braces"),
        ("{{编号}}", "phrase_braces"),
    ],
)
def test_what_cannot_be_filled_is_refused(text: str, code: str) -> None:
    with translation.override("zh-hans"), pytest.raises(Refused) as refused:
        variables.kept(text)
    assert refused.value.code == code


def test_what_is_not_known_is_a_gap_and_a_value_is_not_looked_at_again() -> None:
    values = {Variable.TITLE: "{number}", Variable.NUMBER: "SS-1"}
    assert variables.filled("{title} {number} {unit}", values) == f"{{number}} SS-1 {GAP}"


def test_every_name_is_another_in_every_language() -> None:
    for language in ("zh-hans", "zh-hant", "en"):
        with translation.override(language):
            assert len(set(variables.shown_names())) == len(Variable)
