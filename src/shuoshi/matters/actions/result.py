"""The result: reply to the resident and written report to the registry, prepared, signed, returned (4.3.3)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.clock import local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import (
    deadlines,
    emergency_guards,
    guards,
    kind_guards,
    outside_guards,
    policies,
    signing_guards,
    terms,
)
from shuoshi.matters.actions import (
    citing,
    co_units,
    hearing,
    leading,
    outside_orders,
    rulings,
    suggested,
    supervised,
    ticked,
    whole_and_parts,
)
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.case import opinions_owed
from shuoshi.matters.models import Attachment, Demand, Result, ResultPoint
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    OF_THE_WORK,
    Action,
    AgencyEnded,
    Audience,
    Bond,
    DeadlineKind,
    FollowUpBy,
    Heard,
    Mediated,
    Naming,
    ReportForm,
    ResultState,
    Status,
)

IN_HAND = frozenset({Status.IN_HANDLING})


def prepare_result(step: Step, given: terms.PrepareResult) -> None:
    """Every demand answered with its outcome, and proof where the category demands it (invariant 6)."""
    answers = _answers_to_every_demand(step, given)
    suggested.fits_the_decision(step, given)
    _ways_that_are_left(step, given)
    _short_where_nobody_else_signs(step, given)
    _proofs(step, given)
    ticked.require_needed(step)
    if opinions_owed(step.case) and not given.without_opinions.strip():
        raise Refused("opinion_open", _("还有协办单位没有答复。要先答复说事人，请写明为什么不等。"))
    if outside_guards.outside_answer_owed(step.case) and not given.without_opinions.strip():
        raise Refused("outside_unanswered", _("移送的外单位还没有答复。要先答复说事人，请写明为什么不等。"))
    cited = citing.versions(given.cites)
    result = step.add(
        Result(
            matter=step.matter,
            round=step.matter.round,
            assignment=step.matter.assignment,
            ordinal=step.next_result(),
            state=ResultState.PREPARED,
            form=given.form,
            reply=given.reply,
            report=given.report,
            basis=given.basis,
            remedies=given.remedies,
            prepared_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            prepared_at=step.now,
            cites=len(cited),
        )
    )
    citing.cite(step, result, cited)
    for demand, point in answers:
        step.add(
            ResultPoint(
                matter=step.matter,
                result=result,
                demand=demand,
                outcome=point.outcome,
                text=point.text,
                because=point.because,
            )
        )
    step.set(result_in_hand=True, result_short=given.form == ReportForm.SHORT)
    step.say(
        Audience.INTERNAL,
        given.without_opinions,
        files_given=given.proofs,
        result=result.ordinal,
        form=str(given.form),
        cited=citing.named(cited),
    )
    step.notify("to_sign", Told.HEAD)


def _answers_to_every_demand(step: Step, given: terms.PrepareResult) -> list[tuple[Demand, terms.PointAnswer]]:
    by_demand: dict[UUID, terms.PointAnswer] = {point.demand: point for point in given.points}
    wanted = list(step.matter.demands.filter(dropped=False, settled=False).order_by("ordinal"))
    missing = [demand.ordinal for demand in wanted if demand.pk not in by_demand]
    if missing:
        listed = _("、").join(str(ordinal) for ordinal in missing)
        raise Refused("demand_unanswered", _("第 %(n)s 条要求还没有答复。") % {"n": listed})
    return [(demand, by_demand[demand.pk]) for demand in wanted]


def _short_where_nobody_else_signs(step: Step, given: terms.PrepareResult) -> None:
    """The long report is signed by another than its handler; without another it would wait for ever."""
    unit, person = step.matter.lead_unit, step.actor.person_id
    if given.form == ReportForm.SHORT or unit is None or person is None:
        return
    if not at_hand.signers_for(step, unit) - {person}:
        raise Refused("short_report_only", _("这里没有别的负责人签发，请写短式报告，或者请别人承办。"))


def _ways_that_are_left(step: Step, given: terms.PrepareResult) -> None:
    """Where a mediation came to nothing the answer names where else to go (人民调解法 26)."""
    if step.matter.mediation == Mediated.FAILED and not given.remedies.strip():
        raise Refused("remedies_missing", _("调解没有成，答复里要写明双方还可以走的途径。"))


def _proofs(step: Step, given: terms.PrepareResult) -> None:
    """Where the category demands proof, something solved needs a picture or a document of this assignment.

    What the speaker showed is the complaint, not the proof that it was mended.
    """
    category = step.matter.category
    if not category or not step.profile.category(category).proof:
        return
    if not any(step.profile.outcome(point.outcome).needs_proof for point in given.points):
        return
    shown = Attachment.objects.filter(matter=step.matter, entry__assignment=step.matter.assignment)
    shown = shown.exclude(entry__action=Action.ADD_INFORMATION)
    if not given.proofs and not shown.exists():
        raise Refused("proof_missing", _("这类事办好了要附照片或凭证。"))


def send_back_result(step: Step, given: terms.SendBackResult) -> None:
    """The head wants it otherwise; the handler prepares a new version, this one stays."""
    result = _in_hand(step)
    step.change(result, state=ResultState.SENT_BACK)
    step.set(result_in_hand=False)
    step.involve(step.actor.person_id, Bond.LED)
    step.say(Audience.INTERNAL, given.reason, result=result.ordinal)
    step.notify("sent_back", Told.HANDLER)


def sign_result(step: Step, given: terms.SignResult) -> None:
    """Reply out, report in: completion and promise are settled by the facts, and the registry asks (4.3.3, 4.4.1).

    What was asked for before falls: answered, it is nobody else's; and now the resident's word comes first. Whoever
    still wants an end that is decided asks for it with the reply at hand.
    """
    result = _in_hand(step)
    _delivered_when_it_was_there(step, result, given)
    overlap = result.prepared_by_id in (step.actor.person_id, step.actor.acting_for)
    step.change(
        result,
        state=ResultState.SIGNED,
        issuer_id=step.actor.person_id,
        signed_at=step.now,
        delivered_by=given.delivered_by,
        delivered_on=given.delivered_on,
        duty_overlap=overlap,
    )
    step.set(result_in_hand=False, unread_words=0)
    step.miss(DeadlineKind.FIRST_CONTACT)
    step.drop(DeadlineKind.PROGRESS)
    step.drop(DeadlineKind.SIGN_FOR)
    step.end_agency(AgencyEnded.ANSWERED)
    supervised.let_go(step)
    co_units.let_go(step)
    leading.let_go(step)
    assert step.matter.round is not None
    step.change(step.matter.round, replied_at=step.now)
    step.involve(step.actor.person_id, Bond.ISSUED)
    if overlap:
        step.story.fact(duty_overlap=True)
    citing.notice_unanswered(step, result)
    rulings.let_fall(step, *OF_THE_WORK)
    if step.matter.is_part:
        whole_and_parts.answered(step, result)
    else:
        _hand_out(step, result)


def _hand_out(step: Step, result: Result) -> None:
    """The speaker has the reply from now on, and is asked about it."""
    until = deadlines.review_until(step.matter, step.profile, step.now)  # nobody had a signed answer before today
    step.set(review_until=until, reviews_asked=0, finally_reviewed_at=None)
    step.say(Audience.PUBLIC, result.reply, result=result.ordinal, duty_overlap=result.duty_overlap)
    hand_to_follow_up(step)
    step.notify("replied", Told.REGISTRY)
    outside_orders.tell_that_it_is_owed(step)


def _delivered_when_it_was_there(step: Step, result: Result, given: terms.SignResult) -> None:
    """From the day of delivery the resident's time for a review runs: not from a day on which nobody had an answer."""
    if given.delivered_on > local(step.now).date():
        raise Refused("delivery_in_future", _("送达日期不能晚于今天。"))
    if given.delivered_on < local(result.prepared_at).date():
        raise Refused(
            "delivery_before_answer", _("答复是%(day)s拟好的，送达日期不能更早。") % {"day": day(result.prepared_at)}
        )


