"""Separation of duty compares natural persons, whatever records they go by; parting opens nothing that was barred (1.3.1)."""

from __future__ import annotations

from uuid import UUID

import pytest

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.find import matters_of_person
from shuoshi.matters.scope import sees, standing, visible_to
from shuoshi.matters.vocabulary import Action, Bond, RequestKind, Status
from shuoshi.people import actions as people
from tests.support.attempts import sample
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def joined(town: Place, stone: UUID, survivor: UUID) -> None:
    change = people.join(stone, survivor, "same_card", "核对过，是同一个人", actor=town.actor("王芳"))
    people.agree_to_two(change.pk, actor=town.actor("管理员"))


def parted(town: Place, stone: UUID) -> None:
    change = people.part(stone, "mistaken", "弄错了", actor=town.actor("王芳"))
    people.agree_to_two(change.pk, actor=town.actor("管理员"))


def speaker_of(matter: Matter) -> UUID:
    return matter.parties.get(role="speaker").person_id


def in_sight(town: Place, who: str, matter: Matter) -> bool:
    """By the list and by the rule, which agree."""
    actor = town.actor(who)
    listed = visible_to(actor).filter(pk=matter.pk).exists()
    units = frozenset({matter.lead_unit_id} if matter.lead_unit_id else ())
    assert sees(actor, matter, standing(actor, matter), units) == listed
    return listed


def test_what_one_record_did_the_other_did(town: Place) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    joined(town, town.persons["赵红"], town.persons["孙丽"])
    actor = town.actor("赵红")
    assert Bond.HANDLED in standing(actor, matter).bonds
    with pytest.raises(Refused):
        town.follow_up(matter, 5, by="赵红")


def test_parting_opens_nothing_on_what_began_before_and_all_on_what_begins_later(town: Place) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    joined(town, town.persons["赵红"], town.persons["孙丽"])
    parted(town, town.persons["赵红"])
    with pytest.raises(Refused):
        town.follow_up(matter, 5, by="赵红")
    later = town.matter_in(Status.IN_FOLLOW_UP)
    assert standing(town.actor("赵红"), later).same == frozenset()
    assert town.follow_up(later, 5, by="赵红").status == Status.CLOSED


def test_who_is_the_speaker_under_another_record_has_no_rights_on_the_matter(town: Place) -> None:
    matter, other = town.matter_in(Status.IN_HANDLING), town.matter_in(Status.IN_HANDLING)
    assert in_sight(town, "孙丽", matter)
    joined(town, speaker_of(matter), town.persons["孙丽"])
    assert not in_sight(town, "孙丽", matter)
    assert in_sight(town, "孙丽", other) and in_sight(town, "王芳", matter)
    assert town.persons["孙丽"] in standing(town.actor("王芳"), matter).excluded_people
    parted(town, speaker_of(matter))
    assert not in_sight(town, "孙丽", matter), "what was barred stays barred"


def test_what_is_registered_for_a_joined_record_is_the_members_own_matter_too(town: Place) -> None:
    first = town.raise_matter(by="王芳")
    joined(town, speaker_of(first), town.persons["孙丽"])
    second = town.raise_matter(by="王芳", speaker=PersonSaid(person=speaker_of(first), phone="13800000017"))
    assert speaker_of(second) == town.persons["孙丽"]
    second = town.assign(town.classify(town.accept(second)))
    assert not in_sight(town, "孙丽", second)


def test_who_is_kept_from_it_is_kept_from_it_under_every_record(town: Place) -> None:
    matter = town.raise_matter(by="王芳", concerns_people=(town.persons["刘敏"],))
    assert in_sight(town, "赵红", matter)
    joined(town, town.persons["赵红"], town.persons["刘敏"])
    assert not in_sight(town, "赵红", matter)
    parted(town, town.persons["赵红"])
    assert not in_sight(town, "赵红", matter)


def test_nobody_rules_on_what_another_record_asked_for(town: Place) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("孙丽", sample(town, Action.REQUEST_EXTENSION, matter), matter)
    joined(town, town.persons["刘敏"], town.persons["孙丽"])
    pending = standing(town.actor("刘敏"), matter).pending[RequestKind.EXTENSION]
    assert pending.requester == town.persons["刘敏"]
    with pytest.raises(Refused):
        town.run("刘敏", terms.RuleExtension(granted=True, text="同意"), matter)


def test_a_person_has_the_matters_of_all_their_records_and_parties_stay_as_they_were(town: Place) -> None:
    one, other = town.raise_matter(by="王芳"), town.raise_matter(by="王芳")
    before = list(Matter.objects.order_by("pk").values_list("parties__person", flat=True))
    people.join(speaker_of(one), speaker_of(other), "same_phone", "同一个人", actor=town.actor("王芳"))
    for key in (speaker_of(one), speaker_of(other)):
        assert set(matters_of_person(town.actor("王芳"), key)) == {one, other}
    assert list(Matter.objects.order_by("pk").values_list("parties__person", flat=True)) == before
    people.part(speaker_of(one), "mistaken", "是父子", actor=town.actor("王芳"))
    assert set(matters_of_person(town.actor("王芳"), speaker_of(one))) == {one}
