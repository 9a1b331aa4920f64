"""6.1.1: who watches over the work urges and orders; who heads the unit answers; what is long overdue is ordered by rule."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.kernel import clock
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, Status
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fresh, offered, running, told, who_may
from tests.support.village import Place

ORDER = terms.OrderSupervision(text="写清楚为什么慢，哪天办完", days=2)


def ordered(town: Place, by: str = "马镇长") -> Matter:
    return town.run(by, ORDER, town.matter_in(Status.IN_HANDLING))


def test_an_order_has_a_day_and_the_unit_answers_it(town: Place):
    matter = ordered(town)
    assert matter.supervised and DeadlineKind.SUPERVISION in running(matter)
    assert ("城建办", Role.DEPARTMENT_HEAD) in told(town, matter, "supervised")
    assert who_may(town, Action.ANSWER_SUPERVISION, matter) == {"周建国", "孙丽"}
    matter = town.run("周建国", terms.AnswerSupervision(text="灯具周五到，下周一装好"), matter)
    order = matter.supervisions.get()
    order.matter = matter
    assert not matter.supervised and order.answer == "灯具周五到，下周一装好" and order.answered_at
    assert matter.deadlines.get(kind=DeadlineKind.SUPERVISION).outcome == "MET"
    assert told(town, matter, "supervision_answered") and list(verify()) == []


def test_the_resident_reads_nothing_of_it(town: Place):
    matter = town.run("周建国", sample(town, Action.ANSWER_SUPERVISION, m := ordered(town)), m)
    matter = town.run("刘敏", terms.Remind(text="请抓紧"), matter)
    lines = matter.entries.filter(action__in=[Action.ORDER_SUPERVISION, Action.ANSWER_SUPERVISION, Action.REMIND])
    assert lines.count() == 3 and set(lines.values_list("audience", flat=True)) == {Audience.INTERNAL}
    seen = queries.tracking(town.speaker(matter), clock.now())
    assert not [promise for promise in seen.promises if promise.kind == DeadlineKind.SUPERVISION]


def test_what_is_long_overdue_is_ordered_by_rule_and_once(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    sweep_until(clock.now() + timedelta(days=40))
    matter = fresh(matter)
    order = matter.supervisions.get()
    assert matter.supervised and order.ordered_by is None and order.unit == town.units["城建办"]
    assert Action.ANSWER_SUPERVISION in offered(town, "周建国", matter)


def test_a_silent_unit_stays_marked_and_its_leader_hears(town: Place):
    matter = ordered(town)
    sweep_until(clock.now() + timedelta(days=6))
    clock_of = matter.deadlines.get(kind=DeadlineKind.SUPERVISION)
    assert clock_of.outcome == "OPEN" and clock_of.due_at < clock.now() + timedelta(days=6)
    assert told(town, matter, "clock_overdue") and fresh(matter).supervised


def test_it_falls_with_the_answer_and_with_a_return(town: Place):
    matter = town.sign(town.prepare(ordered(town)))
    assert not matter.supervised and DeadlineKind.SUPERVISION not in running(matter)
    matter = town.run("刘敏", terms.Escalate(reason="本级办不了"), ordered(town))
    assert matter.status == Status.ACCEPTED and not matter.supervised
    assert DeadlineKind.SUPERVISION not in running(matter)


def test_the_supervision_group_orders_and_the_handling_side_never(town: Place):
    town.person("督查员", ("监督委员会", Role.SUPERVISOR))
    town.person("两头的人", ("城建办", Role.HANDLER), ("受理中心", Role.DISPATCHER))
    matter = town.matter_in(Status.IN_HANDLING)
    assert who_may(town, Action.ORDER_SUPERVISION, matter) == {"刘敏", "马镇长", "督查员"}
    assert who_may(town, Action.REMIND, matter) == {"王芳", "刘敏", "赵红", "马镇长", "督查员"}
