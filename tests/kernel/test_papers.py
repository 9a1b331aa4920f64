"""Papers from templates: filled, walked and set; escaping templates and hostile documents get nowhere (drills 18, 20)."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from shuoshi.kernel.papers import glyphs, press
from shuoshi.kernel.papers.press import NotMade, Reason
from shuoshi.kernel.papers.typesetting import Set
from tests.kernel.documents import KNOWN, VALUES, part, repacked, with_xml, word, words_of_docx, words_of_pdf

here = pytest.mark.usefixtures("papers_made_here")
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def paper(template: bytes, **values: Any) -> press.Paper:
    return press.Paper(template, KNOWN, {**VALUES, **values})


def refused(template: bytes) -> NotMade:
    """Why the child did not make it, as the parent tells it."""
    with pytest.raises(NotMade) as problem:
        paper(template).docx()
    assert problem.value.text.endswith("。")
    return problem.value


# ── filling ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@here
def test_names_loops_and_conditions_are_filled_in_both_forms() -> None:
    def rows(document: Any) -> None:
        table = document.add_table(rows=3, cols=2)
        table.cell(0, 0).text = "{%tr for 序号, 什么 in 要求 %}"
        table.cell(1, 0).text, table.cell(1, 1).text = "{{ 序号 }}", "{{ 什么 }}"
        table.cell(2, 0).text = "{%tr endfor %}"

    made = paper(word("编号 {{ 编号 }}", "{% if 内容 %}有{{ 内容 }}{% else %}没有{% endif %}", also=rows))
    for text in (words_of_docx(made.docx().data), words_of_pdf(made.pdf().data)):
        assert "SS-QH-20261117-0012-DF01" in text and "有修好了" in text and "没有" not in text
        assert "修路灯" in text and "清沟" in text and "{" not in text
    assert made.pdf().used == ("什么", "内容", "序号", "编号", "要求")


@here
def test_a_name_that_word_cut_into_pieces_is_one_name() -> None:
    def cut(document: Any) -> None:
        paragraph = document.add_paragraph()
        for piece in ("{", "{ 内", "容 }", "}"):
            paragraph.add_run(piece)

    assert "修好了" in words_of_pdf(paper(word(also=cut)).pdf().data)


@here
def test_lines_of_a_text_become_paragraphs_like_the_first() -> None:
    made = paper(word("{{ 内容 }}"), 内容="第一段\r\n\n第二段")
    opened = docx.Document(io.BytesIO(made.docx().data))
    assert [one.text for one in opened.paragraphs] == ["第一段", "第二段"]


@here
@pytest.mark.parametrize(
    "said",
    [
        '#read("/etc/passwd")', "$x^2$ #sys.inputs", "{{ 7*7 }}", "{% for x in y %}", "<w:p/><b>&\"'", "{_{ 编号 }_}",
        "=1+1", "file:///etc/passwd http://10.0.0.1/x https://example.org", "\x00\x07\x0b\ud800控制",
    ],
)  # fmt: skip
def test_what_somebody_wrote_stays_text(said: str) -> None:
    """Values are data in both worlds: no Jinja, no Typst, no XML, no link (drill 20)."""
    made = paper(word("说：{{ 内容 }}"), 内容=said)
    kept = "".join(one for one in said if one >= " " and not "\ud800" <= one <= "\udfff").replace("_{", " _{")
    squeezed = re.sub(r"\s|_", "", kept)
    assert squeezed in re.sub(r"\s|_", "", words_of_docx(made.docx().data))
    pdf = made.pdf().data
    assert squeezed in re.sub(r"\s|_", "", words_of_pdf(pdf))
    assert "root:" not in words_of_pdf(pdf)
    reader = PdfReader(io.BytesIO(pdf))
    assert not any("/Annots" in page for page in reader.pages) and not reader.attachments
    assert not re.search(rb"/(URI|Launch|JavaScript|EmbeddedFile|GoToR)\b", pdf)


@here
@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("{{ ''.__class__.__mro__ }}", Reason.NOT_ALLOWED),
        ("{{ 编号.__class__ }}", Reason.NOT_ALLOWED),
        ("{{ 编号.upper() }}", Reason.NOT_ALLOWED),
        ("{{ 编号 | upper }}", Reason.NOT_ALLOWED),
        ("{{ 要求[0] }}", Reason.NOT_ALLOWED),
        ("{{ 1 + 1 }}", Reason.NOT_ALLOWED),
        ("{{ 'x' * 1000000000 }}", Reason.NOT_ALLOWED),
        ("{% if 编号 == 'x' %}{% endif %}", Reason.NOT_ALLOWED),
        ("{% set x = 编号 %}", Reason.NOT_ALLOWED),
        ("{% macro m() %}{% endmacro %}", Reason.NOT_ALLOWED),
        ("{% call m() %}{% endcall %}", Reason.NOT_ALLOWED),
        ("{% include '/etc/passwd' %}", Reason.NOT_ALLOWED),
        ("{% import 'os' as os %}", Reason.NOT_ALLOWED),
        ("{% extends 'x' %}", Reason.NOT_ALLOWED),
        ("{% filter upper %}{% endfilter %}", Reason.NOT_ALLOWED),
        ("{% for a, b in 要求 if a %}{% endfor %}", Reason.NOT_ALLOWED),
        ("{% for a, b in 要求 recursive %}{% endfor %}", Reason.NOT_ALLOWED),
        ("{% for a in range(9) %}{% endfor %}", Reason.NOT_ALLOWED),
        ("{% for a, b in 要求 %}{{ loop.index }}{% endfor %}", Reason.NOT_ALLOWED),
        ("{% for a in 要求 %}{% endfor %}", Reason.WRONG_WIDTH),
        ("{% for a in 编号 %}{% endfor %}", Reason.UNKNOWN_NAME),
        ("{{ 要求 }}", Reason.UNKNOWN_NAME),
        ("{{ lipsum }}", Reason.UNKNOWN_NAME),
        ("{{ self }}", Reason.UNKNOWN_NAME),
        ("{{ 身份证号 }}", Reason.UNKNOWN_NAME),
        ("{% if %}", Reason.SYNTAX),
        ("{% for a, b in 要求 %}", Reason.SYNTAX),
    ],
)
def test_a_template_holds_names_simple_loops_and_conditions_and_nothing_else(written: str, reason: Reason) -> None:
    assert refused(word(f"{{{{ 编号 }}}}{written}")).reason is reason


@here
@pytest.mark.parametrize("place", ["header", "footer", "title", "cut", "cell"])
def test_nothing_escapes_by_standing_elsewhere(place: str) -> None:
    evil = "{{ ''.__class__ }}"

    def hide(document: Any) -> None:
        if place == "title":
            document.core_properties.title = evil
        elif place == "cell":
            document.add_table(rows=1, cols=1).cell(0, 0).text = evil
        elif place == "cut":
            paragraph = document.add_paragraph()
            for piece in ("{", "{ ''.", "__class__ ", "}}"):
                paragraph.add_run(piece)
        else:
            getattr(document.sections[0], place).paragraphs[0].text = evil

    assert refused(word("{{ 编号 }}", also=hide)).reason is Reason.NOT_ALLOWED


# ── hostile documents ──────────────────────────────────────────────────────────────────────────────────────────────────

PLAIN = word("{{ 编号 }}")
RELS = part(PLAIN, "word/_rels/document.xml.rels").decode()
TYPES = part(PLAIN, "[Content_Types].xml").decode()
BODY = part(PLAIN, "word/document.xml").decode()
LINK = '<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}" TargetMode="External"/>'
LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def linked(kind: str, target: str) -> bytes:
    rels = RELS.replace("</Relationships>", LINK.format(kind, target) + "</Relationships>")
    return repacked(PLAIN, {"word/_rels/document.xml.rels": rels.encode()})


def field(instruction: str) -> bytes:
    return word(also=with_xml(f'<w:p><w:fldSimple w:instr="{instruction}"/></w:p>'))


HOSTILE = {
    "a text": (b"%PDF-1.7 not a document", Reason.NOT_DOCX),
    "a zip of something": (repacked(PLAIN, {"word/document.xml": None}), Reason.NOT_DOCX),
    "cut off": (PLAIN[: len(PLAIN) // 2], Reason.NOT_DOCX),
    "ratio": (repacked(PLAIN, {}, add={"word/media/x.png": b"\0" * (15 << 20)}), Reason.BOMB),
    "whole": (repacked(PLAIN, {}, add={f"word/media/{n}.xml": b"<a/>" + b" " * (12 << 20) for n in range(5)}), Reason.BOMB),
    "entries": (repacked(PLAIN, {}, add={f"word/media/{n}.xml": b"<a/>" for n in range(400)}), Reason.BOMB),
    "entities": (repacked(PLAIN, {"word/document.xml": BODY.replace("<w:document", f"{LAUGHS}<w:document", 1).encode()}), Reason.BOMB),
    "entities, utf-16": (
        repacked(PLAIN, {"word/document.xml": f'<?xml version="1.0" encoding="UTF-16"?>{LAUGHS}<w:document {W}/>'.encode("utf-16")}),
        Reason.BOMB,
    ),
    "macros": (repacked(PLAIN, {}, add={"word/vbaProject.bin": b"x"}), Reason.MACROS),
    "macros by type": (repacked(PLAIN, {"[Content_Types].xml": TYPES.replace("document.main", "document.macroEnabled.main").encode()}), Reason.MACROS),
    "an object": (repacked(PLAIN, {}, add={"word/embeddings/oleObject1.bin": b"x"}), Reason.EMBEDDED),
    "a page inside": (repacked(PLAIN, {}, add={"word/afchunk.html": b"<script>"}), Reason.EMBEDDED),
    "template elsewhere": (linked("attachedTemplate", "http://10.0.0.1/evil.dotm"), Reason.EXTERNAL),
    "picture elsewhere": (linked("image", "file:///etc/passwd"), Reason.EXTERNAL),
    "link": (linked("hyperlink", "https://example.org/"), Reason.EXTERNAL),
    "dde": (field("DDEAUTO c:\\\\windows\\\\cmd.exe"), Reason.LIVE_FIELD),
    "include": (field("INCLUDETEXT /etc/passwd"), Reason.LIVE_FIELD),
}  # fmt: skip


@here
@pytest.mark.drill(18)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_with_its_reason(name: str) -> None:
    document, reason = HOSTILE[name]
    assert refused(document).reason is reason


@pytest.mark.drill(18)
def test_what_takes_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "WALL_SECONDS", 0.05)
    with pytest.raises(NotMade) as problem:
        press.Paper(PLAIN, KNOWN, VALUES).pdf()
    assert problem.value.reason is Reason.TOO_SLOW


@pytest.mark.drill(18)
@pytest.mark.drill(20)
def test_the_child_makes_papers_and_tells_what_it_refused() -> None:
    made = press.Paper(PLAIN, KNOWN, VALUES)
    assert "SS-QH-20261117-0012-DF01" in words_of_pdf(made.pdf().data)
    assert made.pictures().pages == 1 and made.pictures().pictures[0].startswith(b"\x89PNG")
    for template, reason in ((HOSTILE["macros"][0], Reason.MACROS), (word("{{ ''.__class__ }}"), Reason.NOT_ALLOWED)):
        with pytest.raises(NotMade) as problem:
            press.Paper(template, KNOWN, VALUES).docx()
        assert problem.value.reason is reason


def test_the_server_loads_nothing_of_what_papers_are_made_with() -> None:
    """What typesetting takes in memory goes with its child."""
    code = (
        "import os, sys, django\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.support.settings'\n"
        "django.setup()\n"
        "import shuoshi.config.urls, shuoshi.desk.urls, shuoshi.portal.urls\n"
        "heavy = {'docx', 'docxtpl', 'jinja2', 'lxml', 'typst', 'xlsxwriter', 'fontTools', 'defusedxml'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.drill(18)
def test_bombs_cost_little(tmp_path: Path) -> None:
    """In a process of its own, whose children tell how much they took."""
    pytest.importorskip("resource")
    for name in ("ratio", "entities"):
        file = tmp_path / "bomb.docx"
        file.write_bytes(HOSTILE[name][0])
        code = (
            "import json, resource, subprocess, sys\n"
            "head = json.dumps({'task': 'fill', 'values': {}, 'known': {}, 'as': 'pdf', 'most': 0}).encode()\n"
            "done = subprocess.run([sys.executable, '-I', '-m', 'shuoshi.kernel.papers.child'],\n"
            "    input=head + b'\\n' + open(sys.argv[1], 'rb').read(), capture_output=True)\n"
            "print(done.stdout.decode())\n"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
        )
        done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
        answer, kib = done.stdout.strip().rsplit("\n", 1)
        assert '"refused"' in answer and int(kib) < 300 * 1024, name


# ── what the walker does not know ──────────────────────────────────────────────────────────────────────────────────────

LEFT_OUT = {
    "shape": '<w:p><w:r><w:pict/></w:r></w:p>',
    "object": '<w:p><w:r><w:object/></w:r></w:p>',
    "field": '<w:p><w:fldSimple w:instr="DATE"/></w:p>',
    "footnote": '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>',
    "symbol": '<w:p><w:r><w:sym w:char="F0A7"/></w:r></w:p>',
    "numbering": '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:p>',
    "frame": '<w:p><w:pPr><w:framePr w:w="10"/></w:pPr></w:p>',
    "tab_stops": '<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="1"/></w:tabs></w:pPr></w:p>',
    "revision": '<w:p><w:del w:id="1"><w:r><w:delText>x</w:delText></w:r></w:del></w:p>',
    "comment": '<w:p><w:commentRangeStart w:id="0"/></w:p>',
    "ruby": '<w:p><w:r><w:ruby/></w:r></w:p>',
    "sections": "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>",
}  # fmt: skip


@here
@pytest.mark.parametrize("code", LEFT_OUT)
def test_what_the_pdf_will_lack_is_told(code: str) -> None:
    made = paper(word("{{ 编号 }}", also=with_xml(LEFT_OUT[code]))).pdf()
    assert made.unknown == (code,) and made.left_out[0]
    assert "SS-QH" in words_of_pdf(made.data)


@here
def test_merged_cells_pictures_and_page_numbers_are_known() -> None:
    from tests.kernel.test_pictures import drawn, saved

    def richer(document: Any) -> None:
        table = document.add_table(rows=3, cols=3)
        table.style = "Table Grid"
        table.cell(0, 0).merge(table.cell(1, 0)).text = "竖着并的"
        table.cell(0, 1).merge(table.cell(0, 2)).text = "横着并的"
        document.add_picture(io.BytesIO(saved(drawn((40, 40)), "PNG")))
        foot = document.sections[0].footer.paragraphs[0]
        foot._p.append(docx.oxml.parse_xml(f'<w:fldSimple {W} w:instr=" PAGE "/>'))

    made = paper(word("{{ 编号 }}", also=richer)).pdf()
    assert made.unknown == ()
    reader = PdfReader(io.BytesIO(made.data))
    assert len(reader.pages[0].images) == 1
    text = words_of_pdf(made.data)
    assert text.count("竖着并的") == text.count("横着并的") == 1 and text.rstrip().endswith("1")


# ── characters and length ──────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_of_characters_is_that_of_the_fonts() -> None:
    drawn: set[int] = set()
    for file in glyphs.FONTS.glob("*.ttf"):
        drawn |= set(TTFont(file, lazy=True).getBestCmap())
    assert glyphs.on_board() == drawn
    assert glyphs.lacking(["镇𬱖㙍〓—…\u200b\n", "𠮷A"]) == ["𠮷"]


def test_a_character_no_font_has_is_marked_and_told() -> None:
    """Never a blank: the name of a person may hang on it."""
    whole = {
        "page": {"width": 400, "height": 300, "top": 30, "bottom": 30, "left": 30, "right": 30, "header": 9, "footer": 9},
        "header": [], "footer": [],
        "body": [{"kind": "paragraph", "size": 12, "runs": [{"text": "𬱖𠮷㙍", "size": 12, "bold": False, "face": "serif"}]}],
    }  # fmt: skip
    ready = Set(whole, look_elsewhere=False)
    assert ready.replaced == ["𠮷"]
    assert "𬱖〓（U+20BB7）㙍" in words_of_pdf(ready.pdf())


def test_another_font_of_the_machine_is_asked_first(tmp_path: Path) -> None:
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", "lucky"])
    builder.setupCharacterMap({0x20BB7: "lucky"})
    glyph = TTGlyphPen(None).glyph()
    builder.setupGlyf({".notdef": glyph, "lucky": glyph})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "lucky": (1000, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Lucky", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "lucky.ttf")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    assert glyphs.elsewhere(["𠮷", "\U0002ffff"], [tmp_path]) == {"𠮷": tmp_path / "lucky.ttf"}


@here
def test_a_name_with_a_rare_character_is_printed_or_told() -> None:
    """By whatever fonts this machine has."""
    made = paper(word("{{ 内容 }}"), 内容="𠮷某某").pdf()
    text = words_of_pdf(made.data)
    assert ("𠮷某某" in text and made.replaced == ()) or ("〓（U+20BB7）某某" in text and made.replaced == ("𠮷",))


@here
def test_twenty_thousand_characters_go_over_pages_and_none_is_lost() -> None:
    def table(document: Any) -> None:
        document.add_table(rows=1, cols=1).cell(0, 0).text = "{{ 内容 }}"

    said = "".join(f"第{n}句话，路灯坏了晚上看不清路。\n" for n in range(1, 1100))[:20_000]
    made = paper(word("{{ 编号 }}", also=table), 内容=said)
    pdf = made.pdf().data
    assert len(PdfReader(io.BytesIO(pdf)).pages) > 10
    text = re.sub(r"\s", "", words_of_pdf(pdf))
    assert re.sub(r"\s", "", said) in text
    assert made.pictures().pages > 10 and len(made.pictures().pictures) == press.SHOWN


@here
def test_the_same_paper_of_the_same_moment_has_the_same_bytes() -> None:
    at = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
    one, other = (press.Paper(PLAIN, KNOWN, VALUES, title="答复书", made_at=at).pdf().data for _ in range(2))
    assert one == other
    about = PdfReader(io.BytesIO(one)).metadata
    assert about is not None and about.title == "答复书"


# ── sheets ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.drill(20)
def test_nothing_in_a_sheet_is_a_formula_or_a_link() -> None:
    rows = [[1, "=1+1", "+cmd|' /C calc'!A0"], [2, "@SUM(1)", "http://example.org"], [3, "＝1", "x" * 40_000]]
    made = press.Sheet("=台账()", [("号", 6), ("=甲", 9), ("乙", 9)], rows, ["=注"]).xlsx()
    with zipfile.ZipFile(io.BytesIO(made.data)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        texts = parts.read("xl/sharedStrings.xml").decode()
        assert not [name for name in parts.namelist() if "external" in name.lower() or name.endswith("sheet1.xml.rels")]
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert "=1+1" in texts and "@SUM(1)" in texts and "=台账()" in texts
