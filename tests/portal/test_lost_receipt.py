"""回执丢了: who holds the speaker's own number gets a new code; who does not learns nothing (drills 1 and 13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuoshi.kernel import clock, outbox, throttle
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, query_code
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter, Reissue
from shuoshi.matters.vocabulary import Naming, TellBy
from shuoshi.notices import actions as notices
from shuoshi.notices import codes
from shuoshi.notices.models import LostCode, Provider, Way
from shuoshi.people import actions as people
from shuoshi.people.actions.changes import MadeSure
from shuoshi.people.models import ChangeKind, ContactPoint
from tests.notices.told import Kept
from tests.support.desk import signed_in
from tests.support.village import Place, group

pytestmark = [pytest.mark.django_db, pytest.mark.drill(13)]

OWN, UNKNOWN = "13800000017", "13900009999"
GIVEN = {"key_id": "LTAI", "key_secret": "s", "sign": "青禾镇", "template": "SMS_1", "template_staff": "SMS_2"}


@pytest.fixture
def sms(town: Place, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A gateway that keeps what it is given."""
    notices.set_gateway(Way.SMS, Provider.ALIYUN, GIVEN | {"template_code": "SMS_3"}, active=True, actor=SYSTEM)
    kept = Kept()
    monkeypatch.setattr("shuoshi.notices.codes.opened", lambda gateway: kept)
    return kept


def at(network: str = "203.0.113.9") -> Client:
    return Client(REMOTE_ADDR=network, headers={"accept-language": "zh-CN"})


def asks(browser: Client, number: str = OWN) -> Any:
    return browser.post("/track/lost/", {"phone": number})


def typed(browser: Client, code: str) -> Any:
    return browser.post("/track/lost/code/", {"code": code})


def newest() -> str:
    return codes.code_of(LostCode.objects.latest("id").pk)


def proved(browser: Client, number: str = OWN) -> Client:
    """A browser whose owner typed the right code."""
    assert asks(browser, number).status_code == 302
    codes.send_due(clock.now())
    assert typed(browser, newest()).status_code == 302
    return browser


def listed(browser: Client) -> list[str]:
    return re.findall(r'name="number" value="([^"]+)"', browser.get("/track/lost/matters/").content.decode())


def test_the_own_number_gets_a_new_code_and_the_old_one_opens_nothing(town: Place, sms: Kept) -> None:
    matter = town.raise_matter(tell_by=TellBy.SMS)
    old = query_code.code_of(matter)
    opened = at()
    opened.post("/track/", {"number": matter.number, "code": old})
    browser = proved(at())
    assert listed(browser) == [matter.number]
    answer = browser.post("/track/lost/matters/", {"number": matter.number}, follow=True)
    matter.refresh_from_db()
    fresh = query_code.code_of(matter)
    assert fresh != old and query_code.in_fours(fresh) in answer.content.decode()
    assert at().post("/track/", {"number": matter.number, "code": old}).status_code == 422
    assert opened.get(f"/track/{matter.number}/").status_code == 302, "what was open under the old code is closed"
    event = Event.objects.get(stream_id=str(matter.pk), action="reissue_receipt")
    assert event.facts() == {"way": "phone"} and fresh not in event.payload
    told = outbox.Notice.objects.get(kind="code_renewed")
    assert told.about_id == matter.pk and told.event_id == event.pk
    assert "凭手机验证码换过查询码" in browser.get(f"/track/{matter.number}/").content.decode()
    assert list(verify()) == []


def test_pressed_twice_it_is_one_new_code(town: Place, sms: Kept) -> None:
    matter = town.raise_matter()
    browser = proved(at())
    for _twice in range(2):
        assert browser.post("/track/lost/matters/", {"number": matter.number}).status_code == 302
    matter.refresh_from_db()
    assert matter.query_generation == 2 and Reissue.objects.count() == 1


def test_the_message_holds_the_code_and_nothing_of_the_matter(town: Place, sms: Kept) -> None:
    matter = town.raise_matter()
    asks(at())
    assert codes.send_due(clock.now()) == 1 and codes.send_due(clock.now()) == 0
    [(to, out)] = sms.sent
    assert to == OWN and newest() in out.text and matter.number not in out.text and out.code == newest()


def test_known_and_unknown_numbers_are_answered_alike(town: Place, sms: Kept) -> None:
    town.raise_matter()
    answers = []
    for number in (OWN, UNKNOWN):
        browser = at()
        first = asks(browser, number)
        second = browser.get(first["Location"])
        wrong = typed(browser, "000000" if newest() != "000000" else "000001")
        hidden = re.compile(r'value="[^"]*"')
        answers.append(
            (
                first.status_code,
                first["Location"],
                hidden.sub("", second.content.decode()),
                wrong.status_code,
                hidden.sub("", wrong.content.decode()),
            )
        )
    assert answers[0] == answers[1]
    assert LostCode.objects.count() == 2
    codes.send_due(clock.now())
    assert [to for to, _out in sms.sent] == [OWN]


