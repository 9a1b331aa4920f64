"""Deeds that are refused, too long to stand in the table of test_refusals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.throttle import PHONE_MISSES
from shuoshi.matters import actions, papers, queries, terms
from shuoshi.matters.actions import telling
from shuoshi.matters.intake import GroupSaid, PersonSaid, SpokespersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import (
    Action,
    BeyondUs,
    Channel,
    DeadlineKind,
    EmergencyReportKind,
    Kind,
    Naming,
    Status,
    TellBy,
    Urgency,
    WishShown,
)
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post
from shuoshi.organization.profile import Step as LimitedStep
from shuoshi.organization.roles import Role
from tests.matters import divided, outside
from tests.matters.refused_beside import BESIDE
from tests.matters.refused_of_kinds import OF_KINDS
from tests.support.attempts import sample, shares
from tests.support.village import Place, default_profile, group


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


def _put_above_twice(town: Place) -> object:
    asked = terms.RequestEscalation(reason=BeyondUs.POWERS, text="要县里的执法队才能拆")
    matter = town.run("周建国", asked, town.matter_in(Status.IN_HANDLING))
    matter = town.run("县分办", terms.RuleEscalation(granted=False, text="镇里能办"), matter)
    return town.run("周建国", asked, matter)


def _nobody_left_above(town: Place) -> object:
    asked = terms.RequestEscalation(reason=BeyondUs.POWERS, text="要县里的执法队才能拆")
    matter = town.run("周建国", asked, town.matter_in(Status.IN_HANDLING))
    town.person("县长", ("青禾县", Role.LEADER))
    Post.objects.filter(person=town.persons["县分办"]).update(until=clock.now())
    return town.run("县长", terms.RuleEscalation(granted=True, text="上来"), matter)


def _today() -> date:
    return clock.local(clock.now()).date()


def _co(town: Place, unit: str, matter: Matter | None = None, days: int = 1) -> Matter:
    given = terms.AddCoUnit(unit=town.units[unit].pk, task="查线路", until=_today() + timedelta(days=days))
    return town.run("孙丽", given, matter or town.matter_in(Status.IN_HANDLING))


def _nobody_reviews(town: Place) -> object:
    matter = town.matter_in(Status.CLOSED)
    Post.objects.filter(person__in=[town.persons[name] for name in ("县分办", "马镇长")]).update(until=clock.now())
    return town.run(town.speaker(matter), terms.RequestReview(text="不对"), matter)


def _handed_down(town: Place) -> object:
    asked = terms.RequestEscalation(reason=BeyondUs.POWERS, text="要县里的执法队才能拆")
    matter = town.run("周建国", asked, town.matter_in(Status.IN_HANDLING))
    matter = town.run("县分办", terms.RuleEscalation(granted=True, text="上来"), matter)
    return town.run("县分办", terms.Assign(unit=town.units["水利站"].pk, reason="还是镇里办"), matter)


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


def _merge(town: Place, matter: Matter, main: Matter) -> object:
    return town.run("刘敏", terms.Merge(main=main.pk, why="是同一件事"), matter)


def _in_hand(town: Place, **said: object) -> Matter:
    return town.matter_in(Status.IN_HANDLING, **said)


def _main_with_a_recusal(town: Place) -> object:
    asked = terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"])
    return _merge(town, town.matter_in(Status.ACCEPTED), town.run("刘敏", asked, _in_hand(town)))


def _itself(town: Place) -> object:
    matter = _in_hand(town)
    return _merge(town, matter, matter)


def _of_another_kind(town: Place) -> object:
    enquiry = town.accept(town.raise_matter(), Kind.POLICY_ENQUIRY)
    return _merge(town, enquiry, _in_hand(town))


def _into_a_mediation(town: Place) -> object:
    return _merge(town, town.dispute(), town.mediate())


def _into_a_full_one(town: Place) -> object:
    main = _in_hand(town)
    Matter.objects.filter(pk=main.pk).update(merged_here=50)
    return _merge(town, town.matter_in(Status.ACCEPTED), main)


OF_TOGETHER: dict[str, Callable[[Place], object]] = {
    "its_own_main": _itself,
    "no_such_main": lambda t: _merge(t, t.matter_in(Status.ACCEPTED), Matter(pk=new_id())),
    "main_not_in_hand": lambda t: _merge(t, _in_hand(t), t.matter_in(Status.ACCEPTED)),
    "main_recusal_pending": _main_with_a_recusal,
    "main_mediating": _into_a_mediation,
    "main_of_other_kind": _of_another_kind,
    "main_is_full": _into_a_full_one,
    "kept_from_others": lambda t: _merge(
        t, t.matter_in(Status.ACCEPTED), _in_hand(t, concerns_people=(t.persons["李国强"],))
    ),
    "main_not_answered": lambda t: t.run(
        SYSTEM, terms.ShareResult(), t.run("刘敏", sample(t, Action.MERGE, m := t.matter_in(Status.ACCEPTED)), m)
    ),
}
WAITING = "WAITING_FOR_SPEAKER"
OF_TIME: dict[str, Callable[[Place], object]] = {
    "lead_helps_itself": lambda town: _co(town, "城建办"),
    "asked_to_help_before": lambda town: _co(town, "水利站", _co(town, "水利站")),
    "opinion_too_late": lambda town: _co(town, "水利站", days=60),
    "opinion_open": lambda town: town.prepare(_co(town, "水利站")),
    "day_out_of_reach": lambda town: town.run(
        "马镇长", terms.Instruct(text="办完", until=_today()), town.matter_in(Status.IN_HANDLING)
    ),
    "lead_confers": lambda town: town.run(
        "刘敏",
        terms.Confer(units=(town.units["水利站"].pk, town.units["柳湾村"].pk), text="就这样"),
        town.matter_in(Status.IN_HANDLING),
    ),
    "two_confer": lambda town: terms.Confer(units=(town.units["城建办"].pk,), text="就我们"),
    "nobody_reviews": _nobody_reviews,
    "not_finally_reviewed": lambda town: town.run(
        "王芳", terms.ScreenOut(reason="FINALLY_REVIEWED", text="说过了"), town.raise_matter()
    ),
    "put_above_before": _put_above_twice,
    "nobody_above": _nobody_left_above,
    "handed_down": _handed_down,
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


def _linked(town: Place, matter: Matter, content: str = "水沟也堵了", *, repeats: bool = False) -> object:
    given = terms.RegisterLinked(content=content, channel=Channel.HOTLINE, repeats=repeats)
    return town.run("赵红", given, matter)


def _many(town: Place, status: Status = Status.REGISTERED, **more: object) -> Matter:
    return town.matter_in(status, **({"by": "王芳", "group": group()} | more))


def _first(matter: Matter) -> UUID:
    return matter.spokespersons.order_by("seat")[0].pk


def _ends(town: Place, *, entered: bool = False) -> tuple[Matter, UUID]:
    """A group of which one is about to take no more part."""
    matter = _many(town, Status.IN_HANDLING)
    part = _first(matter)
    given = terms.Withdraw(shown_by=WishShown.SIGNED, proof_ref="签字件 3", spokesperson=part)
    return town.run("王芳" if entered else town.speaker(matter), given, matter), part


def _ends_twice(town: Place) -> object:
    matter, part = _ends(town)
    again = terms.Withdraw(shown_by=WishShown.SIGNED, proof_ref="签字件 3", spokesperson=part)
    return town.run("王芳", again, matter)


def _asked_twice(town: Place) -> object:
    matter = _many(town, Status.IN_FOLLOW_UP)
    part = _first(matter)
    return town.follow_up(town.follow_up(matter, 5, whom=part), 5, whom=part)


def _handed_over_twice(town: Place) -> object:
    matter = _many(town)
    given = terms.HandOverReceipt(to_whom="本人", spokesperson=_first(matter))
    return town.run("王芳", given, town.run("王芳", given, matter))


def _goes_on(town: Place) -> object:
    matter, _part = _ends(town)
    other = matter.spokespersons.order_by("seat")[1].pk
    return town.run("王芳", terms.RevokeWithdrawal(text="不撤", spokesperson=other), matter)


def _joins(town: Place, phone: str, times: int = 1, name: str = "赵五") -> object:
    matter: Matter = _many(town, Status.IN_HANDLING)
    for n in range(times):
        matter = town.run("王芳", terms.AddSpokesperson(name=name, phone=f"{phone}{n}"), matter)
    return matter


def _of(*names: str, headcount: int = 30, **more: object) -> GroupSaid:
    made = group(*names, headcount=headcount)
    return replace(made, **more)  # type: ignore[arg-type]


ONE_TWICE = SpokespersonSaid(name="陈大明", person=new_id())
OF_GROUPS: dict[str, Callable[[Place], object]] = {
    "group_by_registry": lambda t: _many(t, by="孙丽"),
    "group_by_spokespersons": lambda t: _many(t, on_behalf_of=PersonSaid(name="老人")),
    "group_settled": lambda t: _many(t, settle=terms.AnswerOnTheSpot(kind=Kind.OTHER, title="问路", answer="说了")),
    "group_consent": lambda t: _many(t, consent_to_publication=True),
    "spokesperson_missing": lambda t: _many(t, group=_of(spokespersons=())),
    "too_many_spokespersons": lambda t: _many(t, group=_of(*"甲乙丙丁戊己")),
    "spokesperson_unnamed": lambda t: _many(t, group=_of(" ", "乙")),
    "headcount_too_small": lambda t: _many(t, group=_of("甲", "乙", "丙", headcount=2)),
    "spokesperson_twice": lambda t: _many(t, group=_of(spokespersons=(ONE_TWICE, ONE_TWICE))),
    "same_phone": lambda t: _joins(t, "1380000020"),
    "seats_taken": lambda t: _joins(t, "1380000040", times=3),
    "group_is_pressing": lambda t: t.run(
        "何勇", terms.LowerUrgency(level=Urgency.U4, reason="不急"), _many(t, urgency=Urgency.U2)
    ),
    "which_spokesperson": lambda t: t.follow_up(_many(t, Status.IN_FOLLOW_UP), 5),
    "no_such_spokesperson": lambda t: t.follow_up(_many(t, Status.IN_FOLLOW_UP), 5, whom=new_id()),
    "asked_before": _asked_twice,
    "part_has_its_receipt": _handed_over_twice,
    "part_is_ending": _ends_twice,
    "part_goes_on": _goes_on,
    "own_or_entered_withdrawal": lambda t: t.run(
        "王芳", terms.RevokeWithdrawal(text="不撤", spokesperson=(ended := _ends(t))[1]), ended[0]
    ),
}
OF_LINKED: dict[str, Callable[[Place], object]] = {
    "demand_known": lambda t: _linked(t, _in_hand(t), "修好路灯"),
    "repeats_what_is_open": lambda t: _linked(t, _in_hand(t), repeats=True),
    "raised_again_instead": lambda t: _linked(t, t.matter_in(Status.CLOSED), repeats=True),
}


def _divided(town: Place, *units: str, but: int = 0) -> Matter:
    matter = divided.to_divide(town)
    given = shares(town, matter, *units)
    chosen = given.shares[: len(given.shares) - but]
    return town.run("刘敏", terms.Divide(shares=chosen, reason=given.reason), matter)


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


def _nobody_to_tell(town: Place) -> Matter:
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.ANONYMOUS)
    return telling.choose_notices(matter.pk, TellBy.EMAIL, address="a@example.org", actor=town.speaker(matter))


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

OF_TELLING: dict[str, Callable[[Place], object]] = {
    "not_the_speaker": lambda t: telling.choose_notices(
        t.matter_in(Status.IN_HANDLING).pk, TellBy.PAGE, actor=t.actor("王芳")
    ),
    "nobody_to_tell": _nobody_to_tell,
    "not_the_registry": lambda t: telling.told_by_hand(
        t.matter_in(Status.IN_HANDLING).pk, "word", "call", reached=True, actor=t.actor("孙丽")
    ),
}
OF_PARTS: dict[str, Callable[[Place], object]] = {
    "one_unit_only": lambda t: _divided(t, "城建办"),
    "demand_unassigned": lambda t: _divided(t, "城建办", "水利站", but=1),
    "part_not_answered": lambda t: actions.run(
        Action.GATHER_PARTS, divided.all_but_one(t).pk, terms.GatherParts(part=3), actor=SYSTEM
    ),
    "parts_missing": lambda t: t.run("王芳", terms.ReturnReport(reason="没有照片"), divided.answered(t)),
}


ELSEWHERE = (
    outside.REFUSED | OF_GROUPS | OF_KINDS | OF_LINKED | OF_TELLING | OF_TIME | OF_TOGETHER | OF_EMERGENCIES | BESIDE
) | OF_PARTS
