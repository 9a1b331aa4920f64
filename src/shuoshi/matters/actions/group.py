"""A group on its way: somebody joins its spokespersons, its number is corrected, one of them takes no more part (条例 20)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import group_guards, notices, policies, terms
from shuoshi.matters.actions import hearing, seats
from shuoshi.matters.intake import SpokespersonSaid
from shuoshi.matters.models import Spokesperson
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    OPEN,
    Action,
    Audience,
    DeadlineKind,
    Exit,
    Heard,
    Naming,
    Status,
)

_BESIDE_THE_WORK = policies.takes_down & ~policies.involved & ~policies.works_for_the_lead


def add_spokesperson(step: Step, given: terms.AddSpokesperson) -> None:
    """Of those who came later; never a sixth. They get a code and a receipt, and are asked about the reply like all."""
    matter = step.matter
    held = seats.seated(matter)
    seat = seats.free(held)
    if seat is None:
        raise Refused("seats_taken", _("代表已经有 5 位，不能再加；有人撤回以后才能换。"))
    said = SpokespersonSaid(name=given.name, phone=given.phone, naming=given.naming)
    seats.check_named(said)
    numbers = [str(row.party.contact.value) for row in held if row.party.contact is not None]
    seats.check_apart([said], shared=given.shared_phone, known=numbers)
    headcount = given.headcount if given.headcount is not None else max(matter.headcount or 0, len(held) + 1)
    seats.check_headcount(headcount, len(held) + 1)
    was = matter.headcount
    row = seats.take(step, said, seat, tell_by=given.tell_by, no_messages=False)
    step.set(headcount=headcount, answers_owed=matter.answers_owed + 1, receipt_handed_over_at=None)
    if given.naming == Naming.CONFIDENTIAL:
        step.set(naming=Naming.CONFIDENTIAL)
    if not _slip_waits(step, held):
        step.queue(notices.slip(matter, step.now))
    facts: dict[str, Any] = {"was": was, "headcount": headcount} if headcount != was else {}
    step.say(Audience.PUBLIC, spokespersons=len(held) + 1, joined=row.pk.hex, **facts)
    step.notify("spokesperson_added", Told.LEAD, Told.LEADER)


def _slip_waits(step: Step, held: list[Spokesperson]) -> bool:
    """Whether the matter lies on the list of receipts already, for one of the others."""
    return any(row.receipt_handed_over_at is None for row in held)


def correct_headcount(step: Step, given: terms.CorrectHeadcount) -> None:
    """Both numbers stay, with the reason; whoever leads hears of it, for fewer heads make a matter look smaller."""
    if given.headcount == step.matter.headcount:
        raise Refused("nothing_changed", _("没有改动任何一项。"))
    seats.check_headcount(given.headcount, len(seats.seated(step.matter)))
    was = step.matter.headcount
    step.set(headcount=given.headcount)
    step.say(Audience.PUBLIC, given.reason, was=was, headcount=given.headcount)
    step.notify("headcount_corrected", Told.LEAD, Told.LEADER)


# ── one person's part ──────────────────────────────────────────────────────────────────────────────────────────────


def withdraw_part(step: Step, part: Spokesperson, text: str, shown_by: str | None) -> None:
    """One of them takes no more part; the others go on, and nothing of the matter stops."""
    key = hearing.key_of(part.pk)
    if key in step.clocks:
        raise Refused("part_is_ending", _("这一位已经提了撤回，到期生效。"))
    step.change(part, withdrawal_entered=step.actor.kind is ActorKind.STAFF)
    step.start(DeadlineKind.WITHDRAWAL, about=part.pk.hex)
    step.say(Audience.PUBLIC, text, shown_by=shown_by, part=part.pk.hex)


def revoke_part(step: Step, part: Spokesperson, text: str) -> None:
    key = hearing.key_of(part.pk)
    if key not in step.clocks:
        raise Refused("part_goes_on", _("这一位没有提过撤回。"))
    if step.actor.kind is ActorKind.STAFF and not part.withdrawal_entered:
        raise Refused("own_or_entered_withdrawal", _("撤回是说事人自己用查询码提的，只有本人能收回。"))
    step.drop(key)
    step.say(Audience.PUBLIC, text, part=part.pk.hex)


def end_parts(step: Step) -> None:
    """Whose two days are over speak for the group no longer; with the last of them the matter ends.

    Who is left decides what becomes of the reply: whoever leads hears of everyone who went (1.3.1).
    """
    for row in seats.seated(step.matter):
        clock = step.clocks.get(hearing.key_of(row.pk))
        if clock is None or clock.due_at > step.now:
            continue
        step.settle(hearing.key_of(row.pk))
        step.change(row, left_at=step.now)
        step.say(Audience.PUBLIC, part=row.pk.hex, seat=row.seat)
        step.queue(notices.to_one_speaker(step.matter, step.now, notices.PART_OVER, row.party.person_id))
    left = seats.seated(step.matter)
    step.notify("part_ended", Told.LEAD, Told.LEADER, Told.REGISTRY)
    if not left:
        step.move(Status.CLOSED)
        step.close(Exit.WITHDRAWN)
        return
    hearing.weigh(step)
    if step.matter.status == Status.IN_FOLLOW_UP and all(row.heard == Heard.SATISFIED for row in left):
        step.rating = hearing.last_word(step)


ROWS = (
    Transition(
        action=Action.ADD_SPOKESPERSON,
        source=AT_WORK - {Status.IN_FOLLOW_UP},
        clause="4.1.1",
        allow=_BESIDE_THE_WORK,
        when=(group_guards.a_group,),
        do=add_spokesperson,
        notify=(Told.LEAD, Told.LEADER),
        resident=True,
    ),
    Transition(
        action=Action.CORRECT_HEADCOUNT,
        source=OPEN - {Status.MERGED},
        clause="4.1.1",
        allow=_BESIDE_THE_WORK,
        when=(group_guards.a_group,),
        do=correct_headcount,
        notify=(Told.LEAD, Told.LEADER),
        resident=True,
    ),
)
