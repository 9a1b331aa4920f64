"""Verbs of the appraisal (鉴定): destroy or keep longer, drawn up by one, approved by another who had no part in any of it.

Whoever wants a matter to vanish has to wait until its time is over and to find a second person; and what stays of it —
number, dates, kind, unit, end, the chain of events — says that it was there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shuoshi.archive import policies, reckoning
from shuoshi.archive.models import Destruction, Extended, Listed, State
from shuoshi.archive.reckoning import Kept
from shuoshi.kernel import clock, numbering
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.actions.locking import locked
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import visible_to
from shuoshi.organization import profile
from shuoshi.organization import queries as organization

CLAUSE = "4.4.2"
MOST = 500  # matters on one list: who approves it has to be able to read it


def put_on_list(matters: Sequence[UUID], *, actor: Actor, asked: bool = False) -> Destruction:
    """Put matters whose time is over on the open list of their tier, which is begun where there is none.

    Those that are on it already are there once. Raises Refused where one is not to be destroyed.
    """
    person = _somebody(actor)
    with transaction.atomic():
        found, path = _appraised(matters, actor)
        now = clock.now()
        over = _over(found)
        row = Destruction.objects.select_for_update().filter(path=path, state=State.OPEN).first()
        first = row is None
        if row is None:
            row = Destruction(number=_number(now.date()), path=path, opened_at=now, opened_by_id=person)
        listed = set() if first else set(_standing(row).values_list("matter", flat=True))
        fresh = [matter for matter in found if matter.pk not in listed]
        if not fresh:
            return row
        if len(listed) + len(fresh) > MOST:
            raise Refused("list_full", _("一册最多 %(n)d 件，请先提请批准这一册。") % {"n": MOST})
        _on_no_other(fresh)
        story = Story(
            Stream.of("destruction", row), "list_for_destruction", by=actor, at=now, clause=CLAUSE, first=first
        )
        if first:
            story.add(row)
        for matter in fresh:
            one = over[matter.pk]
            assert one.until is not None  # its time is over
            basis = {"until": one.until, "basis": one.basis, "asked": asked}
            story.add(Listed(destruction=row, matter=matter, by_id=person, at=now, **basis))
        story.tell()
    return row


def keep_longer(matters: Sequence[UUID], until: date | None, why: str, *, actor: Actor) -> int:
    """Keep matters until a day, or for ever (None), because they are worth it; how many. Raises Refused."""
    person = _somebody(actor)
    if not why.strip():
        raise Refused("reason_missing", _("请写明为什么还要保管。"))
    with transaction.atomic():
        found, _path = _appraised(matters, actor)
        now = clock.now()
        _over(found)
        _on_no_other(found)
        if until is not None and until <= clock.local(now).date():
            raise Refused("until_past", _("延长到的日子要在今天以后。"))
        for matter in found:
            story = Story(Stream.of("matter", matter), "keep_longer", by=actor, at=now, clause=CLAUSE)
            story.add(Extended(matter=matter, until=until, why=why.strip(), by_id=person, at=now))
            story.tell()
        reckoning.keep(found, now)
    return len(found)


def leave_out(line: UUID, *, actor: Actor) -> Destruction:
    """Take one matter off the open list again."""
    with transaction.atomic():
        one = Listed.objects.select_related("destruction").get(pk=line)
        row = _locked(one.destruction_id, actor, State.OPEN)
        if not policies.may_appraise(actor, row.path):
            raise not_yours()
        if not one.left_out:
            story = _story(row, "leave_out", actor)
            story.change(one, left_out=True)
            story.tell()
    return row


def propose(destruction: UUID, *, actor: Actor) -> Destruction:
    """Put the list before whoever approves it; nothing is added from here on."""
    person = _somebody(actor)
    with transaction.atomic():
        row = _locked(destruction, actor, State.OPEN)
        if not policies.may_appraise(actor, row.path):
            raise not_yours()
        if not _standing(row).exists():
            raise Refused("list_empty", _("这一册里还没有要销毁的事项。"))
        story = _story(row, "propose_destruction", actor)
        story.change(row, state=State.PROPOSED, proposed_at=story.at, proposed_by_id=person)
        story.tell()
    return row


def send_back(destruction: UUID, why: str, *, actor: Actor) -> Destruction:
    """Not like this: the list is open again, with the reason."""
    _somebody(actor)
    if not why.strip():
        raise Refused("reason_missing", _("请写明为什么退回。"))
    with transaction.atomic():
        row = _locked(destruction, actor, State.PROPOSED)
        _may_decide(row, actor)
        if Destruction.objects.filter(path=row.path, state=State.OPEN).exists():
            raise Refused("another_open", _("已经另起了一册。请先把那一册提请批准，再退回这一册。"))
        story = _story(row, "send_back_destruction", actor)
        story.change(row, state=State.OPEN, because=why.strip(), proposed_at=None, proposed_by_id=None)
        story.tell()
    return row


def approve(destruction: UUID, *, actor: Actor) -> Destruction:
    """Have all of the list destroyed. Never by whoever drew it up or had a part in one of its matters."""
    person = _somebody(actor)
    with transaction.atomic():
        row = _locked(destruction, actor, State.PROPOSED)
        _may_decide(row, actor)
        lines = _standing(row)
        _had_no_part(row, person)
        story = _story(row, "approve_destruction", actor)
        story.change(row, state=State.APPROVED, approved_at=story.at, approved_by_id=person)
        story.fact(matters=lines.count())
        story.tell()
    return row


def _may_decide(row: Destruction, actor: Actor) -> None:
    if not policies.may_approve(actor, row.path):
        raise Refused("not_yours_to_approve", _("销毁清册由领导批准。"), who_could=_("领导"))
    drew_up = {row.proposed_by_id, row.opened_by_id, *row.lines.values_list("by", flat=True)}
    if actor.person_id in drew_up:
        raise Refused("same_hand", _("造册的人和批准的人不能是同一个，请另一位来批。"), who_could=_("领导"))


def why_not_approve(row: Destruction, actor: Actor) -> str:
    """Why somebody who decides such lists does not approve this one; "" when they may, or never decide any."""
    if not policies.may_approve(actor, row.path):
        return ""
    try:
        _may_decide(row, actor)
        _had_no_part(row, _somebody(actor))
    except Refused as refused:
        return refused.text
    return ""


def _had_no_part(row: Destruction, person: UUID) -> None:
    handled = policies.handled(person, _standing(row).values_list("matter", flat=True))
    if handled:
        raise Refused(
            "handled_by_you",
            _("您经手过其中的 %(numbers)s，不能批准销毁。") % {"numbers": _("、").join(handled[:5])},
            who_could=_("没有经手过的领导，或者上一级领导"),
        )


def _appraised(matters: Sequence[UUID], actor: Actor) -> tuple[list[Matter], str]:
    """These matters, locked, all of one tier that the actor appraises. What they may not know of does not exist."""
    wanted = list(dict.fromkeys(matters))
    if not wanted:
        raise Refused("nothing_chosen", _("请至少勾一件。"))
    seen = set(visible_to(actor).filter(pk__in=wanted, part_of=None).values_list("pk", flat=True))
    if seen != set(wanted):
        raise Matter.DoesNotExist
    found = [locked(pk) for pk in sorted(wanted)]
    paths = {matter.home_path for matter in found}
    if len(paths) > 1:
        raise Refused("several_tiers", _("一册只能放一个层级的事项，请分开。"))
    (path,) = paths
    if not policies.may_appraise(actor, path):
        raise not_yours()
    return found, path


def _over(found: Sequence[Matter]) -> dict[UUID, Kept]:
    """How long each was to be kept. Raises Refused where the time of one is not over, or it is open, or gone."""
    today = clock.local(clock.now()).date()
    reckoned = reckoning.kept(found, profile.current().retention)
    for matter in found:
        if matter.is_erased:
            raise Refused("destroyed_before", _("%(number)s 已经销毁了。") % {"number": matter.number})
        one = reckoned.get(matter.pk)
        if one is None or not one.is_over(today):
            raise Refused("kept_still", _("%(number)s 的保管期限还没有满。") % {"number": matter.number})
    return reckoned


def _on_no_other(found: Sequence[Matter]) -> None:
    taken = Listed.objects.filter(matter__in=[matter.pk for matter in found], left_out=False).select_related("matter")
    for one in taken:
        raise Refused("listed_before", _("%(number)s 已经在销毁清册里。") % {"number": one.matter.number})


def _locked(pk: UUID, actor: Actor, state: State) -> Destruction:
    row = Destruction.objects.select_for_update().get(pk=pk)
    if not policies.may_read(actor, row.path):
        raise Destruction.DoesNotExist
    if row.state != state:
        raise Refused("list_state", _("这一册现在是“%(state)s”，不能这样办。") % {"state": row.get_state_display()})
    return row


def _standing(row: Destruction) -> QuerySet[Listed]:
    return row.lines.filter(left_out=False)


def _story(row: Destruction, action: str, actor: Actor) -> Story:
    return Story(Stream.of("destruction", row), action, by=actor, at=clock.now(), clause=CLAUSE)


def _number(day: date) -> str:
    institution = organization.institution()
    return f"XH-{institution.code}-{day.year}-{numbering.take(f'destruction {day.year}'):02d}"


def not_yours() -> Refused:
    return Refused("not_yours_to_appraise", _("鉴定由登记这些事的受理中心做。"), who_could=_("受理中心登记员、分办员"))


def _somebody(actor: Actor) -> UUID:
    assert actor.person_id is not None  # whoever appraises is somebody
    return actor.person_id
