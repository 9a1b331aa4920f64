"""Verbs on visits: the record of one arrives, its pictures, and what was said becomes matters; what came otherwise is settled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.channels.visits import keeping, records
from shuoshi.channels.visits.keeping import CLAUSE
from shuoshi.channels.visits.models import (
    MOST_FILES,
    Device,
    Differing,
    FileKind,
    FromVisit,
    Held,
    Plan,
    Visit,
    VisitFile,
)
from shuoshi.channels.visits.policies import VISITORS, may_settle
from shuoshi.channels.visits.records import Record, Said
from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.pictures import Picture
from shuoshi.kernel.refusal import NotDone, Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.terms import FileGiven
from shuoshi.matters.vocabulary import Channel, Naming, TellBy
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Area
from shuoshi.people.phones import BadNumber


def receive(record: Record, *, actor: Actor, rescued: bool = False, holder: UUID | None = None) -> Visit:
    """Keep a record that was opened; what was said is registered with the last of its pictures.

    The same record again changes nothing. The same visit with other words is kept beside it. `rescued`: brought by an
    administrator from a file of a phone that cannot send; then a person registers it. `holder`: whose phone that was,
    where it is not known any more, such as after a restore. Raises Refused.
    """
    now = clock.now()
    with transaction.atomic():
        if rescued and holder is not None and keeping.known(record.device, record.key) is None:
            keeping.vouch(record.device, record.key, holder, actor=actor)
        device = sender(record.device, record.key, actor, rescued=rescued)
        row = Visit.objects.select_for_update().filter(pk=record.visit).first()
        if row is None:
            row = _first(record, device, actor, now, rescued=rescued)
        elif row.device_id != device.pk:
            raise Refused("visit_of_another", _("这个编号的走访是另一部手机记的。"))
        elif row.sha256 != record.sha256:
            _beside(row, record, actor, now)
        _settle_if_whole(row, actor, now)
    return row


def keep_file(visit_id: UUID, sent: str, picture: Picture, device_id: UUID, key: str, *, actor: Actor) -> VisitFile:
    """Keep a picture of a visit whose record is here. `sent`: SHA-256 of what the phone sent; the same again is not kept twice.

    Raises Refused. The file lies on the disk, and the row is committed, when it returns.
    """
    return _keep(visit_id, sent, picture, device_id, key, actor, rescued=False)


def keep_rescued(visit_id: UUID, sent: str, picture: Picture, *, actor: Actor) -> VisitFile:
    """The same from a rescue file: an administrator vouches for it."""
    return _keep(visit_id, sent, picture, None, "", actor, rescued=True)


def register(visit_id: UUID, *, actor: Actor) -> Visit:
    """Register what was said with the pictures that are here: a person does not wait any longer, or mended what was refused.

    Raises Refused, and whatever the registration raises.
    """
    now = clock.now()
    with transaction.atomic():
        row = _settled_by(visit_id, actor)
        if row.settled_at is not None:
            raise Refused("visit_settled", _("这次走访的事已经登记过了。"))
        _register(row, records.again(str(row.said)), str(row.pk), actor, now)
        _settle(row, "register_visit", actor, now, settled_at=now, held="")
    return row


def registered_by_hand(visit_id: UUID, *, actor: Actor) -> Visit:
    """A person registered what was said by the form, where it could not be by itself. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        row = _settled_by(visit_id, actor)
        if row.settled_at is not None:
            raise Refused("visit_settled", _("这次走访的事已经登记过了。"))
        _settle(row, "register_visit_by_hand", actor, now, settled_at=now, held="")
    return row


def settle_differing(key: UUID, *, registers: bool, actor: Actor) -> Differing:
    """What came a second time with other words: registered as matters of its own, or put away. Once. Raises Refused."""
    now = clock.now()
    with transaction.atomic():
        visit_id = Differing.objects.values_list("visit_id", flat=True).get(pk=key)
        visit = _settled_by(visit_id, actor)
        row = Differing.objects.get(pk=key)
        row.visit = visit
        if row.settled_at is not None:
            raise Refused("differing_settled", _("这一份已经处理过了。"))
        if registers:
            _register(visit, records.again(str(row.said)), f"{visit.pk}:{row.sha256[:16]}", actor, now)
        story = Story(Stream.of("visit", visit), "settle_differing_visit", by=actor, at=now, clause=CLAUSE)
        story.change(row, settled_at=now, settled_by_id=actor.person_id, registered=registers)
        story.tell()
    return row


