"""Verbs on persons: keeping who was given, noting how a number reaches them, and looking at what is masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import blind, clock, rows
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.people import id_numbers, phones, same
from shuoshi.people.given import Kept, PersonGiven
from shuoshi.people.models import Account, ContactKind, ContactPoint, Person, Reveal, RevealedField
from shuoshi.people.policies import REVEALS_PER_DAY, require_account_arranger


def take_on(given: PersonGiven, *, actor: Actor) -> Person:
    """Write down somebody of the staff, who will hold a post; account and post are given afterwards.

    Raises Refused when `actor` may not arrange accounts, phones.BadNumber.
    """
    require_account_arranger(actor)
    key = new_id()
    with transaction.atomic():
        story = Story(Stream("person", str(key)), "take_on", by=actor, at=clock.now())
        kept = keep(story, given, key=key)
        story.tell()
    return kept.person


def keep(story: Story, given: PersonGiven, *, key: UUID | None = None) -> Kept:
    """Write down who was given, inside the caller's transaction and story; a new person under `key`, if it is given.

    Always a new person, unless `given.person_id` names one; the same number with another person joins nobody. A number
    the chosen person has already is not written twice. Raises phones.BadNumber, id_numbers.BadIdNumber.
    """
    if given.person_id is None:
        id_number = id_numbers.normalise(given.id_number) if given.id_number else ""
        person = story.add(
            rows.new(
                Person,
                id=key or new_id(),
                name=given.name.strip(),
                id_number=id_number,
                id_index=blind.index("id", id_number) if id_number else "",
                created_at=story.at,
            )
        )
    else:
        chosen = Person.objects.select_related("joined_into").get(pk=given.person_id)
        person = chosen.joined_into or chosen  # what is said from now on is the survivor's
    phone = _keep_phone(story, person, given) if given.phone else None
    address = _keep_address(story, person, given.address.strip()) if given.address.strip() else None
    return Kept(person, phone or address)


def forget(story: Story, person: Person, instead: str) -> None:
    """Take away what was written down about somebody of whom a single matter told by mistake, inside its story.

    `instead` takes the place of the index of a number, which nothing finds any more. Whoever has an account or a post is
    left alone.
    """
    if person.accounts.exists() or Person.objects.filter(pk=person.pk, posts__isnull=False).exists():
        return
    for contact in ContactPoint.objects.filter(person=person):
        contact.person = person
        story.change(contact, value="", index=instead if contact.index else "", valid=False)
    story.change(person, name="", id_number="", id_index="")


class BadAddress(ValueError):
    """What was written is no e-mail address."""

    def __str__(self) -> str:
        return _("邮箱地址没有认出来。应该像 name@example.com 这样。")


def keep_email(story: Story, person: Person, address: str, *, given_for: UUID | None = None) -> ContactPoint:
    """The one address at which a person reads e-mail about one thing, inside the caller's story. Raises BadAddress.

    `given_for`: the matter it was left for; whoever holds the code of another one neither learns nor changes it. None
    is for the own work of staff.
    """
    address = address.strip()

    def check() -> None:
        try:
            validate_email(address)
        except ValidationError:
            raise BadAddress(address) from None

    return _keep_one(story, person, ContactKind.EMAIL, address, given_for, check)


def keep_wechat(story: Story, person: Person, openid: str, *, given_for: UUID) -> ContactPoint:
    """The one follower of the official account who is told about a matter, inside the caller's story.

    `openid`: what the platform calls them to this account. That they may be told, the caller has seen proved.
    """
    return _keep_one(story, person, ContactKind.WECHAT, openid, given_for, lambda: None)


def has_wechat(person_id: UUID, given_for: UUID) -> bool:
    """Whether a follower is told about this matter; one statement."""
    return _held(person_id, ContactKind.WECHAT, given_for).exists()


def wechat_of(person_id: UUID, given_for: UUID) -> str:
    """What the platform calls the follower who is told about this matter; "" where none is. One statement."""
    contact = _held(person_id, ContactKind.WECHAT, given_for).select_related("person").first()
    return str(contact.value) if contact is not None else ""


def drop_wechat(story: Story, person: Person, *, given_for: UUID) -> None:
    """No follower is told about this matter any more."""
    for contact in _held(person.pk, ContactKind.WECHAT, given_for):
        contact.person = person
        story.change(contact, valid=False)


def _held(person_id: UUID, kind: ContactKind, given_for: UUID | None) -> models.QuerySet[ContactPoint]:
    return ContactPoint.objects.filter(person=person_id, kind=kind, given_for=given_for, valid=True)


def _keep_one(
    story: Story, person: Person, kind: ContactKind, value: str, given_for: UUID | None, check: Callable[[], None]
) -> ContactPoint:
    held = list(_held(person.pk, kind, given_for))
    for contact in held:
        contact.person = person
    same = next((one for one in held if str(one.value) == value), None)
    for contact in held:
        if contact is not same:
            story.change(contact, valid=False)
    if same is not None:
        return same
    check()
    written = ContactPoint(person=person, kind=kind, value=value, created_at=story.at)
    written.given_for = given_for
    return story.add(written)


def set_own_email(address: str, *, actor: Actor) -> None:
    """Where somebody of the staff gets notices, number and link only; "" for nowhere. Raises BadAddress."""
    assert actor.person_id is not None  # staff are persons
    with transaction.atomic():
        person = Person.objects.select_for_update().get(pk=actor.person_id)
        story = Story(Stream.of("person", person), "set_email", by=actor, at=clock.now())
        if address.strip():
            keep_email(story, person, address)
        else:
            own = ContactPoint.objects.filter(person=person, kind=ContactKind.EMAIL, given_for=None, valid=True)
            for contact in own:
                contact.person = person
                story.change(contact, valid=False)
        story.tell()


def mark_contact(
    contact_id: UUID, *, shared: bool | None = None, valid: bool | None = None, actor: Actor
) -> ContactPoint:
    """Note that a number is used by others too, or reaches the person no longer."""
    now = clock.now()
    with transaction.atomic():
        contact = ContactPoint.objects.select_related("person").select_for_update(of=("self",)).get(pk=contact_id)
        said = {"shared": shared, "valid": valid}
        changes = {name: value for name, value in said.items() if value not in (None, getattr(contact, name))}
        if changes:
            story = Story(Stream.of("person", contact.person), "mark_contact", by=actor, at=now)
            story.change(contact, **changes)
            story.tell()
    return contact


def reveal(person_id: UUID, field: RevealedField, reason_code: str, reason: str = "", *, actor: Actor) -> str:
    """One unmasked field of a person, the look recorded with who and why; "" and no record when nothing was given.

    Whether `actor` may look the caller decides, who knows the matter. Raises Refused without a signed-in account, without a
    reason, or when the account looked at REVEALS_PER_DAY fields today.
    """
    return _look(person_id, field, reason_code, reason, actor)


def reveal_all(
    looks: Sequence[tuple[UUID, RevealedField]], reason_code: str, reason: str = "", *, actor: Actor
) -> None:
    """Record the looks at several fields that stand in one answer: all of them or, where one is refused, none."""
    with transaction.atomic():
        for person_id, field in looks:
            reveal(person_id, field, reason_code, reason, actor=actor)


def _keep_phone(story: Story, person: Person, given: PersonGiven) -> ContactPoint:
    number = phones.normalise(given.phone)
    index = blind.index("phone", number)
    shared = given.shared_phone
    if given.person_id is not None:
        held = ContactPoint.objects.filter(person__in=same.records_of(person.pk), index=index, valid=True)
        there = list(held.order_by("-created_at", "-id"))
        known = next((one for one in there if one.person_id == person.pk), None)
        if known is not None:
            known.person = person
            return known
        shared = shared or any(one.shared for one in there)
    return story.add(
        rows.new(
            ContactPoint,
            person=person,
            kind=ContactKind.PHONE,
            value=number,
            index=index,
            shared=shared,
            created_at=story.at,
        )
    )


def _keep_address(story: Story, person: Person, address: str) -> ContactPoint:
    return story.add(ContactPoint(person=person, kind=ContactKind.ADDRESS, value=address, created_at=story.at))


def reveal_file(people: Sequence[UUID], file: UUID, reason_code: str, reason: str = "", *, actor: Actor) -> None:
    """Record the look at a file that these persons gave in confidence: in the story of each, with who and why."""
    with transaction.atomic():
        for person_id in people:
            _look(person_id, RevealedField.FILE, reason_code, reason, actor, about=str(file))


def _look(
    person_id: UUID, field: RevealedField, reason_code: str, reason: str, actor: Actor, *, about: str = ""
) -> str:
    now = clock.now()
    with transaction.atomic():
        if actor.account_id is None:
            raise Refused("no_account", _("请先登录，再查看完整信息。"))
        if not reason_code:
            raise Refused("reason_missing", _("请写明为什么要看。"))
        Account.objects.select_for_update().get(pk=actor.account_id)  # two windows cannot both take the last look
        if _looks_today(actor.account_id, now) >= REVEALS_PER_DAY:
            raise Refused("reveal_cap", _("您今天查看的次数已满，明天再看。急用请找值班领导。"))
        person = Person.objects.select_for_update().get(pk=person_id)
        value = about or _value(person, field)
        if not value:
            return ""
        story = Story(Stream.of("person", person), "reveal", by=actor, at=now)
        story.add(
            Reveal(
                person=person,
                field=field,
                account_id=actor.account_id,
                reason_code=reason_code,
                reason=reason.strip(),
                at=now,
            )
        )
        story.fact(field=str(field.value), reason=reason_code, **({"about": about} if about else {}))
        story.tell()
    return value


def _looks_today(account_id: UUID, now: datetime) -> int:
    midnight = datetime.combine(clock.local(now).date(), time(), clock.INSTITUTION_ZONE)
    return Reveal.objects.filter(account_id=account_id, at__gte=midnight).count()


def _value(person: Person, field: RevealedField) -> str:
    if field == RevealedField.NAME:
        return str(person.name)
    if field == RevealedField.ID_NUMBER:
        return str(person.id_number or "")
    if field == RevealedField.FILE:
        return ""  # is of a matter: `reveal_file`
    kind = ContactKind.PHONE if field == RevealedField.PHONE else ContactKind.ADDRESS
    found = person.contact_points.filter(kind=kind, valid=True).select_related("person").order_by("-created_at", "-id")
    return _("、").join(str(contact.value) for contact in found)
