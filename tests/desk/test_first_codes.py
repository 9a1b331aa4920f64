"""Codes for a first password are on paper alone; lost ones are made anew for all who have not begun, and the old ones die."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions as organization
from shuoshi.organization.roles import Role
from shuoshi.people import actions
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account, PasswordReset
from tests.support.village import Place

Desk = Callable[[str], Client]
CODES = "/desk/settings/people/first-codes/"
CODE = re.compile(r'class="code num on-paper">([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})<')
NEW = "磨盘山下的旧水渠，修于 1964"


def taken_on(town: Place, name: str, username: str, unit: str = "城建办", role: Role = Role.HANDLER) -> str:
    """Somebody who was given a code and has not used it; the code."""
    person = actions.take_on(PersonGiven(name=name), actor=SYSTEM)
    town.persons[name] = person.pk
    organization.appoint(person.pk, town.units[unit].pk, role, actor=SYSTEM)
    return actions.open_account(person.pk, username, actor=SYSTEM)[1]


def opens(username: str, code: str) -> bool:
    try:
        actions.set_by_code(username, code, NEW)
    except Refused as refused:
        assert refused.code == "reset_wrong"
        return False
    return True


def test_all_who_have_not_begun_get_new_ones_in_one_go(town: Place, at_desk: Desk) -> None:
    first, second = taken_on(town, "张三", "zhangsan"), taken_on(town, "李四", "lisi", "柳湾村")
    began = taken_on(town, "赵六", "zhaoliu")
    assert opens("zhaoliu", began)
    client = at_desk("管理员")
    listed = client.get(CODES).content.decode()
    assert "张三" in listed and "李四" in listed and "赵六" not in listed and "王芳" not in listed
    assert client.get("/desk/settings/people/").content.decode().count(CODES) == 1
    body = client.post(CODES).content.decode()
    codes = CODE.findall(body)
    assert len(codes) == 2 and "2 个人有了新的开户码" in body and "http://testserver/desk/reset/" in body
    assert not opens("zhangsan", first) and not opens("lisi", second)
    by_name = dict(re.findall(r"<dd>(\w+)</dd>.*?on-paper\">([A-Z2-9-]{19})<", body))
    assert all(opens(name, by_name[name]) for name in ("zhangsan", "lisi"))
    assert Event.objects.filter(action="new_first_code").count() == 2
    assert not any(code in event.payload for event in Event.objects.all() for code in codes)
    assert "都登录过了" in client.get(CODES).content.decode()
    assert list(verify()) == []


def test_pressed_twice_the_last_slips_count_and_no_account_is_lost(town: Place, at_desk: Desk) -> None:
    taken_on(town, "张三", "zhangsan")
    client = at_desk("管理员")
    (older,), (newer,) = (CODE.findall(client.post(CODES).content.decode()) for _time in range(2))
    assert PasswordReset.objects.count() == 1
    assert not opens("zhangsan", older) and opens("zhangsan", newer)


def test_the_privileged_are_left_to_two_and_others_parts_alone(town: Place, at_desk: Desk) -> None:
    person = actions.take_on(PersonGiven(name="新监督"), actor=SYSTEM)
    organization.appoint(person.pk, town.units["青禾镇"].pk, Role.SUPERVISOR, actor=SYSTEM)
    kept = actions.open_account(person.pk, "supervisor9", actor=SYSTEM)[1]
    own = taken_on(town, "村委员", "cunweiyuan", "柳湾村")
    taken_on(town, "张三", "zhangsan")
    town.person("村管理员", ("柳湾村", Role.ADMINISTRATOR))
    body = at_desk("村管理员").get(CODES).content.decode()
    assert "村委员" in body and "张三" not in body and "新监督" not in body
    assert len(CODE.findall(at_desk("村管理员").post(CODES).content.decode())) == 1
    assert not opens("cunweiyuan", own)
    office = at_desk("管理员")
    assert "要两位管理员一起办的" in office.get(CODES).content.decode()
    assert len(CODE.findall(office.post(CODES).content.decode())) == 2
    assert opens("supervisor9", kept)


def test_only_an_administrator_and_only_whoever_proves_it(town: Place, at_desk: Desk) -> None:
    code = taken_on(town, "张三", "zhangsan")
    assert at_desk("王芳").post(CODES).status_code == 403
    with pytest.raises(Refused, match="not_administrator"):
        actions.new_first_codes(actor=town.actor("王芳"))
    client = at_desk("管理员")
    with clock.simulated(clock.now().replace(year=clock.now().year + 1)):
        assert client.post(CODES).status_code == 302, "the session is over"
    assert opens("zhangsan", code)


def test_a_closed_account_gets_none(town: Place) -> None:
    taken_on(town, "张三", "zhangsan")
    actions.disable(Account.objects.get(username="zhangsan").pk, actor=SYSTEM)
    assert actions.new_first_codes(actor=town.actor("管理员")) == []


def test_the_slip_of_one_account_holds_its_code_for_paper_alone(town: Place, at_desk: Desk) -> None:
    client = at_desk("管理员")
    person = actions.take_on(PersonGiven(name="欧阳" * 9), actor=SYSTEM)
    page = client.post(f"/desk/settings/people/{person.pk}/", {"do": "save", "username": "ouyang"}).content.decode()
    code = re.search(r'class="code on-paper whole">([A-Z2-9-]{19})<', page)
    assert code and page.count(code[1]) == 1 and "receipt-slip" in page and "最晚 2" in page
    assert opens("ouyang", code[1])
    row = str(Account.objects.get(username="ouyang").pk)
    reset = client.post(f"/desk/settings/people/{person.pk}/", {"do": "reset", "row": row})
    assert "不是您自己要求重设的" in reset.content.decode() and reset["Cache-Control"] == "no-store"


def test_the_list_costs_the_same_for_many(town: Place, django_assert_max_num_queries: Callable[..., object]) -> None:
    def asked(actor: Actor) -> int:
        with django_assert_max_num_queries(3) as spent:  # type: ignore[attr-defined]
            actions.not_begun(actor)
            return len(spent)

    taken_on(town, "张三", "zhangsan")
    one = asked(town.actor("管理员"))
    for number in range(5):
        taken_on(town, f"第{number}人", f"person{number}")
    assert asked(town.actor("管理员")) == one
