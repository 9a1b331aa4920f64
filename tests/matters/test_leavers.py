"""4.3.1: nobody leaves, and no account is closed, while open work would be left without an owner."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, DeadlineKind, FollowUpBy, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.models import DutyRoster, Post
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people import leaving
from shuoshi.people.models import Account
from tests.support.attempts import sample
from tests.support.looking import fresh
from tests.support.village import Place


def holds(town: Place, name: str) -> dict[str, int]:
    return {one.what: one.count for one in leaving.held(town.persons[name], None, clock.now())}


def post_of(town: Place, name: str, role: Role | None = None) -> UUID:
    found = Post.objects.filter(person=town.persons[name], until__isnull=True)
    return (found.filter(role=role) if role else found).get().pk


def leaves(town: Place, name: str, by: str = "管理员") -> None:
    organization.end_post(post_of(town, name), actor=town.actor(by))


def test_a_handler_leaves_when_the_head_handed_everything_over(town: Place):
    matters = [town.matter_in(Status.IN_HANDLING) for _ in range(3)]
    due = {one.pk: _due(one) for one in matters}
    with pytest.raises(Refused, match="holds_open_work") as refused:
        leaves(town, "孙丽")
    assert "在办 3" in refused.value.text
    to = {one.pk: town.persons["周建国"] for one in matters}
    done = actions.hand_over(to, "孙丽调走，由周建国接着办", actor=town.actor("周建国"))
    assert (done.done, done.refused) == (3, {})
    assert {fresh(one).handler_id for one in matters} == {town.persons["周建国"]}
    assert {one.pk: _due(one) for one in matters} == due
    leaves(town, "孙丽")
    assert actions.rearrange(clock.now()) == 0


def _due(matter: Matter) -> object:
    return matter.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN").due_at


def test_what_may_not_go_to_somebody_stays_and_says_why_and_holds_up_nothing_else(town: Place):
    concerned = town.raise_matter(concerns_people=(town.persons["周建国"],))
    concerned = town.sign_for(town.assign(town.classify(town.accept(concerned))))
    other = town.matter_in(Status.IN_HANDLING)
    town.person("代晓", ("城建办", Role.HANDLER))
    to = {one.pk: town.persons["周建国"] for one in (concerned, other)}
    done = actions.hand_over(to, "孙丽调走", actor=town.actor("马镇长"))
    assert done.done == 1
    assert set(done.refused) == {concerned.pk}
    assert holds(town, "孙丽") == {"在办": 1}


def test_the_leader_hands_over_for_a_head_who_has_nobody_above_in_the_unit(town: Place):
    matter = town.sign_for(town.matter_in(Status.ASSIGNED), "周建国", by="周建国")
    town.run("马镇长", terms.ChangeHandler(handler=town.persons["孙丽"], reason="周建国调走"), matter)
    assert fresh(matter).handler_id == town.persons["孙丽"]
    leaves(town, "周建国")


def test_an_account_is_not_closed_over_open_work_and_a_password_is_reset_at_once(town: Place):
    town.matter_in(Status.IN_HANDLING)
    account = Account.objects.get(person=town.persons["孙丽"])
    with pytest.raises(Refused, match="holds_open_work"):
        people.disable(account.pk, actor=town.actor("管理员"))
    people.reset_password(account.pk, actor=town.actor("管理员"))
    idle = Account.objects.get(person=town.persons["李国强"])
    assert not people.disable(idle.pk, actor=town.actor("管理员")).is_active


def test_the_last_of_a_duty_leaves_when_somebody_else_holds_it(town: Place):
    town.matter_in(Status.REGISTERED)
    town.classify(town.matter_in(Status.ACCEPTED))
    town.matter_in(Status.IN_FOLLOW_UP)
    matter = town.matter_in(Status.ASSIGNED)
    town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    assert holds(town, "刘敏") == {"待交办": 1}  # 王芳 accepts, too; the leader rules, too
    assert holds(town, "赵红") == {"待回访": 1}
    with pytest.raises(Refused, match="holds_open_work"):
        leaves(town, "赵红")
    town.person("接替", ("受理中心", Role.FOLLOW_UP_AGENT))
    leaves(town, "赵红")
    assert Matter.objects.get(status=Status.IN_FOLLOW_UP).follow_up_by == FollowUpBy.REGISTRY


def test_a_unit_with_one_person_is_left_when_nothing_waits_there(town: Place):
    town.assign(town.classify(town.matter_in(Status.ACCEPTED)), "柳湾村")
    assert holds(town, "陈书记") == {"待签收": 1}
    with pytest.raises(Refused, match="holds_open_work"):
        leaves(town, "陈书记")


def test_opinions_owed_and_matters_seen_through_are_held(town: Place):
    matter = town.run("孙丽", sample(town, Action.ADD_CO_UNIT, m := town.matter_in(Status.IN_HANDLING)), m)
    leaves(town, "李国强")
    assert holds(town, "赵立新") == {"待协办": 1}
    town.run("马镇长", sample(town, Action.SPONSOR, matter), fresh(matter))
    assert holds(town, "马镇长")["包案"] == 1


def test_who_keeps_a_post_that_does_the_work_lets_the_other_go(town: Place):
    town.matter_in(Status.IN_HANDLING)
    organization.appoint(town.persons["孙丽"], town.units["水利站"].pk, Role.HANDLER, actor=town.actor("管理员"))
    elsewhere = Post.objects.get(person=town.persons["孙丽"], unit=town.units["水利站"])
    organization.end_post(elsewhere.pk, actor=town.actor("管理员"))
    with pytest.raises(Refused, match="holds_open_work"):
        organization.end_post(post_of(town, "孙丽"), actor=town.actor("管理员"))


def test_days_on_the_roster_and_the_places_of_others_go_to_somebody_by_name(town: Place):
    unit, now, admin = town.units["受理中心"].pk, clock.now(), town.actor("管理员")
    town.person("罗涛", ("受理中心", Role.DUTY_OFFICER))
    running = organization.put_on_duty(unit, town.persons["何勇"], now - timedelta(hours=1), _in(3), actor=admin)
    coming = organization.put_on_duty(unit, town.persons["何勇"], _in(24), _in(32), actor=admin)
    absence = town.away("孙丽", "何勇", hours=48)
    assert holds(town, "何勇") == {"值班": 2, "代理": 1}
    with pytest.raises(Refused, match="holds_open_work"):
        leaves(town, "何勇")
    with pytest.raises(Refused, match="no_duty_officer"):
        organization.hand_over_duty(coming.pk, town.persons["王芳"], actor=admin)
    for line in (running, coming):
        organization.hand_over_duty(line.pk, town.persons["罗涛"], actor=admin)
    organization.change_deputy(absence.pk, town.persons["周建国"], actor=admin)
    with pytest.raises(Refused, match="duty_over"):
        organization.hand_over_duty(coming.pk, town.persons["罗涛"], actor=admin)
    leaves(town, "何勇")
    left = DutyRoster.objects.filter(active=True, ends_at__gt=clock.now()).order_by("starts_at")
    assert {line.person_id for line in left} == {town.persons["罗涛"]}
    assert left[1].starts_at == coming.starts_at


def _in(hours: int) -> object:
    return clock.now() + timedelta(hours=hours)


def test_the_events_name_who_took_what_and_why(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    actions.hand_over({matter.pk: town.persons["周建国"]}, "孙丽调走", actor=town.actor("周建国"))
    matter = fresh(matter)
    assert (matter.result_in_hand, matter.handler_id) == (False, town.persons["周建国"])
    entry = matter.entries.get(action=Action.CHANGE_HANDLER)
    assert (entry.text, entry.audience, entry.person_id) == ("孙丽调走", "public", town.persons["周建国"])
    assert entry.facts["handler"] == str(town.persons["周建国"])