def sender(device_id: UUID, key: str, actor: Actor, *, rescued: bool = False) -> Device:
    """The phone, locked: what it sends is taken one by one. Raises Refused unless it may send, in the hand of its holder."""
    found = keeping.known(device_id, key)
    if found is None:
        raise Refused("phone_unknown", _("这部手机没有登记过。"), who_could=_("系统管理员"))
    row = Device.objects.select_for_update().get(pk=found.pk)
    if rescued:
        return row
    if row.revoked_at is not None:
        raise Refused("phone_revoked", _("这部手机已经停用，不能再上传。请导出应急文件，交给系统管理员。"))
    if row.person_id != actor.person_id:
        raise Refused("phone_of_another", _("这部手机登记在别人名下，请由本人登录后上传。"))
    return row


def _first(record: Record, device: Device, actor: Actor, now: datetime, *, rescued: bool) -> Visit:
    if not Area.objects.filter(pk=record.area).exists():
        raise Refused("area_unknown", _("这条记录写的村、社区已经没有了。"))
    row = Visit(
        id=record.visit,
        device=device,
        by_id=device.person_id,
        unit_id=_unit(device),
        plan=_plan(record, device),
        area_id=record.area,
        book=record.book,
        met=record.met,
        household=record.household,
        beside=record.beside,
        said=record.text,
        begun_at=record.begun,
        ended_at=record.ended,
        received_at=now,
        sha256=record.sha256,
        held=Held.REFUSED if record.broken else Held.RESCUED if rescued else Held.FILES,
    )
    story = Story(
        Stream.of("visit", row), "receive_visit", by=actor, at=now, occurred_at=record.begun, clause=CLAUSE, first=True
    )
    story.add(row)
    story.tell()
    return row


def _plan(record: Record, device: Device) -> Plan | None:
    """Under which plan it was: only one of whoever went, of that day. One that was put an end to since then counts."""
    if record.plan is None:
        return None
    day = clock.local(record.begun).date()
    return Plan.objects.filter(pk=record.plan, visitor_id=device.person_id, begins__lte=day, ends__gte=day).first()


def _unit(device: Device) -> UUID:
    """For which unit the holder of the phone goes: of the first post that visits, else of any, at last the registry."""
    posts = organization.posts_of(device.person_id)
    fitting = [post for post in posts if post.role in VISITORS] or posts
    return fitting[0].unit_id if fitting else organization.registry().pk


def _beside(row: Visit, record: Record, actor: Actor, now: datetime) -> None:
    if row.differing.filter(sha256=record.sha256).exists():
        return
    story = Story(Stream.of("visit", row), "receive_differing_visit", by=actor, at=now, clause=CLAUSE)
    story.add(Differing(visit=row, said=record.text, sha256=record.sha256, received_at=now))
    story.tell()


def _keep(
    visit_id: UUID, sent: str, picture: Picture, device_id: UUID | None, key: str, actor: Actor, *, rescued: bool
) -> VisitFile:
    now = clock.now()
    with transaction.atomic():
        if device_id is not None:
            sender(device_id, key, actor)
        row = Visit.objects.select_for_update().filter(pk=visit_id).first()
        if row is None or (device_id is not None and row.device_id != device_id):
            raise Refused("visit_unknown", _("这张照片的走访记录还没有收到。"))
        there = row.files.filter(sent=sent).first()
        if there is None:
            there = _add_file(row, sent, picture, actor, now)
        if not rescued:
            _settle_if_whole(row, actor, now)
    return there


def _add_file(row: Visit, sent: str, picture: Picture, actor: Actor, now: datetime) -> VisitFile:
    written = _all_of(row)
    kind = next((one.files[sent] for one in written if sent in one.files), None)
    if kind is None and any(one.broken for one in written):
        kind = FileKind.PHOTO
    if kind is None or row.files.count() >= MOST_FILES * 2:
        raise Refused("file_of_no_record", _("走访记录里没有这张照片。"))
    given = FileGiven(str(kind.label), picture.data, picture.media_type, picture.thumbnail)
    kept = given.kept(row.data_key())
    story = Story(Stream.of("visit", row), "receive_visit_file", by=actor, at=now, clause=CLAUSE)
    added = story.add(
        VisitFile(
            visit=row,
            kind=kind,
            sent=sent,
            stored=kept.stored.name,
            thumbnail=kept.thumbnail,
            media_type=kept.media_type,
            size=kept.stored.size,
            sha256=kept.stored.sha256,
            received_at=now,
        )
    )
    story.tell()
    return added


