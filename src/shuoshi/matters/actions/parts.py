"""Rows of divided matters that follow by rule: what whole and parts hear of each other, and the one reply (4.2.2)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.clock import local
from shuoshi.matters import deadlines, dividing_guards, policies, terms
from shuoshi.matters.actions import citing, leading, returned_report, rework, rulings, stopped
from shuoshi.matters.actions import keeping_away as away
from shuoshi.matters.actions.result import hand_to_follow_up
from shuoshi.matters.actions.whole_and_parts import HEARS, last_result, wanted
from shuoshi.matters.answering import answered_by
from shuoshi.matters.models import Citation, Matter, Result, ResultPoint
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    OF_A_PART,
    Action,
    Audience,
    DeadlineKind,
    EndedBecause,
    ReportForm,
    RequestKind,
    ResultState,
    Shared,
    Status,
    TakenUp,
    Way,
)
from shuoshi.organization.models import Unit

WORKED_ON = OF_A_PART - {Status.PART_OVER}
_DIVIDED = frozenset({Status.DIVIDED})
_HEARD_AS = {
    Shared.SAID: "information",
    Shared.NUDGED: "nudged",
    Shared.WITHDRAWING: "withdrawing",
    Shared.STAYS: "withdrawal_revoked",
}


# ── what they hear of each other ───────────────────────────────────────────────────────────────────────────────────


def tell_whole(step: Step, given: terms.TellWhole) -> None:
    """One part less, a later date, or somebody who is kept away; the speaker reads the first two.

    A date that was missed is not made anew by what a part is granted: the part alone has more time then.
    """
    what, part = str(given.what), given.part
    if given.kept is not None:
        _keep_away(step, given.kept)
        step.say(Audience.INTERNAL, what=what, of_part=part)
    elif given.what == Shared.LATER:
        until = datetime.fromisoformat(given.until)
        moved = stopped.put_off(step, DeadlineKind.PROMISE, until, "extension")
        audience = Audience.INTERNAL if moved is None else Audience.PUBLIC  # the speaker's date is as it was
        step.say(audience, what=what, of_part=part, until=local(until).date().isoformat())
    else:
        step.set(parts_open=step.matter.parts_open - 1)
        step.say(Audience.PUBLIC, what=what, of_part=part, unit=given.unit)


def tell_part(step: Step, given: terms.TellPart) -> None:
    """The speaker's words reach whoever handles the part; who is kept from the whole is kept from it."""
    if given.kept is not None:
        _keep_away(step, given.kept)
        step.say(Audience.INTERNAL, what=str(given.what))
        return
    step.say(Audience.INTERNAL, given.text, files_given=given.files, what=str(given.what))
    if given.what in (Shared.SAID, Shared.NUDGED):
        step.set(unread_words=step.matter.unread_words + 1)
    told = (Told.HANDLER, Told.HEAD) if step.matter.handler_id else (Told.LEAD,)
    step.notify(_HEARD_AS[given.what], *told)


def _keep_away(step: Step, kept: terms.Kept) -> None:
    away.keep_away(step, kept.why, people=kept.people, units=Unit.objects.filter(pk__in=kept.units))


# ── once more, or no more ──────────────────────────────────────────────────────────────────────────────────────────


def take_up_part(step: Step, given: terms.TakeUpPart) -> None:
    """Its report did not hold, or its answer did not satisfy: the same unit goes on, where it still can."""
    settled = step.matter.demands.filter(ordinal__in=given.settled, settled=False)
    for demand in settled:
        demand.matter = step.matter
        step.change(demand, settled=True)
    if given.because == TakenUp.RETURNED:
        _report_returned(step)
    else:
        _reworked(step, given.text)
    step.say(Audience.INTERNAL, given.text, because=str(given.because))


def _report_returned(step: Step) -> None:
    assert step.matter.round is not None
    step.change(last_result(step.matter), state=ResultState.RETURNED)
    step.change(step.matter.round, replied_at=None)
    step.move(Status.IN_HANDLING)
    returned_report.run_on(step, DeadlineKind.COMPLETION)
    away.take_up_again(step)
    step.notify("report_returned", Told.HEAD, Told.HANDLER)


def _reworked(step: Step, words: str) -> None:
    old = step.matter.assignment
    assert old is not None
    rework.begin_round(step, words)
    if rework.same_lead_can(step):
        rework.to_the_same_lead(step, old)
    else:
        rework.to_whoever_assigns(step)
    away.take_up_again(step)


def end_part(step: Step, given: object) -> None:
    """The whole ended otherwise: nothing is owed any more, and nobody is asked."""
    step.notify("whole_ended", Told.LEAD)
    if step.matter.assignment is not None:
        away.let_go_of_the_work(step, EndedBecause.ROUND_ENDED)
    rulings.let_fall(step, RequestKind.RECUSAL)
    step.drop_all()
    assert step.matter.round is not None
    step.change(step.matter.round, ended_at=step.now)
    step.set(unread_words=0)
    step.say(Audience.INTERNAL)


# ── the one reply ──────────────────────────────────────────────────────────────────────────────────────────────────


