"""Registration and what belongs to it: the one door behind all ways of raising a matter (3, 4.1)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, gathering, idempotency, numbering, rows
from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import query_code, terms
from shuoshi.matters.actions import outside_orders, questions, recordings, seats
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions.keeping_away import keep_away
from shuoshi.matters.actions.perform import following, perform
from shuoshi.matters.actions.received import REGISTER, REGISTER_GROUP
from shuoshi.matters.case import Case, Standing
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Demand, Matter, Party, Round
from shuoshi.matters.step import Step
from shuoshi.matters.terms import FileGiven, FileKept
from shuoshi.matters.vocabulary import (
    EMERGENCIES,
    Action,
    Channel,
    DeadlineKind,
    ExcludedBecause,
    Naming,
    PartyRole,
    RoundBecause,
    Status,
    Urgency,
)
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Institution, Unit
from shuoshi.organization.named import named_in
from shuoshi.organization.profile import Profile, stored
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven

TAKES_IN = frozenset(
    {
        Role.REGISTRAR,
        Role.DISPATCHER,
        Role.FOLLOW_UP_AGENT,
        Role.DUTY_OFFICER,
        Role.GRID_WORKER,
        Role.REPRESENTATIVE,
        Role.HANDLER,
        Role.DEPARTMENT_HEAD,
        Role.LEADER,
    }
)
SAID_BY_RESIDENT = frozenset({Channel.ONLINE, Channel.PLATFORM, Channel.WECHAT, Channel.MAIL})

# also after years: a file, a phone found in a drawer
_COMES_AGAIN = frozenset({Channel.IMPORT, Channel.VISIT, Channel.REPRESENTATIVE})


@dataclass(frozen=True)
class Receipt:
    """What the resident takes home. `promised` is the first promise: until when they hear who will handle it."""

    matter_id: UUID
    number: str
    code: str
    event_hash: str
    registered_at: datetime
    promised: datetime | None

    def kept(self) -> dict[str, Any]:
        return {
            "matter": str(self.matter_id),
            "number": self.number,
            "event_hash": self.event_hash,
            "registered_at": self.registered_at.isoformat(),
            "promised": self.promised.isoformat() if self.promised else "",
        }

    @classmethod
    def again(cls, kept: dict[str, Any]) -> Receipt:
        """The first receipt, from what its key kept; the code is computed, never stored."""
        matter = Matter.objects.only("id", "query_generation").get(pk=kept["matter"])
        return cls(
            matter_id=matter.id,
            number=kept["number"],
            code=query_code.code_of(matter),
            event_hash=kept["event_hash"],
            registered_at=datetime.fromisoformat(kept["registered_at"]),
            promised=datetime.fromisoformat(kept["promised"]) if kept["promised"] else None,
        )


def refusal(actor: Actor) -> Refused | None:
    """Why `actor` could not register anything here now, whatever it is about: said before anything is typed."""
    try:
        _institution(actor)
        _check_post(_at_the_desk(actor, TAKES_IN))
    except Refused as refused:
        return refused
    return None


def register(intake: Intake, *, actor: Actor) -> Receipt:
    """Register what a resident raised: the one door behind all ways of raising (4.1.1).

    The same key again returns the first receipt and changes nothing; other content under it raises KeyReused.
    Raises Refused when something the norm demands is missing or `actor` may not take in for this channel.
    """
    return take_in(intake, actor=actor, now=clock.now())


def registered_before(intake: Intake) -> bool:
    """Whether exactly this was registered already: sent again, it is not refused for what it did itself."""
    return idempotency.done(scope_of(intake.channel), intake.key, fingerprint(intake))


def take_in(intake: Intake, *, actor: Actor, now: datetime) -> Receipt:
    """The same inside another action, which read the clock at its start."""
    with transaction.atomic(), rows.together():
        return take_in_here(intake, actor=actor, now=now)


def take_in_here(intake: Intake, *, actor: Actor, now: datetime) -> Receipt:
    """The same inside the caller's transaction, which takes back what was written where something is raised."""
    actor = _at_the_desk(actor, TAKES_IN if not intake.drill else {Role.DUTY_OFFICER})
    _check(intake, actor)
    again = intake.channel in _COMES_AGAIN
    with idempotency.once(scope_of(intake.channel), intake.key, fingerprint(intake), for_ever=again) as once:
        if not once.first:
            return Receipt.again(once.answer)
        profile_id = gathering.asked("profile", stored.current_id)
        profile = stored.version(profile_id)
        institution = gathering.asked(("institution", actor.kind), partial(_institution, actor))
        intake, spoken = recordings.worded(intake)
        matter = _matter(intake, institution, actor, now, profile, profile_id)
        matter.spoken, matter.untyped = spoken, bool(spoken)
        intake = replace(intake, files=tuple(_kept(given, matter) for given in intake.files))
        if actor.kind is ActorKind.SPEAKER:
            actor = replace(actor, matter_id=matter.id)
        case = Case(actor=actor, matter=matter, standing=Standing(), now=now)
        give_number = partial(_give_number, profile, institution)
        row = REGISTER if intake.group is None else REGISTER_GROUP
        step = Step(row, case, profile, occurred_at=matter.happened_at, give_number=give_number)
        _rows(step, intake)
        event = perform(step, intake)
        if intake.settle is not None:
            perform(following(step, Action.ANSWER_ON_THE_SPOT), intake.settle)
        receipt = Receipt(
            matter_id=matter.id,
            number=matter.number,
            code=query_code.code_of(matter),
            event_hash=event.hash,
            registered_at=now,
            promised=_first_promise(step),
        )
        once.keep(receipt.kept())
    return receipt


