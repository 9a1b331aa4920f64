"""Putting right what stands about somebody: both versions stay, and a telephone takes two people (security.md 2.4).

Whoever knows somebody's telephone hears how a matter went; a number that was changed to a friend's would let an insider
answer in the speaker's place. So another natural person agrees, says how they made sure, and the old number is told.
Whether `actor` may know of the person at all the caller decides, who knows the matter.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import blind, clock, steady
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.people import id_numbers, phones, same
from shuoshi.people.models import Change, ChangeKind, ChangeState, ContactKind, ContactPoint, Person


class MadeSure(models.TextChoices):
    """How the second person made sure that it is the speaker's own wish."""

    CALLED_OLD = "called_old", gettext_lazy("打原来的号码，本人说是")
    IN_PERSON = "in_person", gettext_lazy("本人带证件到场")
    AT_HOME = "at_home", gettext_lazy("上门见到本人")


_REASON = 40  # characters of a code
_LONGEST = 200


def correct(
    person_id: UUID,
    kind: ChangeKind,
    value: str,
    reason: str,
    words: str,
    *,
    contact_id: UUID | None = None,
    actor: Actor,
) -> Change:
    """Put one datum of a person right. A telephone that takes another's place waits for a second person.

    Raises Refused, phones.BadNumber, id_numbers.BadIdNumber.
    """
    now = clock.now()
    assert actor.person_id is not None and kind in (*_CONTACTS, ChangeKind.NAME, ChangeKind.ID_NUMBER)
    value = _normalised(kind, value)
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=person_id)
        require_not_own(person_id, actor=actor)
        if same.is_staff([person_id]):
            raise Refused("staff_record", _("这是工作人员本人的档案，由系统管理员在“设置”里改。"))
        require_reason(reason, words)
        contact = _contact(person, kind, contact_id)
        before = _before(person, kind, contact)
        if before == value:
            raise Refused("nothing_changed", _("和原来的一样，没有要改的。"))
        require_none_waits(person_id, kind)
        change = Change(kind=kind, person=person, contact=contact, before=before, after=value, at=now)
        change.reason_code, change.words, change.by = reason[:_REASON], words.strip(), actor.person_id
        change.second = kind == ChangeKind.PHONE
        story = Story(Stream.of("person", person), "propose_change" if change.second else "correct", by=actor, at=now)
        if not change.second:
            change.state, change.settled_by, change.settled_at = ChangeState.DONE, actor.person_id, now
        story.add(change)
        story.fact(kind=str(kind), reason=change.reason_code, signals=list(signals(change)))
        if not change.second:
            _put(story, change, now)
        story.tell()
    return change


def agree(change_id: UUID, shown_by: str, *, actor: Actor) -> Change:
    """Let the telephone that somebody else proposed be in force. Raises Refused for the proposer, whatever account."""
    now = clock.now()
    with transaction.atomic():
        change = locked(change_id)
        assert change.kind == ChangeKind.PHONE
        require_another(change, actor=actor)
        if shown_by not in MadeSure.values:
            raise Refused("not_made_sure", _("请选是怎么核实的。"))
        story = Story(Stream.of("person", change.person), "correct", by=actor, at=now)
        _put(story, change, now)
        story.change(
            change,
            state=ChangeState.DONE,
            settled_by=actor.person_id,
            settled_at=now,
            shown_by=shown_by,
            old_contact=change.old_contact,
        )
        found = list(signals(change))
        story.fact(kind=str(change.kind), proposed_by=str(change.by), shown_by=shown_by, signals=found)
        story.tell()
        if STAFF_PHONE in found:
            steady.alarm(steady.Kind.NUMBER_OF_STAFF, str(change.pk))
    return change


def decline_change(change_id: UUID, *, actor: Actor) -> Change:
    """Say no, or take the own proposal back; of either kind. Raises Refused when it was settled before."""
    now = clock.now()
    with transaction.atomic():
        change = locked(change_id)
        require_open(change)
        story = Story(Stream.of("person", change.person), "decline_change", by=actor, at=now)
        story.change(change, state=ChangeState.DECLINED, settled_by=actor.person_id, settled_at=now)
        story.tell()
    return change


STAFF_PHONE, SHARED_PHONE = "staff_phone", "shared_phone"


