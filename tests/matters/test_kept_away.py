"""5.3, 2.2.4: whom a matter concerns does nothing in it; who does their duties instead, up to the tier above."""

from __future__ import annotations

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Exit, FollowUpBy, Naming, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post, UnitKind
from shuoshi.organization.roles import Role
from tests.matters.offices import company_of_four, founded, set_up, village_of_five
from tests.support.attempts import sample
from tests.support.looking import facts_of, fell_back, offered, queues_with
from tests.support.village import Place, default_profile

REGISTRY = ("王芳", "刘敏", "赵红")


@pytest.fixture
def county(town: Place) -> Place:
    """The town, with a registrar in the county's registry too."""
    town.person("县登记", ("县受理中心", Role.REGISTRAR))
    return town


def test_a_complaint_about_the_registry_is_kept_by_the_registry_above(county: Place):
    matter = county.raise_matter(by="孙丽", concerns_units=(county.units["受理中心"].pk,))
    assert matter.registry == county.units["县受理中心"]
    assert matter.home_path == matter.tier_path == county.units["青禾县"].path
    assert queues_with(county, "县登记", matter) >= {"accept"}
    assert {Action.ACCEPT, Action.HAND_OVER_RECEIPT} <= offered(county, "县登记", matter)
    slips = outbox.waiting_for(county.actor("县登记"), outbox.Channel.SLIP)
    assert [slip.about_id for slip in slips] == [matter.pk]
    for name in REGISTRY:
        assert not visible_to(county.actor(name)).filter(pk=matter.pk).exists()
        assert queues_with(county, name, matter) == set()
        assert not outbox.waiting_for(county.actor(name), outbox.Channel.SLIP).exists()


def test_its_report_is_returned_and_its_words_are_relayed_by_the_registry_above(county: Place):
    matter = county.raise_matter(concerns_units=(county.units["受理中心"].pk,), naming=Naming.CONFIDENTIAL)
    matter = county.run("县登记", sample(county, Action.ACCEPT, matter), matter)
    matter = county.run("县分办", sample(county, Action.CLASSIFY, matter), matter)
    matter = county.run("县分办", sample(county, Action.ASSIGN, matter), matter)
    matter = county.sign_for(matter)
    matter = county.run("孙丽", terms.WriteToSpeaker(text="明天上门"), matter)
    told = outbox.waiting_for(county.actor("县登记")).filter(about_id=matter.pk)
    assert "relay" in set(told.values_list("kind", flat=True))
    matter = county.sign(county.prepare(matter))
    assert (matter.follow_up_by, matter.follow_up_path) == (FollowUpBy.REGISTRY, county.units["青禾县"].path)
    assert Action.RETURN_REPORT in offered(county, "县登记", matter)


def test_the_only_registrar_is_concerned_and_the_registry_above_takes_over(county: Place):
    for name in ("刘敏", "赵红"):
        Post.objects.filter(person=county.persons[name]).update(until=clock.now())
    matter = county.raise_matter(concerns_people=(county.persons["王芳"],))
    assert matter.registry == county.units["县受理中心"]
    assert queues_with(county, "县登记", matter) >= {"accept"}
    assert ("registry_above", "nobody_left_in_registry") in fell_back(matter)


def test_one_of_several_registrars_is_concerned_and_the_registry_keeps_the_matter(town: Place):
    matter = town.raise_matter(concerns_people=(town.persons["王芳"],))
    assert matter.registry == town.units["受理中心"]
    assert matter.tier_path == matter.home_path == town.units["青禾镇"].path


def test_without_a_tier_above_the_leader_does_the_duties_of_the_only_clerk(db: None):
    office = company_of_four()
    matter = office.raise_matter(by="老郭", concerns_people=(office.persons["白文"],))
    assert {"accept"} <= queues_with(office, "孟总", matter)
    assert {Action.ACCEPT, Action.HAND_OVER_RECEIPT} <= offered(office, "孟总", matter)
    assert ("leader", "nobody_left_in_registry") in fell_back(matter)


def test_a_registry_without_a_tier_above_is_kept_away_whole_where_a_leader_is_left(db: None):
    office = company_of_four()
    matter = office.raise_matter(concerns_units=(office.units["综合室"].pk,))
    assert not visible_to(office.actor("白文")).filter(pk=matter.pk).exists()
    assert "accept" in queues_with(office, "孟总", matter)


