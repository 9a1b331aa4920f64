"""An emergency: people are sent first and the papers follow, reports go up, somebody says that it is over (4.1.2)."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import deadlines, emergency_guards, guards, policies, recording_guards, terms
from shuoshi.matters.actions import demands, triage
from shuoshi.matters.actions import people as at_hand
from shuoshi.matters.models import Assignment, Emergency, EmergencyReport
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    FOUR_KINDS,
    OPEN,
    Action,
    Audience,
    Bond,
    DeadlineKind,
    EmergencyReportKind,
    Exit,
    Kind,
    RoundBecause,
    Status,
)
from shuoshi.organization.profile import Step as LimitedStep

UNDER_WAY = OPEN - {Status.IN_FOLLOW_UP}


def open_file(step: Step) -> Emergency:
    """The file of this emergency at its level: the one that is open, else a new one. The next report is owed."""
    found = _file(step)
    if found is None:
        step.set(emergencies=step.matter.emergencies + 1)
        found = step.add(
            Emergency(
                matter=step.matter,
                round=step.matter.round,
                ordinal=step.matter.emergencies,
                level=step.matter.urgency,
                drill=step.matter.drill,
                opened_at=step.now,
            )
        )
        step.start(DeadlineKind.REPORT)
        return found
    step.change(found, level=step.matter.urgency)
    step.drop(DeadlineKind.REPORT)
    if not found.reports.exists():
        step.start(DeadlineKind.REPORT)
    elif not found.reports.filter(kind=EmergencyReportKind.FINAL).exists():
        _owe_another(step)
    return found


def dispatch_emergency(step: Step, given: terms.DispatchEmergency) -> None:
    """Somebody goes now. Acceptance, classification and assignment are written up within a day (补单)."""
    matter, file = step.matter, _file(step)
    if not matter.title:
        terms.check_title(given.title)
        step.set(title=given.title.strip())
    step.set(kind=matter.kind or Kind.INTEREST_CLAIM)  # as limits count before anybody classified it
    unit = at_hand.unit_for(step, given.unit)
    handler = at_hand.handler_for(step, unit, given.handler)
    if not at_hand.signers_for(step, unit):
        raise Refused("nobody_to_sign", _("%(unit)s现在没有能签发这件事的负责人。") % {"unit": unit.short_name})
    at_hand.someone_else_signs(step, unit, handler)
    assignment = triage.new_assignment(step, unit, basis="emergency", binding=True, proposed=handler)
    step.change(assignment, signed_for_at=step.now)
    step.set(lead_unit=unit, handler_id=handler, assignment=assignment, papers_owed=True)
    step.involve(handler, Bond.HANDLED, at_hand.headed_by(step, handler))
    if step.actor.person_id != handler:
        step.involve(step.actor.person_id, Bond.LED)
    if file is not None:
        step.change(file, dispatched_by_id=step.actor.person_id, dispatched_at=step.now)
    step.drop(DeadlineKind.SCENE)
    step.start(DeadlineKind.SCENE)
    if DeadlineKind.PAPERS not in step.clocks:  # sent once more, after it came back: what was owed is owed since then
        step.start(DeadlineKind.PAPERS)
    step.say(
        Audience.PUBLIC,
        f"{given.goes.strip()}\n{given.done.strip()}",
        goes=len(given.goes.strip()),
        handler=str(handler),
        unit=unit.short_name,
    )
    step.notify("dispatched", Told.HANDLER, Told.HEAD, Told.LEADER)
    step.notify("papers_owed", Told.REGISTRY)


def complete_papers(step: Step, given: terms.CompletePapers) -> None:
    """What should have come first: title, kind, category, and whether the unit is the right one by the duty list."""
    matter, profile, assignment = step.matter, step.profile, step.matter.assignment
    assert assignment is not None and matter.lead_unit is not None
    if given.kind not in FOUR_KINDS:
        raise Refused("kind_outside_loop", _("四类以外的事不分类交办，请当场答复或转达。"))
    if profile.kind_of(given.category).code != given.kind:
        raise Refused("category_of_other_kind", _("这个类别不属于所选的种类。"))
    line = triage.duty_line(given.duty_line, given.reason, matter.lead_unit)
    step.set(
        title=given.title.strip(),
        kind=given.kind,
        category=given.category,
        complexity=given.complexity,
        sensitive=profile.sensitive(given.category),
        papers_owed=False,
    )
    triage.two_for_what_is_complex(step, matter.lead_unit)
    before = demands.before_was(demands.write(step, given.demands)) if given.demands is not None else ""
    window = profile.limit("return", given.kind)
    step.change(
        assignment,
        basis=f"duty_line:{line.category}" if line else "decided",
        duty_line=line,
        reason=given.reason,
        binding=_was_settled_who_does_it(step),
        returnable_until=deadlines.after(step.now, window, matter.lead_unit) if window else step.now,
    )
    _owe_an_answer(step, assignment)
    step.say(
        Audience.PUBLIC,
        "\n".join(part for part in (given.reason, before) if part),
        kind=str(given.kind),
        category=given.category,
        complexity=str(given.complexity),
        unit=matter.lead_unit.short_name,
    )
    triage.index(step)


def _was_settled_who_does_it(step: Step) -> bool:
    """A leader wrote on it, units conferred, or it is a rework: papers made late give nobody a way out (4.2.2)."""
    matter = step.matter
    assert matter.round is not None
    conferred = matter.conferred_at is not None and matter.conferred_at >= matter.round.opened_at
    written = matter.instructions.filter(round=matter.round).exists()
    return conferred or written or matter.round.because == RoundBecause.REWORK


def _owe_an_answer(step: Step, assignment: Assignment) -> None:
    """The unit's time runs from when it was sent, not from when somebody wrote that up; the promise from registration."""
    if DeadlineKind.PROGRESS not in step.clocks:  # else somebody has told of progress since
        step.start(DeadlineKind.PROGRESS, since=assignment.assigned_at)
    step.start(DeadlineKind.COMPLETION, since=assignment.assigned_at)
    if step.matter.promised_by is None:
        promise = step.start(DeadlineKind.PROMISE)
        step.set(promised_by=promise.due_at if promise else None)