def gather_parts(step: Step, given: object) -> None:
    """Each demand keeps the outcome and the words of its part; then one call, and one rating."""
    reply = _reply(step)
    step.set(parts_open=0, unread_words=0)
    leading.let_go(step)
    assert step.matter.round is not None
    step.change(step.matter.round, replied_at=step.now)
    until = deadlines.review_until(step.matter, step.profile, step.now)
    step.set(review_until=until, reviews_asked=0, finally_reviewed_at=None)
    step.say(Audience.PUBLIC, reply.reply, result=reply.ordinal, duty_overlap=reply.duty_overlap)
    hand_to_follow_up(step)
    step.notify("replied", Told.REGISTRY)


def _reply(step: Step) -> Result:
    """What the parts answered, under the name of each unit; the speaker's words of the parts stay with them."""
    demands, by_demand = wanted(step.matter), answered_by(step.matter)
    parts = {by_demand[demand.ordinal].pk: by_demand[demand.ordinal] for demand in demands}
    results = {pk: last_result(part) for pk, part in parts.items()}
    last = max(results.values(), key=lambda one: (one.signed_at, one.matter.part))
    versions = _cited(results)
    reply = step.add(
        Result(
            matter=step.matter,
            round=step.matter.round,
            ordinal=step.next_result(),
            state=ResultState.SIGNED,
            form=ReportForm.LONG if any(one.form == ReportForm.LONG for one in results.values()) else ReportForm.SHORT,
            reply=_under_units(parts, results, "reply"),
            report=_under_units(parts, results, "report"),
            basis=_under_units(parts, results, "basis"),
            remedies=_under_units(parts, results, "remedies"),
            prepared_by_id=last.prepared_by_id,
            prepared_at=last.prepared_at,
            issuer_id=last.issuer_id,
            signed_at=step.now,
            delivered_by=Way.PAGE,
            delivered_on=local(step.now).date(),
            duty_overlap=any(one.duty_overlap for one in results.values()),
            cites=len(versions),
        )
    )
    citing.cite(step, reply, [row.version for row in versions])
    for demand in demands:
        part = by_demand[demand.ordinal]
        point = results[part.pk].points.get(demand__ordinal=demand.ordinal)
        point.matter = part
        step.add(
            ResultPoint(
                matter=step.matter,
                result=reply,
                demand=demand,
                outcome=point.outcome,
                text=point.text,
                because=point.because,
            )
        )
    return reply


def _cited(results: dict[UUID, Result]) -> list[Citation]:
    rows = Citation.objects.filter(result__in=[one.pk for one in results.values() if one.cites])
    by_version = {row.version_id: row for row in rows.select_related("version").order_by("id")}
    return list(by_version.values())


def _under_units(parts: dict[UUID, Matter], results: dict[UUID, Result], column: str) -> str:
    """One column of the results of all parts, each under the name of its unit; nothing of those that left it empty."""
    found = []
    for pk, part in sorted(parts.items(), key=lambda pair: pair[1].part):
        text = str(getattr(results[pk], column))
        unit = part.lead_unit.short_name if part.lead_unit else ""
        if text.strip():
            found.append(_("第 %(n)d 分项（%(unit)s）：\n%(text)s") % {"n": part.part, "unit": unit, "text": text})
    return "\n\n".join(found)


ROWS = (
    Transition(
        action=Action.TELL_WHOLE,
        source=HEARS,
        clause="4.2.2",
        allow=policies.system,
        when=(dividing_guards.in_parts,),
        do=tell_whole,
        start=(DeadlineKind.PROMISE,),
        resident=True,
    ),
    Transition(
        action=Action.TELL_PART,
        source=OF_A_PART,
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        moves_from=frozenset({Status.ASSIGNED, Status.IN_HANDLING}),
        clause="4.2.2",
        allow=policies.system,
        when=(dividing_guards.a_part,),
        do=tell_part,
        notify=(Told.HANDLER, Told.HEAD, Told.LEAD),
        of_part=True,
    ),
    Transition(
        action=Action.TAKE_UP_PART,
        source=frozenset({Status.PART_OVER}),
        also=WORKED_ON,
        clause="4.4.2",
        allow=policies.system,
        when=(dividing_guards.a_part,),
        do=take_up_part,
        start=(DeadlineKind.SIGN_FOR, DeadlineKind.FIRST_CONTACT, DeadlineKind.COMPLETION, DeadlineKind.ASSIGN),
        notify=(Told.HEAD, Told.LEAD, Told.HANDLER, Told.DISPATCHER),
        of_part=True,
    ),
    Transition(
        action=Action.END_PART,
        source=WORKED_ON,
        target=Status.PART_OVER,
        clause="1.3.1",
        allow=policies.system,
        when=(dividing_guards.a_part,),
        do=end_part,
        notify=(Told.LEAD,),
        of_part=True,
    ),
    Transition(
        action=Action.GATHER_PARTS,
        source=_DIVIDED,
        target=Status.IN_FOLLOW_UP,
        clause="4.3.3",
        allow=policies.system,
        when=(dividing_guards.the_last_part,),
        do=gather_parts,
        start=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        stop=(DeadlineKind.PROMISE,),
        notify=(Told.REGISTRY, Told.FOLLOW_UP),
        resident=True,
    ),
)
