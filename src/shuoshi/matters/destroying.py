"""Destroying a matter: its key goes, and with it every word, file and nonce; number, dates, kind, unit and end stay.

That the time to keep it is over and who decided so, the caller has settled. Packages above that keep something said in a
matter name it here (`also`), so that nothing of it outlives the matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, drafts, files, outbox, search
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.crypto import KeyHolder
from shuoshi.kernel.events import Event, Fact, Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.vocabulary import OVER, Status
from shuoshi.people import erasing
from shuoshi.people.models import Person

CLAUSE = "4.4.2"
Also = Callable[[UUID], Iterable[KeyHolder]]
_also: list[Also] = []


def also(function: Also) -> None:
    """Have `function` name the rows with a key of their own that hold what was said in a matter. Called when apps are ready."""
    if function not in _also:
        _also.append(function)


def may_be(matter: Matter) -> bool:
    """Whether it is over for good: a part goes with its whole."""
    return not matter.is_part and (matter.status in OVER or matter.status == Status.MERGED)


def destroy(matter_id: UUID, *, actor: Actor, again: bool = False, **facts: Fact) -> Event | None:
    """Destroy a matter with its parts, and its people where nothing else here knows them. None when it was done before.

    `again`: a copy of earlier brought it back, in whatever state it was then. Raises Refused while it is open.
    """
    now = clock.now()
    with transaction.atomic():
        matter = locked(matter_id)
        if matter.is_erased:
            return None
        if not again and not may_be(matter):
            raise Refused("not_over", _("这件事还没有办结，不能销毁。"))
        story = Story(Stream.of("matter", matter), "destroy_matter", by=actor, at=now, clause=CLAUSE)
        whole = [matter, *Matter.objects.select_for_update().filter(part_of=matter).order_by("part")]
        people = list(Person.objects.filter(pk__in=Party.objects.filter(matter__in=whole).values("person")))
        holders = [*whole, *(one for row in whole for function in _also for one in function(row.pk))]
        names = [name for holder in holders for name in files.sealed_under(holder)]
        for holder in holders:
            if not holder.is_erased:
                story.erase(holder)
        gone = [person for person in people if not _known_elsewhere(person)]
        for person in gone:
            erasing.erase(story, person)
        for row in whole:
            search.remove("matter", row.pk)
            drafts.drop_about(row.number)
            outbox.forget_about(row.pk)
        story.fact(people=len(gone), files=len(names), again=again, **facts)
        event = story.tell()
        transaction.on_commit(lambda: _take_away(names))
    return event


def _take_away(names: list[str]) -> None:
    """After the commit; what a crash leaves lying, no row names any more, and `files.reap` finds it."""
    for name in names:
        files.remove(name)


def _known_elsewhere(person: Person) -> bool:
    """Whether a matter that is still kept knows them, or the institution itself."""
    kept = Party.objects.filter(person=person, matter__wrapped_key__isnull=False)
    return kept.exists() or erasing.is_staff(person)