def hand_to_follow_up(step: Step, *, reviewed: bool = False) -> None:
    """Whose turn it is to ask; their clock, and the resident's time to rate. `reviewed`: asked once more, after a review."""
    step.set(follow_up_by="", follow_up_path="", attempts=0, attempts_used_up=False)
    step.look_again()
    hearing.ask_everybody(step)
    fix_who_asks(step, again=reviewed)
    step.start(DeadlineKind.RATING)


def fix_who_asks(step: Step, *, again: bool = False) -> None:
    """Fix, with its reason, whose turn it is to ask; once more when somebody must stay away after the reply."""
    by, path, why = at_hand.follow_up_by(step)
    if (by, path) == (step.matter.follow_up_by, step.matter.follow_up_path):
        return
    step.set(follow_up_by=by, follow_up_path=path)
    if why:
        step.fall_back(by, why)
    if by == FollowUpBy.SPEAKER:
        step.drop(DeadlineKind.FOLLOW_UP)
        return
    if not again and _was_asked(step):
        return
    if step.matter.naming != Naming.ANONYMOUS and DeadlineKind.FOLLOW_UP not in step.clocks:
        step.start(DeadlineKind.FOLLOW_UP)
    step.notify("to_follow_up", Told.FOLLOW_UP)


def _was_asked(step: Step) -> bool:
    """Whether the person answered to this reply, or would not say."""
    if step.matter.is_group:
        return not step.matter.spokespersons.filter(left_at__isnull=True, heard=Heard.OWED).exists()
    assert step.matter.round is not None and step.matter.round.replied_at is not None
    since = step.matter.round.replied_at
    rated = step.matter.ratings.filter(at__gte=since)
    return rated.exists() or step.matter.follow_ups.filter(at__gte=since, declined=True).exists()


