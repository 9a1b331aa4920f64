"""Catalogues are complete in every language, and the tool that says so finds each kind of fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tools import messages


def test_every_word_of_the_product_is_in_every_language() -> None:
    found = messages.problems()
    assert not found, "\n".join([*found[:40], f"… {len(found)} in all; run: make messages, then translate"])


def test_templates_give_all_their_words(tmp_path: Path) -> None:
    template = tmp_path / "page.html"
    template.write_text(
        '{% load i18n %}<p>{% translate "回执" %} (don\'t) {{ _("进度") }}</p>'
        "{% blocktranslate count n=list|length %}{{ n }} 件{% plural %}{{ n }} 件事{% endblocktranslate %}"
        "{% blocktranslate trimmed with who=name %}\n  请找{{ who }}。\n{% endblocktranslate %}"
        '{% translate "当天" context "limit" %}',
        "utf-8",
    )
    found = set(messages._found_in(template))
    assert found == {
        (None, "回执"),
        (None, "进度"),
        (None, ("%(n)s 件", "%(n)s 件事")),
        (None, "请找%(who)s。"),
        ("limit", "当天"),
    }


def test_other_names_of_gettext_are_known(tmp_path: Path) -> None:
    module = tmp_path / "forms.py"
    module.write_text(
        "from django.utils.translation import gettext as _now\nfrom django.utils.translation import gettext_lazy\n"
        '_L = gettext_lazy\nlabel = _L("您要说什么事？")\nsaid = _now("两次写的不一样。")\n',
        "utf-8",
    )
    assert set(messages._found_in(module)) == {(None, "您要说什么事？"), (None, "两次写的不一样。")}


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        (Message("还剩 %(n)d 天", "%(m)d days left"), "placeholders differ"),
        (Message("回执", ""), "empty"),
        (Message("回执", "receipt", flags={"fuzzy"}), "fuzzy"),
        (Message(("%(n)s 件", "%(n)s 件事"), ("%(n)s matter", "")), "empty"),
        (Message("还剩 %(n)d 天", "%(n)d days left"), ""),
    ],
)
def test_each_fault_of_a_translation_is_named(message: Message, fault: str) -> None:
    assert messages._wrong(message).startswith(fault)
    assert bool(messages._wrong(message)) == bool(fault)


def test_traditional_characters_are_those_in_use() -> None:
    convert = messages._traditional()
    assert convert("为群众办理：请在“里面”填写 %(name)s") == "為群眾辦理：請在「裡面」填寫 %(name)s"
