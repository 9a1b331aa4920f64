"""No page and no code says anything the catalogues do not know, so that nothing stays Chinese in another language."""

from __future__ import annotations

import pytest

from tools import outside


def test_every_word_goes_through_gettext() -> None:
    found = [f"{where}: {text}" for where, text in outside.everywhere()]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "source",
    [
        "<p>回执</p>",
        "<p>{{ name }}：</p>",
        '{% translate "回执" %}<p>{{ one }}、{{ other }}</p>',
        '{% include "x.html" with label="回执" %}',
        '<input placeholder="请写手机号">',
        "<!-- 注释 -->",
        "{% blocktranslate %}回执{% endblocktranslate %}。",
    ],
)
def test_a_page_that_speaks_past_gettext_is_found(source: str) -> None:
    assert list(outside.of_template(source))


def test_a_page_may_name_a_language_in_that_language_and_carry_comments_and_the_mark() -> None:
    source = (
        '{# 注释 #}{% comment %}注释{% endcomment %}{% translate "回执" context "纸" %}'
        '{% blocktranslate trimmed with who=name %}\n请找{{ who }}。{% endblocktranslate %}{{ x|default:_("匿名") }}'
        '<a href="?lang=zh-hant" lang="zh-Hant">繁體</a><span class="seal" aria-hidden="true">说<br>事</span>'
    )
    assert list(outside.of_template(source)) == []


def test_code_that_speaks_past_gettext_is_found() -> None:
    source = (
        '"""说明"""\nfrom django.utils.translation import gettext as _now\nTABLE = {"编号": "number"}\n'
        'def say(who):\n    """说明"""\n'
        '    if who == "管理员" or re.sub("[（）]", "", who):\n        return _("您好")\n'
        '    return f"{who}（未知）" + _now("您好，%s") % "群众"\n'
    )
    assert [text for _line, text in outside.of_python(source)] == ["（未知）", "群众"]