def _in_hand(step: Step) -> Result:
    result = step.matter.results.filter(state=ResultState.PREPARED).first()
    if result is None:
        raise Refused("no_result", _("现在没有待审签的答复和报告。"))
    result.matter = step.matter
    return result


ROWS = (
    Transition(
        action=Action.PREPARE_RESULT,
        source=IN_HAND,
        clause="4.3.3",
        allow=policies.handler,
        when=(
            guards.no_result_waiting,
            guards.no_exit_pending,
            emergency_guards.papers_made,
            kind_guards.duties_answered,
            kind_guards.not_mediating,
            kind_guards.decided_on,
        ),
        do=prepare_result,
        notify=(Told.HEAD,),
        turns=True,
        of_part=True,
    ),
    Transition(
        action=Action.SEND_BACK_RESULT,
        source=IN_HAND,
        clause="4.3.3",
        allow=policies.signer & ~policies.handler,
        when=(guards.result_prepared,),
        do=send_back_result,
        notify=(Told.HANDLER,),
        turns=True,
        of_part=True,
    ),
    Transition(
        action=Action.SIGN_RESULT,
        source=IN_HAND,
        target=Status.IN_FOLLOW_UP,
        also=frozenset({Status.PART_OVER}),
        clause="4.3.3",
        allow=policies.signer,
        when=(
            guards.result_prepared,
            outside_guards.papers_back,
            signing_guards.signed_by_another_unless_short,
            emergency_guards.emergency_over,
            emergency_guards.danger_looked_at,
        ),
        do=sign_result,
        start=(DeadlineKind.FOLLOW_UP, DeadlineKind.RATING),
        stop=(DeadlineKind.COMPLETION, DeadlineKind.PROMISE, DeadlineKind.EMERGENCY),
        notify=(Told.REGISTRY, Told.FOLLOW_UP),
        resident=True,
        of_part=True,
    ),
)
