"""Two records of one human being: joined under a survivor, and parted again exactly as they were.

Nothing is deleted or moved. The joined record stays as a stone that points to its survivor; parties keep the record they
were given. Whoever joins records of the staff would create or escape a separation of duty: an administrator, another
natural person, has to agree, and parting opens nothing that began while they were one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock, steady
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.people import same
from shuoshi.people.actions.changes import (
    locked,
    require_another,
    require_none_waits,
    require_not_own,
    require_reason,
)
from shuoshi.people.models import Change, ChangeKind, ChangeState, Person
from shuoshi.people.policies import require_account_arranger


def join(stone_id: UUID, survivor_id: UUID, reason: str, words: str, *, actor: Actor) -> Change:
    """Hold both records to be one person, shown as `survivor_id` from now on; with staff it is only proposed.

    Raises Refused for a record that is joined already, on either side.
    """
    if stone_id == survivor_id:
        raise Refused("same_record", _("这是同一份档案。"))
    with transaction.atomic():
        stone, survivor = _both(stone_id, survivor_id)
        _joinable(stone, survivor)
        return _begin(ChangeKind.JOIN, stone, survivor, reason, words, actor, _join)


def part(stone_id: UUID, reason: str, words: str, *, actor: Actor) -> Change:
    """Hold the stone to be somebody else again; with staff it is only proposed."""
    with transaction.atomic():
        into = Person.objects.values_list("joined_into", flat=True).get(pk=stone_id)
        if into is None:
            raise Refused("not_joined", _("这份档案没有合并到别人名下。"))
        stone, survivor = _both(stone_id, into)
        if stone.joined_into_id != survivor.pk:
            raise Refused("not_joined", _("这份档案没有合并到别人名下。"))
        return _begin(ChangeKind.PART, stone, survivor, reason, words, actor, _part)


def agree_to_two(change_id: UUID, *, actor: Actor) -> Change:
    """Let a joining or parting with a record of the staff be in force: an administrator, who did not propose it."""
    now = clock.now()
    with transaction.atomic():
        change = locked(change_id)
        assert change.into_id is not None and change.kind in _DEEDS
        require_another(change, actor=actor)
        for one in (change.person_id, change.into_id):
            require_account_arranger(actor, one)
        stone, survivor = _both(change.person_id, change.into_id)
        if change.kind == ChangeKind.JOIN:
            _joinable(stone, survivor)
        elif stone.joined_into_id != survivor.pk:
            raise Refused("not_joined", _("这份档案没有合并到别人名下。"))
        change.person, change.into = stone, survivor
        story = Story(Stream.of("person", stone), change.kind.lower(), by=actor, at=now)
        story.change(change, state=ChangeState.DONE, settled_by=actor.person_id, settled_at=now)
        story.fact(with_record=str(survivor.pk), proposed_by=str(change.by), staff=True)
        _DEEDS[ChangeKind(change.kind)](story, stone, survivor)
        steady.settle(steady.Kind.SECOND_WANTED, str(change.pk))
    return change


def _begin(
    kind: ChangeKind,
    stone: Person,
    survivor: Person,
    reason: str,
    words: str,
    actor: Actor,
    deed: Callable[[Story, Person, Person], None],
) -> Change:
    assert actor.person_id is not None
    now: datetime = clock.now()
    for one in (stone, survivor):
        require_not_own(one.pk, actor=actor)
    require_reason(reason, words)
    require_none_waits(stone.pk, kind)
    records = {*same.records_of(stone.pk), *same.records_of(survivor.pk)}
    staff = same.is_staff(records)
    change = Change(kind=kind, person=stone, into=survivor, reason_code=reason[:40], words=words.strip(), at=now)
    change.by, change.second, change.staff = actor.person_id, staff, staff
    if not staff:
        change.state, change.settled_by, change.settled_at = ChangeState.DONE, actor.person_id, now
    name = "propose_change" if staff else kind.lower()
    story = Story(Stream.of("person", stone), name, by=actor, at=now)
    story.add(change)
    story.fact(kind=str(kind), reason=change.reason_code, with_record=str(survivor.pk), staff=staff)
    if staff:
        story.tell()
        steady.alarm(steady.Kind.SECOND_WANTED, str(change.pk), lasts=None)
    else:
        deed(story, stone, survivor)
    return change


def _both(one: UUID, other: UUID) -> tuple[Person, Person]:
    """Both rows under their lock, always in one order: whoever joins the other way round waits, and is refused."""
    rows = {row.pk: row for row in Person.objects.select_for_update().filter(pk__in=(one, other)).order_by("pk")}
    if len(rows) < 2:
        raise Person.DoesNotExist
    return rows[one], rows[other]


def _joinable(stone: Person, survivor: Person) -> None:
    if stone.joined_into_id is not None or survivor.joined_into_id is not None:
        raise Refused("joined_already", _("其中一份档案已经合并到别人名下。请先撤销那次合并，或者选保留的那一份。"))
    if stone.joined_here:
        raise Refused("holds_joined", _("这份档案名下已经合并了别的档案。请选它作为保留的一份，或者先撤销那些合并。"))


def _join(story: Story, stone: Person, survivor: Person) -> None:
    story.change(stone, joined_into=survivor)
    records = same.records_of(survivor.pk)
    same.write_down(story, [stone.pk], [one for one in records if one != stone.pk])
    story.tell()
    _tell_survivor(story, stone, survivor, survivor.joined_here + 1, "take_in_record")


def _part(story: Story, stone: Person, survivor: Person) -> None:
    story.change(stone, joined_into=None)
    same.end(story, stone.pk, story.at)
    story.tell()
    _tell_survivor(story, stone, survivor, survivor.joined_here - 1, "let_go_record")


def _tell_survivor(story: Story, stone: Person, survivor: Person, holds: int, action: str) -> None:
    """The same in the stream of the other person."""
    other = Story(Stream.of("person", survivor), action, by=story.by, at=story.at)
    other.change(survivor, joined_here=holds)
    other.fact(record=str(stone.pk))
    other.tell()


_DEEDS: dict[ChangeKind, Callable[[Story, Person, Person], None]] = {ChangeKind.JOIN: _join, ChangeKind.PART: _part}
