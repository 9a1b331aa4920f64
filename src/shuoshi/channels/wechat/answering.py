"""One message answered: the conversation goes on, and what it asks for is done, in one transaction.

It is done while the platform waits, or afterwards by the background: whoever comes second finds it done.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.channels.wechat import binding, dialogue
from shuoshi.channels.wechat.dialogue import Do, House, Stage, State, Turn
from shuoshi.channels.wechat.models import Enclosure, Follower, Incoming, Kind, Late
from shuoshi.channels.wechat.wire import LONGEST_TEXT, Heard
from shuoshi.kernel import clock, drafts, throttle
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import NotDone
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import actions as matters
from shuoshi.matters import guessing, query_code, waiting
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.promises import PROMISED
from shuoshi.matters.queries.tracking import tracking
from shuoshi.matters.vocabulary import Channel, Naming, TellBy
from shuoshi.notices.wechat import Account
from shuoshi.organization import profile
from shuoshi.organization import queries as organization

KEPT = timedelta(days=3)  # a conversation nobody goes on with
FORM = "wechat"  # of the draft its files wait in
_SPEAKER = Actor(ActorKind.SPEAKER)


def answer(key: UUID, account: Account, *, in_time: bool) -> str:
    """What is said to this message; again, what was said. "" where it is not to be answered now.

    `in_time`: the platform waits for it, and hands it over. What is late goes out by itself (late.tell).
    """
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        row = Incoming.objects.get(pk=key)
        heard = Heard(**json.loads(row.heard)) if row.heard else None
        follower = _locked(row.follower, heard.follower if heard else "")
        row = Incoming.objects.select_for_update().get(pk=key)
        if row.answered_at is not None or heard is None or follower is None:
            return str(row.answer)
        before = Incoming.objects.filter(follower=row.follower, answered_at__isnull=True, pk__lt=row.pk)
        if in_time and before.exists():
            return ""  # in the order they were written
        return _answered(row, heard, follower, account, in_time=in_time)


def _answered(row: Incoming, heard: Heard, follower: Follower, account: Account, *, in_time: bool) -> str:
    now = clock.now()
    before = dialogue.read(json.loads(follower.state or "{}"))
    turn = _done(dialogue.turn(before, heard, _house()), follower, account)
    _files(before, turn, heard, follower)
    said = _with_what_waits(turn.says, row.follower) if in_time else turn.says
    if said and not in_time:
        Late.objects.create(follower=row.follower, text=said, at=now, not_before=now)
    row.answer, row.heard, row.answered_at = said if in_time else "", "", now
    row.save(update_fields=["answer", "heard", "answered_at"])
    follower.state = json.dumps(asdict(turn.state), ensure_ascii=False)
    follower.expires_at = now + KEPT
    follower.save(update_fields=["state", "expires_at"])
    return said if in_time else ""


def _locked(index: str, openid: str) -> Follower | None:
    """The follower, so that two messages of one are answered one after the other; None for an answered one's."""
    if not openid:
        return None
    fresh = {"openid": openid, "expires_at": clock.now() + KEPT}
    row, _new = Follower.objects.select_for_update().get_or_create(index=index, defaults=fresh)
    return row


def _house() -> House:
    row = organization.institution()
    numbers = [(str(one.name), one.number) for one in profile.current().public_numbers]
    return House(row.short_name, row.hotline, numbers)


def _with_what_waits(says: str, follower: str) -> str:
    """Before it, what could not be told in between, as far as it fits; the rest with the next answer."""
    if not says:
        return ""
    for row in Late.objects.filter(follower=follower).order_by("-pk"):
        if len(row.text) + len(says) + 2 > LONGEST_TEXT:
            break
        says = f"{row.text}\n\n{says}"
        row.delete()
    return says


