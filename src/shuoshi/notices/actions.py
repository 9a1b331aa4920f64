"""Verbs on messages, and on what they leave by: ticking off, trying again, gateways, robots, words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel import clock, steady
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions as matters
from shuoshi.matters.models import Spokesperson
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import circuits, hours, leaving, wording
from shuoshi.notices.delivering import tell_by_hand
from shuoshi.notices.models import (
    BY_HAND,
    Attempt,
    Gateway,
    Message,
    Provider,
    Robot,
    State,
    To,
    Vendor,
    Way,
    Why,
    Wording,
    new_token,
)
from shuoshi.notices.ways import Answer, Came, Outgoing, Sender
from shuoshi.notices.ways.robots import fits
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit
from shuoshi.organization.policies import require_arranger

_NEXT_BAND = timedelta(hours=3)  # not reached now: not called again at once
WHERE_TO = ("host", "port", "security", "user", "key_id")  # an app id, too
SECRETS = ("password", "key_secret", "token", "aes_key")  # never shown again, kept when left empty


class Deed(models.TextChoices):
    """Names of the events of this package."""

    SET_GATEWAY = "set_gateway", gettext_lazy("改消息通道")
    SET_ROBOT = "set_robot", gettext_lazy("改群机器人")
    WRITE_WORDING = "write_wording", gettext_lazy("改消息的话")
    UNDO_WORDING = "undo_wording", gettext_lazy("撤回消息的话")
    AGAIN = "send_again", gettext_lazy("让通知再发")
    BY_HAND = "tell_by_hand_instead", gettext_lazy("改由人告知")


def tick(message_id: UUID, *, reached: bool, actor: Actor, until: datetime | None = None) -> int:
    """Somebody told a speaker by hand, or did not reach them: one call says all that waits of a matter; how many.

    `until`: when the newest was made of those that stood on the list; what came later nobody has said.

    After as many vain calls as the profile lays down a letter takes their place. Raises Refused, Matter.DoesNotExist.
    """
    now = clock.now()
    with transaction.atomic():
        asked = Message.objects.filter(pk=message_id, way__in=BY_HAND).first()
        if asked is None:
            raise Refused("no_such_message", _("这一条已经没有了。"))
        waiting = Message.objects.select_for_update().filter(
            about_id=asked.about_id,
            recipient=asked.recipient,
            way=asked.way,
            state=State.WAITING,
            created_at__lte=until or now,
        )
        found = list(waiting.order_by("created_at", "id"))
        if asked.pk not in [one.pk for one in found]:
            raise Refused("told_already", _("已经有人告知过了。"))
        if not reached and asked.not_before > now:
            raise Refused("called_lately", _("刚打过，没有联系上。过几个小时再打。"))
        kinds = ",".join(sorted({one.kind for one in found}))
        matters.told_by_hand(asked.about_id, kinds, str(asked.way), reached=reached, actor=actor)
        for message in found:
            Attempt.objects.create(message=message, at=now, by=actor.person_id, ended_at=now, reached=reached)
            _settle(message, reached, actor, now)
    return len(found)


def _settle(message: Message, reached: bool, actor: Actor, now: datetime) -> None:
    mine, tries = Message.objects.filter(pk=message.pk), message.tries + 1
    settled = {"settled_at": now, "settled_by": actor.person_id, "tries": tries}
    if reached:
        mine.update(state=State.TICKED, **settled)
    elif message.way != Way.LETTER and tries >= profile.current().attempts.calls:
        mine.update(state=State.FAILED, why=Why.UNREACHED, **settled)
        tell_by_hand(message, Why.UNREACHED, now, Way.LETTER)
    else:
        later = hours.allowed_from(now + _NEXT_BAND, urgent=message.urgent)
        mine.update(tries=tries, not_before=later)


def stop_by(token: str) -> Message | None:
    """End all notices of the matter that the message with this link was about; None where there is no such link."""
    mine = Message.objects.filter(token=token, to=To.SPEAKER, about_kind="matter", contact_id__isnull=True)
    message = mine.first()
    if message is None:
        return None
    with transaction.atomic():
        part = part_of(message)
        speaker = Actor(ActorKind.SPEAKER, matter_id=message.about_id, part=part)
        matters.stop_notices(message.about_id, actor=speaker)
        take_back(message.about_id, message.recipient if part else None)
    return message


def part_of(message: Message) -> UUID | None:
    """The spokesperson of a group to whom it goes; None of any other matter."""
    rows = Spokesperson.objects.filter(matter=message.about_id, party__person=message.recipient)
    return rows.values_list("pk", flat=True).first()


def person_of(part: UUID) -> UUID:
    return Spokesperson.objects.values_list("party__person", flat=True).get(pk=part)


def choose(matter_id: UUID, tell_by: TellBy, *, address: str = "", actor: Actor) -> None:
    """How the speaker wishes to hear of it; what waited for the old way is told no more where the page is enough."""
    with transaction.atomic():
        matters.choose_notices(matter_id, tell_by, address=address, actor=actor)
        if tell_by == TellBy.PAGE:
            take_back(matter_id, person_of(actor.part) if actor.part else None)


def take_back(matter_id: UUID, person: UUID | None = None) -> int:
    """What waits for the speaker of a matter, of a group for this one of them, is not sent any more; how many."""
    waiting = Message.objects.filter(about_id=matter_id, to=To.SPEAKER, state=State.WAITING)
    if person is not None:
        waiting = waiting.filter(recipient=person)
    return waiting.update(state=State.STOPPED, why=Why.ASKED_NOT_TO, settled_at=clock.now())


def send_again(message_id: UUID, *, actor: Actor) -> None:
    """Try what never left once more, from the first try on: only what certainly did not leave is dead."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        message = _dead(message_id)
        fresh = {"state": State.WAITING, "why": "", "settled_at": None, "tries": 0, "leased_until": None}
        not_before = hours.allowed_from(now, urgent=message.urgent)
        Message.objects.filter(pk=message.pk).update(**fresh, not_before=not_before)
        _note(message, Deed.AGAIN, actor, now)