def report_emergency(step: Step, given: terms.ReportEmergency) -> None:
    """First, further and last: each once what is known then, in minutes around the clock (初报、续报、终报)."""
    file = _file(step)
    assert file is not None and step.actor.person_id is not None
    written = set(file.reports.values_list("kind", flat=True))
    if EmergencyReportKind.FINAL in written:
        raise Refused("final_report_made", _("终报已经写了，可以解除应急。"))
    if (given.kind == EmergencyReportKind.INITIAL) == bool(written):
        raise Refused("report_out_of_order", _("先写一份初报，然后是续报，最后写一份终报。"))
    step.add(
        EmergencyReport(
            matter=step.matter,
            emergency=file,
            ordinal=file.reports.count() + 1,
            kind=given.kind,
            by_id=step.actor.person_id,
            at=step.now,
            arrived=given.arrived,
            parts=json.dumps(given.known.written(), ensure_ascii=False),
        )
    )
    if given.arrived:
        step.settle(DeadlineKind.SCENE)
    if given.kind != EmergencyReportKind.FINAL:
        _owe_another(step)
    said = (given.known.happened, given.known.measures)
    step.say(Audience.INTERNAL, "\n".join(one.strip() for one in said if one.strip()), report=str(given.kind))
    step.notify("emergency_reported", Told.LEADER, Told.HEAD, Told.REGISTRY, report=str(given.kind))


def stand_down(step: Step, given: terms.StandDown) -> None:
    """It is over: the file is closed and the matter goes on in the ordinary procedure; a drill ends here.

    In an office of three the duty desk may be who handles it: then the event says so.
    """
    file = _file(step)
    assert file is not None
    if not file.reports.filter(kind=EmergencyReportKind.FINAL).exists():
        raise Refused("final_report_missing", _("还没有写终报。先写终报，再解除应急。"))
    step.end_emergency(given.text)
    overlap = step.actor.person_id == step.matter.handler_id
    if overlap:
        step.story.fact(duty_overlap=True)
    step.say(Audience.PUBLIC, given.text, duty_overlap=overlap)
    step.notify("stood_down", Told.DUTY, Told.LEADER, Told.LEAD)
    if step.matter.drill:
        step.move(Status.CLOSED)
        step.close(Exit.DRILL)


def _file(step: Step) -> Emergency | None:
    found = step.matter.emergency_files.filter(stood_down_at__isnull=True).first()
    if found is not None:
        found.matter = step.matter
    return found


def _owe_another(step: Step) -> None:
    every = step.profile.limit(LimitedStep.REPORT_AGAIN, Kind.INTEREST_CLAIM, urgency=step.matter.urgency)
    if every is not None:
        step.start(DeadlineKind.REPORT, limit=every, basis="limits.report_again")


ROWS = (
    Transition(
        action=Action.DISPATCH_EMERGENCY,
        source=frozenset({Status.REGISTERED, Status.ACCEPTED}),
        target=Status.IN_HANDLING,
        clause="4.1.2",
        allow=policies.duty_officer,
        when=(emergency_guards.emergency_open, guards.no_void_pending),
        do=dispatch_emergency,
        start=(DeadlineKind.SCENE, DeadlineKind.PAPERS),
        stop=(DeadlineKind.DUTY,),
        drop=(DeadlineKind.ACCEPT, DeadlineKind.ASSIGN),
        notify=(Told.HANDLER, Told.HEAD, Told.LEADER, Told.REGISTRY),
        resident=True,
        drilled=True,
    ),
    Transition(
        action=Action.COMPLETE_PAPERS,
        source=frozenset({Status.IN_HANDLING, Status.ASSIGNED}),
        clause="4.1.2",
        allow=policies.registrar | policies.leader_stands_in,
        when=(emergency_guards.papers_owed, guards.concerns_checked, recording_guards.recordings_typed),
        do=complete_papers,
        start=(DeadlineKind.PROGRESS, DeadlineKind.COMPLETION, DeadlineKind.PROMISE),
        stop=(DeadlineKind.PAPERS,),
        resident=True,
        turns=True,
    ),
    Transition(
        action=Action.REPORT_EMERGENCY,
        source=UNDER_WAY,
        clause="4.1.2",
        allow=policies.handler | policies.duty_officer,
        when=(emergency_guards.emergency_open,),
        do=report_emergency,
        start=(DeadlineKind.REPORT,),
        stop=(DeadlineKind.REPORT, DeadlineKind.EMERGENCY, DeadlineKind.DUTY),
        notify=(Told.LEADER, Told.HEAD, Told.REGISTRY),
        drilled=True,
    ),
    Transition(
        action=Action.STAND_DOWN,
        source=UNDER_WAY,
        also=frozenset({Status.CLOSED}),
        clause="4.1.2",
        allow=policies.duty_officer | policies.leader,
        when=(emergency_guards.emergency_open,),
        do=stand_down,
        stop=(DeadlineKind.DUTY,),
        notify=(Told.DUTY, Told.LEADER, Told.LEAD),
        then=(Action.LAPSE_REVIEW,),  # a review that nobody decided waited for it to be over
        resident=True,
        drilled=True,
    ),
)