def _all_of(row: Visit) -> list[Record]:
    """What the phone wrote, and what came beside it."""
    return [records.again(str(text)) for text in (row.said, *(one.said for one in row.differing.all()))]


def _settle_if_whole(row: Visit, actor: Actor, now: datetime) -> None:
    """All pictures are here: register what was said. What is refused waits for a person, and is not lost."""
    if row.settled_at is not None or row.held != Held.FILES:
        return
    record = records.again(str(row.said))
    if set(record.files) - set(row.files.values_list("sent", flat=True)):
        return
    try:
        with transaction.atomic():
            _register(row, record, str(row.pk), actor, now)
    except (NotDone, BadNumber):
        _settle(row, "hold_visit", actor, now, held=Held.REFUSED)
    else:
        _settle(row, "register_visit", actor, now, settled_at=now, held="")


def _register(row: Visit, record: Record, key: str, actor: Actor, now: datetime) -> None:
    if record.broken:
        raise Refused("record_broken", _("这一份自动登记不了。请照手机上写的，在“登记一件事”里登记。"))
    pictures = {one.sent: one for one in row.files.order_by("received_at", "id")}
    signed = [one for one in pictures.values() if one.kind == FileKind.SIGNATURE and one.sent in record.files]
    for index, said in enumerate(record.said):
        own = [pictures[sent] for sent in said.files if sent in pictures]
        # A signature and a home say who somebody is: they go along only where the name does.
        theirs = signed if said.naming == Naming.NAMED else []
        receipt = matters.register(_intake(row, said, f"{key}:{index}", own, theirs), actor=actor)
        if not FromVisit.objects.filter(matter=receipt.matter_id).exists():
            story = Story(Stream.of("visit", row), "raise_at_visit", by=actor, at=now, clause=CLAUSE)
            story.add(FromVisit(visit=row, matter_id=receipt.matter_id))
            story.tell()


def _intake(row: Visit, said: Said, key: str, own: Sequence[VisitFile], signed: Sequence[VisitFile]) -> Intake:
    named = said.naming != Naming.ANONYMOUS
    home = str(row.household) if said.naming == Naming.NAMED else ""
    return Intake(
        channel=Channel.REPRESENTATIVE if row.book else Channel.VISIT,
        key=key,
        content=said.content,
        naming=said.naming,
        speaker=PersonSaid(name=said.name, phone=said.phone) if named else None,
        happened_at=row.begun_at,
        said_place=home,
        area=row.area_id,
        place=said.place or home,
        tell_by=TellBy.CALL if named and said.phone else TellBy.VISIT if named else TellBy.PAGE,
        no_messages=not (named and said.phone),
        read_back="signature" if signed else "",
        files=tuple(_given(row, one) for one in (*own, *signed)),
        also_said=f"visit {row.pk}",
    )


def _given(row: Visit, one: VisitFile) -> FileGiven:
    """Its bytes as a registration takes them. Raises FileMissing."""
    key = row.data_key()
    small = files.read(one.thumbnail, key) if one.thumbnail else b""
    return FileGiven(str(FileKind(one.kind).label), files.read(one.stored, key), one.media_type, small)


def _settle(row: Visit, deed: str, actor: Actor, now: datetime, **columns: object) -> None:
    story = Story(Stream.of("visit", row), deed, by=actor, at=now, clause=CLAUSE)
    story.change(row, **columns)
    story.tell()


def _settled_by(visit_id: UUID, actor: Actor) -> Visit:
    """The visit, locked, for somebody who may say what becomes of what was said."""
    row = Visit.objects.select_for_update().get(pk=visit_id)
    if not may_settle(actor, row):
        raise Refused("not_your_visit", _("这次走访由走访人或者受理中心登记。"), who_could=_("受理中心登记员"))
    return row
