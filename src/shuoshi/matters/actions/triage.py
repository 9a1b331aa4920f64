"""From registration to a unit with a limit: accept or screen out, answer on the spot, classify, assign (4.2)."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel import search
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import deadlines, guards, policies, recording_guards, terms
from shuoshi.matters.actions import demands, rulings
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.models import Assignment, CoUnit, Matter
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    FOUR_KINDS,
    Action,
    Audience,
    DeadlineKind,
    EndedBecause,
    Kind,
    Naming,
    RequestKind,
    RoundBecause,
    Status,
)
from shuoshi.organization.models import DutyLine, Unit

FINALLY_REVIEWED = "FINALLY_REVIEWED"  # the one reason that ends what was accepted once (4.4.2)


def accept(step: Step, given: terms.Accept) -> None:
    """Take it on under a title without personal data; from here on it can be found by its words.

    Who reads a letter first says in short what it asks for, point by point: that is what will be answered.
    """
    if given.kind == Kind.INVALID:
        raise Refused("invalid_is_voided", _("无效的登记请申请作废，由另一个人核定。"))
    step.set(kind=given.kind, title=given.title.strip(), petition=given.petition)
    before = demands.write(step, given.demands) if given.demands is not None else ""
    forget_foreign_category(step)
    if not policies.registrar(step.case):
        _say_who_stands_in(step)
    step.start(DeadlineKind.ASSIGN)
    step.say(Audience.PUBLIC, demands.before_was(before), kind=str(given.kind))
    step.notify("accepted", Told.DISPATCHER)
    index(step)


def _say_who_stands_in(step: Step) -> None:
    step.fall_back("leader", "kept_from_somebody")


def index(step: Step) -> None:
    """Put title and scrubbed words into the search; never those of a sensitive category."""
    matter = step.matter
    if matter.sensitive:
        search.remove("matter", matter.id)
        return
    search.put("matter", matter.id, findable(matter))


def findable(matter: Matter) -> str:
    """The words a matter is found by."""
    return f"{matter.title}\n{search.scrub(matter.content)}"


def forget_foreign_category(step: Step) -> None:
    category = step.matter.category
    if category and step.profile.kind_of(category).code != step.matter.kind:
        step.set(category="", sensitive=False)


def screen_out(step: Step, given: terms.ScreenOut) -> None:
    """Not accepted, with the reason from the list and the route told (1.3.2).

    Also once accepted, when all who could handle or sign must stay away and no tier stands above: the outside ways.
    """
    reason = step.profile.screening_reason(given.reason)
    if reason.code == FINALLY_REVIEWED and step.matter.finally_reviewed_at is None:
        raise Refused("not_finally_reviewed", _("没有经过复核终结，不能用这个原因。"))
    if DeadlineKind.ASSIGN in step.clocks:
        away = at_hand.kept_away(step)
        if any(at_hand.brings_to_an_end(step, tier, away) for tier in at_hand.upwards(step.matter.tier_path)):
            raise Refused("somebody_can_handle", _("已经受理，也还有人能办，请交办。"))
    step.drop_all()
    step.end_emergency()
    step.set(withdrawal_asked_at=None, screened_by_id=step.actor.person_id, papers_owed=False)
    rulings.let_fall(step, *RequestKind)
    assert step.matter.round is not None
    step.change(step.matter.round, ended_at=step.now)
    step.say(Audience.PUBLIC, given.text, reason=reason.code)


def classify(step: Step, given: terms.Classify) -> None:
    """Kind, category, complexity. Once it was given out with a reason; the unit's limit follows the rule, never later.

    The resident reads it then, and where the kind they were told of changes. What was offered stands in the event.
    """
    profile = step.profile
    if profile.kind_of(given.category).code != given.kind:
        raise Refused("category_of_other_kind", _("这个类别不属于所选的种类。"))
    if given.kind not in FOUR_KINDS:
        raise Refused("kind_outside_loop", _("四类以外的事不分类交办，请当场答复或转达。"))
    given_out = step.matter.status != Status.ACCEPTED or not guards.never_assigned(step.case)
    again = bool(step.matter.category) and given_out
    told = again or given.kind != step.matter.kind
    if again and not given.reason.strip():
        raise Refused("reason_missing", _("已经交办的事改分类，要写明原因。"))
    step.set(
        kind=given.kind,
        category=given.category,
        complexity=given.complexity,
        sensitive=profile.sensitive(given.category),
    )
    if given.offered is not None:
        step.story.fact(offered=list(given.offered.categories), offered_by=given.offered.rule)
    if not policies.dispatcher(step.case):
        _say_who_stands_in(step)
    if step.matter.lead_unit is not None:
        two_for_what_is_complex(step, step.matter.lead_unit)
        _shorten_completion(step)
    step.say(
        Audience.PUBLIC if told else Audience.INTERNAL,
        given.reason,
        kind=str(given.kind),
        category=given.category,
        complexity=str(given.complexity),
    )
    index(step)


def two_for_what_is_complex(step: Step, unit: Unit) -> None:
    """Who handles a complex matter does not sign it: a unit with one free person could never answer."""
    if not at_hand.able(step, unit):
        raise Refused(
            "nobody_else_to_sign",
            _("%(unit)s只有一个人能办这件事，复杂的事要另有人签发。") % {"unit": unit.short_name},
        )


def _shorten_completion(step: Step) -> None:
    running = step.clocks.get(DeadlineKind.COMPLETION)
    if running is None or running.basis in (
        "extension",
        "ran_on",
        "mediation",
        "mediation_ended",
    ):  # somebody ruled on it
        return
    made = deadlines.made(step.matter, step.profile, DeadlineKind.COMPLETION, running.started_at)
    if made is not None and step.now < made.due_at < running.due_at:
        step.drop(DeadlineKind.COMPLETION)
        step.start(DeadlineKind.COMPLETION, due_at=made.due_at, basis=made.basis, follows=running)


def assign(step: Step, given: terms.Assign) -> None:
    """To a unit or a person of it, with a limit and its basis; the first time the resident's promise is set (4.2.2)."""
    unit = at_hand.unit_for(step, given.unit)
    if not at_hand.others_of_unit(step, unit):
        raise Refused("nobody_in_unit", _("%(unit)s现在没有能承办这件事的人。") % {"unit": unit.short_name})
    if not at_hand.signers_for(step, unit):
        raise Refused("nobody_to_sign", _("%(unit)s现在没有能签发这件事的负责人。") % {"unit": unit.short_name})
    two_for_what_is_complex(step, unit)
    line = duty_line(given.duty_line, given.reason, unit)
    person = given.person or (step.actor.person_id if given.myself else None)
    if person is not None:
        at_hand.handler_for(step, unit, person)
        at_hand.someone_else_signs(step, unit, person)
    previous = step.matter.assignments.order_by("-ordinal").first()
    if line is None and came_up(step, previous):
        not_handed_down(step, unit)
    step.set(lead_unit=unit, handler_id=None)
    assignment = new_assignment(
        step,
        unit,
        basis=f"duty_line:{line.category}" if line else "decided",
        duty_line=line,
        reason=given.reason,
        binding=step.row.action == Action.DESIGNATE,
        proposed=person,
    )
    step.set(assignment=assignment, papers_owed=False)
    _co_units(step, given, previous)
    _start_handling_clocks(step, given)
    told_by_the_whole = step.matter.is_part and assignment.ordinal == 1  # that it was divided says who has what
    step.say(
        Audience.INTERNAL if told_by_the_whole else Audience.PUBLIC,
        given.reason if step.row.action == Action.DESIGNATE else "",
        unit=unit.short_name,
        assignment=assignment.ordinal,
    )
    step.notify("assigned", Told.LEAD)
    if given.person not in (None, step.actor.person_id):
        step.notify("proposed", Told.HANDLER)
    if given.myself and person is not None:
        step.hand_on(terms.SignFor(handler=person))


