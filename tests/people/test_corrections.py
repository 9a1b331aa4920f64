"""Both versions of what was put right stay; a telephone takes two people, and says whose number it is (drill 7)."""

from __future__ import annotations

import pytest
from django.db import connection

from shuoshi.kernel import steady
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actors
from shuoshi.people import actions, id_numbers, phones, queries
from shuoshi.people.actions.changes import MadeSure
from shuoshi.people.given import Kept, PersonGiven
from shuoshi.people.models import Account, Change, ChangeKind, ChangeState, ContactPoint, Person
from tests.people.staff import keep
from tests.support.village import Place, build_town

pytestmark = [pytest.mark.django_db, pytest.mark.drill(7)]

CHEN = PersonGiven(name="陈大明", phone="13800000017", address="柳湾村三组 12 号")


@pytest.fixture
def town(db: None) -> Place:
    return build_town()


@pytest.fixture
def chen(town: Place) -> Kept:
    return keep(CHEN)


def proposed(town: Place, kept: Kept, number: str = "13900000021", by: str = "王芳") -> Change:
    key = kept.contact.pk if kept.contact else None
    actor = town.actor(by)
    return actions.correct(
        kept.person.pk, ChangeKind.PHONE, number, "new_number", "换了号", contact_id=key, actor=actor
    )


def kinds() -> list[steady.Kind]:
    steady.forget()
    return [alarm.kind for alarm in steady.alarms()]


def test_a_name_is_corrected_at_once_and_both_versions_stay(town: Place, chen: Kept) -> None:
    actions.correct(chen.person.pk, ChangeKind.NAME, " 陈大鸣 ", "misheard", "身份证上是鸣", actor=town.actor("王芳"))
    assert str(Person.objects.get(pk=chen.person.pk).name) == "陈大鸣"
    [change] = queries.changes_of(chen.person.pk)
    assert (str(change.before), str(change.after), change.state) == ("陈大明", "陈大鸣", ChangeState.DONE)
    told = Event.objects.get(stream_id=str(chen.person.pk), action="correct")
    assert "陈大" not in told.payload and "身份证上" not in told.payload
    assert list(verify()) == []


def test_a_telephone_changes_only_when_a_second_person_made_sure(town: Place, chen: Kept) -> None:
    change = proposed(town, chen)
    assert chen.contact is not None and change.state == ChangeState.OPEN
    assert str(ContactPoint.objects.get(pk=chen.contact.pk).value) == "13800000017"
    with pytest.raises(Refused) as refused:
        actions.agree(change.pk, MadeSure.CALLED_OLD, actor=town.actor("王芳"))
    assert refused.value.code == "second_is_first"
    with pytest.raises(Refused) as refused:
        actions.agree(change.pk, "", actor=town.actor("刘敏"))
    assert refused.value.code == "not_made_sure"
    actions.agree(change.pk, MadeSure.CALLED_OLD, actor=town.actor("刘敏"))
    assert str(ContactPoint.objects.get(pk=chen.contact.pk).value) == "13900000021"
    assert [one.pk for one in queries.by_phone("13900000021")] == [chen.contact.pk]
    assert queries.by_phone("13800000017") == []
    old = Change.objects.get(pk=change.pk).old_contact
    assert old is not None and not old.valid and str(old.value) == "13800000017"
    told = Event.objects.get(stream_id=str(chen.person.pk), action="correct")
    assert told.facts()["proposed_by"] == str(town.persons["王芳"]) and "13900000021" not in told.payload
    with pytest.raises(Refused) as refused:
        actions.agree(change.pk, MadeSure.CALLED_OLD, actor=town.actor("刘敏"))
    assert refused.value.code == "change_settled"
    assert list(verify()) == []


def test_a_second_account_of_the_proposer_is_no_second(town: Place, chen: Kept) -> None:
    change = proposed(town, chen)
    actions.create_account(town.persons["王芳"], "spare", actor=SYSTEM, password="lantern orchard 48 river")
    with pytest.raises(Refused) as refused:
        spare = actors.of(Account.objects.get(username="spare"))
        actions.agree(change.pk, MadeSure.IN_PERSON, actor=spare)
    assert refused.value.code == "second_is_first"


def test_nor_is_another_record_of_the_proposer(town: Place, chen: Kept) -> None:
    joining = actions.join(town.persons["王芳"], town.persons["刘敏"], "same_card", "同一人", actor=town.actor("赵红"))
    actions.agree_to_two(joining.pk, actor=town.actor("管理员"))
    with pytest.raises(Refused) as refused:
        actions.agree(proposed(town, chen).pk, MadeSure.IN_PERSON, actor=town.actor("刘敏"))
    assert refused.value.code == "second_is_first"


