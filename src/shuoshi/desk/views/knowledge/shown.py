"""How entries are worded on the desk: marks beside a question, names of categories, the rows of lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.knowledge.models import Entry, EntryVersion, State
from shuoshi.knowledge.queries import SOON
from shuoshi.organization.profile import Profile


@dataclass(frozen=True)
class Mark:
    """Words beside a question; `due` ones have run out and are drawn as a reminder."""

    words: str
    due: bool = False


@dataclass(frozen=True)
class Row:
    """One line of a list of entries."""

    entry: Entry
    version: EntryVersion
    category: str
    marks: Sequence[Mark]
    cited: int


def rows(entries: Iterable[Entry], profile: Profile, today: date, cited: Mapping[UUID, int]) -> list[Row]:
    return [
        Row(
            entry, newest(entry), category(profile, newest(entry).codes[0]), marks(entry, today), cited.get(entry.pk, 0)
        )
        for entry in entries
    ]


def newest(entry: Entry) -> EntryVersion:
    """The words a list shows: what is in force, before that what was written last."""
    found = entry.current or entry.latest
    assert found is not None  # every entry was written once
    return found


def marks(entry: Entry, today: date) -> list[Mark]:
    found = []
    if entry.state == State.DRAFT:
        found.append(Mark(_("草稿，等发布") if entry.waiting_id else _("草稿，退回了")))
    elif entry.state == State.RETIRED:
        found.append(Mark(_("已停用")))
    elif entry.waiting_id:
        found.append(Mark(_("新的一版等发布")))
    if not entry.unit.active and entry.state != State.RETIRED:
        found.append(Mark(_("责任单位已停用"), due=True))
    if entry.current is not None and not entry.current.is_public:
        found.append(Mark(_("只给工作人员看")))
    if entry.state == State.PUBLISHED and entry.review_on is not None:
        if entry.review_on <= today:
            found.append(Mark(_("该复核了"), due=True))
        elif entry.review_on <= today + SOON:
            found.append(Mark(_("快到复核日"), due=True))
    return found


def category(profile: Profile, code: str) -> str:
    return profile.path(code) or _("还没有分类")
