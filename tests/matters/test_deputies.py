"""1.3.1, 4.3.1: a deputy does what the absent person would have done — and is no way around the separation of duty."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.case import Case
from shuoshi.matters.models import Entry, Matter, Request
from shuoshi.matters.permission import beside, who_could
from shuoshi.matters.scope import sees, standing, visible_to
from shuoshi.matters.veil import drawn_for
from shuoshi.matters.vocabulary import Action, Bond, Complexity, FollowUpBy, Naming, Status, Urgency
from shuoshi.matters.workflow import row
from shuoshi.organization import actions as organization
from shuoshi.organization import holders
from shuoshi.organization.roles import Role
from tests.matters import cells
from tests.matters.test_one_scope import listed
from tests.support.attempts import sample
from tests.support.looking import facts_of, fresh, offered, queues_with, told
from tests.support.village import Place

# ── what a deputy does ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_deputy_handles_what_the_absent_person_has_in_hand_and_the_record_says_so(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    assert Action.REPORT_PROGRESS not in offered(town, "李国强", matter)
    town.away("孙丽", "李国强")
    town.run("李国强", sample(town, Action.REPORT_PROGRESS, matter), matter)
    assert facts_of(matter)[-1]["acting_for"] == str(town.persons["孙丽"])
    entry = Entry.objects.filter(matter=matter).latest("at")
    assert (entry.person_id, entry.in_place_of_id) == (town.persons["李国强"], town.persons["孙丽"])
    assert entry.unit == town.units["城建办"]
    assert fresh(matter).handler_id == town.persons["孙丽"]
    assert list(verify()) == []


def test_it_ends_with_the_absence(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    town.away("孙丽", "李国强", hours=2)
    assert visible_to(town.actor("李国强")).filter(pk=matter.pk).exists()
    with clock.simulated(clock.now() + timedelta(hours=2)):
        assert Action.REPORT_PROGRESS not in offered(town, "李国强", matter)
        assert not visible_to(town.actor("李国强")).filter(pk=matter.pk).exists()


def test_what_is_held_for_another_lies_in_the_queue_marked(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    town.away("孙丽", "李国强")
    actor, now = town.actor("李国强"), clock.now()
    assert "mine" in queues_with(town, "李国强", matter)
    assert queries.counts(actor, now)["mine"] == 1
    rows = queries.queue(actor, "mine", now).rows
    queries.mark_places(actor, rows)
    assert [getattr(one, "held_for", "") for one in rows] == ["孙丽"]


def test_the_deputy_reads_what_the_absent_person_is_told(town: Place):
    town.away("孙丽", "李国强")
    matter = town.sign_for(town.matter_in(Status.ASSIGNED), "孙丽", by="周建国")
    assert told(town, matter, "handed_to_you") == {("孙丽", "")}
    kinds = {one.kind for one in outbox.pending_for(town.actor("李国强")) if one.about_id == matter.pk}
    assert "handed_to_you" in kinds


def test_a_refusal_names_the_deputy_instead_of_who_is_away(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    town.away("孙丽", "李国强")
    holders.forget()
    actor = town.actor("刘敏")
    case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=clock.now())
    assert who_could(row(Action.REPORT_PROGRESS), "policy", beside(case)) == ("李国强",)


def test_a_chain_of_three_signs_rules_and_asks(town: Place):
    """周建国 → 赵立新 → 李国强: whoever is left signs for the unit of the first."""
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    town.away("周建国", "赵立新")
    town.away("赵立新", "李国强")
    assert Action.SIGN_RESULT not in offered(town, "赵立新", matter)
    matter = town.sign(matter, by="李国强")
    assert matter.status == Status.IN_FOLLOW_UP
    assert facts_of(matter)[-1]["acting_for"] == str(town.persons["周建国"])


def test_the_registrar_s_deputy_takes_in(town: Place):
    with pytest.raises(Refused, match="no_intake_post"):
        town.raise_matter(by="管理员")
    town.away("王芳", "管理员")
    matter = town.raise_matter(by="管理员")
    assert matter.registered_by_id == town.persons["管理员"]
    assert matter.registry == town.units["受理中心"]


def test_at_night_the_deputy_of_the_duty_officer_is_called(town: Place):
    town.away("何勇", "李国强")
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    assert told(town, matter, "duty_called") == {("李国强", "")}
    assert Action.DISPATCH_EMERGENCY in offered(town, "李国强", matter)


def test_the_pool_of_agents_asks_through_the_deputy_and_passes_over_one_who_may_not(town: Place):
    town.away("赵红", "王芳")
    assert town.matter_in(Status.IN_FOLLOW_UP).follow_up_by == FollowUpBy.REGISTRY
    by_the_desk = town.raise_matter(by="王芳")  # whoever typed it in does not ask about it (g), in nobody's place
    matter = town.assign(town.classify(town.accept(by_the_desk)))
    matter = town.sign(town.prepare(town.sign_for(matter)))
    assert matter.follow_up_by == FollowUpBy.OVERSIGHT
    assert Action.RECORD_FOLLOW_UP not in offered(town, "王芳", matter)


# ── how it could be misused ────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_rules_on_an_own_request_in_anothers_place(town: Place):
    """(b): the head asks for a return and stands in for the dispatcher."""
    matter = town.matter_in(Status.ASSIGNED)
    town.away("刘敏", "周建国")
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    assert Action.RULE_RETURN not in offered(town, "周建国", matter)


def test_nobody_rules_on_what_was_asked_for_in_their_place(town: Place):
    """(b): 周建国 is head and dispatcher; his deputy asks, he comes back and would rule."""
    organization.appoint(town.persons["周建国"], town.units["受理中心"].pk, Role.DISPATCHER, actor=SYSTEM)
    matter = town.matter_in(Status.ASSIGNED)
    town.away("周建国", "李国强", hours=1)
    matter = town.run("李国强", sample(town, Action.REQUEST_RETURN, matter), matter)
    assert Request.objects.get(matter=matter).in_place_of_id == town.persons["周建国"]
    assert Action.RULE_RETURN not in offered(town, "李国强", matter)
    with clock.simulated(clock.now() + timedelta(hours=1)):
        assert Action.RULE_RETURN not in offered(town, "周建国", matter)
        assert Action.RULE_RETURN in offered(town, "刘敏", matter)


def test_the_absent_persons_own_request_is_not_ruled_on_in_their_place(town: Place):
    """(b): 周建国, head and dispatcher, asks and goes; his deputy, who is of nothing else, would rule for him."""
    organization.appoint(town.persons["周建国"], town.units["受理中心"].pk, Role.DISPATCHER, actor=SYSTEM)
    matter = town.matter_in(Status.ASSIGNED)
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    town.away("周建国", "李国强")
    assert Action.RULE_RETURN not in offered(town, "李国强", matter)


def test_who_prepared_in_the_handlers_place_does_not_sign_as_head(town: Place):
    """Handler and issuer are two persons for what is complex, whatever posts one of them lends to the other."""
    matter = town.classify(town.matter_in(Status.ACCEPTED), complexity=Complexity.COMPLEX)
    matter = town.sign_for(town.assign(matter))
    town.away("孙丽", "周建国")
    matter = town.prepare(matter, by="周建国")
    assert Action.SIGN_RESULT not in offered(town, "周建国", matter)
    assert Action.SIGN_RESULT in offered(town, "马镇长", matter)


def test_who_handles_does_not_sign_in_the_heads_place(town: Place):
    matter = town.classify(town.matter_in(Status.ACCEPTED), complexity=Complexity.COMPLEX)
    matter = town.prepare(town.sign_for(town.assign(matter)))
    town.away("周建国", "孙丽")
    assert Action.SIGN_RESULT not in offered(town, "孙丽", matter)


def test_who_handled_in_anothers_place_handled_and_never_asks(town: Place):
    """(a): 赵红 stands in for the handler for an hour; the matter is hers for ever."""
    matter = town.matter_in(Status.IN_HANDLING)
    town.away("孙丽", "赵红", hours=1)
    matter = town.run("赵红", sample(town, Action.RECORD_MEASURE, matter), matter)
    assert Bond.STOOD_IN in standing(town.actor("赵红"), matter).bonds
    with clock.simulated(clock.now() + timedelta(hours=2)):
        matter = town.sign(town.prepare(matter))
        assert matter.follow_up_by == FollowUpBy.OVERSIGHT
        assert Action.RECORD_FOLLOW_UP not in offered(town, "赵红", matter)


def test_a_deputy_of_somebody_involved_is_not_involved_by_that_alone(town: Place):
    town.away("孙丽", "赵红")
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    assert matter.follow_up_by == FollowUpBy.REGISTRY
    assert Action.RECORD_FOLLOW_UP in offered(town, "赵红", matter)


def test_whoever_is_under_the_handler_does_not_ask_in_an_agents_place(town: Place):
    """The head handles himself; his own handler stands in for the only agent."""
    town.away("赵红", "孙丽")
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)))
    matter = town.sign_for(matter, "周建国")
    matter = town.sign(town.prepare(matter, by="周建国"), by="周建国")
    assert Action.RECORD_FOLLOW_UP not in offered(town, "孙丽", matter)
    assert matter.follow_up_by == FollowUpBy.OVERSIGHT


def test_whom_a_matter_concerns_gains_nothing_by_standing_in(town: Place):
    """(c): the deputy is complained about."""
    town.away("刘敏", "李国强")
    matter = town.accept(town.raise_matter(concerns_people=(town.persons["李国强"],)))
    assert offered(town, "李国强", matter) == set()
    assert not visible_to(town.actor("李国强")).filter(pk=matter.pk).exists()


def test_what_the_absent_person_is_kept_from_is_not_handed_on(town: Place):
    """(c): nor is a right gained from somebody who has none; the own rights stay what they are."""
    town.away("刘敏", "李国强")
    matter = town.accept(town.raise_matter(concerns_people=(town.persons["刘敏"],)))
    assert offered(town, "李国强", matter) == set()
    assert not visible_to(town.actor("李国强")).filter(pk=matter.pk).exists()
    other = town.matter_in(Status.ACCEPTED)
    assert Action.CLASSIFY in offered(town, "李国强", other)


def test_one_persons_posts_at_a_time(town: Place):
    """Of two whose places one takes, the posts never add up: neither of them alone may do it, so nobody does."""
    matter = town.classify(town.matter_in(Status.ACCEPTED), complexity=Complexity.COMPLEX)
    matter = town.prepare(town.sign_for(town.assign(matter)))
    town.away("周建国", "李国强")
    town.away("孙丽", "李国强")
    matter = town.run("李国强", sample(town, Action.NOTE, matter), matter)
    matter = town.run("周建国", terms.SendBackResult(reason="补照片"), matter)
    matter = town.prepare(matter, by="李国强")
    assert Action.SIGN_RESULT not in offered(town, "李国强", matter)


@pytest.mark.minute
def test_the_rule_in_sql_and_as_a_function_agree_for_deputies(town: Place):
    matters = [made() for made in cells.situations(cells.manned(town)).values()]
    matters.append(town.raise_matter(concerns_people=(town.persons["刘敏"],)))
    matters.append(town.raise_matter(concerns_units=(town.units["城建办"].pk,)))
    town.bind_factor("陈书记")
    for name, deputy in (("刘敏", "李国强"), ("孙丽", "李国强"), ("马镇长", "陈书记"), ("赵红", "赵立新")):
        town.away(name, deputy)
    for name in ("李国强", "陈书记", "赵立新"):
        actor, now = town.actor(name), clock.now()
        assert actor.stands_in
        seen = set(visible_to(actor).values_list("pk", flat=True))
        for matter in Matter.objects.select_related("lead_unit__parent").filter(pk__in=[m.pk for m in matters]):
            units = {matter.lead_unit_id} if matter.lead_unit_id else set()
            units |= set(matter.assignments.values_list("unit_id", flat=True))
            units |= set(matter.co_units.values_list("unit_id", flat=True))
            assert sees(actor, matter, standing(actor, matter), frozenset(units)) == (matter.pk in seen), (name, matter)
        counted = queries.counts(actor, now)
        for queue in queries.QUEUES:
            assert counted[queue] == listed(actor, queue, now), (name, queue)


def test_the_handling_side_does_not_learn_who_a_confidential_speaker_is_in_a_registrars_place(town: Place):
    """4.1.1: 孙丽 handles it and stands in for the registrar; 李国强, who has nothing to do with it, would know."""
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.CONFIDENTIAL)
    town.away("王芳", "孙丽")
    assert drawn_for(_before(town, "孙丽", matter))
    town.away("刘敏", "李国强")
    assert not drawn_for(_before(town, "李国强", matter))


def _before(town: Place, name: str, matter: Matter) -> Case:
    actor, found = town.actor(name), Matter.objects.select_related("lead_unit").get(pk=matter.pk)
    return Case(actor=actor, matter=found, standing=standing(actor, found), now=clock.now())


def test_what_the_absent_person_prepared_and_the_deputy_signs_in_their_place_is_told_as_one_hand(town: Place):
    """周建国 handles and heads; 李国强 signs for him. For what is standard it is lawful, and the resident reads it."""
    matter = town.sign_for(town.matter_in(Status.ASSIGNED), "周建国", by="周建国")
    matter = town.prepare(matter, by="周建国")
    town.away("周建国", "李国强")
    Matter.objects.filter(pk=matter.pk).update(result_short=False)
    assert Action.SIGN_RESULT not in offered(town, "李国强", matter)  # the long report takes two persons
    Matter.objects.filter(pk=matter.pk).update(result_short=True)
    town.sign(fresh(matter), by="李国强")
    assert facts_of(matter)[-1]["duty_overlap"] is True
