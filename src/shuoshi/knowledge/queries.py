"""Questions about the knowledge base: who sees which entry, what is due, what is missing, what happened to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuoshi.kernel.actors import Actor, ActorKind
from shuoshi.kernel.events import Event
from shuoshi.kernel.web.pager import Page, keyset
from shuoshi.knowledge import finding, policies
from shuoshi.knowledge.actions.changes import Deed
from shuoshi.knowledge.models import Audience, Entry, EntryVersion, KnowledgeTask, Publication, State
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit
from shuoshi.people.models import Person

SOON = timedelta(days=30)  # 快到复核日
RELATED = ("unit", "latest", "current", "waiting", "waiting__written_by")


def in_force() -> QuerySet[Entry]:
    """What staff answer by: everything published."""
    return Entry.objects.filter(state=State.PUBLISHED)


def for_everybody() -> QuerySet[Entry]:
    """What residents read."""
    return in_force().filter(current__audience=Audience.PUBLIC)


def visible_to(actor: Actor) -> QuerySet[Entry]:
    """What this person may read on the desk: what is in force, and whatever stage entries are in that they may write."""
    if actor.kind is ActorKind.SYSTEM:
        return Entry.objects.all()
    if actor.kind is not ActorKind.STAFF:
        return for_everybody()
    units = [post.unit_id for post in actor.posts if post.role in policies.BELONGS]
    mine = Q(unit__in=units)
    for path in policies.managed(actor) | policies.served(actor):
        mine |= Q(unit__path__startswith=path)
    return Entry.objects.filter(Q(state=State.PUBLISHED) | mine)


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed by."""

    typed: str = ""
    state: str = ""
    unit: str = ""
    category: str = ""  # a code or its beginning
    marked: str = ""  # review: at its date or near it; waiting: to be published


def listing(actor: Actor, filters: Filters, today: date, after: str = "") -> Page[Entry]:
    """A page of the list, in order of number. One statement."""
    found = visible_to(actor).select_related("unit", "latest", "current", "waiting")
    if filters.typed:
        found = finding.matching(found, filters.typed)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.unit:
        found = found.filter(unit_id=filters.unit)
    if filters.category:
        code = f" {filters.category}"
        found = found.filter(Q(current__categories__contains=code) | Q(latest__categories__contains=code))
    if filters.marked == "review":
        found = found.filter(state=State.PUBLISHED, review_on__lte=today + SOON)
    if filters.marked == "waiting":
        found = found.filter(waiting__isnull=False)
    return keyset(found, after, ("number",))


def by_number(actor: Actor, number: int) -> Entry:
    """Raises Entry.DoesNotExist when the actor may not know of it."""
    return visible_to(actor).select_related(*RELATED).get(number=number)


def public_list() -> list[Entry]:
    """Every entry residents read, with its words and unit, in order of number. One statement."""
    return list(for_everybody().select_related("current", "unit").order_by("number"))


def public_entry(number: int) -> Entry:
    """Raises Entry.DoesNotExist for what residents do not read (any more)."""
    return for_everybody().select_related("current", "unit").get(number=number)


# ── what waits ─────────────────────────────────────────────────────────────────────────────────────────────────────


def open_tasks(actor: Actor, *, all_beneath: bool = False) -> QuerySet[KnowledgeTask]:
    """What is missing and this person's units answer for; with `all_beneath` also of the units they manage."""
    return KnowledgeTask.objects.filter(_of_units(actor, all_beneath), settled_at__isnull=True)


def to_review(actor: Actor, today: date, *, all_beneath: bool = False) -> QuerySet[Entry]:
    """Entries of this person's units that are in force and past the date they were to be looked at again."""
    return Entry.objects.filter(_of_units(actor, all_beneath), state=State.PUBLISHED, review_on__lte=today)


def to_publish(actor: Actor) -> QuerySet[Entry]:
    """What waits for this person to read and publish it."""
    paths = [post.unit_path for post in actor.posts if post.role in policies.HEADS]
    return Entry.objects.filter(waits_at__in=paths, waiting__isnull=False)


