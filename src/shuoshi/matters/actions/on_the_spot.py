"""Answered where it was said: reply and short report in one, by whoever registered the matter (2.2.1)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.knowledge.models import EntryVersion
from shuoshi.matters import (
    again_guards,
    deadlines,
    emergency_guards,
    group_guards,
    guards,
    kind_guards,
    outside_guards,
    policies,
    recording_guards,
    terms,
)
from shuoshi.matters.actions import citing, triage
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.case import scope_of
from shuoshi.matters.models import Result, ResultPoint
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    Bond,
    Complexity,
    DeadlineKind,
    Exit,
    Kind,
    Outcome,
    ReportForm,
    ResultState,
    Status,
    Way,
)
from shuoshi.organization.models import Unit
from shuoshi.organization.roles import Role


def answer_on_the_spot(step: Step, given: terms.AnswerOnTheSpot) -> None:
    """Reply and short report in one; an enquiry whose asker says it is clear is over (2.2.1)."""
    if given.kind in (Kind.INVALID, Kind.DISPUTE, Kind.SUGGESTION):
        raise Refused("not_on_the_spot", _("矛盾纠纷、意见建议和无效登记不能当场答复。"))
    unit = _answering_unit(step)
    category = given.category or step.matter.category
    step.set(
        kind=given.kind,
        title=given.title.strip(),
        category=category,
        complexity=Complexity.SIMPLE,
        sensitive=bool(category) and step.profile.sensitive(category),
        lead_unit=unit,
        handler_id=step.actor.person_id,
    )
    triage.forget_foreign_category(step)
    assignment = triage.new_assignment(step, unit, basis="answered_on_the_spot", binding=True)
    step.change(assignment, handler_id=step.actor.person_id, signed_for_at=step.now)
    step.set(assignment=assignment)
    over = at_hand.headed_by(step, step.actor.person_id) if step.actor.person_id else []
    step.involve(step.actor.person_id, Bond.HANDLED, over)
    step.involve(step.actor.person_id, Bond.ISSUED)
    cited = citing.versions(given.cites)
    result = _reply_in_one(step, given, cited)
    step.say(
        Audience.PUBLIC,
        given.answer,
        basis=given.basis,
        clear=given.clear,
        cited=citing.named(cited),
        result=result.ordinal,
    )
    triage.index(step)
    _after_the_answer(step, given)


def _answering_unit(step: Step) -> Unit:
    """The registry whose post lets the actor answer, whichever other posts the person holds."""
    answering = (post for post in step.actor.posts if post.role in (Role.REGISTRAR, Role.DISPATCHER))
    post = next(post for post in answering if scope_of(post) == step.matter.tier_path)
    return Unit.objects.select_related("parent").get(pk=post.unit_id)


def _reply_in_one(step: Step, given: terms.AnswerOnTheSpot, cited: Sequence[EntryVersion]) -> Result:
    """The signed result: one person answers and signs, which is allowed here and marked."""
    result = step.add(
        Result(
            matter=step.matter,
            round=step.matter.round,
            assignment=step.matter.assignment,
            ordinal=step.next_result(),
            state=ResultState.SIGNED,
            form=ReportForm.SHORT,
            reply=given.answer,
            report=given.answer,
            basis=given.basis,
            prepared_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            prepared_at=step.now,
            issuer_id=step.actor.person_id,
            signed_at=step.now,
            delivered_by=Way.FACE_TO_FACE,
            delivered_on=clock.local(step.now).date(),
            duty_overlap=True,
            cites=len(cited),
        )
    )
    citing.cite(step, result, cited)
    for demand in step.matter.demands.filter(dropped=False):
        step.add(
            ResultPoint(matter=step.matter, result=result, demand=demand, outcome=Outcome.SOLVED, text=given.answer)
        )
    step.story.fact(duty_overlap=True)
    step.change(step.matter.round, replied_at=step.now)  # type: ignore[type-var]  # registered, so it has a round
    step.set(review_until=deadlines.review_until(step.matter, step.profile, step.now), finally_reviewed_at=None)
    citing.notice_unanswered(step, result)
    return result


def _after_the_answer(step: Step, given: terms.AnswerOnTheSpot) -> None:
    from shuoshi.matters.actions.result import hand_to_follow_up

    if not outside_guards.order_reported(step.case):
        step.move(Status.IN_FOLLOW_UP)  # reported back before it ends
        hand_to_follow_up(step)
    elif given.kind in (Kind.OTHER, Kind.PRAISE):
        step.move(Status.CLOSED)
        step.close(Exit.PASSED_ON)
    elif given.kind == Kind.POLICY_ENQUIRY and given.clear:
        step.move(Status.CLOSED)
        step.close(Exit.ANSWERED)
    else:
        step.move(Status.IN_FOLLOW_UP)
        hand_to_follow_up(step)


ROWS = (
    Transition(
        action=Action.ANSWER_ON_THE_SPOT,
        source=triage.TO_BE_ACCEPTED | triage.TO_BE_ASSIGNED,
        also=frozenset({Status.IN_FOLLOW_UP, Status.CLOSED}),
        clause="2.2.1",
        allow=policies.registrar,
        when=(
            guards.not_an_emergency,
            emergency_guards.danger_looked_at,
            guards.not_a_dispute,
            kind_guards.not_a_suggestion,
            group_guards.not_a_group,
            guards.no_void_pending,
            again_guards.not_given_out_yet,
            guards.concerns_checked,
            recording_guards.recordings_typed,
            guards.not_the_one_who_screened,
        ),
        do=answer_on_the_spot,
        start=(DeadlineKind.FOLLOW_UP,),
        stop=(DeadlineKind.ACCEPT, DeadlineKind.ASSIGN),
        notify=(Told.FOLLOW_UP,),
        resident=True,
    ),
)
