"""Several papers in one PDF: each begins on a page of its own, with its own header and footer, and counts its own pages."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from pypdf import PdfReader

from shuoshi.kernel.papers import press
from shuoshi.kernel.papers.press import NotMade
from tests.kernel.documents import word
from tests.kernel.test_papers import W, paper

pytestmark = [pytest.mark.once, pytest.mark.usefixtures("papers_made_here")]


def test_several_papers_are_one_file_and_each_counts_its_own_pages() -> None:
    def footed(document: Any) -> None:
        foot = document.sections[0].footer.paragraphs[0]
        for instruction in ("PAGE", "NUMPAGES"):
            foot.add_run("-")
            foot._p.append(docx.oxml.parse_xml(f'<w:fldSimple {W} w:instr=" {instruction} "/>'))

    short, long_ = word("短的{{ 编号 }}", also=footed), word("长的{{ 内容 }}", also=footed)
    papers = [paper(short), paper(long_, 内容="很长。" * 1200), paper(short, 编号="SS-QH-20261117-0013-DF01")]
    made = press.Several(papers, title="几份").pdf()
    pages = [words_of_pdf_page(page) for page in PdfReader(io.BytesIO(made.data)).pages]
    long_pages = len(pages) - 2
    assert long_pages > 1
    assert "0012-DF01" in pages[0] and pages[0].endswith("-1-1")
    assert [page.rpartition("-")[0][-2:] + page[-2:] for page in pages[1:-1]] == [
        f"-{n}-{long_pages}" for n in range(1, long_pages + 1)
    ]
    assert "0013-DF01" in pages[-1] and pages[-1].endswith("-1-1")
    with pytest.raises(NotMade):
        press.Several([paper(short), paper(word("{{ 没有这个 }}"))]).pdf()


def words_of_pdf_page(page: Any) -> str:
    return "".join(str(page.extract_text()).replace("\u200b", "").split())