def test_the_same_statements_for_a_known_and_an_unknown_number(town: Place, sms: Kept) -> None:
    town.raise_matter()
    asks(at(), "13900008888")
    counts = []
    for number in (OWN, UNKNOWN):
        browser = at()
        browser.get("/track/lost/")
        with CaptureQueriesContext(connection) as asked:
            asks(browser, number)
        counts.append([re.sub(r"'[^']*'|[0-9a-f]{32,}|\d+", "?", one["sql"]) for one in asked.captured_queries])
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "said",
    [
        pytest.param({"naming": Naming.CONFIDENTIAL}, id="confidential"),
        pytest.param({"by": "王芳", "group": group("陈大明", "李桂兰")}, id="a group"),
    ],
)
def test_what_a_telephone_does_not_open(town: Place, sms: Kept, said: dict[str, Any]) -> None:
    town.raise_matter(**said)
    asks(at())
    assert codes.send_due(clock.now()) == 0 and sms.sent == []


def test_a_shared_number_opens_nothing(town: Place, sms: Kept) -> None:
    contact = town.raise_matter().parties.get().contact
    assert contact is not None
    people.mark_contact(contact.pk, shared=True, actor=town.actor("王芳"))
    asks(at())
    assert codes.send_due(clock.now()) == 0


def test_a_number_two_people_gave_opens_nothing_and_one_persons_several_matters_all(town: Place, sms: Kept) -> None:
    first, second = town.raise_matter(), town.raise_matter()
    assert set(listed(proved(at()))) == {first.number, second.number}
    town.raise_matter(speaker=PersonSaid(name="李桂兰", phone=OWN))
    browser = at()
    asks(browser)
    assert codes.send_due(clock.now()) == 0


def test_a_number_that_staff_put_in_opens_nothing_for_a_month(town: Place, sms: Kept) -> None:
    matter = town.raise_matter()
    party = matter.parties.get()
    assert party.contact is not None
    change = people.correct(
        party.person_id,
        ChangeKind.PHONE,
        "13900000021",
        "new_number",
        "换号",
        contact_id=party.contact.pk,
        actor=town.actor("王芳"),
    )
    people.agree(change.pk, MadeSure.CALLED_OLD, actor=town.actor("刘敏"))
    asks(at(), "13900000021")
    assert codes.send_due(clock.now()) == 0
    with clock.simulated(clock.now() + timedelta(days=31)):
        assert listed(proved(at(), "13900000021")) == [matter.number]


def test_five_wrong_tries_end_a_code_and_ten_minutes_do(town: Place, sms: Kept) -> None:
    town.raise_matter()
    browser = at()
    asks(browser)
    right = newest()
    wrong = "123456" if right != "123456" else "654321"
    for _try in range(codes.TRIES):
        assert typed(browser, wrong).status_code == 422
    assert typed(browser, right).status_code == 422, "the sixth is not looked at"
    asks(browser)
    with clock.simulated(clock.now() + codes.LASTS + timedelta(seconds=1)):
        assert typed(browser, newest()).status_code == 422


def test_a_code_works_once_and_only_where_it_was_asked_for(town: Place, sms: Kept) -> None:
    town.raise_matter()
    browser = proved(at())
    assert typed(browser, newest()).status_code == 422
    other = at("198.51.100.7")
    assert typed(other, newest()).status_code == 302 and other.get("/track/lost/matters/").status_code == 302
    other = at("198.51.100.8")
    asks(other, UNKNOWN)
    first = codes.code_of(LostCode.objects.order_by("id")[0].pk)
    assert typed(other, first).status_code == 422


@pytest.mark.parametrize(
    ("number", "network", "rule"),
    [
        (lambda n: OWN, lambda n: f"10.9.{n}.1", throttle.LOST_BY_NUMBER),
        (lambda n: f"138000{n:05d}", lambda n: "10.9.0.1", throttle.LOST_BY_NETWORK),
    ],
    ids=["of one number", "of one network"],
)
def test_codes_of_one_day_are_few(
    town: Place, sms: Kept, number: Callable[[int], str], network: Callable[[int], str], rule: throttle.Rule
) -> None:
    for n in range(rule.free):
        assert asks(at(network(n)), number(n)).status_code == 302
    assert asks(at(network(200)), number(200)).status_code == 429
    with clock.simulated(clock.now() + rule.window):
        assert asks(at(network(201)), number(201)).status_code == 302


def test_wrong_codes_of_one_network_are_slowed_down(town: Place, sms: Kept) -> None:
    answers = []
    for n in range(throttle.LOST_WRONG.free + 1):
        browser = at("10.9.0.1")
        asks(browser, f"138000{n:05d}")
        answers.append(typed(browser, "1").status_code)
    assert answers == [422] * throttle.LOST_WRONG.free + [429]


