"""Verbs on forms of those above: taken in, what is put where, dropped. Each change is a version with its event."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.papers.press import Form, FormTab, Paper
from shuoshi.kernel.refusal import Refused
from shuoshi.ledgers.filling import FIXED_IN_WORD, KNOWN, LISTED, ROW_IN_WORD, room
from shuoshi.ledgers.mapping import Chosen, place_of, recognised
from shuoshi.ledgers.models import FileKind, ReportForm, ReportFormVersion
from shuoshi.ledgers.policies import may_arrange_forms


class Deed(models.TextChoices):
    """Names of the events, with the words of their history."""

    TAKE_IN = "take_in_form", gettext_lazy("新增报送表")
    CHOOSE = "choose_columns", gettext_lazy("修改报送表")
    DROP = "drop_form", gettext_lazy("停用报送表")


def take_in(name: str, data: bytes, headings: list[str], *, actor: Actor) -> ReportForm:
    """Keep a form (.xlsx or .docx), or the headings of one that is text; its columns are those we recognise.

    Raises Refused, NotMade. A child process looks at the file: call it outside transactions.
    """
    _require(actor)
    kind, chosen = _looked_at(data, headings)
    now, form = clock.now(), ReportForm(id=new_id(), name=name)
    version = _version(form, 1, kind, data, chosen, actor, now)
    try:
        with transaction.atomic():
            story = Story(Stream.of("report_form", form), Deed.TAKE_IN, by=actor, at=now, first=True)
            story.add(form)
            story.add(version)
            story.tell()
    except IntegrityError:
        raise Refused("form_name_taken", _("已经有叫这个名字的报送表，请换一个名字。")) from None
    return form


def choose(form_id: UUID, number: int, chosen: Chosen, *, actor: Actor) -> ReportFormVersion:
    """Another choice of what is put where: the next version after `number`. Raises Refused, NotMade."""
    _require(actor)
    newest = newest_of(form_id)
    if newest.settings == chosen.written():
        return newest
    data = newest.read() if newest.stored else b""
    tell_faults(faults(newest, chosen))
    now = clock.now()
    with transaction.atomic():
        form = ReportForm.objects.select_for_update().get(pk=form_id)
        if not form.active:
            raise Refused("form_dropped", _("这张报送表已经停用了。"))
        if newest_of(form_id).number != number:
            raise Refused("form_meanwhile", _("您填写时，别的管理员改过这张报送表。请打开新的再改。"))
        version = _version(form, number + 1, FileKind(newest.kind), data, chosen, actor, now)
        story = Story(Stream.of("report_form", form), Deed.CHOOSE, by=actor, at=now)
        story.add(version)
        story.tell()
    return version


def drop(form_id: UUID, *, actor: Actor) -> None:
    """Offered no more; again does nothing."""
    _require(actor)
    now = clock.now()
    with transaction.atomic():
        form = ReportForm.objects.select_for_update().get(pk=form_id)
        if form.active:
            story = Story(Stream.of("report_form", form), Deed.DROP, by=actor, at=now)
            story.change(form, active=False)
            story.tell()


def newest_of(form_id: UUID) -> ReportFormVersion:
    """Raises ReportFormVersion.DoesNotExist."""
    return ReportFormVersion.objects.select_related("form").filter(form=form_id).latest("number")


def tabs_of(version: ReportFormVersion) -> list[FormTab]:
    """The sheets of a workbook; none of anything else. Raises NotMade."""
    return Form(version.read()).look() if version.kind == FileKind.XLSX else []


def at_row(tabs: list[FormTab], tab: str, top: int, before: Chosen) -> Chosen:
    """The choice for other headings: what was chosen under the same ones stays."""
    found = next((one for one in tabs if one.name == tab), None)
    if found is None or (tab, top) == (before.tab, before.top):
        return before
    kept = {one.heading: one for one in before.columns if one.what}
    columns = [
        replace(kept[one.heading], at=one.at) if one.heading in kept else one for one in recognised(found.headings(top))
    ]
    return Chosen(tab, top, tuple(columns), before.days, before.words, before.cells)


def faults(version: ReportFormVersion, chosen: Chosen) -> list[str]:
    """Why a choice cannot be filled in. Raises NotMade."""
    if version.kind != FileKind.XLSX:
        return []
    tab = next((one for one in tabs_of(version) if one.name == chosen.tab), None)
    if tab is None:
        return [_("表里没有这一张工作表。")]
    formulas = {(row, column) for row, column, _text, formula in tab.cells if formula}
    said = []
    for name in chosen.cells:
        place = place_of(name)
        if place is None:
            said.append(_("“%(name)s”不是单元格，要写成 B2 这样。") % {"name": name})
        elif place in formulas:
            said.append(_("%(name)s 里是表自己的公式，不能填。") % {"name": name})
        elif place[0] > chosen.top:
            said.append(_("%(name)s 在列名下面，会和逐件的内容撞上。") % {"name": name})
    if any(one.what for one in chosen.columns) and room(tab, chosen) < 1:
        said.append(_("列名下面一行就有内容，一件也填不进。请在表里删掉示例行，再传一次。"))
    return said


def tell_faults(said: list[str]) -> None:
    if said:
        raise Refused("form_cannot_be_filled", "".join(said))


def _looked_at(data: bytes, headings: list[str]) -> tuple[FileKind, Chosen]:
    if not data:
        return FileKind.CSV, Chosen(columns=tuple(recognised(dict(enumerate(headings, start=1)))))
    if data.startswith(b"PK") and b"word/document.xml" in data:
        sample: dict[str, str | list[list[str]]] = dict.fromkeys(FIXED_IN_WORD, "x")
        Paper(data, KNOWN, {**sample, LISTED: [["x"] * len(ROW_IN_WORD)]}).docx()
        return FileKind.DOCX, Chosen()
    tab = Form(data).look()[0]
    top = tab.likely_top()
    return FileKind.XLSX, Chosen(tab.name, top, tuple(recognised(tab.headings(top))))


def _version(
    form: ReportForm, number: int, kind: FileKind, data: bytes, chosen: Chosen, actor: Actor, now: datetime
) -> ReportFormVersion:
    row = ReportFormVersion(id=new_id(), form=form, number=number, kind=kind, settings=chosen.written(), at=now)
    assert actor.person_id is not None
    row.by_id = actor.person_id
    if data:
        kept = files.store(data, row.data_key())
        row.stored, row.sha256 = kept.name, kept.sha256
    return row


def _require(actor: Actor) -> None:
    if not may_arrange_forms(actor):
        raise Refused("no_form_arranger", _("报送表由系统管理员设。"), who_could=_("系统管理员"))
