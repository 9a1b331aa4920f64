"""Conflicts of interest: declared of oneself, or asked for by somebody; each is ruled on (2.2.4, 5.3)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel.actors import ActorKind
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.actions import review_body, rulings
from shuoshi.matters.actions.keeping_away import hold_for_good, keep_away, lift, see_who_is_left, who_designates
from shuoshi.matters.models import Entry, Exclusion, Request
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    AT_WORK,
    GIVEN,
    Action,
    Audience,
    DeadlineKind,
    EndedBecause,
    ExcludedBecause,
    RequestKind,
    RequestState,
    Status,
)
from shuoshi.organization.models import Unit

FOR_SPEAKER = "for_speaker"  # reason code of what the registry wrote down for the speaker: ruled on as if asked online
UNIT_LEFT = "unit_left"  # reason code of a declaration by which a unit gave the matter up: counted like a return


def declare_conflict(step: Step, given: terms.DeclareConflict) -> None:
    """Of oneself: it holds at once and is ruled on afterwards. Of somebody else, or a unit: when it is granted."""
    if given.unit is None and given.person in (None, step.actor.person_id):
        _of_oneself(step, given.text)
        return
    if RequestKind.RECUSAL in step.case.standing.pending:
        raise Refused("recusal_waiting", _("已经有一个回避申请在等裁定。"))
    if given.for_speaker and not (policies.home_registrar(step.case) or policies.registrar(step.case)):
        raise Refused("not_for_speaker", _("替说事人申请回避，由受理中心登记。"))
    unit = _concerned_unit(step, given.unit) if given.unit else None
    if unit is None and not at_hand.in_service(step, given.person):
        raise Refused("conflict_person", _("请选出要回避的人。"))
    code = FOR_SPEAKER if given.for_speaker else ""
    about = None if unit else given.person
    rulings.ask(step, RequestKind.RECUSAL, given.text, about_person_id=about, unit=unit, reason_code=code)
    speakers = given.for_speaker or step.actor.kind is ActorKind.SPEAKER
    step.say(
        Audience.PUBLIC if speakers else Audience.INTERNAL,
        "" if speakers else given.text,  # a speaker's reasons are for whoever rules, not for whom they name
        person=str(given.person) if unit is None else None,
        unit=unit.short_name if unit else None,
        for_speaker=given.for_speaker,
    )
    step.notify("recusal_asked", Told.DISPATCHER, Told.LEADER)


def _concerned_unit(step: Step, pk: UUID) -> Unit:
    unit = Unit.objects.filter(pk=pk, active=True).first()
    if unit is None:
        raise Refused("no_such_unit", _("没有这个单位，或者它已经停用。"))
    return unit


def _of_oneself(step: Step, text: str) -> None:
    """At once, without asking anybody. A unit that gives the matter up by it has returned it until that is upheld."""
    person = step.actor.person_id
    if person is None:
        raise Refused("conflict_person", _("请选出要回避的人。"))
    step.say(Audience.INTERNAL, text)
    held = step.matter.assignment
    left = keep_away(step, ExcludedBecause.DECLARED, people=[person])
    if left:
        step.set(returns=step.matter.returns + 1)
        who_designates(step)
    if RequestKind.RECUSAL not in step.case.standing.pending:
        _ask_about(step, person, text, assignment=held, reason_code=UNIT_LEFT if left else "")


def _ask_about(step: Step, person: UUID, text: str, **columns: object) -> None:
    rulings.ask(step, RequestKind.RECUSAL, text, requester=person, about_person_id=person, **columns)
    step.notify("recusal_asked", Told.DISPATCHER, Told.LEADER)


def rule_conflict(step: Step, given: terms.RuleConflict) -> None:
    """Upheld: stays away. Not upheld: a declaration is lifted; what a unit gave up by it stays counted as a return."""
    request = rulings.rule(step, RequestKind.RECUSAL, given.granted, given.text)
    declared = _of_themselves(request)
    step.say(
        Audience.PUBLIC if request.requester_id is None or request.reason_code == FOR_SPEAKER else Audience.INTERNAL,
        given.text,
        granted=given.granted,
        person=str(request.about_person_id) if request.about_person_id else None,
        unit=request.unit.short_name if request.unit else None,
    )
    if not given.granted:
        if declared and request.about_person_id:
            lift(step, request.about_person_id)
        see_who_is_left(step)
    elif declared:
        _uphold(step, request)
    else:
        people = [request.about_person_id] if request.about_person_id else []
        if any(_counted_for(step, person) for person in people):
            step.set(returns=step.matter.returns - 1)
        keep_away(step, ExcludedBecause.RECUSED, people=people, units=[request.unit] if request.unit else [])
    ask_next(step)
    _see_who_reviews(step)


def _of_themselves(request: Request) -> bool:
    return request.requester_id is not None and request.requester_id == request.about_person_id


def _counted_for(step: Step, person: UUID) -> bool:
    """Whether a return is counted for what this person declared meanwhile, and no ruling on that will follow."""
    declared = Exclusion.objects.in_force().filter(matter=step.matter, person=person, why=ExcludedBecause.DECLARED)
    given_up = step.matter.assignments.filter(
        ended_because=EndedBecause.CONFLICT, ended_at__in=declared.values_list("at", flat=True)
    )
    upheld = step.matter.requests.filter(assignment__in=given_up, reason_code=UNIT_LEFT, state=RequestState.GRANTED)
    return given_up.exists() and not upheld.exists()


def _uphold(step: Step, request: Request) -> None:
    if request.reason_code == UNIT_LEFT:
        step.set(returns=step.matter.returns - 1)
    see_who_is_left(step)
    _hold(step, request)


def _hold(step: Step, request: Request) -> None:
    if request.about_person_id:
        hold_for_good(step, request.about_person_id)


def lapse_conflict(step: Step, lapsed: Iterable[Request]) -> None:
    """Silence lifts nothing: who declared a conflict stays away, and what their unit gave up stays counted."""
    see_who_is_left(step)
    for request in lapsed:
        if _of_themselves(request):
            _hold(step, request)
    ask_next(step)
    _see_who_reviews(step)


def _see_who_reviews(step: Step) -> None:
    """Whoever had to stay away and may act again is there to review it, where nobody was left."""
    if step.matter.status == Status.UNDER_REVIEW:
        step.look_again()
        review_body.move_on(step)


def ask_next(step: Step) -> None:
    """One recusal is ruled on at a time; whoever declared a conflict meanwhile is next."""
    step.look_again()
    if RequestKind.RECUSAL in step.case.standing.pending:
        return
    waiting = Exclusion.objects.in_force().filter(matter=step.matter, why=ExcludedBecause.DECLARED)
    for person, since in waiting.order_by("at", "id").values_list("person_id", "at"):
        asked = step.matter.requests.filter(kind=RequestKind.RECUSAL, requester=person, requested_at__gte=since)
        if person is None or asked.exists():
            continue
        said = Entry.objects.filter(matter=step.matter, action=Action.DECLARE_CONFLICT, person=person)
        words = said.select_related("assignment").latest("at")
        words.matter = step.matter
        held = words.assignment
        left = held is not None and held.ended_because == EndedBecause.CONFLICT and held.ended_at == since
        _ask_about(step, person, words.text, assignment=held, reason_code=UNIT_LEFT if left else "")
        return


def gave_it_up(step: Step, unit: UUID | None) -> bool:
    """Whether this unit once gave the matter up by a conflict that no ruling upheld: that was its return."""
    given_up = step.matter.requests.filter(kind=RequestKind.RECUSAL, reason_code=UNIT_LEFT, assignment__unit=unit)
    return given_up.exclude(state=RequestState.GRANTED).exists()


ROWS = (
    Transition(
        action=Action.DECLARE_CONFLICT,
        source=AT_WORK | {Status.UNDER_REVIEW, Status.DIVIDED},
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        moves_from=GIVEN,
        clause="2.2.4",
        allow=policies.staff_of_it | policies.speaker,
        do=declare_conflict,
        start=(DeadlineKind.RULING,),
        notify=(Told.DISPATCHER, Told.LEADER),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.RULE_CONFLICT,
        source=AT_WORK | {Status.UNDER_REVIEW, Status.DIVIDED},
        also=frozenset({Status.ASSIGNED, Status.ACCEPTED}),
        moves_from=GIVEN,
        clause="2.2.4",
        allow=policies.rules_on_recusal,
        when=(guards.recusal_pending,),
        do=rule_conflict,
        stop=(DeadlineKind.RULING,),
        resident=True,
        of_part=True,
    ),
)
