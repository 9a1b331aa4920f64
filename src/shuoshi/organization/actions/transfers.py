"""Verbs on transfers of duties (职责划转). What becomes of open matters is the business of `matters`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.organization import profile
from shuoshi.organization.actions.changes import Deed
from shuoshi.organization.models import DutyLine, Unit
from shuoshi.organization.policies import require_arranger
from shuoshi.organization.transfer import DutyTransfer

LARGEST = 10 * 1024 * 1024  # bytes of the document
KINDS = {b"%PDF": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}  # by how they begin


@dataclass(frozen=True)
class TransferGiven:
    """What an administrator says of a transfer. No codes: everything the unit does; no area: everywhere."""

    from_unit: UUID
    to_unit: UUID
    from_day: date
    document_number: str
    document_date: date
    document_name: str
    document: bytes
    reason: str
    codes: tuple[str, ...] = ()
    area: UUID | None = None


def enter_transfer(given: TransferGiven, *, actor: Actor) -> DutyTransfer:
    """Enter a transfer with its document, from today or a later day on.

    Raises Refused for a day that is over (what was late stays whose it was), a unit that is closed or the same, a
    document that is none, and for whoever does not administer both units.
    """
    now = clock.now()
    today = clock.local(now).date()
    media_type = media_type_of(given.document)
    if given.from_day < today:
        raise Refused("transfer_backdated", _("职责划转不能倒填日期，最早从今天起。"))
    if given.document_date > today:
        raise Refused("document_of_the_future", _("文件的日期不能晚于今天。"))
    if not (given.document_number.strip() and given.reason.strip()):
        raise Refused("document_missing", _("请写明文号和划转的原因。"))
    row = DutyTransfer(
        codes=" ".join(dict.fromkeys(given.codes)),
        area_id=given.area,
        document_number=given.document_number.strip(),
        document_date=given.document_date,
        document_name=given.document_name[:200],
        media_type=media_type,
        reason=given.reason.strip(),
        takes_effect_at=max(now, datetime.combine(given.from_day, time(), clock.INSTITUTION_ZONE)),
        entered_at=now,
    )
    row.entered_by_id = actor.person_id
    kept = files.store(given.document, row.data_key())
    row.stored, row.sha256 = kept.name, kept.sha256
    with transaction.atomic():
        row.from_unit, row.to_unit = _two_units(given, actor)
        _check_codes(given.codes)
        if _waiting(row.from_unit).exists():
            raise Refused("transfer_waits", _("这个单位还有一次划转没有办完。办完了再登记下一次。"))
        story = Story(Stream.of("transfer", row), Deed.ENTER_TRANSFER, by=actor, at=now)
        story.add(row)
        story.tell()
    return row


def cancel_transfer(transfer_id: UUID, *, actor: Actor) -> DutyTransfer:
    """Take it back before its day. Raises Refused once lines have moved: then another transfer leads back."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(transfer_id)
        require_arranger(actor, row.from_unit.path)
        if not row.active or row.lines_moved_at is not None:
            raise Refused("transfer_carried_out", _("这次划转已经撤销或者生效，不能撤销。要改回去，请再登记一次划转。"))
        story = Story(Stream.of("transfer", row), Deed.CANCEL_TRANSFER, by=actor, at=now)
        story.change(row, active=False)
        story.tell()
    return row


def due_transfers(now: datetime) -> list[DutyTransfer]:
    """Those whose day has come and of which something is left to do, earliest first; one statement."""
    rows = DutyTransfer.objects.filter(active=True, finished_at__isnull=True, takes_effect_at__lte=now)
    return list(rows.select_related("from_unit", "to_unit", "area").order_by("takes_effect_at", "id"))


def move_lines(transfer_id: UUID) -> DutyTransfer:
    """Its lines of the duty list now name the new unit; once. What is broader than the transfer stays, a closer one wins."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(transfer_id)
        if row.lines_moved_at is not None or not row.active:
            return row
        story = Story(Stream.of("transfer", row), Deed.MOVE_DUTY_LINES, by=SYSTEM, at=now)
        old = [line for line in _lines(row.from_unit) if _covered(line, row)]
        for line in old:
            story.change(line, active=False)
        wanted = [(line.category, line.area_id) for line in old] + [(code, row.area_id) for code in row.every_code]
        known = {(line.category, line.area_id) for line in _lines(row.to_unit)}
        for category, area in dict.fromkeys(wanted):
            if (category, area) not in known:
                story.add(DutyLine(category=category, area_id=area, unit=row.to_unit, note=row.document_number[:120]))
        story.change(row, lines_moved_at=now)
        story.tell()
    return row


def finish_transfer(transfer_id: UUID, moved: int) -> DutyTransfer:
    """No open matter of it is left with the old unit."""
    now = clock.now()
    with transaction.atomic():
        row = _locked(transfer_id)
        if row.finished_at is None:
            story = Story(Stream.of("transfer", row), Deed.FINISH_TRANSFER, by=SYSTEM, at=now)
            story.change(row, finished_at=now, moved=moved)
            story.tell()
    return row


def media_type_of(document: bytes) -> str:
    """What a document is. Raises Refused for what is neither a PDF nor a picture, or too large."""
    if len(document) > LARGEST:
        raise Refused("document_too_large", _("文件不能超过 10 MB。"))
    found = next((kind for begin, kind in KINDS.items() if document.startswith(begin)), "")
    if not found:
        raise Refused("document_odd", _("请传 PDF，或者文件的照片（JPEG、PNG）。"))
    return found


def _two_units(given: TransferGiven, actor: Actor) -> tuple[Unit, Unit]:
    if given.from_unit == given.to_unit:
        raise Refused("transfer_to_itself", _("划出和划入不能是同一个单位。"))
    both = {unit.pk: unit for unit in Unit.objects.select_for_update().filter(pk__in=[given.from_unit, given.to_unit])}
    old, new = both[given.from_unit], both[given.to_unit]
    for unit in (old, new):
        require_arranger(actor, unit.path)
    if not new.active:
        raise Refused("unit_closed", _("划入的单位已经停用。"))
    return old, new


def _check_codes(codes: tuple[str, ...]) -> None:
    rules = profile.current()
    known = {kind.letter for kind in rules.kinds if kind.letter}
    known |= {category.code for _kind, _group, category in rules.every_category()}
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise Refused("category_unknown", _("规则里没有“%(code)s”这个类别。") % {"code": unknown[0]})


def _waiting(unit: Unit) -> QuerySet[DutyTransfer]:
    return DutyTransfer.objects.filter(active=True, finished_at__isnull=True, from_unit=unit)


def _locked(transfer_id: UUID) -> DutyTransfer:
    rows = DutyTransfer.objects.select_related("from_unit", "to_unit", "area").select_for_update(of=("self",))
    return rows.get(pk=transfer_id)


def _lines(unit: Unit) -> list[DutyLine]:
    return list(DutyLine.objects.filter(Q(unit=unit), active=True).select_related("area").order_by("id"))


def _covered(line: DutyLine, row: DutyTransfer) -> bool:
    """Whether the transfer takes all that the line says."""
    codes = row.every_code
    if codes and not any(line.category.startswith(code) for code in codes):
        return False
    if row.area is None:
        return True
    return line.area is not None and line.area.path.startswith(row.area.path)