def duty_line(chosen: UUID | None, reason: str, unit: Unit) -> DutyLine | None:
    """The line that names this unit; leaving the list needs a reason."""
    line = DutyLine.objects.filter(pk=chosen, unit=unit, active=True).first() if chosen else None
    if line is None and not reason.strip():
        raise Refused("reason_missing", _("没有按职责清单交办，要写明理由。"))
    return line


def came_up(step: Step, previous: Assignment | None) -> bool:
    """Whether the tier below had it, and could not; of a matter that was divided there the parts had it."""
    if previous is not None and previous.ended_because == EndedBecause.ESCALATED:
        return True
    return step.matter.tier_path != step.matter.home_path and step.matter.parts.exists()


def not_handed_down(step: Step, unit: Unit) -> None:
    """What came up from below goes down again only by the duty list, or where this tier has nobody who handles (4.2.2)."""
    own = at_hand.own_units(step, step.matter.tier_path)
    if own and unit.path not in own:
        raise Refused("handed_down", _("这件事是从下一级提上来的，职责清单以外不能再交给下一级办。"))


def new_assignment(
    step: Step,
    unit: Unit,
    *,
    basis: str,
    binding: bool,
    duty_line: DutyLine | None = None,
    reason: str = "",
    proposed: UUID | None = None,
) -> Assignment:
    opened = step.matter.round.opened_at if step.matter.round is not None else step.now
    binding = binding or (step.matter.conferred_at is not None and step.matter.conferred_at >= opened)
    window = step.profile.limit("return", step.matter.kind or Kind.INTEREST_CLAIM)
    until = deadlines.after(step.now, window, unit) if window and not binding else step.now
    last = step.matter.assignments.order_by("-ordinal").values_list("ordinal", flat=True).first() or 0
    return step.add(
        Assignment(
            matter=step.matter,
            round=step.matter.round,
            ordinal=last + 1,
            unit=unit,
            handler_id=proposed,
            assigned_by_id=step.actor.person_id,
            assigned_at=step.now,
            basis=basis,
            duty_line=duty_line,
            reason=reason,
            binding=binding,
            returnable_until=until,
        )
    )