def by_hand_instead(message_id: UUID, *, actor: Actor) -> None:
    """Have a person of the registry tell what the gateway could not; of the staff's it is only put away."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        message = _dead(message_id)
        Message.objects.filter(pk=message.pk).update(state=State.FAILED, why=Why.BY_HAND, settled_at=now)
        if message.to == To.SPEAKER:
            tell_by_hand(message, Why.BY_HAND, now)
        _note(message, Deed.BY_HAND, actor, now)


def _dead(message_id: UUID) -> Message:
    message = Message.objects.select_for_update().filter(pk=message_id, state=State.DEAD).first()
    if message is None:
        raise Refused("not_dead", _("这一条已经在重发，或者改由人告知了。"))
    return message


def _note(message: Message, deed: Deed, actor: Actor, now: datetime) -> None:
    story = Story(Stream("message", str(message.pk)), deed, by=actor, at=now)
    story.fact(number=message.number, way=str(message.way), kind=message.kind)
    story.tell()
    steady.keep(steady.Kind.MESSAGES_DEAD, wrong=Message.objects.filter(state=State.DEAD).exists())


# ── gateways, robots, words ────────────────────────────────────────────────────────────────────────────────────────


def set_gateway(way: Way, provider: Provider, given: Mapping[str, str], *, active: bool, actor: Actor) -> Gateway:
    """Have messages of a way leave by this provider. An empty secret keeps the one that is known."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        if provider == Provider.FILE and not organization.institution().demo:
            raise Refused("only_in_the_demo", _("写进文件的短信谁也收不到，只有演示能用。"))
        row = Gateway.objects.select_for_update().filter(way=way).first()
        known = row.given if row is not None and row.provider == provider else {}
        if any(known.get(name, "") != given.get(name, "") for name in WHERE_TO):
            known = {}  # a password that was meant for one server is not carried to another
        kept = {name: known.get(name, "") for name in SECRETS if not given.get(name) and known.get(name)}
        sealed = json.dumps({**given, **kept}, ensure_ascii=False, sort_keys=True)
        story = Story(Stream("gateway", str(way)), Deed.SET_GATEWAY, by=actor, at=now)
        if row is None:
            row = Gateway(id=new_id(), way=way, provider=provider, active=active, settings=sealed)
            story.add(row)
        else:
            story.change(row, provider=provider, active=active, settings=sealed)
        story.tell()
        circuits.works(str(way))  # as far as anybody knows: what waits is tried by the new settings at once
    return row


def try_gateway(way: Way, to: str, *, to_staff: bool = False, actor: Actor) -> Answer:
    """Send a test message, at once and outside of any transaction; nothing of a matter is in it."""
    require_arranger(actor)
    row = Gateway.objects.filter(way=way).first()
    if row is None:
        raise Refused("no_gateway", _("先把通道保存好，再试。"))
    return _tried(leaving.opened(row), to, str(way) if row.active else "", to_staff=to_staff)


