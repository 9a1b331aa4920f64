"""Exports asked for and carried through, and files opened again."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

from python_calamine import CalamineWorkbook

from shuoshi.kernel import clock
from shuoshi.ledgers import actions, keeping, making
from shuoshi.ledgers.asked import Asked
from shuoshi.ledgers.models import Export, FileKind
from shuoshi.matters.purpose import Purpose
from tests.support.report_forms import workbook
from tests.support.village import Place


def asked_for(
    town: Place, who: str, listed: str = "queue.mine", as_: FileKind = FileKind.XLSX, **narrowed: Any
) -> Export:
    asked = Asked(listed, **narrowed)
    return actions.ask(asked, "范围", as_, Purpose.CHECK, actor=town.actor(who), key=uuid4().hex)


def carried_through() -> None:
    """Until nothing is left to be made."""
    for _round in range(50):
        if not Export.objects.filter(state="asked").exists():
            return
        making.carry_on(clock.now())
    raise AssertionError("exports are not made")


def made(town: Place, who: str, listed: str = "queue.mine", as_: FileKind = FileKind.XLSX, **narrowed: Any) -> bytes:
    export = asked_for(town, who, listed, as_, **narrowed)
    carried_through()
    return actions.take(export.pk, actor=town.actor(who))[1]


def table(data: bytes) -> list[list[str]]:
    """What stands beneath the headings of a workbook or text, without the notes."""
    if data.startswith(b"PK"):
        lines = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    else:
        lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    top = next(at for at, line in enumerate(lines) if line[0] == "序号")
    return [[str(cell) for cell in line] for line in lines[top + 1 :] if str(line[0]).removesuffix(".0").isdecimal()]


def numbers(data: bytes) -> list[str]:
    return [line[1] for line in table(data)]


def exported(town: Place) -> None:
    """A list that was made for somebody, and a form of those above that can be filled in."""
    keeping.take_in("县月报", workbook(), [], actor=town.actor("管理员"))
    made(town, "王芳", "queue.accept")