def test_other_peoples_matters_are_404_and_without_a_proof_there_is_no_list(town: Place, sms: Kept) -> None:
    town.raise_matter()
    other = town.raise_matter(speaker=PersonSaid(name="李桂兰", phone="13800000018"))
    assert proved(at()).post("/track/lost/matters/", {"number": other.number}).status_code == 404
    assert at().post("/track/lost/matters/", {"number": other.number}).status_code == 302
    other.refresh_from_db()
    assert other.query_generation == 1


def test_a_browser_of_the_staff_finds_nothing_back(town: Place, sms: Kept) -> None:
    town.raise_matter()
    staff = signed_in(town, "王芳")
    assert asks(staff).status_code == 403 and not LostCode.objects.exists()


def test_without_a_gateway_the_page_names_the_other_ways(town: Place) -> None:
    body = at().get("/track/lost/").content.decode()
    assert "不能发短信验证码" in body and "说事热线" in body and 'name="phone"' not in body
    assert asks(at()).status_code == 200 and not LostCode.objects.exists()
    notices.set_gateway(Way.SMS, Provider.ALIYUN, GIVEN, active=True, actor=SYSTEM)
    assert 'name="phone"' not in at().get("/track/lost/").content.decode(), "the provider has no text for codes"


@pytest.mark.parametrize("number", ["", "不知道", "0571-88880000", "1" * 39])
def test_wrong_input_is_told_at_the_field(town: Place, sms: Kept, number: str) -> None:
    answer = asks(at(), number)
    assert answer.status_code == 422 and answer.context["form"].errors["phone"]


def test_leaving_closes_the_proof_too(town: Place, sms: Kept) -> None:
    town.raise_matter()
    browser = proved(at())
    browser.post("/track/leave/")
    assert browser.get("/track/lost/matters/").status_code == 302


def test_codes_are_forgotten(town: Place, sms: Kept) -> None:
    asks(at())
    assert codes.forget(clock.now()) == 0
    assert codes.forget(clock.now() + codes.LASTS + codes.KEPT + timedelta(seconds=1)) == 1


def test_the_name_is_hidden_later_and_shown_again_only_by_the_speaker(town: Place, resident: Any) -> None:
    matter = town.sign_for(town.assign(town.classify(town.accept(town.raise_matter()))))
    handler = signed_in(town, "孙丽")
    assert "陈某某" in handler.get(f"/desk/matters/{matter.number}/").content.decode()
    resident.opens(matter)
    address = f"/track/{matter.number}/naming/"
    assert "收不回来" in resident.page(address)
    for _twice in range(2):
        assert resident.browser.post(address, {"wish": "hide"}).status_code == 302
    matter = Matter.objects.get(pk=matter.pk)
    assert (matter.naming, matter.parties.get().naming) == (Naming.CONFIDENTIAL, Naming.CONFIDENTIAL)
    body = handler.get(f"/desk/matters/{matter.number}/").content.decode()
    assert "陈某某" not in body and "要求对承办单位保密" in body
    assert Event.objects.filter(stream_id=str(matter.pk), action="hide_name").count() == 1
    assert resident.browser.post(address, {"wish": "show"}).status_code == 302
    assert Matter.objects.get(pk=matter.pk).naming == Naming.NAMED
    assert list(verify()) == []


def test_nobody_else_hides_or_shows_a_name(town: Place, resident: Any) -> None:
    matter = town.raise_matter()
    assert Client().post(f"/track/{matter.number}/naming/", {"wish": "hide"}).status_code == 302
    staff = signed_in(town, "王芳")
    staff.post("/track/", {"number": matter.number, "code": query_code.code_of(matter)})
    assert staff.post(f"/track/{matter.number}/naming/", {"wish": "hide"}).status_code == 403
    assert Matter.objects.get(pk=matter.pk).naming == Naming.NAMED
    unnamed = town.raise_matter(naming=Naming.ANONYMOUS)
    resident.opens(unnamed)
    assert resident.browser.get(f"/track/{unnamed.number}/naming/").status_code == 302


def test_in_a_mediation_a_name_is_not_hidden(town: Place, resident: Any) -> None:
    matter = town.mediate()
    resident.opens(matter)
    assert "正在调解" in resident.page(f"/track/{matter.number}/naming/")
    answer = resident.browser.post(f"/track/{matter.number}/naming/", {"wish": "hide"})
    assert answer.status_code == 409
    assert Matter.objects.get(pk=matter.pk).naming == Naming.NAMED


def test_of_a_group_each_hides_the_own_name(town: Place) -> None:
    matter = town.raise_matter(by="王芳", group=group("陈大明", "李桂兰"))

    actions.choose_naming(matter.pk, Naming.CONFIDENTIAL, actor=town.speaker(matter))
    namings = sorted(matter.parties.values_list("naming", flat=True))
    assert namings == ["confidential", "named"]
    assert Matter.objects.get(pk=matter.pk).naming == Naming.CONFIDENTIAL
    actions.choose_naming(matter.pk, Naming.NAMED, actor=town.speaker(matter))
    assert Matter.objects.get(pk=matter.pk).naming == Naming.NAMED
    assert not ContactPoint.objects.filter(valid=False).exists()
