"""A dossier is asked for, made by the worker, laid down sealed, fetched by its owner, and gone a day later.

What is in it, whoever asked may read when it is made, not when they asked: rights are looked at by the worker again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import logging
import zipfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.archive import dossier
from shuoshi.archive.dossier import Dossier
from shuoshi.archive.models import MadeFile, MadeState
from shuoshi.kernel import clock, files, tasks
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.crypto import Erased
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.papers import press
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import wording
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.queries import visible_to
from shuoshi.organization import actors

KEPT = timedelta(hours=24)
AT_ONCE = 3  # of one account that are not made yet
_log = logging.getLogger(__name__)


def ask(matter_id: UUID, kind: str, purpose: Purpose, address: str, *, actor: Actor) -> MadeFile:
    """Have a dossier made, as pdf or zip; the event says who wanted it for what. What is under way is not begun twice.

    `address`: where papers are checked. Raises Refused, Matter.DoesNotExist.
    """
    assert actor.account_id is not None  # staff have signed in
    with transaction.atomic():
        if not visible_to(actor).filter(pk=matter_id).exists():
            raise Matter.DoesNotExist
        matter = locked(matter_id)
        if matter.is_erased:
            raise Refused("destroyed", _("这件事的档案已经销毁，没有可以调取的了。"))
        waiting = MadeFile.objects.filter(account=actor.account_id, state__in=[MadeState.WAITING, MadeState.MAKING])
        same = waiting.filter(matter=matter, kind=kind, purpose=purpose).first()
        if same is not None:
            return same
        if waiting.count() >= AT_ONCE:
            raise Refused("enough_under_way", _("您要的几份还在做，做好了再要。"))
        now = clock.now()
        row = MadeFile(matter=matter, account_id=actor.account_id, purpose=purpose, kind=kind, asked_at=now)
        row.expires_at = now + KEPT
        row.save()
        story = Story(Stream.of("matter", matter), "export_dossier", by=actor, at=now)
        story.fact(kind=kind, purpose=str(purpose))
        story.tell()
        make.enqueue(str(row.pk), address)
    return row


@tasks.task()
def make(key: str, address: str) -> None:
    """Make what was asked for. What its owner may not have any more is not made."""
    row = MadeFile.objects.select_related("matter", "account__person").filter(pk=key).first()
    if row is None or row.state in (MadeState.READY, MadeState.FAILED):
        return
    now, actor = clock.now(), actors.of(row.account)
    MadeFile.objects.filter(pk=row.pk).update(state=MadeState.MAKING)
    try:
        if not row.account.is_active:
            raise Matter.DoesNotExist
        made = dossier.of(row, address, actor=actor, now=now).make(_progress(row.pk))
        with wording.official():
            data = made.pdf if row.kind == "pdf" else zipped(made)
    except (Matter.DoesNotExist, Erased):
        _fail(row, _("您现在不能调取这件事的档案。"))
        return
    except press.NotMade as problem:
        _log.exception("a dossier could not be made")
        _fail(row, problem.text)
        return
    stored = files.store(data, row.data_key())
    found = {"stored": stored.name, "size": stored.size, "sha256": stored.sha256, "state": MadeState.READY}
    if not MadeFile.objects.filter(pk=row.pk).update(**found, expires_at=clock.now() + KEPT):
        files.remove(stored.name)


def read(key: UUID, *, actor: Actor) -> tuple[MadeFile, bytes]:
    """A file that was made, for the account that asked for it, while the actor may still know of the matter.

    Raises MadeFile.DoesNotExist.
    """
    row = MadeFile.objects.select_related("matter").get(
        pk=key, account=actor.account_id, state=MadeState.READY, expires_at__gt=clock.now()
    )
    if row.matter.is_erased or not visible_to(actor).filter(pk=row.matter_id).exists():
        raise MadeFile.DoesNotExist
    return row, files.read(row.stored, row.data_key())


def made_for(actor: Actor, matter: Matter) -> list[MadeFile]:
    """What this account asked for of a matter and can still have, the newest first."""
    mine = MadeFile.objects.filter(account=actor.account_id, matter=matter, expires_at__gt=clock.now())
    return list(mine.order_by("-asked_at", "-id")[:10])


def forget(now: datetime, batch: int = 50) -> int:
    """For `tasks.every`: what is over a day old goes, its key with it; how many."""
    old = MadeFile.objects.filter(expires_at__lte=now).order_by("expires_at")
    rows = list(old.values_list("pk", "stored")[:batch])
    MadeFile.objects.filter(pk__in=[pk for pk, _stored in rows]).delete()
    for _pk, stored in rows:
        if stored:
            files.remove(stored)
    return len(rows)


def zipped(made: Dossier) -> bytes:
    """The PDF, each paper and file alone, what they are (目录 as CSV, contents.json), and how to check them (verify.txt)."""
    written = io.BytesIO()
    entries: list[tuple[str, str, bytes, str, datetime | None]] = [
        ("dossier.pdf", _("一事一档"), made.pdf, "", made.at)
    ]
    entries += [(f"parts/{part.file}", part.name, part.pdf, part.event, part.made_at) for part in made.parts]
    entries += [(one.name, _("所附的文件"), one.data, one.event, one.at) for one in made.enclosed]
    rows = [
        {"file": name, "what": what, "bytes": len(data), "sha256": _sha256(data), "event": event,
         "made_at": at.isoformat() if at else ""}
        for name, what, data, event, at in entries
    ]  # fmt: skip
    about = {"number": made.matter.number, "as_of": made.at.isoformat(), "last_event": made.head}
    left = [{"what": what, "why": why} for what, why in made.left_out]
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, _what, data, _event, _at in entries:
            archive.writestr(_info(name, made.at), data)
        contents = json.dumps({**about, "files": rows, "left_out": left}, ensure_ascii=False, indent=1)
        archive.writestr(_info("contents.json", made.at), contents)
        archive.writestr(_info(_("目录") + ".csv", made.at), _table(rows))
        archive.writestr(_info("verify.txt", made.at), _in_words(made, rows))
    return written.getvalue()


def _table(rows: Sequence[dict[str, object]]) -> bytes:
    """For a spreadsheet: with the mark by which it knows the letters, and nothing that it takes for a formula."""
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    table.writerow([_("文件"), _("内容"), _("字节"), "SHA-256", _("事件摘要"), _("日期")])
    for row in rows:
        table.writerow([_harmless(str(value)) for value in row.values()])
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠") else cell


def _in_words(made: Dossier, rows: Sequence[dict[str, object]]) -> str:
    lines = [
        _("这是 %(number)s 的档案，截至 %(at)s。") % {"number": made.matter.number, "at": wording.full_moment(made.at)},
        _("那时最后一条事件的摘要是："),
        made.head,
        "",
        _("核对文件：算出每个文件的 SHA-256，和目录里写的比。"),
        "  sha256sum dossier.pdf",
        _("核对事件：在服务器上运行下面的命令，它重新计算每一条事件的摘要，并且和各行比较。"),
        "  shuoshi verify",
        _("目录里写了事件摘要的文件，是随那一条事件记下的。"),
        "",
        *(f"{row['sha256']}  {row['file']}" for row in rows),
    ]
    if made.left_out:
        lines += ["", _("没有放进来的：")]
        lines += [_("%(what)s：%(why)s") % {"what": what, "why": why} for what, why in made.left_out]
    return "\r\n".join(lines) + "\r\n"


def _info(name: str, at: datetime) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, clock.local(at).timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _progress(key: UUID) -> dossier.Told:
    def told(done: int, parts: int) -> None:
        MadeFile.objects.filter(pk=key).update(done=done, parts=parts)

    return told


def _fail(row: MadeFile, words: str) -> None:
    row.state, row.problem = MadeState.FAILED, words
    row.save(update_fields=["state", "problem"])
