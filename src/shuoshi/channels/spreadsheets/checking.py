"""One row of a sheet as the registration it asks for, or everything that is wrong with it, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.channels import messages
from shuoshi.channels.moments import moment
from shuoshi.channels.spreadsheets.columns import SETTLED, Field, Settings
from shuoshi.channels.spreadsheets.reading import Grid, Line
from shuoshi.kernel.web.forms import sentence_for_length
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.terms import TEXT_LIMIT
from shuoshi.matters.vocabulary import Channel, Kind, Naming
from shuoshi.organization import profile
from shuoshi.organization.queries import areas
from shuoshi.people.phones import normalise

_LIMITS = {Field.NAME: 40, Field.PLACE: messages.PLACE_LIMIT, Field.ID: 80}
_BOUNDS = {Field.LATITUDE: 90, Field.LONGITUDE: 180}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a row; `value` is what stands there."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Checked:
    """A row: with `intake` it can be registered; `settled` says that it is over elsewhere; `same_as`: an earlier line."""

    line: int
    intake: Intake | None = None
    faults: tuple[Fault, ...] = ()
    settled: bool = False
    same_as: int = 0


class Checker:
    """Asks once for areas and categories, then looks at rows without asking anything."""

    def __init__(self, settings: Settings, home: UUID, by: UUID) -> None:
        self._settings, self._home, self._by = settings, home, by
        self._headings = {one: settings.headings(one) for one in Field}
        self._areas = {str(area.pk): area.pk for area in areas()}
        self._profile = profile.current()
        self._categories = {one.code for _kind, _group, one in self._profile.every_category()}

    def rows(self, grid: Grid, start: int = 0) -> Iterator[Checked]:
        """Every row from a place on; rows that are the same as an earlier one say so."""
        places = {heading: at for at, heading in enumerate(grid.headings)}
        seen: dict[str, int] = {}
        for line in grid.lines[start:]:
            found = self._row(line, places, len(grid.headings))
            first = seen.setdefault(found.intake.key, line.number) if found.intake is not None else line.number
            yield found if first == line.number else Checked(found.line, found.intake, same_as=first)

    def _row(self, line: Line, places: Mapping[str, int], width: int) -> Checked:
        if line.width > width:
            reason = _("这一行的列数比表头多，逗号或引号可能写错了。")
            return Checked(line.number, faults=(Fault(line.number, "", line.cells[line.width - 1][:60], reason),))
        given = {
            heading: line.cells[at] if at < len(line.cells) else ""
            for heading, at in places.items()
            if heading in self._settings.columns
        }
        if self._over(given):
            return Checked(line.number, settled=True)
        read = _Row(line.number, given, self._headings)
        intake = self._intake(read)
        return Checked(line.number, None if read.faults else intake, tuple(read.faults))

    def _over(self, given: Mapping[str, str]) -> bool:
        """Whether it was settled elsewhere: nobody here answered it, and it must not count as if."""
        if any(given[heading] for heading in self._headings[Field.SETTLED_AT]):
            return True
        over = self._settings.values.get(Field.STATE, {})
        return any(over.get(given[heading]) == SETTLED for heading in self._headings[Field.STATE])

    def _intake(self, row: _Row) -> Intake:
        content = row.content()
        said_at = row.tried(Field.SAID_AT, lambda text: moment(text, self._settings.order))
        row.tried(Field.PHONE, normalise)
        latitude, longitude = row.degrees(Field.LATITUDE), row.degrees(Field.LONGITUDE)
        number, category = row.text(Field.ID), self._put(row, Field.CATEGORY)
        category = category if category in self._categories else ""
        area = self._areas.get(self._put(row, Field.AREA))
        place = row.text(Field.PLACE)
        if area is None:
            place = f"{row.first(Field.AREA)} {place}".strip()[: messages.PLACE_LIMIT]
        source = f"{self._headings[Field.ID][0]} {number}"[: messages.PLACE_LIMIT] if number else ""
        given = {one.value: row.first(one) for one in (Field.SAID_AT, Field.NAME, Field.PHONE, Field.PLACE)}
        asked = self._put(row, Field.NAMING)  # what they asked for elsewhere holds here, too
        named = bool(given["name"] or given["phone"]) and asked != Naming.ANONYMOUS
        known = Naming.CONFIDENTIAL if asked == Naming.CONFIDENTIAL else Naming.NAMED
        return Intake(
            channel=Channel.IMPORT,
            key=messages.key_of(given, source, content, self._settings.order),
            content=content
            if category
            else _beneath(content, self._headings[Field.CATEGORY], row.first(Field.CATEGORY)),
            naming=known if named else Naming.ANONYMOUS,
            speaker=PersonSaid(name=row.text(Field.NAME), phone=given["phone"]) if named else None,
            happened_at=said_at,
            said_place=source,
            area=area,
            place=place,
            latitude=latitude if longitude else "",
            longitude=longitude if latitude else "",
            kind=Kind(self._profile.kind_of(category).code) if category else None,
            category=category,
            home=self._home,
            entered_by=self._by,
        )

    def _put(self, row: _Row, one: Field) -> str:
        """What of ours the word in this column was put to."""
        return self._settings.values.get(one, {}).get(row.first(one), "")


def _beneath(content: str, headings: Sequence[str], word: str) -> str:
    """A word of theirs that was put to none of our categories is not lost: it stands below what was said."""
    return f"{content}\n{headings[0]}{_('：')}{word}" if content and word else content


class _Row:
    """A row being read: gathers its faults as it goes."""

    def __init__(self, line: int, given: Mapping[str, str], headings: Mapping[Field, list[str]]) -> None:
        self.line, self.faults = line, list[Fault]()
        self._given, self._headings = given, headings

    def first(self, one: Field) -> str:
        return next((self._given[heading] for heading in self._headings[one]), "")

    def text(self, one: Field) -> str:
        value = self.first(one)
        if len(value) > _LIMITS[one]:
            self._fault(one, value, sentence_for_length(_LIMITS[one], len(value)))
        return value

    def content(self) -> str:
        """Title and content one below the other."""
        title = self.first(Field.TITLE)
        body = "\n".join(filter(None, (self._given[heading] for heading in self._headings[Field.CONTENT])))
        try:
            written = messages.written(title, body)
        except ValueError as fault:
            self._fault(Field.CONTENT if self._headings[Field.CONTENT] else Field.TITLE, "", str(fault))
            return ""
        if len(written) > TEXT_LIMIT:
            self._fault(Field.CONTENT, body, sentence_for_length(TEXT_LIMIT, len(written)))
        return written

    def tried(self, one: Field, read: Callable[[str], datetime | str | None]) -> datetime | None:
        """What `read` makes of the text, with its words where it makes nothing of it."""
        value = self.first(one)
        try:
            made = read(value) if value else None
        except (ValueError, OverflowError) as fault:
            self._fault(one, value, str(fault))
            return None
        return made if isinstance(made, datetime) else None

    def degrees(self, one: Field) -> str:
        value = self.first(one)
        if not value:
            return ""
        try:
            degrees = float(value)
        except ValueError:
            degrees = float("nan")
        if not -_BOUNDS[one] <= degrees <= _BOUNDS[one]:
            self._fault(one, value, _("应是 -%(most)d 到 %(most)d 的度数。") % {"most": _BOUNDS[one]})
            return ""
        return f"{degrees:.6f}"

    def _fault(self, one: Field, value: str, reason: str) -> None:
        column = next(iter(self._headings[one]), str(one.label))
        self.faults.append(Fault(self.line, column, value[:60], reason))
