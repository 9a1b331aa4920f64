"""4.3.1, 4.4.1: whoever had a matter in hand, or was to ask, left the post: nothing waits for them."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, DeadlineKind, FollowUpBy, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import later, sweep_until
from tests.support.looking import fell_back, fresh, offered, queues_with, running
from tests.support.village import Place

WORK = {Action.RECORD_INVESTIGATION, Action.REPORT_PROGRESS, Action.PREPARE_RESULT, Action.RECORD_FIRST_CONTACT}


def leaves(town: Place, name: str) -> None:
    for post in Post.objects.filter(person=town.persons[name], until__isnull=True):
        organization.end_post(post.pk, actor=SYSTEM)


def looked_after(matter: Matter) -> Matter:
    """What the worker does every few minutes."""
    actions.rearrange(clock.now())
    return fresh(matter)


def test_a_handler_who_left_the_unit_handles_no_more(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    assert offered(town, "孙丽", matter) >= WORK
    leaves(town, "孙丽")
    assert not WORK & offered(town, "孙丽", matter)


def test_what_they_had_in_hand_waits_for_a_colleague(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    leaves(town, "孙丽")
    matter = looked_after(matter)
    assert (matter.status, matter.handler_id, matter.result_in_hand) == (Status.ASSIGNED, None, False)
    assert DeadlineKind.SIGN_FOR in running(matter)
    assert "sign_for" in queues_with(town, "周建国", matter)


def test_where_the_unit_has_nobody_left_it_goes_back_to_whoever_assigns(town: Place):
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)), "柳湾村")
    leaves(town, "陈书记")
    matter = looked_after(matter)
    assert (matter.status, matter.lead_unit) == (Status.ACCEPTED, None)
    assert "assign" in queues_with(town, "刘敏", matter)


def test_the_worker_leaves_alone_what_is_in_hand_and_what_it_looked_after_before(town: Place):
    town.matter_in(Status.IN_HANDLING)
    town.matter_in(Status.IN_FOLLOW_UP)
    assert actions.rearrange(clock.now()) == 0
    leaves(town, "孙丽")
    assert actions.rearrange(clock.now()) == 1
    assert actions.rearrange(clock.now()) == 0


def test_a_post_that_ends_by_its_date_counts_from_that_date(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    Post.objects.filter(person=town.persons["孙丽"]).update(until=later(3))
    assert looked_after(matter).status == Status.IN_HANDLING
    with clock.simulated(later(4)):
        assert looked_after(matter).status == Status.ASSIGNED


def test_the_only_agent_left_and_the_next_in_the_order_asks(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    leaves(town, "赵红")
    matter = looked_after(matter)
    assert matter.follow_up_by == FollowUpBy.OVERSIGHT
    assert Action.RECORD_FOLLOW_UP in offered(town, "钱监督", matter)
    assert ("oversight", "nobody_uninvolved_in_registry") in fell_back(matter)


def test_an_agent_who_may_not_ask_is_not_the_one_who_is_left(town: Place):
    """何静 handled it once: when her colleague leaves, nobody of the registry may ask, though it is manned."""
    town.person("何静", ("受理中心", Role.FOLLOW_UP_AGENT), ("城建办", Role.HANDLER))
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)))
    matter = town.sign(town.prepare(town.sign_for(matter, "何静"), by="何静"))
    assert matter.follow_up_by == FollowUpBy.REGISTRY
    leaves(town, "赵红")
    assert looked_after(matter).follow_up_by == FollowUpBy.REGISTRY
    sweep_until(later(6))  # past the yellow of three working days, on whichever day and hour it is
    assert fresh(matter).follow_up_by == FollowUpBy.OVERSIGHT


def test_a_tier_two_levels_up_asks_before_the_resident_is_left_alone(town: Place):
    """Village → district office without a registry → town."""
    from shuoshi.matters import terms
    from shuoshi.organization.models import UnitKind
    from tests.support.attempts import sample

    town.unit("片区", UnitKind.INSTITUTION, "青禾镇")
    town.unit("小村", UnitKind.VILLAGE, "片区")
    town.unit("小村受理室", UnitKind.REGISTRY, "小村")
    town.person("小村登记", ("小村受理室", Role.REGISTRAR), ("小村受理室", Role.DISPATCHER))
    town.person("小村主任", ("小村", Role.DEPARTMENT_HEAD))
    matter = town.raise_matter(by="小村登记")
    for action in (Action.ACCEPT, Action.CLASSIFY):
        matter = town.run("小村登记", sample(town, action, matter), matter)
    matter = town.run("小村登记", terms.Assign(unit=town.units["小村"].pk, reason="归村里"), matter)
    matter = town.sign(town.prepare(town.sign_for(matter, "小村主任"), by="小村主任"), by="小村主任")
    assert (matter.follow_up_by, matter.follow_up_path) == (FollowUpBy.ABOVE, town.units["青禾镇"].path)
    assert Action.RECORD_FOLLOW_UP in offered(town, "赵红", matter)