def _co_units(step: Step, given: terms.Assign, previous: Assignment | None) -> None:
    """Units that help: those chosen, and after an escalation the old lead where it still may."""
    wanted = {pk: at_hand.unit_for(step, pk) for pk in dict.fromkeys(given.co_units)}
    if previous is not None and previous.ended_because == EndedBecause.ESCALATED:
        old = at_hand.may_have_it(step, previous.unit_id)
        if old is not None:
            wanted[old.pk] = old
    wanted.pop(given.unit, None)
    for unit in wanted.values():
        step.add(CoUnit(matter=step.matter, assignment=step.matter.assignment, unit=unit))


def _start_handling_clocks(step: Step, given: terms.Assign) -> None:
    step.start(DeadlineKind.SIGN_FOR)
    if step.matter.naming != Naming.ANONYMOUS and DeadlineKind.FIRST_CONTACT not in step.clocks:
        step.start(DeadlineKind.FIRST_CONTACT)
    step.start(DeadlineKind.PROGRESS)
    rule = deadlines.made(step.matter, step.profile, DeadlineKind.COMPLETION, step.now)
    shorter = None
    if given.limit is not None:
        shorter = deadlines.made(
            step.matter, step.profile, DeadlineKind.COMPLETION, step.now, limit=given.limit, basis="order"
        )
        if shorter is None or (rule is not None and shorter.due_at > rule.due_at):
            raise Refused("limit_too_long", _("交办的期限不能比规定的长。"))
    step.start(DeadlineKind.COMPLETION, limit=given.limit if shorter else None, basis="order" if shorter else "")
    assert step.matter.round is not None
    if step.matter.part_of is not None:
        _not_after_the_promise(step, step.matter.part_of)
        return
    if step.matter.promised_by is None and step.matter.round.because != RoundBecause.REWORK:
        promise = step.start(DeadlineKind.PROMISE)
        step.set(promised_by=promise.due_at if promise else None)


