"""Import of messages that were raised elsewhere: one file, one row a matter, all through the ordinary registration.

Reading a file into rows is `tables`' affair. Running it again does no harm: what is there already is counted, not doubled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.moments import Order, moment, plain
from shuoshi.channels.tables import Rejects, Row, Table
from shuoshi.kernel import idempotency
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters import actions
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.vocabulary import Channel, Naming
from shuoshi.people.phones import BadNumber, normalise

KNOWN = {  # what a column is, by the headings people give it; of those a file has, a row is read by the first filled one
    "id": ("id", "mail_id", "msg_id", "编号", "留言编号", "信件编号", "工单编号", "序号"),
    "title": ("title", "标题", "主题", "留言主题", "信件标题"),
    "content": (
        "content",
        "body",
        "query",
        "text",
        "message",
        "内容",
        "留言内容",
        "留言详情",
        "信件内容",
        "主要内容",
        "正文",
        "诉求内容",
    ),
    "said_at": (
        "said_at",
        "created_at",
        "query_date",
        "date",
        "time",
        "时间",
        "留言时间",
        "来信时间",
        "提交时间",
        "受理时间",
        "日期",
    ),
    "name": ("name", "姓名", "称呼", "来信人", "留言人", "来电人", "联系人"),
    "phone": ("phone", "电话", "手机", "手机号", "联系电话", "来电号码"),
    "place": ("place", "地点", "地址", "事发地点", "被反映区"),
}
BATCH = 20  # rows in one transaction: fast, and a worker beside it never waits long
PLACE_LIMIT = 120

Columns = dict[str, tuple[str, ...]]  # our name to headings of the file, in the order in which they are tried
Progress = Callable[[str, int, int | None], object]


class BadColumns(ValueError):
    """The file and the columns named do not fit; `str()` says what is missing and what the file has."""


@dataclass(frozen=True)
class Report:
    """What came of a file. `rejects_path` is None when nothing was refused."""

    registered: int
    repeated: int
    rejected: int
    rejects_path: Path | None


def import_messages(
    path: Path,
    columns: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    rejects: Path | None = None,
    limit: int | None = None,
) -> Report:
    """Register the rows of a JSONL or CSV file. `columns` says which heading is what (`{"content": "留言内容"}`).

    Refused rows go, with line and reason, to `rejects` (default: beside the file, or into the home where that cannot be
    written). Raises BadColumns when no column of content is found, UnicodeError or OSError for an unreadable file.
    """
    table = Table(path)
    chosen = _chosen(columns or {}, table.headings())
    total = table.count() if limit is None else min(limit, table.count())
    refused = Rejects(rejects or path.with_name(path.name + ".rejects.jsonl"))
    registered = repeated = done = 0
    rows = iter(islice(table.rows(), limit))
    with refused:
        while batch := list(islice(rows, BATCH)):
            new, again = _register(batch, chosen, refused)
            registered, repeated, done = registered + new, repeated + again, done + len(batch)
            if progress is not None:
                progress("rows", done, total)
    return Report(registered, repeated, refused.count, refused.path)


def columns_from(text: str) -> dict[str, str]:
    """ "content=留言内容,said_at=时间" as a mapping. Raises BadColumns for a name nobody knows."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        ours, separator, heading = part.partition("=")
        if not separator or ours.strip() not in KNOWN:
            raise BadColumns(_("列要写成“content=留言内容”，可用的名称：%(names)s。") % {"names": _("、").join(KNOWN)})
        found[ours.strip()] = heading.strip()
    return found


def _chosen(columns: Mapping[str, str], headings: Iterable[str]) -> Columns:
    """Our names to the file's headings: those named, and of the rest those that are known."""
    present = list(headings)
    by_lower = {heading.strip().lower(): heading for heading in present}
    missing = [heading for heading in columns.values() if heading not in present]
    if missing:
        raise BadColumns(
            _("文件里没有这些列：%(missing)s。文件里有：%(present)s。")
            % {"missing": _("、").join(missing), "present": _("、").join(present)}
        )
    found: Columns = {ours: (heading,) for ours, heading in columns.items()}
    for ours, names in KNOWN.items():
        known = tuple(by_lower[name] for name in names if name in by_lower and by_lower[name] not in columns.values())
        if ours not in found and known:
            found[ours] = known
    if "content" not in found:
        raise BadColumns(
            _("不知道哪一列是内容。请写明，例如 content=%(first)s。文件里有：%(present)s。")
            % {"first": present[0] if present else "…", "present": _("、").join(present)}
        )
    return found