def _files(before: State, turn: Turn, heard: Heard, follower: Follower) -> None:
    """What came with the message is fetched later; what belongs to a conversation that was given up is let go."""
    now = clock.now()
    if before.key and before.key != turn.state.key and turn.do is not Do.REGISTER:
        Enclosure.objects.filter(follower=follower.index, matter__isnull=True).delete()
        drafts.drop(before.key)
    files = turn.state.pictures or turn.state.voices
    if files and drafts.load(turn.state.key) is not None:  # they lie as long as the conversation
        drafts.save(turn.state.key, FORM, {}, lasts=KEPT)
    if turn.takes and heard.media_id:
        lies = json.dumps({"media_id": heard.media_id, "draft": turn.state.key})
        kind = Kind.PICTURE if heard.kind == "image" else Kind.VOICE
        Enclosure.objects.create(follower=follower.index, kind=kind, lies=lies, at=now, not_before=now)


def _done(turn: Turn, follower: Follower, account: Account) -> Turn:
    """What the turn asks for is done, and what came of it is said."""
    match turn.do:
        case Do.REGISTER:
            return _register(turn, follower, account)
        case Do.LOOK_UP:
            return _look_up(turn, follower, account)
        case Do.OWN:
            return replace(turn, says=_own(follower.index))
        case Do.BIND:
            return _bind(turn, follower, account)
        case Do.UNBIND:
            gone = binding.release(follower.index, str(follower.openid), went_away=False)
            some = _("解开了。以后查进度，发编号和查询码；有进展，打电话告诉您，没有留电话的请自己查。")
            return replace(turn, says=some if gone else _("没有关联过的事。"))
        case Do.GONE:
            binding.release(follower.index, str(follower.openid), went_away=True)
            return replace(turn, state=State())
    return turn


def _register(turn: Turn, follower: Follower, account: Account) -> Turn:
    state, now = turn.state, clock.now()
    left = throttle.take(throttle.FOLLOWER_MATTERS.scope, follower.index, now)
    if left is not None:
        return replace(turn, says=_too_often(left), do=Do.NOTHING)
    fetching = Enclosure.objects.select_for_update().filter(follower=follower.index, matter__isnull=True)
    still = list(fetching.values_list("pk", flat=True))
    try:
        with transaction.atomic():
            receipt = matters.register(_intake(state), actor=_SPEAKER)
    except NotDone as problem:
        return replace(turn, says=problem.text, do=Do.NOTHING)
    Enclosure.objects.filter(pk__in=still).update(matter=receipt.matter_id)
    drafts.drop(state.key)
    named = bool(state.name or state.phone)
    if named:
        binding.bind(follower.index, str(follower.openid), receipt.matter_id, None, 1, tells=account.tells)
    says = "\n".join(_receipt(receipt, named=named, tells=account.tells))
    return Turn(State(stage=Stage.DONE, receipt=says), says, Do.REGISTER)


def _receipt(receipt: matters.Receipt, *, named: bool, tells: bool) -> list[str]:
    promised = _("最晚%(day)s告诉您受理不受理。") % {"day": day(receipt.promised)} if receipt.promised else ""
    after = _("有进展，在微信里告诉您。回复“我的事”也能看。") if tells else _("回复“我的事”就能看进展。")
    alone = _("没有留名，我们找不到您。要看答复，请凭编号和查询码查。")
    return [
        _("登记好了。"),
        _("编号：%(number)s") % {"number": receipt.number},
        _("查询码：%(code)s") % {"code": query_code.in_fours(receipt.code)},
        _("请把编号和查询码记下来，不要告诉别人。"),
        *([promised] if promised else []),
        after if named else alone,
        _link(receipt.number),
    ]