def set_robot(unit: Unit, vendor: Vendor, address: str, secret: str, *, active: bool, actor: Actor) -> Robot:
    """Have a unit's group told by this robot. An empty address or secret keeps the one that is known."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor, unit.path)
        row = Robot.objects.select_for_update().filter(unit=unit).first()
        same = row is not None and row.vendor == vendor
        address = address.strip() or (str(row.address) if row is not None and same else "")
        secret = secret.strip() or (str(row.secret) if row is not None and same else "")
        if not fits(vendor, address):
            raise Refused("robot_address", _("这不是这一家群机器人的地址。请从群机器人的设置里整个复制过来。"))
        story = Story(Stream("robot", str(unit.pk)), Deed.SET_ROBOT, by=actor, at=now)
        if row is None:
            row = Robot(id=new_id(), unit=unit, vendor=vendor, address=address, secret=secret, active=active)
            story.add(row)
        else:
            story.change(row, vendor=vendor, address=address, secret=secret, active=active)
        story.tell()
        circuits.works(circuits.of_robots(vendor))
    return row


def try_robot(unit: Unit, *, actor: Actor) -> Answer:
    """Send a test message to a unit's group."""
    require_arranger(actor, unit.path)
    row = Robot.objects.filter(unit=unit).first()
    if row is None:
        raise Refused("no_robot", _("先把机器人保存好，再试。"))
    return _tried(leaving.robot(row), "", circuits.of_robots(row.vendor))


def _tried(sender: Sender, to: str, channel: str, *, to_staff: bool = True) -> Answer:
    """One test message, outside of any transaction; where it left, the channel works again."""
    language = settings.LANGUAGE_CODE
    link = f"{settings.PUBLIC_ADDRESS}/desk/"
    text = wording.filled(wording.built_in(wording.TEST, language), {"link": link})
    subject = wording.subject(wording.TEST, language, {"institution": leaving.institution()})
    key, text = str(new_id()), wording.signed(language, leaving.institution(), text)
    token = "" if to_staff else new_token()  # of a page that does not exist
    out = Outgoing(key, wording.TEST, "SS-0000", link, text, subject, token=token, to_staff=to_staff)
    try:
        answer = sender.send(to, out)
    finally:
        sender.close()
    if answer.came is Came.OUT and channel:
        circuits.works(channel)
    return answer


def write_wording(kind: str, language: str, text: str, *, actor: Actor) -> Wording:
    """Put the institution's own words in the place of those before. Raises Refused for what may not stand in them."""
    now = clock.now()
    text = wording.check(kind, text)
    with transaction.atomic():
        require_arranger(actor)
        versions = Wording.objects.select_for_update().filter(kind=kind, language=language)
        story = Story(Stream("wording", f"{kind}:{language}"), Deed.WRITE_WORDING, by=actor, at=now)
        _take_out(versions.filter(in_force=True), story)
        newest = versions.order_by("-number").values_list("number", flat=True).first() or 0
        row = Wording(id=new_id(), kind=kind, language=language, number=newest + 1, text=text, at=now)
        row.by = actor.person_id or row.id
        story.add(row)
        story.tell()
    return row


def use_wording(kind: str, language: str, number: int, *, actor: Actor) -> None:
    """Go back to an earlier version; 0 is the built-in one."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        versions = Wording.objects.select_for_update().filter(kind=kind, language=language)
        story = Story(Stream("wording", f"{kind}:{language}"), Deed.UNDO_WORDING, by=actor, at=now)
        _take_out(versions.filter(in_force=True), story)
        row = versions.filter(number=number).first()
        if row is not None:
            story.change(row, in_force=True)
        story.fact(version=number)
        story.tell()


def _take_out(standing: models.QuerySet[Wording], story: Story) -> None:
    for row in standing:
        story.change(row, in_force=False)


def answered(answer: Answer) -> str:
    """What a test came to, in a sentence."""
    if answer.came is Came.OUT:
        return _("发出去了，请看看收到没有。")
    if answer.came is Came.UNCERTAIN:
        return _("发到一半断了，可能收到，也可能没有。对方说：%(code)s") % {"code": answer.code}
    return _("没有发出去。对方说：%(code)s") % {"code": answer.code or "—"}
