"""Who speaks for a group: at most five, each known by name, each with a code and a receipt of their own (条例 20)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.intake import GroupSaid, Intake, SpokespersonSaid
from shuoshi.matters.models import SEATS, Matter, Party, Spokesperson
from shuoshi.matters.step import Step
from shuoshi.matters.vocabulary import Heard, Naming, PartyRole, TellBy
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people import phones
from shuoshi.people.given import PersonGiven

REGISTRY = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT)


def check(intake: Intake, group: GroupSaid, actor: Actor) -> None:
    """What a group needs before it is registered: the registry, spokespersons by name, a number that can be true."""
    if actor.kind is not ActorKind.STAFF or not any(post.role in REGISTRY for post in actor.posts):
        raise Refused("group_by_registry", _("集体反映由受理中心登记。"), who_could=_("受理中心登记员"))
    if intake.speaker is not None or intake.on_behalf_of is not None:
        raise Refused("group_by_spokespersons", _("集体反映由推选的代表说，不再另写说事人。"))
    if intake.settle is not None:
        raise Refused("group_settled", _("集体反映的事不能当场办结。"))
    if intake.consent_to_publication:
        raise Refused("group_consent", _("集体反映的事，公开不公开不能由一个人替大家同意。"))
    if not group.spokespersons:
        raise Refused("spokesperson_missing", _("请写推选的代表，最多 5 位。"))
    if len(group.spokespersons) > SEATS:
        raise Refused("too_many_spokespersons", _("代表最多 5 位，其余的人由代表转告。"))
    for said in group.spokespersons:
        check_named(said)
    check_headcount(group.headcount, len(group.spokespersons))
    check_apart(group.spokespersons, shared=group.shared_phone)


def check_named(said: SpokespersonSaid) -> None:
    if said.naming == Naming.ANONYMOUS or not (said.name.strip() or said.person):
        raise Refused("spokesperson_unnamed", _("代表要写姓名；不愿让承办单位知道的，可以选保密。"))


def check_headcount(headcount: int, spokespersons: int) -> None:
    """Two make a group, and nobody speaks for fewer than there are spokespersons."""
    if headcount < max(2, spokespersons):
        raise Refused("headcount_too_small", _("人数至少是 2，也不能比代表少。"))


def check_apart(several: Iterable[SpokespersonSaid], *, shared: bool, known: Iterable[str] = ()) -> None:
    """One telephone for two heads is said, and taken only where somebody says that they share it."""
    found = list(several)
    chosen = Counter(said.person for said in found if said.person)
    if any(n > 1 for n in chosen.values()):
        raise Refused("spokesperson_twice", _("同一个人只能做一位代表。"))
    numbers = Counter([phones.normalise(said.phone) for said in found if said.phone])
    twice = [number for number, n in numbers.items() if n > 1 or number in set(known)]
    if twice and not shared:
        raise Refused("same_phone", _("两位代表留了同一个电话。确实是合用的，请勾选“合用一个电话”。"))


def strictest(group: GroupSaid) -> Naming:
    """One who asks for confidence has it for the matter: what is said there may name them."""
    quiet = any(said.naming == Naming.CONFIDENTIAL for said in group.spokespersons)
    return Naming.CONFIDENTIAL if quiet else Naming.NAMED


def take(step: Step, said: SpokespersonSaid, seat: int, *, tell_by: TellBy, no_messages: bool) -> Spokesperson:
    """Give somebody this seat: party, code, receipt. The answer to the reply is owed by them, too."""
    kept = people.keep(step.story, PersonGiven(name=said.name, phone=said.phone, person_id=said.person))
    party = step.add(
        Party(
            matter=step.matter,
            role=PartyRole.SPOKESPERSON,
            naming=said.naming,
            person=kept.person,
            contact=kept.contact,
        )
    )
    return step.add(
        Spokesperson(
            matter=step.matter,
            party=party,
            seat=seat,
            tell_by=tell_by,
            no_messages=no_messages,
            joined_at=step.now,
            heard=Heard.OWED,
        )
    )


def seated(matter: Matter) -> list[Spokesperson]:
    """Who speaks for the group now, in the order of their seats; one statement."""
    rows = matter.spokespersons.filter(left_at__isnull=True).order_by("seat")
    found = list(rows.select_related("party__person", "party__contact__person"))
    for row in found:
        row.matter = matter
    return found


def free(held: Iterable[Spokesperson]) -> int | None:
    """The lowest free seat; None where all five are taken."""
    taken = {row.seat for row in held}
    return next((seat for seat in range(1, SEATS + 1) if seat not in taken), None)


def of(matter: Matter, part: UUID) -> Spokesperson | None:
    """The spokesperson behind a code, as long as they speak; one statement."""
    row = matter.spokespersons.filter(pk=part, left_at__isnull=True).select_related("party__contact").first()
    if row is not None:
        row.matter = matter
    return row
