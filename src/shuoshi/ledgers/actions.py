"""Verbs on exports: asked for, taken, thrown away. Making them is the worker's (making)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.choosing import source
from shuoshi.ledgers.models import Export, ExportState, Failed, FileKind
from shuoshi.ledgers.policies import held, may_export
from shuoshi.matters.purpose import Purpose

WAITING = 5  # exports of one person that are not made yet
_SCOPE = 300


class Deed(models.TextChoices):
    """Names of the events, with the words of their history."""

    ASK = "ask_export", gettext_lazy("要求导出")
    MAKE = "make_export", gettext_lazy("做好导出文件")
    FAIL = "fail_export", gettext_lazy("导出没有做成")
    TAKE = "take_export", gettext_lazy("下载导出文件")
    CLEAR = "clear_export", gettext_lazy("清理导出文件")


def ask(asked: Asked, scope: str, kind: FileKind, purpose: Purpose, *, actor: Actor, key: str) -> Export:
    """Have a list made into a file. The same key again is the same export. Raises Refused, NoSuchList."""
    if not may_export(actor):
        raise Refused("no_exporter", _("您的岗位不能导出台账。"))
    assert actor.person_id is not None and actor.account_id is not None  # it is staff
    before = Export.objects.filter(account_id=actor.account_id, key=key).first()
    if before is not None:
        return before
    now = clock.now()
    made_of = source(asked)
    promised = made_of.count(actor, now)  # before the transaction: it may take a moment
    refuse_too_long(made_of.most(kind), promised)
    try:
        with transaction.atomic():
            waiting = Export.objects.filter(by_id=actor.person_id, state=ExportState.ASKED).count()
            if waiting >= WAITING:
                raise Refused("exports_enough", _("您有 %(n)d 份台账还没有做好，等做好了再导。") % {"n": WAITING})
            row = Export(id=new_id(), by_id=actor.person_id, key=key, listed=asked.listed, scope=scope[:_SCOPE])
            row.account_id, row.held = actor.account_id, held(actor)
            row.form_id = UUID(asked.form) if asked.form else None
            row.asked, row.purpose, row.kind, row.promised, row.asked_at = asked.written(), purpose, kind, promised, now
            story = Story(_stream(row), Deed.ASK, by=actor, at=now, first=True)
            story.fact(filters=asked.facts())
            story.add(row)
            story.tell()
    except IntegrityError:  # sent twice at the same moment
        return Export.objects.get(account_id=actor.account_id, key=key)
    return row


def refuse_too_long(most: int, n: int) -> None:
    """Raises Refused where the file could not hold all of it."""
    if n > most:
        said = _("这种文件最多 %(most)d 行，这张单子有 %(n)d 行。请换一种文件，或者缩小范围。")
        raise Refused("too_long_to_export", said % {"most": most, "n": n})


def take(export_id: UUID, *, actor: Actor) -> tuple[Export, bytes]:
    """The file, for whoever asked for it with the posts they asked with; each time with an event. Raises Refused."""
    now = clock.now()
    row = Export.objects.filter(pk=export_id, by_id=actor.person_id).first()
    if row is None or row.state != ExportState.MADE or (row.expires_at is not None and row.expires_at <= now):
        raise _gone()
    if row.held != held(actor):
        raise Refused("posts_changed", _("您的岗位变过了，这份文件不能再下载，请重新导出。"))
    try:
        source(Asked.read(str(row.asked))).check(actor, now)
        data = files.read(row.stored, row.data_key())
    except NoSuchList:
        raise Refused("posts_changed", str(Failed.RIGHTS.label)) from None
    except files.FileMissing:
        raise _gone() from None
    with transaction.atomic():
        row = _locked(row.pk)
        story = Story(_stream(row), Deed.TAKE, by=actor, at=now)
        story.fact(sha256=row.sha256, rows=row.rows)
        story.tell()
    return row, data


def throw_away(export_id: UUID, *, actor: Actor) -> None:
    """Neither made nor kept any longer; again does nothing."""
    with transaction.atomic():
        row = Export.objects.select_for_update().filter(pk=export_id, by_id=actor.person_id).first()
        if row is not None and row.state in (ExportState.ASKED, ExportState.MADE):
            clear(row, actor, clock.now())


def clear(row: Export, actor: Actor, now: datetime) -> None:
    """Inside a transaction with the row locked: the file goes after the commit, with what was searched for."""
    stored = row.stored
    story = Story(_stream(row), Deed.CLEAR, by=actor, at=now)
    story.change(row, state=ExportState.GONE, stored="", expires_at=None, asked="", ended_at=row.ended_at or now)
    story.tell()
    if stored:
        transaction.on_commit(lambda: files.remove(stored))


def _locked(key: UUID) -> Export:
    return Export.objects.select_for_update().get(pk=key)


def _stream(row: Export) -> Stream:
    return Stream.of("export", row)


def _gone() -> Refused:
    return Refused("export_gone", _("这份文件已经清理了，请重新导出。"))