def waiting(actor: Actor, today: date) -> dict[str, QuerySet[Any]]:
    """The lists that ask something of this person, for one statement that counts them all; {} where none can."""
    if not any(post.role in policies.BELONGS for post in actor.posts):
        return {}
    return {
        "knowledge_missing": open_tasks(actor),
        "knowledge_review": to_review(actor, today),
        "knowledge_publish": to_publish(actor),
    }


def task(actor: Actor, pk: UUID) -> KnowledgeTask:
    """A task of a unit whose entries this person may write. Raises KnowledgeTask.DoesNotExist."""
    found = KnowledgeTask.objects.select_related("unit", "entry", "entry__current", "settled_by").get(pk=pk)
    if not policies.writes(actor, found.unit):
        raise KnowledgeTask.DoesNotExist
    return found


def of_category(category: str, unit: Unit) -> list[Entry]:
    """What is in force in this category or for this unit, with its words: what may answer the questions of a task."""
    here = Q(unit=unit) | Q(current__categories__contains=f" {category} ") if category else Q(unit=unit)
    return list(in_force().filter(here).select_related("current").order_by("number"))


def owner(category: str, area_path: str) -> Unit | None:
    """Who answers for a category here, by the duty list; None where it names nobody."""
    lines = organization.duty(category, area_path) if category else []
    return lines[0].unit if lines else None


def _of_units(actor: Actor, all_beneath: bool) -> Q:
    found = Q(unit__in=[post.unit_id for post in actor.posts if post.role in policies.BELONGS])
    for path in policies.managed(actor) if all_beneath else ():
        found |= Q(unit__path__startswith=path)
    return found


# ── versions and history ───────────────────────────────────────────────────────────────────────────────────────────


def versions(entry: Entry) -> list[tuple[EntryVersion, bool]]:
    """All of them, newest first, each with whether it ever was in force. One statement."""
    stood = Exists(Publication.objects.filter(version=OuterRef("pk")))
    rows = entry.versions.select_related("written_by").annotate(stood=stood).order_by("-number")
    return [(version, version.stood) for version in rows]


def citable(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], EntryVersion]:
    """Of these (entry, version) numbers those that residents may be pointed to: public, once in force, not retired."""
    pairs = set(wanted)
    if not pairs:
        return {}
    found = (
        EntryVersion.objects.filter(entry__number__in={number for number, _ in pairs}, audience=Audience.PUBLIC)
        .filter(Exists(Publication.objects.filter(version=OuterRef("pk"))))
        .exclude(entry__state=State.RETIRED)
        .select_related("entry")
    )
    by_pair = {(version.entry.number, version.number): version for version in found}
    return {pair: by_pair[pair] for pair in pairs if pair in by_pair}


@dataclass(frozen=True)
class Change:
    """One deed in the life of an entry: when, what, by whom, about which version, and why where a reason was owed."""

    at: datetime
    deed: str
    by: str
    version: int | None
    why: str


def history(entry: Entry) -> list[Change]:
    """What happened to an entry, newest first, from its events. Two statements."""
    events = list(Event.objects.filter(stream_kind="knowledge", stream_id=str(entry.pk)).order_by("-sequence"))
    people = _named(event.actor for event in events)
    return [_change(event, people) for event in events]


def _change(event: Event, people: Mapping[str, str]) -> Change:
    facts = event.facts()
    deed = str(Deed(event.action).label) if event.action in Deed.values else event.action
    return Change(event.recorded_at, deed, people.get(event.actor, ""), facts.get("version"), facts.get("why", ""))


def _named(actors: Iterable[str]) -> dict[str, str]:
    """The name of every member of staff among these refs of actors."""
    keys = {ref: UUID(ref.split(":")[1]) for ref in set(actors) if ref.startswith("staff:")}
    names = {person.pk: person.name for person in Person.objects.filter(pk__in=keys.values())}
    return {ref: names.get(key, "") for ref, key in keys.items()}