def scope_of(channel: Channel) -> str:
    """Within which a key of a way in stands for one intake."""
    return f"register:{channel}"


def fingerprint(intake: Intake) -> str:
    """Digest of what a key stands for, so that one key cannot mean two things."""

    def person(said: PersonSaid | None) -> list[str]:
        return [said.name, said.phone, said.id_number, str(said.person)] if said else []

    content = [
        intake.content,
        str(intake.naming),
        person(intake.speaker),
        person(intake.on_behalf_of),
        list(intake.demands),
        str(intake.area),
        intake.place,
        str(intake.category),
        intake.order.number if intake.order else "",
        str(intake.urgency),
        repr(intake.settle),
        [_digest(given) for given in intake.files],
        *(["drill"] if intake.drill else []),
        *([repr(intake.order)] if intake.order else []),
        *([intake.linked_to] if intake.linked_to else []),
        *([repr(intake.group)] if intake.group else []),
        *([intake.also_said] if intake.also_said else []),
        *(["knowledge_missing"] if intake.knowledge_missing else []),  # keys of imports are older than this
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _digest(given: FileGiven | FileKept) -> str:
    return given.stored.sha256 if isinstance(given, FileKept) else hashlib.sha256(given.data).hexdigest()


def _kept(given: FileGiven | FileKept, matter: Matter) -> FileKept:
    return given if isinstance(given, FileKept) else given.kept(matter.data_key())


def _check(intake: Intake, actor: Actor) -> None:
    """The four things the norm demands, and that this actor may take in by this way."""
    if not intake.content.strip() and not recordings.say_it(intake):
        raise Refused("content_missing", _("请写下您要说的事，一句话也行。"))
    if len(intake.content) > terms.TEXT_LIMIT:
        raise Refused("content_too_long", _("最多 20,000 字，现在是 %(n)d 字。") % {"n": len(intake.content)})
    said = intake.speaker
    if intake.group is not None:
        seats.check(intake, intake.group, actor)
    elif intake.naming != Naming.ANONYMOUS and not (said and (said.name or said.phone or said.person)):
        raise Refused("speaker_missing", _("请留下怎么称呼或电话，或者选不留名字。"))
    if intake.naming == Naming.ANONYMOUS and said is not None:
        raise Refused("speaker_anonymous", _("选了不留名字，就不会记下姓名和电话。"))
    if not intake.key:
        raise Refused("key_missing", _("这次登记缺少识别号，请刷新页面再试。"))
    if actor.kind is ActorKind.SPEAKER and intake.channel not in SAID_BY_RESIDENT:
        raise Refused("channel", _("这个渠道由工作人员登记。"))
    if actor.kind is not ActorKind.SPEAKER and intake.channel == Channel.PLATFORM:
        raise Refused("channel_of_programs", _("这个渠道由别的平台送来，工作人员不能登记。"))
    if actor.kind is not ActorKind.SPEAKER and intake.channel == Channel.WECHAT:
        raise Refused("channel_of_followers", _("这个渠道由群众自己在公众号里说，工作人员不能登记。"))
    _check_post(actor)
    if intake.channel == Channel.OUTSIDE and intake.order is None:
        raise Refused("order_incomplete", _("上级转来的件，要写清楚单号和哪个上级转来的。"))
    if intake.order is not None:
        outside_orders.check(intake.order, clock.now())
    if intake.drill:
        _check_drill(intake, actor)


def _check_drill(intake: Intake, actor: Actor) -> None:
    """Begun by whoever is on the duty desk, about nobody, in an emergency: else it could hide a matter (4.1.2)."""
    if actor.kind is not ActorKind.STAFF or not any(post.role == Role.DUTY_OFFICER for post in actor.posts):
        raise Refused("drill_by_duty", _("演练由值班员发起。"))
    if intake.urgency not in EMERGENCIES:
        raise Refused("drill_urgent", _("演练练的是应急，请选紧急或特急。"))
    somebody = intake.on_behalf_of or intake.order or intake.concerns_people or intake.concerns_units
    if intake.naming != Naming.ANONYMOUS or somebody or intake.concerns_words:
        raise Refused("drill_of_nobody", _("演练不写真人，请选匿名。"))
    if intake.settle is not None:
        raise Refused("drill_settled", _("演练不能当场办结。"))


def _at_the_desk(actor: Actor, roles: Collection[str]) -> Actor:
    """As whom somebody takes in: as themselves, or in the place of one who is away and would."""
    if any(post.role in roles for post in actor.posts):
        return actor
    places = (actor.in_place_of(absent) for absent in actor.stands_in)
    return next((place for place in places if any(post.role in roles for post in place.posts)), actor)


def _check_post(actor: Actor) -> None:
    if actor.kind is ActorKind.STAFF and not any(post.role in TAKES_IN for post in actor.posts):
        raise Refused("no_intake_post", _("您的岗位不能登记说事。"), who_could=_("受理中心登记员"))


def _institution(actor: Actor) -> Institution:
    try:
        found = organization.institution()
    except Institution.DoesNotExist:
        raise Refused("no_institution", _("还没有设好单位，请管理员先设好。")) from None
    if found.opened_at is None and actor.kind is ActorKind.STAFF:
        raise Refused("not_open", _("这里还没有开始受理说事，还不能登记。"), who_could=_("系统管理员"))
    if found.opened_at is None:
        raise Refused("not_open", _("这里还没有开始受理说事。请打热线 %(phone)s。") % {"phone": found.hotline})
    return found


def _matter(
    intake: Intake, institution: Institution, actor: Actor, now: datetime, profile: Profile, profile_id: UUID
) -> Matter:
    """All that is known of it before it has a number."""
    questions.check(profile, intake.category, intake.answers)
    registry = gathering.asked(("registry", intake.home, actor), partial(_registry, intake, institution, actor))
    assert registry.parent is not None
    happened = min(intake.happened_at or now, now)
    home, group = registry.parent.path, intake.group
    above = gathering.asked(("above", home), partial(at_hand.dispatching_tier_above, home, now))
    return rows.new(
        Matter,
        id=new_id(),
        status=Status.REGISTERED,
        channel=intake.channel,
        outside_number=intake.order.number.strip() if intake.order else "",
        registered_at=now,
        happened_at=happened,
        registered_by_id=actor.person_id or intake.entered_by,
        staff_entered=actor.kind is ActorKind.STAFF or intake.entered_by is not None,
        registry=registry,
        home_path=home,
        tier_path=home,
        tier_above_path=above,
        said_point_id=intake.said_point,
        said_place=intake.said_place,
        area_id=intake.area,
        place=intake.place,
        coordinates=f"{intake.latitude},{intake.longitude}" if intake.latitude and intake.longitude else "",
        content=intake.content,
        answers=questions.written(intake.answers),
        concerns_words=intake.concerns_words,
        concerns_to_check=actor.kind is ActorKind.SPEAKER and bool(intake.concerns_words.strip()),
        read_back=intake.read_back,
        kind=intake.kind or "",
        category=intake.category,
        sensitive=bool(intake.category) and profile.sensitive(intake.category),
        urgency=Urgency.U3 if group and intake.urgency == Urgency.U4 else intake.urgency,
        drill=intake.drill,
        urgency_suspected=intake.danger_ticked and intake.urgency not in EMERGENCIES,
        naming=intake.naming if group is None else seats.strictest(group),
        headcount=group.headcount if group else None,
        answers_owed=len(group.spokespersons) if group else 0,
        consent_to_publication=intake.consent_to_publication,
        tell_by=intake.tell_by,
        no_messages=intake.no_messages,
        profile_id=profile_id,
    )


def _give_number(profile: Profile, institution: Institution, matter: Matter) -> None:
    """The next number of the day on which it is registered."""
    day = clock.local(matter.registered_at).strftime("%Y%m%d")
    if matter.drill:  # counted apart: the numbers of what was really said have no gaps
        taken = numbering.take(f"drill:{institution.code}:{day}")
        matter.number = f"YL-{profile.numbering.matter_number(institution.code, day, taken)}"
        matter.tail = tail(day, taken)
        return
    taken = numbering.take(series(institution, day))
    matter.number = profile.numbering.matter_number(institution.code, day, taken)
    matter.tail = tail(day, taken)


def series(institution: Institution, day: str) -> str:
    """The counter of the matters registered on a day, written YYYYMMDD; with "" for it, how all of them begin."""
    return f"matter:{institution.code}:{day}"


def tail(day: str, number: int) -> str:
    """The digits people read out: the last four of the day and the number in it."""
    return f"{day[-4:]}{number:04d}"


def _registry(intake: Intake, institution: Institution, actor: Actor) -> Unit:
    """The registry that takes this in: the one named, or of the actor's own unit, or the institution's."""
    named = intake.home or next((post.unit_id for post in actor.posts), None)
    path = next((post.unit_path for post in actor.posts if post.unit_id == named), None)
    registry = organization.registry_at(path) if path else organization.registry_for(named, institution)
    if registry is None:
        raise Refused("no_registry", _("还没有设受理中心，请管理员先设好。"))
    return registry


def _rows(step: Step, intake: Intake) -> None:
    """The first round of the matter, its parties, its demands, and whom it concerns."""
    matter = step.matter
    matter.round = step.add(
        rows.new(
            Round,
            matter=matter,
            ordinal=1,
            because=RoundBecause.REGISTERED,
            tier_path=matter.tier_path,
            opened_at=step.now,
        )
    )
    step.set(round=matter.round)
    for seat, spokes in enumerate(intake.group.spokespersons if intake.group else (), start=1):
        seats.take(step, spokes, seat, tell_by=intake.tell_by, no_messages=intake.no_messages)
    for role, said in ((PartyRole.SPEAKER, intake.speaker), (PartyRole.ON_BEHALF_OF, intake.on_behalf_of)):
        if said is not None:
            kept = people.keep(
                step.story,
                PersonGiven(name=said.name, phone=said.phone, id_number=said.id_number, person_id=said.person),
            )
            naming = Naming.NAMED if intake.naming == Naming.ANONYMOUS else intake.naming
            step.add(rows.new(Party, matter=matter, role=role, naming=naming, person=kept.person, contact=kept.contact))
    for ordinal, text in enumerate([d for d in intake.demands if d.strip()] or [intake.content], start=1):
        step.add(rows.new(Demand, matter=matter, ordinal=ordinal, text=text.strip()))
        step.set(demand_count=ordinal)
    named = named_in(intake.concerns_words)
    if named or intake.concerns_people or intake.concerns_units:
        units = {unit.pk: unit for unit in (*named.units, *Unit.objects.filter(pk__in=intake.concerns_units))}
        people_ = {*named.people, *intake.concerns_people}
        keep_away(step, ExcludedBecause.CONCERNED, people=people_, units=units.values())


def _first_promise(step: Step) -> datetime | None:
    return next((running.due_at for running in step.started if running.kind == DeadlineKind.ACCEPT), None)
