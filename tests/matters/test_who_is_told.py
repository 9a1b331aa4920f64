"""Notices reach the people whose duty it is, wherever their post stands and wherever the matter lies."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from shuoshi.kernel import clock, clocks, outbox
from shuoshi.kernel.outbox import Notice
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import FollowUpBy, Naming, Status, Urgency
from shuoshi.organization.roles import Role
from tests.support.village import Place, default_profile


def told(town: Place, name: str, matter: Matter) -> set[str]:
    waiting = outbox.waiting_for(town.actor(name)).filter(about_id=matter.pk)
    return set(waiting.values_list("kind", flat=True))


def test_an_emergency_is_a_card_for_leader_and_duty_officer_whose_posts_are_in_the_town(town: Place):
    town.person("罗涛", ("青禾镇", Role.DUTY_OFFICER))
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    for name in ("马镇长", "罗涛", "何勇", "王芳"):
        assert {"emergency", "duty_called"} & told(town, name, matter), name


def test_what_went_up_a_tier_is_told_to_whoever_assigns_there(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    matter = town.follow_up(matter, 1)
    matter = town.sign(town.prepare(town.sign_for(matter)))
    matter = town.follow_up(matter, 1)
    assert matter.status == Status.ACCEPTED and matter.tier_path != matter.home_path
    assert "escalated" in told(town, "县分办", matter)
    assert "escalated" not in told(town, "刘敏", matter)


def test_the_follow_up_is_told_to_whoever_has_the_turn(town: Place):
    matter = town.classify(town.accept(town.raise_matter()))
    town.run("赵红", terms.DeclareConflict(text="是我舅舅"), matter)
    matter = town.sign(town.prepare(town.sign_for(town.assign(matter))))
    assert matter.follow_up_by == FollowUpBy.OVERSIGHT
    assert "to_follow_up" in told(town, "钱监督", matter)


def later(minutes: int) -> AbstractContextManager[object]:
    return clock.simulated(clock.now() + timedelta(minutes=minutes))


def test_the_card_of_an_emergency_stays_until_the_emergency_is_dealt_with(town: Place):
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    with later(1):
        matter = town.accept(matter)
    assert "emergency" in told(town, "何勇", matter)
    with later(2):
        matter = town.run("何勇", terms.LowerUrgency(level=Urgency.U4, reason="灯不亮，没有危险"), matter)
    assert "emergency" not in told(town, "何勇", matter)


def test_a_danger_that_was_ticked_stays_on_the_duty_desk_until_somebody_checked_it(town: Place):
    matter = town.raise_matter(danger_ticked=True)
    with later(1):
        matter = town.accept(matter)
    assert "danger_ticked" in told(town, "何勇", matter)
    with later(2):
        matter = town.run("何勇", terms.ConfirmUrgency(level=Urgency.U2, reason="电线垂下来了"), matter)
    assert told(town, "何勇", matter) == {"emergency", "duty_called"}


def test_a_word_to_pass_on_is_not_forgotten_when_the_matter_moves_on(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.CONFIDENTIAL)
    matter = town.run("孙丽", terms.WriteToSpeaker(text="请明天在家"), matter)
    with later(5):
        matter = town.prepare(matter)
    assert "relay" in told(town, "王芳", matter)


def test_what_the_speaker_said_is_news_until_somebody_answered(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run(town.speaker(matter), terms.AddInformation(text="又坏了一盏"), matter)
    with later(5):
        matter = town.prepare(matter)
    assert "information" in told(town, "孙丽", matter)
    with later(6):
        matter = town.run("孙丽", terms.WriteToSpeaker(text="一起修"), matter)
    with later(7):
        matter = town.run("周建国", terms.SendBackResult(reason="写上第四盏"), matter)
    assert "information" not in told(town, "孙丽", matter)


def test_the_minutes_of_a_first_contact_are_told_to_the_duty_desk(town: Place):
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    Notice.objects.all().delete()
    with later(31):
        clocks.sweep(clock.now())
    found = {(one.kind, one.facts.get("kind"), one.to_role) for one in Notice.objects.filter(about_id=matter.pk)}
    assert ("clock_overdue", "first_contact", Role.DUTY_OFFICER) in found


def test_a_promise_that_runs_out_between_two_units_is_told_to_whoever_assigns(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    reason = default_profile().return_reasons[0].code
    given = terms.RequestReturn(reason=reason, text="水管归水利站", proper_unit=town.units["水利站"].pk)
    matter = town.run("刘敏", terms.RuleReturn(granted=True, text="属实"), town.run("周建国", given, matter))
    assert matter.lead_unit is None
    Notice.objects.all().delete()
    assert matter.promised_by is not None
    with clock.simulated(matter.promised_by + timedelta(minutes=1)):
        clocks.sweep(clock.now())
    assert any(one.facts.get("kind") == "promise" for one in outbox.waiting_for(town.actor("刘敏")))


def queues_of(town: Place, name: str, matter: Matter) -> set[str]:
    actor = town.actor(name)
    return {queue for queue in queries.QUEUES if matter in queries.in_queue(actor, queue, clock.now())}


def test_the_duty_officer_finds_the_emergency_among_what_is_near_its_end(town: Place):
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    assert queues_of(town, "何勇", matter) == {"near", "emergency"}
    with later(40):
        assert queues_of(town, "何勇", matter) == {"over", "emergency"}


def test_what_is_said_after_the_reply_waits_for_the_registry(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    handler = next(name for name, pk in town.persons.items() if pk == matter.handler_id)
    matter = town.run(handler, terms.DeclareConflict(text="是亲戚"), matter)
    matter = town.run(town.speaker(matter), terms.AddInformation(text="又不亮了"), matter)
    assert "words" in queues_of(town, "王芳", matter)


def test_a_report_returned_twice_stands_once_in_its_queue_and_leaves_it_with_the_round(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    for _ in range(2):
        matter = town.run("王芳", terms.ReturnReport(reason="缺照片"), matter)
        last = matter
        matter = town.sign(town.prepare(matter))
    assert list(queries.in_queue(town.actor("孙丽"), "reports", clock.now())) == []
    matter = town.run("王芳", terms.ReturnReport(reason="还缺"), matter)
    assert list(queries.in_queue(town.actor("孙丽"), "reports", clock.now())) == [last]
    matter = town.sign_for(town.follow_up(town.sign(town.prepare(matter)), 1))
    assert "reports" not in queues_of(town, "孙丽", matter)
