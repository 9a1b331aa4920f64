"""What a message says and where it goes, read at the moment it leaves: who has lost the right to know is told nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from shuoshi.kernel import outbox
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.matters.models import Exclusion, Matter
from shuoshi.matters.notices import PART_OVER
from shuoshi.matters.queries.speaking import speaker, wish_of
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import threads, wechat, wording
from shuoshi.notices.models import Gateway, Message, Provider, Robot, To, Vendor, Way, Why
from shuoshi.notices.ways.aliyun import Aliyun
from shuoshi.notices.ways.base import Outgoing, Sender
from shuoshi.notices.ways.file import ToFile
from shuoshi.notices.ways.robots import Group
from shuoshi.organization import actors
from shuoshi.organization import queries as organization
from shuoshi.people import phones
from shuoshi.people.models import Account, ContactKind, ContactPoint

_KINDS = {Way.SMS: ContactKind.PHONE, Way.EMAIL: ContactKind.EMAIL, Way.WECHAT: ContactKind.WECHAT}


@dataclass(frozen=True)
class Leaving:
    """Where a message goes and by what; `stop` instead says why it does not."""

    to: str = ""
    sender: Sender | None = None
    stop: Why | None = None


def opened(gateway: Gateway) -> Sender:
    """The gateway's door; costs no network."""
    match gateway.provider:
        case Provider.ALIYUN:
            return Aliyun(gateway.given)
        case Provider.SMTP:
            from shuoshi.notices.ways.smtp import Smtp  # only where letters are sent

            return Smtp(gateway.given)
        case Provider.WECHAT:
            return wechat.sender(gateway)
        case Provider.FILE:
            return ToFile()
    raise ValueError(f"no such provider: {gateway.provider}")


def robot(row: Robot) -> Sender:
    return Group(Vendor(row.vendor), str(row.address), str(row.secret))


def whither(message: Message, gateways: dict[str, Sender], now: datetime) -> Leaving:
    """Where it goes now, or why it does not."""
    if message.notice_id is not None and not outbox.still_pending([message.notice_id]):
        return Leaving(stop=Why.OVER)
    if message.to == To.UNIT and Exclusion.objects.in_force().filter(matter=message.about_id).exists():
        return Leaving(stop=Why.NOT_ALLOWED)  # whom it is kept from may sit in the group
    if message.to == To.UNIT:
        row = Robot.objects.filter(unit_id=message.recipient, active=True, unit__active=True).first()
        return Leaving(stop=Why.NO_GATEWAY) if row is None else Leaving(sender=robot(row))
    if refused := _refused(message, now):
        return Leaving(stop=refused)
    if message.way not in gateways:
        return Leaving(stop=Why.NO_GATEWAY)
    address = address_of(message)
    if address and _once_and_gone(message):
        return Leaving(stop=Why.UNPROVEN)
    return Leaving(address, gateways[message.way]) if address else Leaving(stop=Why.NO_ADDRESS)


def address_of(message: Message) -> str:
    """The number or address as it stands now; "" where there is none that such a message reaches.

    A speaker's e-mail address, or follower, is that which was left for this very matter, and no other.
    """
    kind = _KINDS[Way(message.way)]
    if message.contact_id is not None:
        old = ContactPoint.objects.filter(pk=message.contact_id, kind=kind).select_related("person").first()
        number = str(old.value) if old is not None else ""
        return number if number and phones.takes_messages(number) else ""
    found = ContactPoint.objects.filter(person_id=message.recipient, kind=kind, valid=True).select_related("person")
    left_for = message.about_id if message.to == To.SPEAKER and kind != ContactKind.PHONE else None
    found = found.filter(given_for=left_for)
    contact = None
    if message.to == To.SPEAKER and kind == ContactKind.PHONE:  # the number given for this very matter
        party = speaker(message.about_id, message.recipient, gone=message.kind == PART_OVER)
        contact = found.filter(pk=party.contact_id).first() if party is not None and party.contact_id else None
    contact = contact or found.order_by("-created_at", "-id").first()
    if contact is None:
        return ""
    value = str(contact.value)
    return value if kind != ContactKind.PHONE or phones.takes_messages(value) else ""


def _once_and_gone(message: Message) -> bool:
    """Whether the one message has left that an address gets while nobody knows whose it is."""
    if message.to != To.SPEAKER or message.way != Way.EMAIL or not threads.of(message.about_id).only_once:
        return False
    gone = Message.objects.filter(about_id=message.about_id, way=Way.EMAIL, handed_at__isnull=False)
    return gone.exclude(pk=message.pk).exists()


def _refused(message: Message, now: datetime) -> Why | None:
    if message.contact_id is not None:
        return None  # told whatever was wished for: it is about the number itself
    if message.to == To.SPEAKER:
        matter = Matter.objects.filter(pk=message.about_id).only("no_messages", "tell_by").first()
        party = speaker(message.about_id, message.recipient, gone=message.kind == PART_OVER)
        if matter is None or party is None:
            return Why.ASKED_NOT_TO
        wish = wish_of(party, matter)
        return Why.ASKED_NOT_TO if wish.no_messages or wish.tell_by == TellBy.PAGE else None
    account = Account.objects.filter(person_id=message.recipient, is_active=True).order_by("created_at", "id").first()
    if account is None:
        return Why.NOT_ALLOWED
    if message.about_kind != "matter":
        return None
    actor = actors.of(account, now)
    return None if _sees(actor, message) else Why.NOT_ALLOWED


def _sees(actor: Actor, message: Message) -> bool:
    return actor.kind is ActorKind.STAFF and visible_to(actor).filter(pk=message.about_id).exists()


def written(message: Message) -> Outgoing:
    """The text of a message, made of its kind and number."""
    language = settings.LANGUAGE_CODE
    link = link_of(message)
    values = {"number": message.number, "link": link, "institution": institution(), **message.facts}
    text = wording.filled(wording.in_force(message.kind, language), values)
    subject = wording.subject(message.kind, language, values)
    ends = message.to == To.SPEAKER and message.contact_id is None  # staff end nothing: it is their work
    thread = threads.of(message.about_id) if message.way == Way.EMAIL and ends else threads.Thread()
    if message.way == Way.EMAIL and ends:
        said = wording.of_thread(language, message.kind, thread)
        text = "\n\n".join([text, *said, wording.stop_line(language, link)]) + "\n"
    if message.way in (Way.SMS, Way.ROBOT):
        text = wording.signed(language, institution(), text)
    return Outgoing(
        key=str(message.pk),
        kind=message.kind,
        number=message.number,
        link=link,
        text=text,
        subject=subject,
        stop=link if ends else "",
        token=message.token if ends else "",
        to_staff=message.to != To.SPEAKER,
        answers=thread.answers,
        reply_to=thread.reply_to,
    )


def institution() -> str:
    row = organization.institution()
    return row.short_name if row else ""


def link_of(message: Message) -> str:
    """The page it leads to: a resident's opens nothing without the query code, staff sign in."""
    base = settings.PUBLIC_ADDRESS
    if message.contact_id is not None:
        return f"{base}/track/"  # whoever has the old number ends nothing
    if message.to == To.SPEAKER:
        return f"{base}/n/{message.token}/"
    if message.about_kind == "matter" and message.number:
        return f"{base}/desk/matters/{message.number}/"
    return f"{base}/desk/"