def _not_after_the_promise(step: Step, whole: Matter) -> None:
    """A part is answered by the day the speaker was given for the whole; what is over already moves nothing."""
    limit, promised = step.clocks.get(DeadlineKind.COMPLETION), whole.promised_by
    if limit is not None and promised is not None and step.now < promised < limit.due_at:
        step.drop(DeadlineKind.COMPLETION)
        step.start(DeadlineKind.COMPLETION, due_at=promised, ordered=True, basis="promise", follows=limit)


TO_BE_ACCEPTED = frozenset({Status.REGISTERED})
TO_BE_ASSIGNED = frozenset({Status.ACCEPTED})

ROWS = (
    Transition(
        action=Action.ACCEPT,
        source=TO_BE_ACCEPTED,
        target=Status.ACCEPTED,
        clause="4.1.1",
        allow=policies.registrar | policies.leader_stands_in,
        when=(
            guards.no_void_pending,
            guards.concerns_checked,
            recording_guards.recordings_typed,
            guards.not_the_one_who_screened,
        ),
        do=accept,
        start=(DeadlineKind.ASSIGN,),
        stop=(DeadlineKind.ACCEPT,),
        notify=(Told.DISPATCHER,),
        resident=True,
    ),
    Transition(
        action=Action.SCREEN_OUT,
        source=TO_BE_ACCEPTED | TO_BE_ASSIGNED,
        target=Status.SCREENED_OUT,
        clause="1.3.2",
        allow=policies.registrar | policies.leader_stands_in,
        when=(
            guards.not_accepted_or_kept_from_somebody,
            guards.not_an_outside_order,
            guards.no_void_pending,
            guards.concerns_checked,
            recording_guards.recordings_typed,
            guards.not_the_one_who_screened,
        ),
        do=screen_out,
        stop=(DeadlineKind.ACCEPT,),
        resident=True,
    ),
    Transition(
        action=Action.CLASSIFY,
        source=frozenset({Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING}),
        clause="4.2.1",
        allow=policies.dispatcher | policies.leader_stands_in,
        do=classify,
        resident=True,
    ),
    Transition(
        action=Action.ASSIGN,
        source=TO_BE_ASSIGNED,
        target=Status.ASSIGNED,
        clause="4.2.2",
        allow=policies.dispatcher,
        when=(
            recording_guards.recordings_typed,
            guards.of_the_four_kinds,
            guards.classified,
            guards.assignable,
            guards.no_void_pending,
        ),
        do=assign,
        start=(
            DeadlineKind.SIGN_FOR,
            DeadlineKind.FIRST_CONTACT,
            DeadlineKind.PROGRESS,
            DeadlineKind.COMPLETION,
            DeadlineKind.PROMISE,
        ),
        stop=(DeadlineKind.ASSIGN, DeadlineKind.PAPERS),
        notify=(Told.LEAD,),
        resident=True,
        of_part=True,
    ),
    Transition(
        action=Action.DESIGNATE,
        source=TO_BE_ASSIGNED,
        target=Status.ASSIGNED,
        clause="4.2.2",
        allow=policies.designates,
        when=(recording_guards.recordings_typed, guards.of_the_four_kinds, guards.classified, guards.no_void_pending),
        do=assign,
        start=(
            DeadlineKind.SIGN_FOR,
            DeadlineKind.FIRST_CONTACT,
            DeadlineKind.PROGRESS,
            DeadlineKind.COMPLETION,
            DeadlineKind.PROMISE,
        ),
        stop=(DeadlineKind.ASSIGN, DeadlineKind.PAPERS),
        notify=(Told.LEAD,),
        resident=True,
        of_part=True,
    ),
)