def signals(change: Change) -> tuple[str, ...]:
    """What a second person should see before they agree to a number: it is one of the staff's, or others gave it."""
    if change.kind != ChangeKind.PHONE:
        return ()
    index = blind.index("phone", str(change.after))
    mine = same.records_of(change.person_id)
    others = ContactPoint.objects.filter(index=index).exclude(person__in=mine)
    found = []
    if others.filter(person__accounts__isnull=False).exists():
        found.append(STAFF_PHONE)
    if others.filter(person__accounts__isnull=True, valid=True).exists():
        found.append(SHARED_PHONE)
    return tuple(found)


def locked(change_id: UUID) -> Change:
    return Change.objects.select_for_update(of=("self",)).select_related("person", "into", "contact").get(pk=change_id)


def require_open(change: Change) -> None:
    if change.state != ChangeState.OPEN:
        raise Refused("change_settled", _("这件事已经有结果了。"))


def require_another(change: Change, *, actor: Actor) -> None:
    """Another natural person than who proposed it and than whom it is about."""
    require_open(change)
    if same.are_one(actor.person_id, change.by):
        raise Refused("second_is_first", _("您提出的，要由另一个人核对。"), who_could=_("另一位工作人员"))
    for one in (change.person_id, change.into_id):
        if one is not None:
            require_not_own(one, actor=actor)


def require_not_own(person_id: UUID, *, actor: Actor) -> None:
    if same.are_one(actor.person_id, person_id):
        raise Refused("own_record", _("这是您本人的档案，要由别人来办。"))


def require_reason(reason: str, words: str) -> None:
    if not reason or not words.strip():
        raise Refused("reason_missing", _("请写明为什么。"))


def require_none_waits(person_id: UUID, kind: ChangeKind) -> None:
    if Change.objects.filter(person=person_id, kind=kind, state=ChangeState.OPEN).exists():
        raise Refused("change_waits", _("已经提过一次，正在等第二个人核对。"))


_CONTACTS = {ChangeKind.PHONE: ContactKind.PHONE, ChangeKind.ADDRESS: ContactKind.ADDRESS}


def _normalised(kind: ChangeKind, value: str) -> str:
    value = value.strip()
    if not value:
        raise Refused("value_missing", _("请写改成什么。"))
    if kind == ChangeKind.PHONE:
        return phones.normalise(value)
    if kind == ChangeKind.ID_NUMBER:
        return id_numbers.normalise(value)
    if len(value) > _LONGEST:
        raise Refused("value_too_long", _("太长了，最多 %(n)d 个字。") % {"n": _LONGEST})
    return value


def _contact(person: Person, kind: ChangeKind, contact_id: UUID | None) -> ContactPoint | None:
    """The row that is put right; a telephone that was never given is not put right."""
    if kind not in _CONTACTS:
        return None
    found = ContactPoint.objects.filter(person=person, kind=_CONTACTS[kind], given_for=None)
    row = found.filter(pk=contact_id).first() if contact_id else None
    row = row or found.filter(valid=True).order_by("-created_at", "-id").first()
    if row is None and kind == ChangeKind.PHONE:
        raise Refused("no_number_yet", _("这个人没有留过电话，没有可以更正的。"))
    if row is not None:
        row.person = person
    return row


def _before(person: Person, kind: ChangeKind, contact: ContactPoint | None) -> str:
    if kind == ChangeKind.NAME:
        return str(person.name)
    if kind == ChangeKind.ID_NUMBER:
        return str(person.id_number or "")
    return str(contact.value) if contact is not None else ""


def _put(story: Story, change: Change, now: datetime) -> None:
    """The new value in the place of the old one: parties that were given the row follow it."""
    person, value = change.person, str(change.after)
    if change.kind == ChangeKind.NAME:
        story.change(person, name=value)
    elif change.kind == ChangeKind.ID_NUMBER:
        story.change(person, id_number=value, id_index=blind.index("id", value))
    elif change.contact is None:
        story.add(ContactPoint(person=person, kind=ContactKind.ADDRESS, value=value, created_at=now))
    else:
        contact = change.contact
        contact.person = person
        if str(contact.value) != str(change.before):
            raise Refused("changed_meanwhile", _("原来的内容已经改过了，请重新看一遍再提。"))
        columns: dict[str, object] = {"value": value}
        if change.kind == ChangeKind.PHONE:
            old = ContactPoint(
                person=person, kind=contact.kind, value=str(contact.value), index=contact.index, valid=False
            )
            old.created_at = now
            change.old_contact = story.add(old)  # told of it once, and found here by who asks what stood before
            columns |= {"index": blind.index("phone", value), "shared": SHARED_PHONE in signals(change)}
        story.change(contact, **columns)
