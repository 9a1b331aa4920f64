"""What an agreement binds to: written down when it is made, looked at after its day, closed or not; and its end (2.2.4)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from shuoshi.kernel.clock import INSTITUTION_ZONE, local
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import guards, kind_guards, policies, terms
from shuoshi.matters.models import Agreement, Mediation, Obligation, OtherRating
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    HELD,
    Action,
    Audience,
    Bond,
    DeadlineKind,
    Exit,
    Performed,
    Side,
    Status,
)
from shuoshi.organization.profile import Step as Limited

CONFIRMED_WITHIN = timedelta(days=30)  # jointly by a court, from the day it binds (人民调解法 33)
LOOKED_AT_AFTER = timedelta(days=30)  # where the rules set nothing else
FARTHEST = timedelta(days=365 * 3)
AGAIN_WITHIN = timedelta(days=60)
END_OF_DAY = time(17, 30)
_FULL_STOPS = "。；.; "  # what somebody ends an article with, before its date follows
EVER_SINCE = HELD | {Status.ACCEPTED, Status.ASSIGNED, Status.IN_FOLLOW_UP, Status.UNDER_REVIEW, Status.CLOSED}


def keep(step: Step, mediation: Mediation, given: terms.ConcludeAgreement) -> None:
    """The agreement with what each side owes, and a look at each some time after its day."""
    matter = step.matter
    last = matter.agreements.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    agreement = step.add(
        Agreement(
            matter=matter,
            mediation=mediation,
            ordinal=last + 1,
            form=given.form,
            facts=given.facts,
            issue=given.issue,
            way=given.way,
            concluded_on=given.concluded_on,
            confirm_until=given.concluded_on + CONFIRMED_WITHIN,
            proof=given.proof,
            proof_ref=given.proof_ref,
            by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            at=step.now,
        )
    )
    first = matter.obligations.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    for ordinal, owed in enumerate(given.obligations, start=first + 1):
        _owe(step, agreement, ordinal, owed)
    step.say(Audience.INTERNAL, given.proof_ref, files_given=given.files, proof=str(given.proof))
    lines = [
        _("%(who)s：%(what)s，最晚%(day)s")
        % {"who": Side(owed.by).label, "what": owed.text.rstrip(_FULL_STOPS), "day": day(owed.due_on)}
        for owed in given.obligations
    ]
    step.say(
        Audience.PUBLIC,
        "\n".join([*lines, given.way]),
        agreed=str(given.form),
        confirm=agreement.confirm_until.isoformat(),
    )


def _owe(step: Step, agreement: Agreement, ordinal: int, owed: terms.Owed) -> None:
    if not agreement.concluded_on <= owed.due_on <= agreement.concluded_on + FARTHEST:
        raise Refused("owed_out_of_reach", _("履行的日期不能早于达成协议那天，最晚三年以内。"))
    step.add(
        Obligation(
            matter=step.matter,
            agreement=agreement,
            ordinal=ordinal,
            owed_by=owed.by,
            text=owed.text,
            due_on=owed.due_on,
        )
    )
    limit = step.profile.limit(Limited.PERFORMANCE, step.matter.kind)
    after = timedelta(days=limit.amount) if limit is not None else LOOKED_AT_AFTER
    _look(step, ordinal, max(owed.due_on, local(step.now).date()) + after)


def _look(step: Step, ordinal: int, on: date) -> None:
    due = datetime.combine(on, END_OF_DAY, INSTITUTION_ZONE)
    step.start(DeadlineKind.PERFORMANCE, about=str(ordinal), due_at=due, ordered=True)


def check_performance(step: Step, given: terms.CheckPerformance) -> None:
    """Heard from whoever it is owed to. Not done: urged, with another look, or the way to the court is named."""
    key = f"{DeadlineKind.PERFORMANCE}:{given.obligation}"
    if key not in step.clocks:
        raise Refused("not_to_be_looked_at", _("这一条现在不用回查。"))
    row = step.matter.obligations.get(ordinal=given.obligation)
    row.matter = step.matter
    today = local(step.now).date()
    if given.performed != Performed.YES and today < row.due_on:
        raise Refused("owed_later", _("这一条%(day)s才到期，到期以后再回查。") % {"day": day(row.due_on)})
    if given.again_on is not None and not today < given.again_on <= today + AGAIN_WITHIN:
        raise Refused("look_out_of_reach", _("下次回查最早明天，最晚六十天以内。"))
    step.change(row, performed=given.performed, looked_at=step.now, looked_by_id=step.actor.person_id)
    step.settle(key)
    if given.performed != Performed.YES and given.again_on is not None:
        _look(step, row.ordinal, given.again_on)
    again = given.again_on.isoformat() if given.again_on and given.performed != Performed.YES else None
    step.say(
        Audience.PUBLIC,
        given.text,
        files_given=given.files,
        obligation=row.ordinal,
        performed=str(given.performed),
        way=str(given.heard),
        until=again,
    )


def ask_other_side(step: Step, given: terms.AskOtherSide) -> None:
    """The other side is asked by whoever asks the speaker, once a round; kept beside, and moves nothing (4.4.1)."""
    assert step.matter.round is not None
    if step.matter.other_ratings.filter(round=step.matter.round).exists():
        raise Refused("other_side_asked", _("这一轮已经问过对方了。"))
    step.add(
        OtherRating(
            matter=step.matter,
            round=step.matter.round,
            asked_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            at=step.now,
            way=given.way,
            result=given.result,
            attitude=given.attitude,
            words=given.words,
            proof=given.proof,
            proof_ref=given.proof_ref,
        )
    )
    step.involve(step.actor.person_id, Bond.FOLLOWED_UP)
    step.say(
        Audience.INTERNAL,
        given.words,
        way=str(given.way),
        other_result=str(given.result),
        other_attitude=str(given.attitude),
    )


def close_agreed(step: Step, given: object) -> None:
    """The speaker is not content with what both signed: it binds all the same, and the word stands beside it."""
    step.close(Exit.AGREED_MEDIATION)
    step.say(Audience.PUBLIC)


ROWS = (
    Transition(
        action=Action.CHECK_PERFORMANCE,
        source=EVER_SINCE,
        clause="2.2.4",
        allow=policies.mediator | policies.handler | policies.head,
        when=(kind_guards.performance_owed,),
        do=check_performance,
        start=(DeadlineKind.PERFORMANCE,),
        resident=True,
    ),
    Transition(
        action=Action.ASK_OTHER_SIDE,
        source=frozenset({Status.IN_FOLLOW_UP}),
        clause="4.4.1",
        allow=policies.follow_up_agent & ~policies.involved & ~policies.entered_it & ~policies.subordinate_of_handler,
        when=(kind_guards.a_dispute, kind_guards.has_other_side),
        do=ask_other_side,
    ),
    Transition(
        action=Action.CLOSE_AGREED,
        source=frozenset({Status.IN_FOLLOW_UP, Status.CLOSED}),
        target=Status.CLOSED,
        clause="4.4.2",
        allow=policies.system,
        when=(
            guards.dissatisfied_with_result,
            kind_guards.agreement_signed,
            guards.closed_by_its_own_word_or_open,
            guards.within_second_thoughts,
        ),
        do=close_agreed,
        notify=(Told.HEAD, Told.MEDIATOR),
        resident=True,
    ),
)
