"""Who was given becomes rows; a number joins nobody; what is masked is looked at only with a reason on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.people import actions, phones, queries
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account, ContactPoint, Person, Reveal, RevealedField
from shuoshi.people.policies import REVEALS_PER_DAY
from tests.people.staff import Staff, keep

pytestmark = pytest.mark.django_db

ID_NUMBER = "11010519491231002X"
CHEN = PersonGiven(name="陈小明", phone="138 1234 0017", id_number=ID_NUMBER, address="柳湾村三组 12 号")


def test_the_same_number_never_joins_two_people() -> None:
    first, second = keep(CHEN), keep(PersonGiven(name="陈大明", phone="13812340017"))
    assert first.person != second.person
    assert [contact.person for contact in queries.by_phone("+86 13812340017")] == [second.person, first.person]
    assert queries.by_phone("13812340018") == []
    assert queries.by_phone("不知道") == []


def test_a_person_chosen_by_hand_is_the_same_person_and_a_known_number_is_not_doubled() -> None:
    first = keep(CHEN)
    again = keep(PersonGiven(phone="13812340017", person_id=first.person.pk))
    assert (again.person, again.contact) == (first.person, first.contact)
    other = keep(PersonGiven(phone="0571-88880000", person_id=first.person.pk))
    assert other.contact != first.contact
    assert Person.objects.count() == 1


def test_an_identity_card_is_found_by_its_number() -> None:
    kept = keep(CHEN)
    assert queries.by_id_number("110105 19491231 002x") == [kept.person]
    assert queries.by_id_number("110105194912310021") == []


def test_nothing_personal_is_readable_in_the_tables_or_the_events() -> None:
    keep(CHEN)
    with connection.cursor() as cursor:
        found = []
        for table in ("people_person", "people_contactpoint", "kernel_event"):
            cursor.execute(f"SELECT * FROM {table}")
            found += [bytes(value) if isinstance(value, memoryview) else value for row in cursor for value in row]
    text = "\n".join(value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value) for value in found)
    for secret in ("陈小明", "13812340017", ID_NUMBER, "柳湾村三组"):
        assert secret not in text


def test_a_bad_number_leaves_nothing_behind() -> None:
    with pytest.raises(phones.BadNumber), transaction.atomic():
        keep(PersonGiven(name="陈小明", phone="123"))
    assert not Person.objects.exists()


def test_an_invalid_number_finds_nobody_any_more() -> None:
    contact = keep(CHEN).contact
    assert contact is not None
    actions.mark_contact(contact.pk, shared=True, actor=SYSTEM)
    actions.mark_contact(contact.pk, shared=True, actor=SYSTEM)
    assert queries.by_phone("13812340017")[0].shared
    actions.mark_contact(contact.pk, valid=False, actor=SYSTEM)
    assert queries.by_phone("13812340017") == []
    assert Event.objects.filter(action="mark_contact").count() == 2


def test_a_look_is_recorded_with_who_and_why(staff: Staff) -> None:
    person = keep(CHEN).person
    shown = actions.reveal(person.pk, RevealedField.PHONE, "contact", "约时间上门", actor=staff.actor)
    assert shown == "13812340017"
    look = queries.who_looked(person.pk)[0]
    assert (look.account, look.field, look.reason_code, look.reason) == (
        staff.account,
        RevealedField.PHONE,
        "contact",
        "约时间上门",
    )
    event = queries.history("person", person.pk)[0]
    assert event.facts() == {"field": "phone", "reason": "contact"}
    assert "约时间" not in event.payload
    assert list(verify()) == []


def test_each_field_shows_itself_and_what_was_never_given_leaves_no_look(staff: Staff) -> None:
    person = keep(CHEN).person
    said = {field: actions.reveal(person.pk, field, "contact", actor=staff.actor) for field in RevealedField}
    assert list(said.values()) == ["陈小明", "13812340017", ID_NUMBER, "柳湾村三组 12 号", ""]
    nameless = keep(PersonGiven(phone="13812340018")).person
    assert actions.reveal(nameless.pk, RevealedField.ADDRESS, "contact", actor=staff.actor) == ""
    assert queries.who_looked(nameless.pk) == []


def test_nobody_looks_without_account_or_reason(staff: Staff) -> None:
    person = keep(CHEN).person
    with pytest.raises(Refused, match="reason_missing"):
        actions.reveal(person.pk, RevealedField.NAME, "", actor=staff.actor)
    with pytest.raises(Refused, match="no_account"):
        actions.reveal(person.pk, RevealedField.NAME, "contact", actor=Actor(ActorKind.SPEAKER))


@pytest.mark.drill(3)
def test_the_daily_cap_holds_until_midnight_of_the_institution(staff: Staff) -> None:
    person = keep(CHEN).person
    noon = datetime(2026, 11, 10, 4, tzinfo=UTC)
    with clock.simulated(noon) as time:
        for _look in range(REVEALS_PER_DAY):
            actions.reveal(person.pk, RevealedField.PHONE, "contact", actor=staff.actor)
        with pytest.raises(Refused, match="reveal_cap"):
            actions.reveal(person.pk, RevealedField.PHONE, "contact", actor=staff.actor)
        time.move_to(noon + timedelta(hours=12))
        assert actions.reveal(person.pk, RevealedField.PHONE, "contact", actor=staff.actor)
    assert Reveal.objects.count() == REVEALS_PER_DAY + 1


def test_the_database_refuses_impossible_people(staff: Staff) -> None:
    person = keep(CHEN).person
    look = {"person": person, "account": staff.account, "at": clock.now()}
    actions.reveal(person.pk, RevealedField.PHONE, "contact", actor=staff.actor)
    for rows, change, constraint in (
        (Person.objects.all(), {"id_index": ""}, "person_id_number_with_index"),
        (Person.objects.filter(pk=staff.person.pk), {"id_index": "x"}, "person_id_number_with_index"),
        (ContactPoint.objects.all(), {"kind": "PIGEON"}, "contact_kind_known"),
        (ContactPoint.objects.filter(kind="PHONE"), {"index": ""}, "contact_phone_has_index"),
        (ContactPoint.objects.filter(kind="ADDRESS"), {"index": "x"}, "contact_phone_has_index"),
        (Account.objects.all(), {"username": ""}, "account_has_username"),
        (Account.objects.all(), {"totp_confirmed": True}, "account_confirmed_factor_has_secret"),
        (Account.objects.all(), {"epoch": 0}, "account_epoch_from_one"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            rows.update(**change)  # type: ignore[attr-defined]
    for change, constraint in (
        ({"field": "diary", "reason_code": "contact"}, "reveal_field_known"),
        ({"field": "phone", "reason_code": ""}, "reveal_has_reason"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Reveal.objects.create(**look, **change)