def test_an_emergency_starts_although_it_concerns_whoever_registers_it(town: Place):
    matter = town.raise_matter(by="王芳", urgency="U1", concerns_people=(town.persons["王芳"],))
    assert matter.deadlines.filter(kind="emergency").exists()


def test_who_must_stay_away_after_the_reply_hands_the_follow_up_on(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    assert matter.follow_up_by == FollowUpBy.REGISTRY
    matter = town.run("赵红", terms.DeclareConflict(text="是我舅舅"), matter)
    assert matter.follow_up_by == FollowUpBy.OVERSIGHT
    assert "follow_up" in queues_with(town, "钱监督", matter)
    assert ("oversight", "nobody_uninvolved_in_registry") in fell_back(matter)
    assert matter.deadlines.filter(kind="follow_up", outcome="OPEN").count() == 1


def test_the_follow_up_comes_back_when_the_conflict_is_not_upheld(town: Place):
    matter = town.run("赵红", terms.DeclareConflict(text="是我舅舅"), town.matter_in(Status.IN_FOLLOW_UP))
    matter = town.run("刘敏", terms.RuleConflict(granted=False, text="查过，不是亲戚"), matter)
    assert matter.follow_up_by == FollowUpBy.REGISTRY
    assert Action.RECORD_FOLLOW_UP in offered(town, "赵红", matter)


def test_all_duties_of_several_headed_units_make_subordinates(town: Place):
    town.person("双头", ("城建办", Role.DEPARTMENT_HEAD), ("水利站", Role.DEPARTMENT_HEAD))
    town.person("水利回访", ("受理中心", Role.FOLLOW_UP_AGENT), ("水利站", Role.HANDLER))
    Post.objects.filter(person=town.persons["赵红"]).update(until=clock.now())
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)))
    matter = town.sign(town.prepare(town.sign_for(matter, handler="双头", by="周建国"), by="双头"))
    assert matter.follow_up_by == FollowUpBy.OVERSIGHT
    assert Action.RECORD_FOLLOW_UP not in offered(town, "水利回访", matter)


def test_who_holds_a_post_in_the_lead_unit_does_not_rule_on_its_exit(town: Place):
    organization.appoint(town.persons["刘敏"], town.units["城建办"].pk, Role.HANDLER, actor=SYSTEM)
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    assert Action.RULE_EXIT not in offered(town, "刘敏", matter)
    assert Action.RULE_EXIT in offered(town, "马镇长", matter)
    assert not fell_back(matter)


def test_an_exit_of_the_only_unit_goes_to_the_tier_above_before_its_own_people(town: Place):
    for name in ("刘敏", "马镇长"):
        organization.appoint(town.persons[name], town.units["城建办"].pk, Role.HANDLER, actor=SYSTEM)
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("周建国", sample(town, Action.REQUEST_EXIT, matter), matter)
    assert Action.RULE_EXIT in offered(town, "县分办", matter)
    assert Action.RULE_EXIT not in offered(town, "马镇长", matter)
    assert ("tier_above", "nobody_free_at_tier") in fell_back(matter)


def test_in_a_village_of_five_a_person_of_the_lead_unit_rules_and_the_event_says_why(db: None):
    village = village_of_five()
    matter = village.raise_matter()
    for who, action in (("王强", Action.ACCEPT), ("王强", Action.CLASSIFY)):
        matter = village.run(who, _sample(village, action, matter), matter)
    matter = village.run("王强", terms.Assign(unit=village.units["柳湾村"].pk, reason="归村里"), matter)
    matter = village.run("李主任", terms.SignFor(handler=village.persons["陈芳"]), matter)
    given = terms.RequestExit(exit=Exit.EXPLAINED, text="没有这项政策", basis="办法", rights_notice="可复核")
    matter = village.run("李主任", given, matter)
    assert ("of_lead_unit", "nobody_outside_lead_unit") in fell_back(matter)
    matter = village.run("王强", terms.RuleExit(granted=True, text="看过了"), matter)
    assert matter.exit == Exit.EXPLAINED


