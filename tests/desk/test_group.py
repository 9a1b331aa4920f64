"""A group at the desk: its registration, its slips, whom the follow-up asks, and a new demand of one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.matters import query_code
from shuoshi.matters.models import Matter, Relation, Spokesperson
from shuoshi.matters.vocabulary import Naming, Status, Urgency
from tests.desk.test_taking_in import send
from tests.portal.resident import Resident
from tests.support.village import Place, group

Desk = Callable[[str], Client]
MANY = {
    "group": "on",
    "headcount": "80",
    "name_2": "李秀英",
    "phone_2": "138 0000 0088",
    "quiet_2": "on",
    "name_3": "王水生",
    "phone_3": "",
}


@pytest.fixture
def answered(town: Place) -> Matter:
    return town.matter_in(Status.IN_FOLLOW_UP, by="王芳", group=group(quiet="李秀英"))


def parts(matter: Matter) -> list[Spokesperson]:
    return list(matter.spokespersons.order_by("seat").select_related("party__person"))


def act(client: Client, matter: Matter, action: str, **given: object) -> Any:
    address = f"/desk/matters/{matter.number}/{action}/"
    form = client.get(address).context["form"]
    return client.post(address, {"key": form["key"].value(), "turn": matter.turn, **given})


def test_who_speaks_for_the_others_is_written_down(at_desk: Desk) -> None:
    assert send(at_desk("王芳"), **MANY).status_code == 302
    matter = Matter.objects.get()
    assert (matter.headcount, matter.urgency, matter.naming) == (80, Urgency.U3, Naming.CONFIDENTIAL)
    assert [part.party.person.name for part in parts(matter)] == ["陈大叔", "李秀英", "王水生"]
    assert [part.party.naming for part in parts(matter)] == [Naming.NAMED, Naming.CONFIDENTIAL, Naming.NAMED]


@pytest.mark.parametrize(
    ("field", "more", "says"),
    [
        ("shared_phone", {"phone_3": "13800000088"}, "两位代表留了同一个电话"),
        ("headcount", {"headcount": "2"}, "也不能比代表少"),
        ("headcount", {"headcount": ""}, "请写一共多少人"),
        ("name_4", {"phone_4": "13800000099"}, "请写这一位代表的姓名"),
        ("phone_2", {"phone_2": "12"}, "电话号码没有认出来"),
        ("naming", {"naming": "anonymous"}, "要有留名的代表"),
        ("consent", {"consent": "on"}, "不能由一个人替大家同意"),
        ("spot_kind", {"done": "1", "spot_kind": "OTHER", "spot_title": "路", "answer": "说了"}, "不能当场办结"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(
    at_desk: Desk, field: str, more: dict[str, str], says: str
) -> None:
    answer = send(at_desk("王芳"), **(MANY | more))
    assert answer.status_code == 422 and not Matter.objects.exists()
    form = answer.context["form"]
    assert says in str(form[field].errors), form.errors
    assert "王水生" in answer.content.decode() and '<details class="later" open>' in answer.content.decode()


def test_two_may_share_a_telephone_when_somebody_says_so(at_desk: Desk) -> None:
    assert send(at_desk("王芳"), **(MANY | {"phone_3": "13800000088", "shared_phone": "on"})).status_code == 302


def test_each_has_a_slip_and_a_page(town: Place, at_desk: Desk, answered: Matter) -> None:
    client = at_desk("王芳")
    page = f"/desk/matters/{answered.number}/receipt/"
    assert client.get(page).content.decode().count("打印回执<span") == 3
    first, second, _third = parts(answered)
    body = client.post(f"{page}?whose={second.pk}", {"paper": "a5"}).content.decode()
    code = query_code.code_of(second)
    assert query_code.in_fours(code) in body and query_code.in_fours(query_code.code_of(first)) not in body
    resident = Resident(Client())
    assert resident.looks_up(answered.number, code).status_code == 302
    tracked = resident.page(f"/track/{answered.number}/")
    assert "30 人一起说的事" in tracked and "撤回我的这一份" in tracked and query_code.in_fours(code) in tracked
    assert "同意隐去个人信息以后公开" not in tracked
    asked = client.get(f"{page}?whose={second.pk}").content.decode()
    assert "换一个新的查询码" in asked and "代表 2" in asked


def test_the_code_of_who_left_opens_nothing(answered: Matter) -> None:
    part = parts(answered)[0]
    resident = Resident(Client())
    assert resident.looks_up(answered.number, query_code.code_of(part)).status_code == 302
    Spokesperson.objects.filter(pk=part.pk).update(left_at=answered.registered_at)
    assert resident.browser.get(f"/track/{answered.number}/").status_code == 302
    assert resident.looks_up(answered.number, query_code.code_of(part)).status_code == 422


def test_one_rates_on_the_page_and_the_form_asks_for_the_others(at_desk: Desk, answered: Matter) -> None:
    first, second, third = parts(answered)
    resident = Resident(Client())
    resident.looks_up(answered.number, query_code.code_of(first))
    given = {"contacted": "yes", "solved": "YES", "result": "5", "attitude": "5"}
    form = resident.browser.get(f"/track/{answered.number}/rate/").context["form"]
    sent = resident.browser.post(
        f"/track/{answered.number}/rate/", {"key": form["key"].value(), "turn": answered.turn, **given}
    )
    assert sent.status_code == 302
    assert "还在等另外 2 位代表" in resident.page(f"/track/{answered.number}/")
    answered.refresh_from_db()
    client = at_desk("赵红")
    form = client.get(f"/desk/matters/{answered.number}/record_follow_up/").context["form"]
    assert [value for value, _label in form.fields["spokesperson"].choices] == [str(second.pk), str(third.pk)]
    assert "李某某" in str(form["spokesperson"])
    call = {"way": "call", "reached": "yes", "proof": "recording", "proof_ref": "录音 7", **given}
    assert act(client, answered, "record_follow_up", **call).status_code == 422
    assert act(client, answered, "record_follow_up", spokesperson=str(second.pk), **call).status_code == 302
    assert "满意</span>" in client.get(f"/desk/matters/{answered.number}/").content.decode()


def test_the_unit_sees_of_who_asked_for_confidence_only_a_seat(at_desk: Desk, answered: Matter) -> None:
    body = at_desk("孙丽").get(f"/desk/matters/{answered.number}/").content.decode()
    assert "李某某" not in body and "李秀英" not in body and "代表 2" in body and "陈某某" in body


def test_somebody_joins_and_the_number_is_corrected(town: Place, at_desk: Desk) -> None:
    matter, client = town.matter_in(Status.IN_HANDLING, by="王芳", group=group()), at_desk("王芳")
    joins = {"name": "赵五", "naming": "named", "tell_by": "call"}
    answer = act(client, matter, "add_spokesperson", phone="13800000200", **joins)
    assert answer.status_code == 422 and "别的代表留了同一个电话" in answer.content.decode()
    assert act(client, matter, "add_spokesperson", phone="13800000555", **joins).status_code == 302
    assert act(client, matter, "correct_headcount", headcount="50", reason="点过名").status_code == 302
    matter.refresh_from_db()
    assert (matter.headcount, len(parts(matter))) == (50, 4)


def test_a_new_demand_is_registered_from_the_page_of_a_matter(town: Place, at_desk: Desk) -> None:
    matter, client = town.matter_in(Status.IN_FOLLOW_UP), at_desk("赵红")
    given = {"content": "水沟也堵了", "channel": "hotline", "urgency": "U4", "area": "", "place": "门口"}
    assert act(client, matter, "register_linked", **given).status_code == 302
    new = Relation.objects.get(earlier=matter).matter
    assert new.place == "门口" and new.number in client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert matter.number in client.get(f"/desk/matters/{new.number}/").content.decode()
