"""What comes before a dispute is mediated: duties of the law to report, and who the other side is (2.2.4)."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, kind_guards, policies, terms
from shuoshi.matters.actions.keeping_away import keep_away
from shuoshi.matters.models import DutyAnswer, Party
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import (
    GIVEN,
    HELD,
    Action,
    Audience,
    DeadlineKind,
    Duty,
    ExcludedBecause,
    Naming,
    PartyRole,
    Status,
)
from shuoshi.organization.models import Unit
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven

VIOLENCE_ASKED = "violence"  # the question of the categories whose yes nobody answers away
MOST_OTHERS = 10


def answer_duties(step: Step, given: terms.AnswerDuties) -> None:
    """Each of the three, by name and with its moment; told on where one was found. Nobody outside reads it.

    A yes that stood here is never taken back; who was told of it stays in the file.
    """
    found = [one for one in given.answers if one.found]
    if any(one.reported_at is not None and one.reported_at > step.now for one in found):
        raise Refused("reported_in_future", _("报告的时间不能晚于现在。"))
    _no_against_what_was_said(step, given)
    for one in given.answers:
        step.add(
            DutyAnswer(
                matter=step.matter,
                duty=one.duty,
                found=one.found,
                reported_to=one.reported_to.strip()[:100] if one.found else "",
                reported_at=one.reported_at if one.found else None,
                by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
                at=step.now,
            )
        )
    step.set(duties_answered_at=step.now)
    codes = ",".join(str(one.duty) for one in found)
    step.say(Audience.INTERNAL, given.text, duties=codes, none_found=not found)
    if found:
        step.notify("duty_found", Told.HEAD, Told.REGISTRY, Told.LEADER)


def _no_against_what_was_said(step: Step, given: terms.AnswerDuties) -> None:
    """The speaker told of violence when it was registered: then somebody must have been told, of one duty or another."""
    said = json.loads(step.matter.answers).get(VIOLENCE_ASKED) if step.matter.answers else None
    if said == "yes" and not any(one.found for one in given.answers):
        raise Refused(
            "violence_was_said",
            _("说事人登记时回答有人动手或者威胁，不能三项都答没有。请报告公安机关或者有关部门，再记下来。"),
        )
    before = set(step.matter.duty_answers.filter(found=True).values_list("duty", flat=True))
    if before - {one.duty for one in given.answers if one.found}:
        names = _("、").join(str(Duty(one).label) for one in sorted(before))
        raise Refused("duty_taken_back", _("已经记过“%(what)s”，不能改成没有。") % {"what": names})


def name_other_side(step: Step, given: terms.NameOtherSide) -> None:
    """Who the dispute is with. A unit of this institution keeps away with all its people; the work goes to others."""
    if given.unit is not None:
        if policies.works_for_the_lead(step.case):  # else a unit would be rid of the work by calling itself a party
            raise Refused(
                "unit_named_by_registry",
                _("对方是本机构单位的，由受理中心登记。和本单位有关的，请申请回避，由别人裁定。"),
                who_could=_("受理中心登记员"),
            )
        unit = Unit.objects.select_related("parent").filter(pk=given.unit, active=True).first()
        if unit is None:
            raise Refused("no_such_unit", _("没有这个单位，或者它已经停用。"))
        step.set(other_side=True)
        keep_away(step, ExcludedBecause.CONCERNED, units=[unit])
        step.say(Audience.PUBLIC, unit=unit.short_name)
        return
    others = step.matter.parties.filter(role=PartyRole.OPPONENT).count()
    if others >= MOST_OTHERS:
        raise Refused("too_many_others", _("对方最多登记 %(n)d 位。") % {"n": MOST_OTHERS})
    kept = people.keep(step.story, PersonGiven(name=given.name.strip(), phone=given.phone))
    step.add(
        Party(
            matter=step.matter,
            role=PartyRole.OPPONENT,
            naming=Naming.NAMED,
            person=kept.person,
            contact=kept.contact,
        )
    )
    step.set(other_side=True)
    step.say(Audience.INTERNAL)


ROWS = (
    Transition(
        action=Action.ANSWER_DUTIES,
        source=HELD,
        clause="2.2.4",
        allow=policies.handler | policies.head | policies.mediator,
        when=(kind_guards.a_dispute,),
        do=answer_duties,
        notify=(Told.HEAD, Told.REGISTRY, Told.LEADER),
    ),
    Transition(
        action=Action.NAME_OTHER_SIDE,
        source=GIVEN | {Status.ACCEPTED},
        also=frozenset({Status.ACCEPTED, Status.ASSIGNED}),
        moves_from=GIVEN,
        clause="2.2.4",
        allow=policies.handler | policies.head | policies.home_registrar | policies.registrar,
        when=(kind_guards.a_dispute, guards.no_result_waiting, kind_guards.not_mediating),
        do=name_other_side,
        start=(DeadlineKind.SIGN_FOR, DeadlineKind.ASSIGN),
        notify=(Told.LEAD, Told.DISPATCHER),
        resident=True,
        turns=True,
    ),
)