def _intake(state: State) -> Intake:
    """As every way of raising says it; the key of the conversation is the key of the registration."""
    named = bool(state.name or state.phone)
    naming = Naming.CONFIDENTIAL if state.confidential else Naming.NAMED
    return Intake(
        channel=Channel.WECHAT,
        key=state.key,
        content="\n".join(state.said),
        spoken=bool(state.voices),
        naming=naming if named else Naming.ANONYMOUS,
        speaker=PersonSaid(name=state.name, phone=state.phone) if named else None,
        said_place=_("微信公众号"),
        place=state.place,
        latitude=state.latitude,
        longitude=state.longitude,
        danger_ticked=state.danger,
        tell_by=TellBy.SMS if state.phone else TellBy.PAGE,
        no_messages=not state.phone,
        files=waiting.given(state.key),
    )


def _look_up(turn: Turn, follower: Follower, account: Account) -> Turn:
    """Every wrong pair gets one sentence, whether the number exists or not; slowed down as on the page."""
    now, number = clock.now(), turn.state.number
    who = f"{FORM}:{follower.index}"
    left = guessing.take(number, who, now)
    if left is not None:
        over = dialogue.back(turn.state)
        return replace(turn, state=over, says=_too_often(left))
    found = query_code.opens(number, turn.code)
    if found is None:
        guessing.was_wrong(number, now)
        again = replace(turn.state, stage=Stage.NUMBER, number="")
        return replace(turn, state=again, says=_("编号和查询码对不上。请照着回执，从编号起再发一次。"))
    guessing.was_right(number, who, now)
    seen = tracking(Actor(ActorKind.SPEAKER, matter_id=found.matter.pk, part=found.part), now)
    lines = [_state_of(found.matter)]
    if seen.next is not None and seen.next.kind in PROMISED:
        promised = {"day": day(seen.next.due_at), "what": PROMISED[seen.next.kind]}
        lines.append(_("最晚%(day)s：%(what)s。") % promised)
    lines.append(_link(found.matter.number))
    if any(one.matter_id == found.matter.pk for one in binding.own(follower.index)):
        over = dialogue.back(turn.state)
        return replace(turn, state=over, says="\n".join(filter(None, [*lines, dialogue.left_open(over)])))
    offer = (
        _("回复 1，以后有进展在微信里告诉您，回复“我的事”就能看。不用，回复 2。")
        if account.tells
        else _("回复 1，以后回复“我的事”就能看，不用再发查询码。不用，回复 2。")
    )
    holder = seen.part or found.matter
    proved = (str(found.matter.pk), str(found.part or ""), holder.query_generation)
    state = replace(turn.state, stage=Stage.OFFER, number="", found=proved)
    return replace(turn, state=state, says="\n".join([*lines, offer]))


def _bind(turn: Turn, follower: Follower, account: Account) -> Turn:
    over = dialogue.back(turn.state)
    if turn.state.found is None:
        return replace(turn, state=over)
    matter, part, generation = turn.state.found
    done = binding.bind(
        follower.index,
        str(follower.openid),
        UUID(matter),
        UUID(part) if part else None,
        generation,
        tells=account.tells,
    )
    said = _("关联好了。回复“我的事”就能看，回复“解绑”就解开。") if done else _("查询码换过了，请用新的再查一次。")
    return replace(turn, state=over, says="\n".join(filter(None, [said, dialogue.left_open(over)])))


def _own(follower: str) -> str:
    rows = binding.own(follower)
    if not rows:
        return _("还没有关联的事。回复“进度”，用编号和查询码查一次，就能关联。")
    lines = [_state_of(row.matter) for row in rows]
    return "\n".join([*lines, _("详细的请看：%(link)s") % {"link": _track()}])


def _state_of(matter: Matter) -> str:
    return _("%(number)s：%(state)s") % {"number": matter.number, "state": matter.get_status_display()}


def _too_often(left: timedelta) -> str:
    minutes = max(1, -(-int(left.total_seconds()) // 60))
    return _("次数太多了，请过 %(n)d 分钟再来。急的请打热线。") % {"n": minutes}


def _link(number: str) -> str:
    return _("看进度：%(link)s") % {"link": f"{_track()}?number={number}"}


def _track() -> str:
    return settings.PUBLIC_ADDRESS + reverse("portal:track")
