"""4.3.3 meets 2.2.4: a report comes back after its handler had to stay away. Somebody else has it, at once."""

from __future__ import annotations

from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import DeadlineKind, Kind, Status
from tests.support.village import Place


def test_others_have_it_and_the_old_promise_runs_on(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    promised = matter.deadlines.get(kind=DeadlineKind.PROMISE).due_at
    handler = next(name for name, pk in town.persons.items() if pk == matter.handler_id)
    matter = town.run(handler, terms.DeclareConflict(text="是亲戚"), matter)
    assert matter.status == Status.IN_FOLLOW_UP
    matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), matter)
    running = {row.kind: row for row in matter.deadlines.filter(outcome=Outcome.OPEN)}
    assert matter.handler_id is None
    assert matter.status == Status.ASSIGNED
    assert DeadlineKind.SIGN_FOR in running
    assert running[DeadlineKind.PROMISE].due_at == promised
    assert DeadlineKind.FOLLOW_UP not in running and DeadlineKind.RATING not in running


def test_with_nobody_left_in_the_unit_it_is_assigned_anew(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    unit = matter.lead_unit
    for name in list(town.persons):
        if any(post.unit_path == unit.path for post in town.actor(name).posts):
            town.run(name, terms.DeclareConflict(text="都是亲戚"), matter)
            matter = Matter.objects.get(pk=matter.pk)
    matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), matter)
    assert (matter.status, matter.lead_unit, matter.assignment) == (Status.ACCEPTED, None, None)
    assert matter.deadlines.filter(kind=DeadlineKind.ASSIGN, outcome=Outcome.OPEN).exists()


def test_what_was_answered_on_the_spot_is_answered_so_again_by_another(town: Place):
    given = terms.AnswerOnTheSpot(kind=Kind.POLICY_ENQUIRY, title="医保怎么缴", answer="在手机上缴。", clear=False)
    matter = town.run("王芳", given, town.raise_matter(by="王芳"))
    matter = town.run("王芳", terms.DeclareConflict(text="是亲戚"), matter)
    matter = town.run("刘敏", terms.ReturnReport(reason="没有说截止日"), matter)
    assert matter.status == Status.ACCEPTED
    matter = town.run("刘敏", given, matter)
    assert [result.ordinal for result in matter.results.order_by("ordinal")] == [1, 2]
