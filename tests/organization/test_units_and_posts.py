"""Units make a tree, posts say who may what and since when; each verb leaves one event."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind, PostHeld
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions, actors, queries
from shuoshi.organization.actions import UnitGiven
from shuoshi.organization.models import Post, Unit, UnitKind
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from tests.organization.town import Town, person, unit

pytestmark = pytest.mark.django_db


def test_a_unit_stands_beneath_its_parent_by_path(town: Town) -> None:
    assert town.water.path == f"{town.town.path}{town.water.node}/"
    assert [found.pk for found in queries.chain(town.water)] == [town.water.pk, town.town.pk, town.county.pk]


def test_the_tier_above_is_the_next_tier_not_the_next_unit(town: Town) -> None:
    assert queries.tier_above(town.water) == town.county
    assert queries.tier_above(town.village) == town.town
    assert queries.tier_above(town.county) is None


def test_a_village_without_its_own_registry_is_served_by_the_towns(town: Town) -> None:
    assert queries.registry_of(town.village) == town.registry
    own = unit("柳湾村受理点", UnitKind.REGISTRY, town.village, "QH-LW-SL")
    assert queries.registry_of(town.village) == own
    assert queries.registry() == town.registry


def test_two_units_never_share_a_code(town: Town) -> None:
    with pytest.raises(Refused, match="unit_code_taken"):
        unit("另一个水利站", UnitKind.DEPARTMENT, town.town, town.water.code)


def test_only_an_administrator_arranges_units_and_only_beneath_the_own_post(town: Town) -> None:
    post = PostHeld(town.village.pk, town.village.path, town.village.kind, Role.ADMINISTRATOR)
    of_the_village = Actor(ActorKind.STAFF, posts=(post,))
    given = UnitGiven(name="柳湾村监委会", short_name="监委会", code="QH-LW-JW")
    actions.create_unit(given, UnitKind.OVERSIGHT, town.village.pk, actor=of_the_village)
    with pytest.raises(Refused, match="not_administrator"):
        actions.edit_unit(town.water.pk, given, actor=of_the_village)


def test_an_edit_tells_only_what_differs_and_nothing_when_nothing_does(town: Town) -> None:
    given = UnitGiven(name="清河镇水利站", short_name="水利站", code="QH-SLZ", phone="000-11112222")
    actions.edit_unit(town.water.pk, given, actor=SYSTEM)
    actions.edit_unit(town.water.pk, given, actor=SYSTEM)
    newest, founding = queries.history("unit", town.water.pk)
    assert newest.deed == "修改单位信息"
    assert newest.columns == {"name": ("水利站", "清河镇水利站"), "phone": ("", "000-11112222")}
    assert founding.columns["name"] == (None, "水利站")


def test_a_unit_in_use_cannot_be_closed(town: Town) -> None:
    worker = person("王强")
    actions.appoint(worker.pk, town.water.pk, Role.HANDLER, actor=SYSTEM)
    for busy, reason in (
        (town.town, "unit_is_root"),
        (town.county, "unit_has_children"),
        (town.water, "unit_has_posts"),
    ):
        with pytest.raises(Refused, match=reason):
            actions.close_unit(busy.pk, actor=SYSTEM)
    actions.add_duty_line("B604", town.roads.pk, actor=SYSTEM)
    with pytest.raises(Refused, match="unit_has_duties"):
        actions.close_unit(town.roads.pk, actor=SYSTEM)


def test_a_closed_unit_gives_nobody_rights_and_takes_no_posts(town: Town) -> None:
    actions.close_unit(town.roads.pk, actor=SYSTEM)
    with pytest.raises(Refused, match="unit_closed"):
        actions.appoint(person("王强").pk, town.roads.pk, Role.HANDLER, actor=SYSTEM)
    with pytest.raises(Refused, match="parent_closed"):
        unit("路灯班", UnitKind.TEAM, town.roads, "QH-JS-LD")
    assert actions.reopen_unit(town.roads.pk, actor=SYSTEM).active


def test_office_hours_come_from_the_nearest_unit_that_says_them(town: Town) -> None:
    assert str(queries.office_hours(town.water)) == "08:30-12:00, 14:00-17:30"
    hours = {"morning_from": time(8), "morning_to": time(11, 30), "afternoon_from": time(14, 30)}
    with pytest.raises(Refused, match="unit_hours_odd"):
        actions.edit_unit(town.town.pk, UnitGiven("清河镇", "清河镇", "QH", **hours), actor=SYSTEM)
    given = UnitGiven("清河镇", "清河镇", "QH", **hours, afternoon_to=time(18))
    actions.edit_unit(town.town.pk, given, actor=SYSTEM)
    assert str(queries.office_hours(town.water)) == "08:00-11:30, 14:30-18:00"


def test_the_actor_carries_the_posts_of_this_moment_at_one_statement(
    town: Town, django_assert_num_queries: object
) -> None:
    worker = person("王强")
    account, _first = people.create_account(worker.pk, "wangqiang", actor=SYSTEM)
    start = datetime(2026, 11, 2, 1, tzinfo=UTC)
    with clock.simulated(start) as time_:
        post = actions.appoint(worker.pk, town.water.pk, Role.HANDLER, actor=SYSTEM)
        actions.appoint(worker.pk, town.water.pk, Role.DUTY_OFFICER, actor=SYSTEM, since=start + timedelta(days=3))
        with django_assert_num_queries(1):  # type: ignore[operator]
            actor = actors.of(account)
        assert actor.posts == (PostHeld(town.water.pk, town.water.path, "DEPARTMENT", "handler"),)
        time_.move_to(start + timedelta(days=4))
        actions.end_post(post.pk, actor=SYSTEM)
        assert [held.role for held in actors.of(account).posts] == [Role.DUTY_OFFICER]


def test_people_with_a_role_at_a_unit_and_beneath_it(town: Town) -> None:
    here, below = person("王强"), person("刘敏")
    actions.appoint(here.pk, town.town.pk, Role.LEADER, actor=SYSTEM)
    actions.appoint(below.pk, town.village.pk, Role.LEADER, actor=SYSTEM)
    assert [post.person for post in queries.people_with(Role.LEADER, town.town)] == [here]
    assert [post.person for post in queries.people_with(Role.LEADER, town.town, beneath=True)] == [here, below]


def test_whoever_leaves_answers_for_the_unit_no_longer(town: Town) -> None:
    worker = person("王强")
    with pytest.raises(Refused, match="no_post_here"):
        actions.designate_person(town.water.pk, worker.pk, actor=SYSTEM)
    post = actions.appoint(worker.pk, town.water.pk, Role.HANDLER, actor=SYSTEM)
    assert actions.designate_person(town.water.pk, worker.pk, actor=SYSTEM).designated_id == worker.pk
    actions.end_post(post.pk, actor=SYSTEM)
    assert Unit.objects.get(pk=town.water.pk).designated is None
    with pytest.raises(Refused, match="post_ended_already"):
        actions.end_post(post.pk, actor=SYSTEM)


def test_a_post_is_held_once(town: Town) -> None:
    worker = person("王强")
    actions.appoint(worker.pk, town.water.pk, Role.HANDLER, actor=SYSTEM)
    with pytest.raises(Refused, match="post_held_already"):
        actions.appoint(worker.pk, town.water.pk, Role.HANDLER, actor=SYSTEM)


def test_every_verb_left_a_story_that_verifies(town: Town) -> None:
    worker = person("王强", phone="13800000017")
    post = actions.appoint(worker.pk, town.water.pk, Role.HANDLER, actor=SYSTEM)
    actions.end_post(post.pk, actor=SYSTEM)
    assert Event.objects.filter(stream_kind="unit", stream_id=str(town.water.pk)).count() == 3
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"kind": "CASTLE"}, "unit_kind_known"),
        ({"name": ""}, "unit_has_names"),
        ({"path": "3"}, "unit_path_is_a_path"),
        ({"morning_from": time(8)}, "unit_hours_all_or_none"),
        (
            {
                "morning_from": time(9),
                "morning_to": time(8),
                "afternoon_from": time(13),
                "afternoon_to": time(17),
            },
            "unit_hours_all_or_none",
        ),
    ],
)
def test_the_database_refuses_an_impossible_unit(town: Town, change: dict[str, object], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Unit.objects.filter(pk=town.water.pk).update(**change)


def test_the_database_refuses_a_unit_above_itself(town: Town) -> None:
    with pytest.raises(IntegrityError, match="unit_not_its_own_parent"), transaction.atomic():
        Unit.objects.filter(pk=town.water.pk).update(parent=town.water.pk)


@pytest.mark.parametrize("column", ["path", "node", "code"])
def test_the_database_refuses_two_units_of_one_place(town: Town, column: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.filter(pk=town.water.pk).update(**{column: getattr(town.roads, column)})


def test_the_database_refuses_impossible_posts(town: Town) -> None:
    worker = person("王强")
    post = actions.appoint(worker.pk, town.water.pk, Role.HANDLER, actor=SYSTEM)
    for change, constraint in (
        ({"role": "king"}, "post_role_known"),
        ({"until": post.since}, "post_ends_after_start"),
        ({"acting_for": post.pk}, "post_not_acting_for_itself"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.create(person=worker, unit=town.water, role=Role.HANDLER, since=clock.now())
