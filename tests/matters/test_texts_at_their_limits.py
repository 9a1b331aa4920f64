"""The longest title and the longest text that are taken, with a character beyond the basic plane."""

from __future__ import annotations

from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Kind
from tests.support.village import Place


def test_a_title_of_forty_characters_and_a_text_of_twenty_thousand_pass(town: Place):
    matter = town.raise_matter(content="长" * 19_999 + "𠮷")
    matter = town.run("王芳", terms.Accept(kind=Kind.INTEREST_CLAIM, title="题" * 40), matter)
    assert Matter.objects.get(pk=matter.pk).content.endswith("𠮷")
