"""4.2.2: several demands for several units under one number — one page, one call, one rating."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Exclusion, Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.vocabulary import Action, DeadlineKind, Kind, Naming, Solved, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.roles import Role
from tests.matters.divided import PEOPLE, answer, answered, divide, part, take_on, to_divide
from tests.support.attempts import sample, shares
from tests.support.looking import fresh, queues_with, running, told, who_may
from tests.support.village import Place, default_profile


def test_each_unit_gets_a_part_and_the_speaker_keeps_one_matter(town: Place):
    whole = divide(town)
    assert (whole.status, whole.parts_open, whole.lead_unit, whole.assignment) == (Status.DIVIDED, 3, None, None)
    assert running(whole) == {DeadlineKind.PROMISE} and whole.next_due_at == whole.promised_by
    parts = list(whole.parts.select_related("lead_unit").order_by("part"))
    assert [one.number for one in parts] == [f"{whole.number}-{n}" for n in (1, 2, 3)]
    assert [one.lead_unit.short_name for one in parts if one.lead_unit] == list(PEOPLE)
    for one in parts:
        assert one.status == Status.ASSIGNED and one.content == whole.content
        assert running(one) == {"sign_for", "first_contact", "progress", "completion"}
        assert [demand.text for demand in one.demands.all()] == [whole.demands.get(ordinal=one.part).text]
        limit = one.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
        assert whole.promised_by is not None and limit.due_at <= whole.promised_by
        assert told(town, one, "assigned")
    assert "sign_for" in queues_with(town, "李国强", parts[1])
    assert who_may(town, Action.SIGN_FOR, parts[1]) == {"赵立新", "李国强"}
    assert list(verify()) == []


def test_the_whole_story(town: Place):
    whole = divide(town)
    code = default_profile().return_reasons[0].code
    returned = terms.RequestReturn(reason=code, text="不归我们", proper_unit=town.units["城建办"].pk)
    second = town.run("赵立新", returned, part(whole, 2))
    second = town.run("刘敏", terms.RuleReturn(granted=True, text="渠是镇里的"), second)
    assert second.status == Status.ACCEPTED and fresh(whole).status == Status.DIVIDED
    second = town.assign(second, "柳湾村")
    assert second.status == Status.ASSIGNED
    for n, text in ((1, "灯修好了。"), (2, "渠通了。")):
        assert answer(town, part(whole, n), text).status == Status.PART_OVER
        assert fresh(whole).status == Status.DIVIDED
    answer(town, part(whole, 3), "垃圾清走了。")
    whole = fresh(whole)
    assert (whole.status, whole.parts_open) == (Status.IN_FOLLOW_UP, 0)
    assert {DeadlineKind.FOLLOW_UP, DeadlineKind.RATING} <= running(whole)
    assert whole.deadlines.get(kind=DeadlineKind.PROMISE).outcome == "MET"
    told_ = promises.told(queries.tracking(town.speaker(whole), clock.now()))
    assert len(told_.replies) == 1 and told_.main == "rate"
    for unit, text in (("城建办", "灯修好了。"), ("柳湾村", "渠通了。"), ("柳湾村", "垃圾清走了。")):
        assert unit in told_.replies[0].reply and text in told_.replies[0].reply
    assert [str(point.text) for point in told_.seen.points] == ["灯修好了。", "渠通了。", "垃圾清走了。"]

    unsettled = (whole.demands.get(ordinal=2).pk,)
    answers = terms.Answers(
        contacted=True, solved=Solved.PARTLY, result="1", attitude="4", words="渠又堵了", rest_wanted=True,
        unsettled=unsettled,
    )  # fmt: skip
    whole = town.run(town.speaker(whole), terms.Rate(answers=answers), whole)
    assert (whole.status, whole.parts_open) == (Status.DIVIDED, 1)
    assert whole.round is not None and whole.round.ordinal == 2
    second = part(whole, 2)
    assert second.status == Status.ASSIGNED and second.assignment is not None and second.assignment.binding
    assert [part(whole, n).status for n in (1, 3)] == [Status.PART_OVER] * 2
    answer(town, second, "渠重新挖了。")
    whole = fresh(whole)
    assert whole.status == Status.IN_FOLLOW_UP
    last = whole.results.latest("ordinal")
    assert "渠重新挖了" in last.reply and "灯修好了" not in last.reply and last.points.count() == 1
    whole = town.follow_up(whole, 5)
    assert (whole.status, whole.exit) == (Status.CLOSED, "SATISFIED")
    assert list(verify()) == []


def test_demands_of_one_unit_make_one_part(town: Place):
    matter = to_divide(town)
    whole = town.run("刘敏", shares(town, matter, "城建办", "水利站", "城建办"), matter)
    assert [one.demand_count for one in whole.parts.order_by("part")] == [2, 1]
    assert [demand.ordinal for demand in part(whole, 1).demands.order_by("ordinal")] == [1, 3]


@pytest.mark.parametrize(
    ("units", "code"), [(("城建办",) * 3, "one_unit_only"), (("城建办", "水利站"), "demand_unassigned")]
)
def test_what_is_no_division_is_refused(town: Place, units: tuple[str, ...], code: str):
    matter = to_divide(town)
    given = shares(town, matter, *units)
    given = terms.Divide(shares=given.shares[: len(units)], reason=given.reason)
    with pytest.raises(Refused) as refused:
        town.run("刘敏", given, matter)
    assert refused.value.code == code and not matter.parts.exists()


def test_a_retry_divides_once(town: Place):
    matter = to_divide(town)
    given = shares(town, matter, *PEOPLE)
    for _ in range(2):
        whole = town.run("刘敏", given, matter, key="once")
    assert whole.parts.count() == 3


def test_a_part_has_nothing_of_the_speaker(town: Place):
    whole = divide(town, by="王芳")
    one = part(whole, 1)
    assert who_may(town, Action.HAND_OVER_RECEIPT, one) == set() and who_may(town, Action.HAND_OVER_RECEIPT, whole)
    with pytest.raises(Refused) as refused:
        town.run("刘敏", sample(town, Action.ESCALATE, one), one)
    assert refused.value.code == "part" and whole.number in str(refused.value.text)


def test_who_is_kept_from_one_is_kept_from_all(town: Place):
    whole = divide(town)
    second = take_on(town, part(whole, 2))
    second = town.run("刘敏", terms.DeclareConflict(text="亲戚", person=town.persons["孙丽"]), second)
    town.run("马镇长", terms.RuleConflict(granted=True, text="属实"), second)
    for matter in (whole, *whole.parts.all()):
        assert matter.exclusions.filter(person=town.persons["孙丽"], lifted_at__isnull=True).count() == 1
    assert list(verify()) == []


def kept_from(whole: Matter, person: object) -> list[bool]:
    """The whole, then its parts."""
    rows = Exclusion.objects.in_force().filter(person=person)
    return [rows.filter(matter=matter).exists() for matter in (whole, *whole.parts.order_by("part"))]


def test_who_declares_a_conflict_on_one_is_kept_from_all_when_it_is_upheld(town: Place):
    whole, person = divide(town), town.persons["孙丽"]
    first = town.run("孙丽", terms.DeclareConflict(text="是我表哥"), take_on(town, part(whole, 1)))
    assert kept_from(whole, person) == [False, True, False, False]
    town.run("马镇长", terms.RuleConflict(granted=True, text="属实"), first)
    assert kept_from(whole, person) == [True] * 4
    assert list(verify()) == []


def test_and_from_the_whole_also_when_nobody_ruled_before_all_was_answered(town: Place):
    whole, person = divide(town), town.persons["孙丽"]
    first = town.run("孙丽", terms.DeclareConflict(text="是我表哥"), take_on(town, part(whole, 1)))
    town.person("王工", ("城建办", Role.HANDLER))
    first = town.prepare(town.sign_for(first, "王工"), "王工")
    town.sign(first)
    for n in (2, 3):
        answer(town, part(whole, n))
    assert fresh(whole).status == Status.IN_FOLLOW_UP
    with clock.simulated(clock.now() + timedelta(days=15)):
        clocks.sweep(clock.now())
    assert kept_from(whole, person) == [True] * 4
    assert list(verify()) == []


def test_a_declaration_on_the_whole_reaches_its_parts(town: Place):
    whole, person = divide(town), town.persons["王芳"]
    whole = town.run("王芳", terms.DeclareConflict(text="是我表哥"), whole)
    assert kept_from(whole, person) == [True, False, False, False]
    town.run("马镇长", terms.RuleConflict(granted=True, text="属实"), whole)
    assert kept_from(whole, person) == [True] * 4


def test_who_is_kept_from_it_beforehand_gets_no_part(town: Place):
    matter = to_divide(town, concerns_units=(town.units["水利站"].pk,))
    with pytest.raises(Refused) as refused:
        town.run("刘敏", shares(town, matter, *PEOPLE), matter)
    assert refused.value.code == "unit_concerned"
    matter = to_divide(town, concerns_people=(town.persons["李国强"],))
    whole = town.run("刘敏", shares(town, matter, *PEOPLE), matter)
    assert who_may(town, Action.SIGN_FOR, part(whole, 2)) == {"赵立新"}


def test_whoever_handles_a_part_neither_asks_nor_reviews(town: Place):
    organization.appoint(town.persons["李国强"], town.units["受理中心"].pk, Role.FOLLOW_UP_AGENT, actor=SYSTEM)
    whole = answered(town)
    assert who_may(town, Action.RECORD_FOLLOW_UP, whole) == {"赵红"}
    bonds = set(whole.involvements.values_list("person", "bond"))
    assert {(town.persons["李国强"], "handled"), (town.persons["赵立新"], "issued")} <= bonds


def test_the_speakers_words_reach_every_open_part(town: Place):
    whole = divide(town)
    take_on(town, part(whole, 1))
    answer(town, part(whole, 3))
    town.run(town.speaker(whole), terms.AddInformation(text="渠边还有一棵倒树"), whole)
    assert [part(whole, n).unread_words for n in (1, 2, 3)] == [1, 1, 0]
    assert ("孙丽", "") in told(town, part(whole, 1), "information")
    assert part(whole, 2).entries.filter(action=Action.TELL_PART).get().text == "渠边还有一棵倒树"


def test_an_extension_of_a_part_moves_the_promise(town: Place):
    whole = divide(town)
    before = whole.promised_by
    first = take_on(town, part(whole, 1))
    first = town.run("孙丽", terms.RequestExtension(text="配件没到", plan="到了就装", days=5), first)
    first = town.run("刘敏", terms.RuleExtension(granted=True, text="要等材料"), first)
    whole = fresh(whole)
    limit = first.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
    assert before is not None and whole.promised_by is not None
    assert whole.promised_by == max(before, limit.due_at) > before
    seen = promises.told(queries.tracking(town.speaker(whole), clock.now()))
    assert any("要等材料" in said.text for said in seen.words)
    assert list(verify()) == []


def test_a_promise_that_is_broken_is_not_healed_by_more_time_for_a_part(town: Place):
    """The part came back and was given out anew after the day the speaker was promised: only the part moves."""
    whole = divide(town)
    assert whole.promised_by is not None
    broken = whole.deadlines.get(kind=DeadlineKind.PROMISE, outcome="OPEN")
    first = part(whole, 1)
    first = town.run("周建国", sample(town, Action.REQUEST_RETURN, first), first)
    first = town.run("刘敏", terms.RuleReturn(granted=True, text="不归"), first)
    with clock.simulated(whole.promised_by + timedelta(days=4)):
        clocks.sweep(clock.now())
        first = town.sign_for(town.assign(first, "水利站"), "李国强")
        first = town.run("李国强", terms.RequestExtension(text="配件没到", plan="到了就装", days=3), first)
        first = town.run("马镇长", terms.RuleExtension(granted=True, text="要等材料"), first)
    limit = first.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
    broken.refresh_from_db()
    assert first.extensions == 1 and limit.due_at > broken.due_at
    assert (broken.outcome, broken.late) == ("OPEN", 1)
    assert fresh(whole).promised_by == broken.due_at
    seen = promises.told(queries.tracking(town.speaker(whole), clock.now()))
    assert not any("推迟到" in said.text for said in seen.words)
    assert list(verify()) == []


def test_a_returned_report_brings_back_its_part_only(town: Place):
    whole = answered(town)
    with pytest.raises(Refused) as refused:
        town.run("王芳", terms.ReturnReport(reason="没有照片"), whole)
    assert refused.value.code == "parts_missing"
    whole = town.run("王芳", terms.ReturnReport(reason="没有照片", parts=(2,)), whole)
    assert (whole.status, whole.parts_open) == (Status.DIVIDED, 1)
    assert DeadlineKind.PROMISE in running(whole) and DeadlineKind.RATING not in running(whole)
    assert [part(whole, n).status for n in (1, 2, 3)] == ["PART_OVER", "IN_HANDLING", "PART_OVER"]
    assert running(part(whole, 2)) == {DeadlineKind.COMPLETION}
    answer(town, part(whole, 2), "补了照片。")
    whole = fresh(whole)
    assert whole.status == Status.IN_FOLLOW_UP and "补了照片" in whole.results.latest("ordinal").reply
    assert list(verify()) == []


def test_the_second_dissatisfaction_goes_up_and_is_divided_anew(town: Place):
    whole = town.follow_up(answered(town), 1)
    assert whole.status == Status.DIVIDED and whole.parts_open == 3
    for one in whole.parts.select_related("lead_unit").order_by("part"):
        answer(town, one)
    whole = town.follow_up(fresh(whole), 1)
    assert whole.status == Status.ACCEPTED and whole.tier_path == town.units["青禾县"].path
    assert set(whole.parts.values_list("status", flat=True)) == {Status.PART_OVER}
    assert who_may(town, Action.DIVIDE, whole) == {"县分办"}
    with pytest.raises(Refused) as refused:
        town.run("县分办", shares(town, whole, *PEOPLE), whole)
    assert refused.value.code == "handed_down"
    lines = {
        town.units[unit].pk: organization.add_duty_line("B604", town.units[unit].pk, actor=SYSTEM) for unit in PEOPLE
    }
    listed = tuple(replace(one, duty_line=lines[one.unit].pk) for one in shares(town, whole, *PEOPLE).shares)
    whole = town.run("县分办", terms.Divide(shares=listed), whole)
    assert sorted(whole.parts.values_list("part", "status")) == [
        *((n, Status.PART_OVER) for n in (1, 2, 3)), *((n, Status.ASSIGNED) for n in (4, 5, 6)),
    ]  # fmt: skip
    for n in (4, 5, 6):
        answer(town, part(whole, n), f"第 {n} 次。")
    last = fresh(whole).results.latest("ordinal")
    assert "第 4 次" in last.reply and "第 6 次" in last.reply and last.points.count() == 3
    assert list(verify()) == []


def test_withdrawn_while_divided_its_parts_end_with_it(town: Place):
    whole = divide(town)
    take_on(town, part(whole, 1))
    answer(town, part(whole, 3))
    whole = town.run(town.speaker(whole), terms.Withdraw(text="不要了"), whole)
    assert told(town, part(whole, 2), "withdrawing")
    with clock.simulated(clock.now() + timedelta(days=8)):
        clocks.sweep(clock.now())
    whole = fresh(whole)
    assert (whole.status, whole.exit, whole.parts_open) == (Status.CLOSED, "WITHDRAWN", 0)
    for one in whole.parts.all():
        assert one.status == Status.PART_OVER and running(one) == set()
    assert list(verify()) == []


def test_a_late_whole_is_told_to_whoever_divides(town: Place):
    whole = divide(town)
    assert whole.promised_by is not None
    with clock.simulated(whole.promised_by + timedelta(days=1)):
        clocks.sweep(clock.now())
    assert (town.units["受理中心"].short_name, Role.DISPATCHER) in told(town, whole, "clock_overdue")
    assert told(town, part(whole, 2), "clock_overdue")


def test_a_confidential_speaker_stays_unknown_to_the_units(town: Place):
    whole = divide(town, naming=Naming.CONFIDENTIAL)
    view = queries.matter_page(town.actor("孙丽"), part(whole, 1).number, clock.now())
    assert view.veiled
    town.run(town.speaker(whole), terms.AddInformation(text="我陈大明，13800000017，又去看了"), whole)
    view = queries.matter_page(town.actor("孙丽"), part(whole, 1).number, clock.now())
    assert not [entry for entry in view.entries if "陈大明" in str(entry.text) or "13800000017" in str(entry.text)]


def test_a_suggestion_is_not_divided(town: Place):
    matter = town.accept(town.raise_matter(demands=("一", "二")), Kind.SUGGESTION)
    matter = town.classify(matter, "C101", Kind.SUGGESTION)
    with pytest.raises(Refused) as refused:
        town.run("刘敏", shares(town, matter, "城建办", "水利站"), matter)
    assert refused.value.code == "of_a_kind_to_divide"
