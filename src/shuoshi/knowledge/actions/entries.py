"""Verbs on entries: written, read by another, in force, looked at again, out of force. Each is one transaction."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, idempotency, numbering
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused, Stale
from shuoshi.knowledge import finding, policies
from shuoshi.knowledge.actions.changes import Deed, EntryGiven, check, check_review, check_why
from shuoshi.knowledge.actions.tasks import answered
from shuoshi.knowledge.models import (
    Entry,
    EntryVersion,
    KnowledgeTask,
    Publication,
    State,
    written_codes,
    written_sources,
)
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from shuoshi.organization.models import Unit


def propose(given: EntryGiven, unit_id: UUID, *, actor: Actor, key: str = "", task_id: UUID | None = None) -> Entry:
    """Write a new entry for a unit; it waits until somebody else publishes it.

    With `task_id` its publication settles that task. The same `key` again returns the first entry. Raises Refused for
    what is missing or odd, a closed unit, or somebody who may not write for it.
    """
    now = clock.now()
    with transaction.atomic():
        unit = Unit.objects.get(pk=unit_id)
        policies.require_writer(actor, unit)
        if not unit.active:
            raise Refused("unit_closed", _("这个单位已经停用。"))
        check(given, profile.current(), _today(now))
        if not key:
            return _propose(given, unit, actor, now, task_id)
        with idempotency.once("knowledge:propose", key, _fingerprint(given, unit)) as once:
            if once.first:
                once.keep({"entry": str(_propose(given, unit, actor, now, task_id).pk)})
            return Entry.objects.get(pk=once.answer["entry"])


def revise(entry_id: UUID, given: EntryGiven, *, seen: int, actor: Actor) -> Entry:
    """Write another version; what is in force stays so until it is published.

    `seen` is the latest version the form was opened with: another one raises Stale. The same words change nothing.
    """
    now = clock.now()
    with transaction.atomic():
        entry = _locked(entry_id)
        policies.require_writer(actor, entry.unit)
        check(given, profile.current(), _today(now))
        latest = entry.latest
        assert latest is not None  # every entry was written once
        version = _version(entry, given, latest.number + 1, actor, now)
        if _same(version, latest) and latest.pk in (entry.waiting_id, entry.current_id):
            return entry
        if latest.number != seen:
            raise _written_meanwhile(latest)
        story = _story(entry, Deed.REVISE, actor, now, version=version.number)
        story.add(version)
        story.change(entry, latest=version, waiting=version, waits_at=_waits_at(entry.unit, actor))
        if entry.state == State.DRAFT:
            finding.index(entry, version)
        story.tell()
    return entry


def publish(entry_id: UUID, number: int, *, actor: Actor) -> Entry:
    """Put a version in force: the one that waits, read by another than its writer, or one that stood before (undo).

    Raises Refused for any other version, or for whoever may not; Stale when another version waits meanwhile.
    """
    now = clock.now()
    with transaction.atomic():
        entry = _locked(entry_id)
        policies.require_manager(actor, entry.unit)
        version = _numbered(entry, number)
        if entry.state == State.PUBLISHED and entry.current_id == version.pk:
            return entry
        stood = version.publications.exists()
        fresh = entry.waiting_id == version.pk
        if not stood and not fresh:
            raise _why_not_this_one(entry, version)
        policies.require_publisher(actor, entry.unit, version, stood_before=stood)
        deed = Deed.PUBLISH_AGAIN if stood else Deed.PUBLISH
        story = _story(entry, deed, actor, now, version=number)
        story.add(Publication(entry=entry, version=version, by_id=_person(actor), at=now))
        columns = {"waiting": None, "waits_at": ""} if fresh else {}
        story.change(
            entry,
            state=State.PUBLISHED,
            current=version,
            reviewed_on=_today(now),
            review_on=version.review_on,
            **columns,
        )
        answered(story, entry)
        finding.index(entry, version)
        story.tell()
    return entry


def decline(entry_id: UUID, number: int, why: str, *, actor: Actor) -> Entry:
    """Do not publish the version that waits; whoever wrote it reads why and may write another.

    Raises Stale when it was published meanwhile or another version waits; Refused for any other version.
    """
    now = clock.now()
    with transaction.atomic():
        entry = _locked(entry_id)
        policies.require_manager(actor, entry.unit)
        if entry.waiting is None or entry.waiting.number != number:
            raise _why_not_this_one(entry, _numbered(entry, number))
        story = _story(entry, Deed.DECLINE, actor, now, version=number, why=check_why(why))
        story.change(entry, waiting=None, waits_at="")
        story.tell()
    return entry


def retire(entry_id: UUID, why: str, *, actor: Actor) -> Entry:
    """Take an entry out of force; nobody finds or cites it any more, answers that cited it still say so.

    A draft that nobody wants is retired as well. Raises Refused when it is out of force already.
    """
    now = clock.now()
    with transaction.atomic():
        entry = _locked(entry_id)
        policies.require_manager(actor, entry.unit)
        if entry.state == State.RETIRED:
            raise Refused("retired_already", _("这一条已经停用。"))
        story = _story(entry, Deed.RETIRE, actor, now, why=check_why(why))
        story.change(entry, state=State.RETIRED, current=entry.current or entry.latest, waiting=None, waits_at="")
        story.tell()
    return entry


def confirm_reviewed(entry_id: UUID, until: date, *, actor: Actor) -> Entry:
    """Say that an entry was looked at and still holds, and when to look next."""
    now = clock.now()
    with transaction.atomic():
        entry = _locked(entry_id)
        policies.require_keeper(actor, entry.unit)
        if entry.state != State.PUBLISHED:
            raise Refused("not_in_force", _("这一条没有发布，不用复核。"))
        check_review(until, _today(now))
        story = _story(entry, Deed.CONFIRM, actor, now)
        story.change(entry, reviewed_on=_today(now), review_on=until)
        story.tell()
    return entry


def hand_over(entry_id: UUID, unit_id: UUID, *, actor: Actor) -> Entry:
    """Give an entry to another unit to keep. By somebody who manages both: a duty is never pushed sideways."""
    now = clock.now()
    with transaction.atomic():
        entry = _locked(entry_id)
        unit = Unit.objects.get(pk=unit_id)
        policies.require_manager(actor, entry.unit)
        policies.require_manager(actor, unit)
        if not unit.active:
            raise Refused("unit_closed", _("这个单位已经停用。"))
        if unit.pk == entry.unit_id:
            return entry
        story = _story(entry, Deed.HAND_OVER, actor, now)
        columns = {"waits_at": _waits_at(unit, actor, entry.waiting)} if entry.waiting else {}
        story.change(entry, unit=unit, **columns)
        story.tell()
    return entry


def _propose(given: EntryGiven, unit: Unit, actor: Actor, now: datetime, task_id: UUID | None) -> Entry:
    wanted = KnowledgeTask.objects.filter(pk=task_id, unit=unit, settled_at__isnull=True).first() if task_id else None
    entry = Entry(unit=unit, task=wanted)
    version = _version(entry, given, 1, actor, now)
    story = _story(entry, Deed.PROPOSE, actor, now, version=1)
    waits_at = _waits_at(unit, actor)
    entry.number = numbering.take("knowledge.entry")  # last: whoever writes an entry queues here
    story.add(entry)
    story.add(version)
    story.change(entry, latest=version, waiting=version, waits_at=waits_at)
    finding.index(entry, version)
    story.tell()
    return entry


def _locked(entry_id: UUID) -> Entry:
    rows = Entry.objects.select_related("unit", "current", "latest__written_by", "waiting__written_by")
    return rows.select_for_update(of=("self",)).get(pk=entry_id)


def _story(entry: Entry, deed: Deed, actor: Actor, now: datetime, **facts: str | int) -> Story:
    story = Story(Stream.of("knowledge", entry), deed, by=actor, at=now, clause="2.2.1")
    story.fact(**facts)
    return story


def _version(entry: Entry, given: EntryGiven, number: int, actor: Actor, now: datetime) -> EntryVersion:
    return EntryVersion(
        entry=entry,
        number=number,
        question=" ".join(given.question.split()),
        answer=given.answer.strip(),
        words="\n".join(dict.fromkeys(way.strip() for way in given.ways if way.strip())),
        categories=written_codes(given.categories),
        sources=written_sources(given.sources),
        audience=given.audience,
        review_on=given.review_on,
        written_by_id=_person(actor),
        written_at=now,
    )


def _same(one: EntryVersion, other: EntryVersion) -> bool:
    columns = ("question", "answer", "words", "categories", "sources", "audience", "review_on")
    return all(getattr(one, name) == getattr(other, name) for name in columns)


def _numbered(entry: Entry, number: int) -> EntryVersion:
    """Raises Refused where the entry has no such version."""
    version = entry.versions.filter(number=number).first()
    if version is None:
        raise Refused("no_such_version", _("这一条没有第 %(n)d 版。") % {"n": number})
    return version


def _why_not_this_one(entry: Entry, version: EntryVersion) -> Refused | Stale:
    """Somebody else was faster, or it is a version nobody ever published."""
    if entry.waiting is not None and entry.waiting.number > version.number:
        return _written_meanwhile(entry.waiting)
    published = version.publications.select_related("by").order_by("at").last()
    if published is not None:
        return Stale(_("发布了这一版"), published.by.name, published.at)
    return Refused("never_published", _("第 %(n)d 版没有发布过，也不在等发布。") % {"n": version.number})


def _written_meanwhile(version: EntryVersion) -> Stale:
    return Stale(_("写了新的一版"), version.written_by.name, version.written_at)


def _waits_at(unit: Unit, actor: Actor, version: EntryVersion | None = None) -> str:
    """The unit whose head or leader reads it: the owner, unless its only one wrote it; then the nearest above."""
    writer = version.written_by_id if version else _person(actor)
    chain = organization.chain(unit)
    posts = organization.posts_at().filter(unit__in=[one.pk for one in chain], role__in=policies.HEADS)
    able = set(posts.exclude(person_id=writer).values_list("unit__path", flat=True))
    return next((one.path for one in chain if one.path in able), chain[-1].path)


def _person(actor: Actor) -> UUID:
    assert actor.person_id is not None  # only staff pass the policies
    return actor.person_id


def _today(now: datetime) -> date:
    return clock.local(now).date()


def _fingerprint(given: EntryGiven, unit: Unit) -> str:
    return hashlib.sha256(f"{unit.pk} {given!r}".encode()).hexdigest()