def test_a_number_of_the_staff_is_a_signal_and_gives_alarm(town: Place, chen: Kept) -> None:
    sun = keep(PersonGiven(phone="13900000021", person_id=town.persons["孙丽"]))
    assert sun.person.pk == town.persons["孙丽"]
    change = proposed(town, chen)
    assert actions.signals(change) == ("staff_phone",)
    assert steady.Kind.NUMBER_OF_STAFF not in kinds()
    actions.agree(change.pk, MadeSure.CALLED_OLD, actor=town.actor("刘敏"))
    assert steady.Kind.NUMBER_OF_STAFF in kinds()
    assert Event.objects.get(stream_id=str(chen.person.pk), action="correct").facts()["signals"] == ["staff_phone"]


def test_a_number_that_others_gave_is_shared_from_then_on(town: Place, chen: Kept) -> None:
    keep(PersonGiven(name="李桂兰", phone="13900000021"))
    change = proposed(town, chen)
    assert actions.signals(change) == ("shared_phone",)
    actions.agree(change.pk, MadeSure.IN_PERSON, actor=town.actor("刘敏"))
    assert chen.contact is not None and ContactPoint.objects.get(pk=chen.contact.pk).shared


def test_one_waits_at_a_time_and_a_declined_one_changes_nothing(town: Place, chen: Kept) -> None:
    change = proposed(town, chen)
    with pytest.raises(Refused) as refused:
        proposed(town, chen, "13900000022", by="刘敏")
    assert refused.value.code == "change_waits"
    actions.decline_change(change.pk, actor=town.actor("刘敏"))
    assert queries.by_phone("13900000021") == []
    assert proposed(town, chen, "13900000022", by="刘敏").state == ChangeState.OPEN


def test_wrong_input_is_refused(town: Place, chen: Kept) -> None:
    def deed(kind: ChangeKind, value: str, reason: str = "misheard", words: str = "写错了") -> None:
        actions.correct(chen.person.pk, kind, value, reason, words, actor=town.actor("王芳"))

    with pytest.raises(phones.BadNumber):
        deed(ChangeKind.PHONE, "不知道")
    with pytest.raises(id_numbers.BadIdNumber):
        deed(ChangeKind.ID_NUMBER, "110105194912310021")
    for kind, value, words, code in (
        (ChangeKind.NAME, " ", "写错了", "value_missing"),
        (ChangeKind.NAME, "陈" * 201, "写错了", "value_too_long"),
        (ChangeKind.NAME, "陈大明", "写错了", "nothing_changed"),
        (ChangeKind.NAME, "陈大鸣", "", "reason_missing"),
    ):
        with pytest.raises(Refused) as refused:
            deed(kind, value, words=words)
        assert refused.value.code == code
    silent = keep(PersonGiven(name="李桂兰"))
    with pytest.raises(Refused) as refused:
        actions.correct(silent.person.pk, ChangeKind.PHONE, "13900000021", "a", "b", actor=town.actor("王芳"))
    assert refused.value.code == "no_number_yet"
    with pytest.raises(Refused) as refused:
        actions.correct(town.persons["孙丽"], ChangeKind.NAME, "孙莉", "a", "b", actor=town.actor("王芳"))
    assert refused.value.code == "staff_record"
    assert not Change.objects.exists()


def test_an_identity_card_and_an_address_are_put_right(town: Place, chen: Kept) -> None:
    actor, person = town.actor("王芳"), chen.person.pk
    actions.correct(person, ChangeKind.ID_NUMBER, "11010519491231002x", "shown", "看了身份证", actor=actor)
    actions.correct(person, ChangeKind.ADDRESS, "柳湾村四组 3 号", "moved", "搬家了", actor=actor)
    assert [row.pk for row in queries.by_id_number("11010519491231002X")] == [person]
    assert [str(row.value) for row in ContactPoint.objects.filter(person=person, kind="ADDRESS")] == ["柳湾村四组 3 号"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_change")
        cells = [bytes(cell) if isinstance(cell, memoryview) else cell for row in cursor for cell in row]
    text = "\n".join(cell.decode("utf-8", "ignore") if isinstance(cell, bytes) else str(cell) for cell in cells)
    assert "柳湾村" not in text and "110105" not in text
    assert list(verify()) == []
