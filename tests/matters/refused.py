"""Deeds that are refused, too long to stand in the table of test_refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.throttle import PHONE_MISSES
from shuoshi.matters import actions, papers, queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, DeadlineKind, EmergencyReportKind, Kind, Naming, Status, Urgency
from shuoshi.organization import actions as organization
from shuoshi.organization.profile import Step as LimitedStep
from tests.support.village import Place, default_profile


def too_many_numbers(town: Place) -> object:
    actor = town.actor("王芳")
    for n in range(PHONE_MISSES.free + 1):
        queries.earlier_of_phone(actor, f"1390000{n:04d}")
    return None


def named_otherwise(town: Place) -> object:
    """A paper with names, after somebody else became the speaker."""
    matter = Matter.objects.get(pk=town.matter_in(Status.IN_FOLLOW_UP).pk)
    issued = dict(papers.content_of(matter, papers.Ref(papers.PaperKind.REPLY, 1)))
    return papers.in_clear(issued | {"说事人": "赵某"}, papers.parties_of(matter))


def _extension(town: Place, days: int = 2, **more: object) -> object:
    given = terms.RequestExtension(text="灯具要定做", plan="到货就装", days=days, **more)  # type: ignore[arg-type]
    return town.run("孙丽", given, town.matter_in(Status.IN_HANDLING))


def _nearly_sixty_days(town: Place) -> object:
    matter = town.matter_in(Status.IN_HANDLING)
    running = matter.deadlines.filter(kind=DeadlineKind.COMPLETION)
    running.update(due_at=matter.registered_at + timedelta(days=58))
    return town.run("孙丽", terms.RequestExtension(text="等货", plan="到货就装", days=10), matter)


def _where_the_rules_allow_none(town: Place) -> object:
    steps = {step: rule for step, rule in default_profile().limits.steps.items() if step != LimitedStep.EXTENSION}
    limits = default_profile().limits.model_copy(update={"steps": steps})
    organization.publish_profile(default_profile().model_copy(update={"limits": limits}), actor=SYSTEM)
    return _extension(town)


def _ruled_too_late(town: Place) -> object:
    matter = _extension(town)
    assert isinstance(matter, Matter)
    with clock.simulated(matter.deadlines.get(kind=DeadlineKind.COMPLETION).due_at + timedelta(hours=1)):
        return town.run("刘敏", terms.RuleExtension(granted=True, text="晚了也批"), matter)


def _pause(town: Place, cause: str, days: int, matter: Matter | None = None) -> Matter:
    until = clock.local(clock.now()).date() + timedelta(days=days)
    given = terms.RequestPause(cause=cause, text="等他拿来产权证", until=until)
    return town.run("孙丽", given, matter or town.matter_in(Status.IN_HANDLING))


def _ruled_after_the_day(town: Place) -> object:
    matter = _pause(town, WAITING, 1)
    with clock.simulated(clock.now() + timedelta(days=4)):
        return town.run("刘敏", terms.RulePause(granted=True, text="晚了"), matter)


def _paused_thrice(town: Place) -> object:
    matter = town.matter_in(Status.PAUSED)
    matter = town.run("刘敏", terms.RulePause(granted=True, text="再等等"), _pause(town, WAITING, 8, matter))
    return _pause(town, WAITING, 9, matter)


def _answered_before_the_ruling(town: Place) -> object:
    matter = town.prepare(_pause(town, WAITING, 5))
    return town.run("刘敏", terms.RulePause(granted=True, text="等等"), matter)


def _park(town: Place, reason: str, days: int) -> object:
    until = clock.local(clock.now()).date() + timedelta(days=days)
    given = terms.RequestPark(reason=reason, text="没有钱", measures="先装临时灯", until=until)
    return town.run("周建国", given, town.matter_in(Status.IN_HANDLING))


WAITING = "WAITING_FOR_SPEAKER"
OF_TIME: dict[str, Callable[[Place], object]] = {
    "no_days": lambda t: _extension(t, days=0),
    "too_long_an_extension": lambda t: _extension(t, days=11),
    "beyond_the_law": _nearly_sixty_days,
    "no_extension": _where_the_rules_allow_none,
    "time_is_left": _ruled_too_late,
    "no_such_cause": lambda t: _pause(t, "HOLIDAY", 5),
    "pause_in_past": lambda t: _pause(t, WAITING, 0),
    "pause_too_long": lambda t: _pause(t, WAITING, 60),
    "paused_for_another": lambda t: _pause(t, "HEARING", 5, t.matter_in(Status.PAUSED)),
    "paused_often_enough": _paused_thrice,
    "no_result_waiting": _answered_before_the_ruling,
    "days_to_answer": lambda t: terms.OrderSupervision(text="写清楚", days=30),
    "no_such_reason": lambda t: _park(t, "TIRED", 90),
    "target_too_far": lambda t: _park(t, "MONEY", 400),
    "too_late_to_grant": _ruled_after_the_day,
    "target_in_past": lambda t: _park(t, "MONEY", 0),
}


def _urgent(town: Place, **said: object) -> Matter:
    return town.raise_matter(by="王芳", **({"urgency": Urgency.U1} | said))  # type: ignore[arg-type]


def _drill(town: Place, **said: object) -> Matter:
    given = {"by": "何勇", "urgency": Urgency.U1, "naming": Naming.ANONYMOUS, "drill": True} | said
    return town.raise_matter(**given)  # type: ignore[arg-type]


def _nobody_left(town: Place) -> object:
    matter = _urgent(town)
    with clock.simulated(clock.now() + timedelta(minutes=40)):
        clocks.sweep(clock.now())
    with clock.simulated(clock.now() + timedelta(hours=2)):
        return actions.run(Action.CALL_NEXT, matter.pk, terms.BySystem(), actor=SYSTEM)


def _reported(town: Place, *kinds: EmergencyReportKind) -> Matter:
    matter = _urgent(town)
    for kind in kinds:
        matter = town.report(matter, kind)
    return matter


FIRST, LAST = EmergencyReportKind.INITIAL, EmergencyReportKind.FINAL
OF_EMERGENCIES: dict[str, Callable[[Place], object]] = {
    "report_out_of_order": lambda t: _reported(t, LAST),
    "final_report_made": lambda t: _reported(t, FIRST, LAST, EmergencyReportKind.FOLLOW),
    "final_report_missing": lambda t: t.run("何勇", terms.StandDown(text="好了"), _reported(t, FIRST)),
    "nobody_left_to_call": _nobody_left,
    "drill_by_duty": lambda t: _drill(t, by="王芳"),
    "drill_urgent": lambda t: _drill(t, urgency=Urgency.U4),
    "drill_of_nobody": lambda t: _drill(t, naming=Naming.NAMED),
    "drill_settled": lambda t: _drill(t, settle=terms.AnswerOnTheSpot(kind=Kind.OTHER, title="问路", answer="说了")),
}

ELSEWHERE = OF_TIME | OF_EMERGENCIES
