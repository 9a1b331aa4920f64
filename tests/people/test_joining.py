"""Two records of one human being: joined as a relation, parted as they were, never in chains, never unseen."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.people import actions, queries, same
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Change, ChangeKind, ChangeState, Person, Same
from tests.people.staff import keep
from tests.support.village import Place, build_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Place:
    return build_town()


def somebody(name: str = "陈大明", phone: str = "13800000017") -> UUID:
    return keep(PersonGiven(name=name, phone=phone)).person.pk


def joined(town: Place, stone: UUID, survivor: UUID, by: str = "王芳") -> Change:
    return actions.join(stone, survivor, "same_phone", "本人来过，说是同一个人", actor=town.actor(by))


def test_a_joined_record_stays_and_points_to_its_survivor(town: Place) -> None:
    one, other = somebody(), somebody()
    change = joined(town, one, other)
    assert change.state == ChangeState.DONE
    stone = Person.objects.get(pk=one)
    assert stone.joined_into_id == other and str(stone.name) == "陈大明"
    assert set(same.records_of(one)) == set(same.records_of(other)) == {one, other}
    assert Event.objects.filter(stream_id=str(one), action="join").count() == 1
    assert Event.objects.filter(stream_id=str(other), action="take_in_record").count() == 1
    assert "陈大明" not in Event.objects.get(stream_id=str(one), action="join").payload
    assert list(verify()) == []


def test_parting_restores_what_was(town: Place) -> None:
    one, other, third = somebody(), somebody(), somebody()
    joined(town, one, other)
    joined(town, third, other)
    actions.part(one, "mistaken", "其实是父子两人", actor=town.actor("刘敏"))
    assert same.records_of(one) == [one] and set(same.records_of(third)) == {other, third}
    assert Person.objects.get(pk=other).joined_here == 1
    assert not Same.objects.filter(one=one, until__isnull=True).exists()
    joined(town, one, other)
    assert set(same.records_of(one)) == {one, other, third}
    assert Same.objects.filter(until__isnull=True).count() == Same.objects.count() == 6
    assert list(verify()) == []


def test_there_are_no_chains_and_no_rings(town: Place) -> None:
    one, other, third = somebody(), somebody(), somebody()
    joined(town, one, other)
    for stone, survivor, code in (
        (other, third, "holds_joined"),
        (other, one, "joined_already"),
        (third, one, "joined_already"),
        (one, third, "joined_already"),
        (third, third, "same_record"),
    ):
        with pytest.raises(Refused) as refused:
            joined(town, stone, survivor)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        actions.part(third, "mistaken", "弄错了", actor=town.actor("王芳"))
    assert refused.value.code == "not_joined"


def test_the_database_refuses_chains_and_rings_by_itself(town: Place) -> None:
    one, other = somebody(), somebody()
    joined(town, one, other)
    third = somebody()
    for key, columns in ((other, {"joined_into": third}), (one, {"joined_here": 1}), (third, {"joined_into": third})):
        with pytest.raises(IntegrityError), transaction.atomic():
            Person.objects.filter(pk=key).update(**columns)


def test_a_reason_in_words_is_needed_and_stays_sealed(town: Place) -> None:
    one, other = somebody(), somebody()
    with pytest.raises(Refused) as refused:
        actions.join(one, other, "same_phone", " ", actor=town.actor("王芳"))
    assert refused.value.code == "reason_missing"
    joined(town, one, other)
    assert "本人来过" not in Event.objects.get(stream_id=str(one), action="join").payload
    assert str(queries.changes_of(other)[0].words) == "本人来过，说是同一个人"


def test_records_of_the_staff_take_an_administrator_who_is_another_person(town: Place) -> None:
    one, sun = somebody("孙丽"), town.persons["孙丽"]
    change = joined(town, one, sun)
    assert change.state == ChangeState.OPEN and same.records_of(one) == [one]
    for who, code in (("王芳", "second_is_first"), ("刘敏", "not_administrator"), ("孙丽", "own_record")):
        with pytest.raises(Refused) as refused:
            actions.agree_to_two(change.pk, actor=town.actor(who))
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        joined(town, one, sun, by="刘敏")
    assert refused.value.code == "change_waits"
    actions.agree_to_two(change.pk, actor=town.actor("管理员"))
    assert set(same.records_of(one)) == {one, sun}
    parting = actions.part(one, "mistaken", "只是同名", actor=town.actor("王芳"))
    assert parting.state == ChangeState.OPEN and set(same.records_of(one)) == {one, sun}
    actions.agree_to_two(parting.pk, actor=town.actor("管理员"))
    assert same.records_of(one) == [one]
    assert list(verify()) == []


def test_nobody_joins_or_parts_the_own_record(town: Place) -> None:
    one = somebody("王芳")
    with pytest.raises(Refused) as refused:
        joined(town, one, town.persons["王芳"])
    assert refused.value.code == "own_record"


def test_what_is_said_later_is_the_survivors_and_its_number_is_found_under_both(town: Place) -> None:
    one, other = somebody(), somebody()
    joined(town, one, other)
    again = keep(PersonGiven(phone="13800000017", person_id=one))
    assert again.person.pk == other
    assert {contact.person_id for contact in queries.by_phone("13800000017")} == {one, other}


def test_only_the_same_name_with_the_same_number_is_offered(town: Place) -> None:
    one, other = somebody(), somebody()
    somebody("陈小妹")
    somebody("陈大明", "13800000018")
    assert [row.pk for row in queries.namesakes(Person.objects.get(pk=one))] == [other]
    joined(town, one, other)
    assert queries.namesakes(Person.objects.get(pk=other)) == []


def test_a_second_is_another_also_for_the_database(town: Place) -> None:
    change = joined(town, somebody("孙丽"), town.persons["孙丽"])
    values = {"state": ChangeState.DONE, "settled_by": change.by, "settled_at": change.at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Change.objects.filter(pk=change.pk).update(**values)
    assert change.kind == ChangeKind.JOIN
