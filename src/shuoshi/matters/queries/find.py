"""Finding matters: by words, by number or its last digits, by phone. Every way goes through `visible_to`."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shuoshi.kernel import search, throttle
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.steady import Kind, alarm
from shuoshi.kernel.web.pager import Page
from shuoshi.matters.case import scopes
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.models.matter import LAST_DIGITS
from shuoshi.matters.queries import queues
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import OPEN, THEIR_SIDE, Naming
from shuoshi.organization.roles import Role
from shuoshi.people import phones
from shuoshi.people import queries as people
from shuoshi.people.models import Person

_NUMBER = re.compile(r"^(?:YL-)?[A-Z]{2}-[A-Z0-9]+-\d{8}-\d{4,}(?:-\d{1,3})?$")
_DIGITS = re.compile(r"^\d{3,8}$")
_A_NUMBER = 7  # so many digits can be a telephone of the place, or the greater part of any other
EARLIER = 20
NUMBERED = 8
ALIKE = 3
_COMPARED = 150  # the latest open matters of a place whose words are compared with what is being typed


class SearchedBy(StrEnum):
    """What was searched, said above the hits."""

    NUMBER = "number"
    TAIL = "tail"
    PHONE = "phone"
    WORDS = "words"
    TOO_SHORT = "too_short"


@dataclass(frozen=True)
class Found:
    by: SearchedBy
    page: Page[Matter]


def search_matters(
    actor: Actor,
    typed: str,
    filters: queues.Filters | None = None,
    after: str = "",
    *,
    among: QuerySet[Matter] | None = None,
) -> Found:
    """One box for everything: a number, its last digits, a phone, or words from two characters upward.

    `among` is a list made by `queues`, which knows whom it is for; without it, everything one may see is searched.
    """
    query = typed.strip()
    by, condition = _meant(actor, query)
    if condition is None:
        return Found(by, Page([]))
    if by is SearchedBy.PHONE:
        _not_too_often(actor)
    page = queues.rows((visible_to(actor) if among is None else among).filter(condition), filters, after)
    if by is SearchedBy.PHONE:
        _count_a_miss(actor, bool(page.rows))
    return Found(by, page)


def by_number(actor: Actor, typed: str) -> list[Matter]:
    """Matters of this number, or whose number ends in these digits, the newest first; one statement, none for other words."""
    query = unicodedata.normalize("NFKC", typed).strip()
    if _NUMBER.match(query.upper()):
        condition = Q(number=query.upper())
    elif _DIGITS.match(query):
        condition = Q(pk__in=_ending_in(query))
    else:
        return []
    return list(queues.latest(visible_to(actor).filter(condition)).rows[:NUMBERED])


def names_somebody(typed: str) -> bool:
    """Whether what was typed may be a telephone or an identity card, whole or in part: it belongs into no address."""
    written = unicodedata.normalize("NFKC", typed).strip()
    if _NUMBER.match(written.upper()):
        return False
    return sum(character.isdigit() for character in written) >= _A_NUMBER


def _not_too_often(actor: Actor) -> None:
    """Whoever tried many numbers in vain waits: a number that answers says who has a matter here."""
    left = throttle.wait(throttle.PHONE_MISSES.scope, str(actor.person_id))
    if left is not None:
        minutes = max(1, round(left.total_seconds() / 60))
        raise Refused("too_many_numbers", _("试的次数太多了。请 %(minutes)d 分钟后再试。") % {"minutes": minutes})


def _count_a_miss(actor: Actor, found: bool) -> None:
    if found:
        return
    throttle.hit(throttle.PHONE_MISSES.scope, str(actor.person_id))
    if throttle.wait(throttle.PHONE_MISSES.scope, str(actor.person_id)) is not None:
        alarm(Kind.PHONES_TRIED, str(actor.account_id))


def _meant(actor: Actor, query: str) -> tuple[SearchedBy, Q | None]:
    if _NUMBER.match(query.upper()):
        return SearchedBy.NUMBER, Q(number=query.upper())
    if _DIGITS.match(query):
        return SearchedBy.TAIL, Q(pk__in=_ending_in(query).union(search.matching("matter", query).values("ref")))
    phone = _phone(query)
    if phone:
        return SearchedBy.PHONE, Q(pk__in=_of_phone(actor, phone).values("matter"))
    if len(query) < 2:
        return SearchedBy.TOO_SHORT, None
    return SearchedBy.WORDS, Q(pk__in=search.matching("matter", query).values("ref"))


def _ending_in(digits: str) -> QuerySet[Any, Any]:
    """Keys of matters whose number ends so. The index knows four digits; of three, the one before may be any."""
    endings = [digits[-4:]] if len(digits) > 3 else [f"{before}{digits}" for before in range(10)]
    found = Matter.objects.alias(ending=LAST_DIGITS).filter(ending__in=endings, tail__endswith=digits)
    return found.values("pk")


def _phone(query: str) -> str:
    return _plain(query) if sum(character.isdigit() for character in query) >= 9 else ""


def _plain(number: str) -> str:
    """The number in its one form; "" for what is none."""
    try:
        return phones.normalise(number)
    except phones.BadNumber:
        return ""


def earlier_of_phone(actor: Actor, phone: str, *, asked_before: bool = False) -> list[Party]:
    """Earlier matters of a number for the registration page, newest first; a number never joins people by itself.

    `asked_before`: the same form asked for the same number already, so that finding nobody is not counted again.
    """
    _not_too_often(actor)
    if not _plain(phone):
        return []
    found = list(
        _of_phone(actor, phone)
        .filter(matter__in=visible_to(actor).filter(part_of__isnull=True).values("pk"))
        .select_related("matter", "matter__lead_unit", "matter__round", "person", "contact")
        .order_by("-matter__registered_at", "-matter_id")[:EARLIER]
    )
    _count_a_miss(actor, bool(found) or asked_before)
    return found


def gave_number(actor: Actor, person: UUID, phone: str) -> bool:
    """Whether this person gave this number for a matter that `actor` may know of by it.

    A wrong pair counts like a number that finds nobody, and whoever has to wait hears no: a masked number has so few
    endings that trying them would be looking at it, without a reason and without an event.
    """
    try:
        _not_too_often(actor)
    except Refused:
        return False
    given = _of_phone(actor, phone).filter(person=person, matter__in=visible_to(actor).values("pk"))
    found = bool(_plain(phone)) and given.exists()
    _count_a_miss(actor, found)
    return found


def alike(actor: Actor, said: str, area: UUID | None) -> list[Matter]:
    """Open matters of the same place in words that resemble `said`, likest first, ALIKE at most; two statements.

    Words are known to the index from acceptance on, and never of sensitive categories.
    """
    here = visible_to(actor).filter(status__in=OPEN, part_of__isnull=True)
    if area is not None:
        here = here.filter(area=area)
    latest = here.order_by("-registered_at").values("pk")[:_COMPARED]
    keys = search.alike("matter", said, latest)[:ALIKE]
    rows = {matter.pk: matter for matter in here.filter(pk__in=keys).select_related("area", "round")} if keys else {}
    return [rows[key] for key in keys]


def _of_phone(actor: Actor, phone: str) -> QuerySet[Party]:
    """Parties who gave this number. A hit says whose matter it is, so a confidential one is found by its registry only."""
    contacts = [contact.pk for contact in people.by_phone(phone)]
    registry = scopes(actor, (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT))
    open_to_me = ~Q(naming=Naming.CONFIDENTIAL) | Q(matter__home_path__in=registry)
    return Party.objects.filter(open_to_me, contact__in=contacts, role__in=THEIR_SIDE)


def matters_of_person(actor: Actor, person: Person | UUID) -> QuerySet[Matter]:
    mine = visible_to(actor).filter(parties__person=person, parties__role__in=THEIR_SIDE)
    return mine.filter(part_of__isnull=True)