def _sample(place: Place, action: Action, matter: Matter) -> terms.Terms:
    place.units.setdefault("城建办", place.units["柳湾村"])
    return sample(place, action, matter)


def test_a_matter_nobody_beneath_can_sign_goes_to_the_tier_above(town: Place):
    town.unit("村受理室", UnitKind.REGISTRY, "柳湾村")
    town.person("村登记", ("村受理室", Role.REGISTRAR), ("村受理室", Role.DISPATCHER))
    matter = town.raise_matter(by="村登记", concerns_people=(town.persons["陈书记"], town.persons["马镇长"]))
    assert matter.home_path == town.units["柳湾村"].path  # its registry still answers to the resident
    assert matter.tier_path == town.units["青禾镇"].path  # where 城建办 and 水利站 handle and sign
    assert "accept" in queues_with(town, "王芳", matter)


def lone_village(db: object) -> Place:
    place = founded("孤村", UnitKind.VILLAGE)
    place.unit("村受理室", UnitKind.REGISTRY, "孤村")
    set_up(place, "孤村")
    place.person("村主任", ("孤村", Role.DEPARTMENT_HEAD))
    place.person("办事员", ("孤村", Role.HANDLER))
    place.person("受理员", ("村受理室", Role.REGISTRAR), ("村受理室", Role.DISPATCHER))
    return place


def test_where_the_only_signer_is_concerned_and_nothing_stands_above_the_outside_ways_are_told(db: None):
    place = lone_village(db)
    matter = place.raise_matter(concerns_people=(place.persons["村主任"],))
    assert any(facts.get("nobody_left_here") for facts in facts_of(matter))
    matter = place.run("受理员", terms.Accept(kind="INTEREST_CLAIM", title="路灯不亮"), matter)
    assert Action.SCREEN_OUT in offered(place, "受理员", matter)
    given = terms.ScreenOut(reason=default_profile().screening_reasons[0].code, text="请到镇上说")
    matter = place.run("受理员", given, matter)
    assert matter.status == Status.SCREENED_OUT


def test_what_was_accepted_is_not_screened_out_while_somebody_can_handle_it(town: Place):
    matter = town.accept(town.raise_matter(concerns_people=(town.persons["孙丽"],)))
    with pytest.raises(Refused) as refused:
        town.run("王芳", sample(town, Action.SCREEN_OUT, matter), matter)
    assert refused.value.code == "somebody_can_handle"


def returned_twice(place: Place) -> Matter:
    matter = place.assign(place.classify(place.matter_in(Status.ACCEPTED)), "城建办")
    for unit, head in (("城建办", "周建国"), ("水利站", "赵立新")):
        if matter.status == Status.ACCEPTED:
            matter = place.assign(matter, unit)
        reason = default_profile().return_reasons[0].code
        asked = terms.RequestReturn(reason=reason, text="不归", proper_unit=place.units["柳湾村"].pk)
        matter = place.run(head, asked, matter)
        rules = next(
            name for name in ("刘敏", "马镇长", "县分办") if Action.RULE_RETURN in offered(place, name, matter)
        )
        matter = place.run(rules, terms.RuleReturn(granted=True, text="是不归"), matter)
    return matter


def test_twice_returned_without_a_leader_is_designated_by_the_leader_above(town: Place):
    Post.objects.filter(person=town.persons["马镇长"]).update(until=clock.now())
    town.person("县长", ("青禾县", Role.LEADER))
    matter = returned_twice(town)
    assert matter.tier_path == town.units["青禾县"].path
    assert "assign" in queues_with(town, "县长", matter)
    assert Action.DESIGNATE in offered(town, "县长", matter)


def test_twice_returned_without_any_leader_is_designated_by_the_dispatcher(town: Place):
    Post.objects.filter(person=town.persons["马镇长"]).update(until=clock.now())
    matter = returned_twice(town)
    assert ("dispatcher", "no_leader_anywhere") in fell_back(matter)
    matter = town.run("刘敏", sample(town, Action.DESIGNATE, matter), matter)
    assert matter.status == Status.ASSIGNED


def test_a_leader_keeps_designating_where_there_is_one(town: Place):
    matter = returned_twice(town)
    assert "assign" in queues_with(town, "马镇长", matter)
    assert Action.DESIGNATE not in offered(town, "刘敏", matter)