def _register(batch: list[Row], columns: Columns, refused: Rejects) -> tuple[int, int]:
    """How many of these rows became matters, and how many were matters already. One transaction."""
    made = []
    for row in batch:
        try:
            made.append((row, *_intake(row, columns)))
        except (Refused, ValueError) as fault:
            refused.put(row, str(fault))
    new = again = 0
    kept: list[tuple[Row, str]] = []
    with transaction.atomic():
        known = known_keys(key for _row, intake, before in made for key in (intake.key, before))
        for row, intake, before in made:
            if intake.key in known or before in known:
                again += 1
                continue
            try:
                with transaction.atomic():
                    actions.register(intake, actor=SYSTEM)
            except (Refused, KeyReused, BadNumber) as fault:
                kept.append((row, str(fault)))
            else:
                new += 1
                known.add(intake.key)
    for row, reason in kept:
        refused.put(row, reason)
    return new, again


def known_keys(keys: Iterable[str]) -> set[str]:
    """Those of the keys that are matters already, whichever way they were imported. A statement for each five hundred."""
    return idempotency.used(f"register:{Channel.IMPORT}", keys)


def _intake(row: Row, columns: Columns) -> tuple[Intake, str]:
    """The registration a row asks for, and the key it had while keys were made of raw values. Raises ValueError with the words for the rejects file."""
    if row.fault:
        raise ValueError(row.fault)
    given = {ours: _first_filled(row, headings) for ours, headings in columns.items()}
    content = written(given.get("title", ""), given.get("content", ""))
    named = bool(given.get("name") or given.get("phone"))
    intake = Intake(
        channel=Channel.IMPORT,
        key=key_of(given, _source(given, columns), content),
        content=content,
        naming=Naming.NAMED if named else Naming.ANONYMOUS,
        speaker=PersonSaid(name=given.get("name", ""), phone=given.get("phone", "")) if named else None,
        happened_at=moment(given.get("said_at", "")),
        said_place=_source(given, columns),
        place=given.get("place", "")[:PLACE_LIMIT],
    )
    return intake, _raw_key(given, _source(given, columns), content)


def _first_filled(row: Row, headings: tuple[str, ...]) -> str:
    """Files joined from two exports fill one column in some rows and another in the rest."""
    values = (row.values.get(heading, "").strip() for heading in headings)
    return next((value for value in values if value), "")


def written(title: str, body: str) -> str:
    """The words as they were written; a heading stands above them unless they begin with it. Raises ValueError."""
    if not (title or body):
        raise ValueError(_("没有内容。"))
    if not body or body.startswith(title):
        return body or title
    return f"{title}\n{body}"


def key_of(given: Mapping[str, str], source: str, content: str, order: Order = Order.YEAR_FIRST) -> str:
    """The row's own number and a digest of when, who and what: real files give one number to several letters, and
    several people send the same words. The same row is known again from a file of text and from a workbook."""
    told = dict(given)
    if told.get("said_at"):
        told["said_at"] = plain(told["said_at"], order)
    with suppress(BadNumber):
        told["phone"] = normalise(told["phone"]) if told.get("phone") else ""
    return _raw_key(told, source, content.replace("\r\n", "\n"))


def _raw_key(given: Mapping[str, str], source: str, content: str) -> str:
    """Of the values as they stand, by which what was imported first is known."""
    parts = (*(given.get(part, "") for part in ("said_at", "name", "phone", "place")), content)
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    return f"{source or 'row'}:{digest}"


def _source(given: Mapping[str, str], columns: Columns) -> str:
    """Where it came from, so that somebody finds the row again."""
    return f"{columns['id'][0]} {given['id']}"[:PLACE_LIMIT] if given.get("id") else ""
