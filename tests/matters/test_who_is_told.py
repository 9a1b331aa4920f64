"""Notices reach the people whose duty it is, wherever their post stands and wherever the matter lies."""

from __future__ import annotations

from shuoshi.kernel import outbox
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import FollowUpBy, Status, Urgency
from shuoshi.organization.roles import Role
from tests.support.village import Place


def told(town: Place, name: str, matter: Matter) -> set[str]:
    waiting = outbox.waiting_for(town.actor(name)).filter(about_id=matter.pk)
    return set(waiting.values_list("kind", flat=True))


def test_an_emergency_is_a_card_for_leader_and_duty_officer_whose_posts_are_in_the_town(town: Place):
    town.person("罗涛", ("青禾镇", Role.DUTY_OFFICER))
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    for name in ("马镇长", "罗涛", "何勇", "王芳"):
        assert "emergency" in told(town, name, matter), name


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
