"""4.2.2: 我来办 at the desk — one form, five steps — and the person a matter was given to."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.matters.vocabulary import Kind, Status
from shuoshi.organization.roles import Role
from tests.desk.test_acting import act
from tests.support.looking import fresh
from tests.support.village import Place

Desk = Callable[[str], Client]
GIVEN = {"category": "B604", "complexity": "simple", "reason": "我来办"}


@pytest.fixture
def all_in_one(town: Place) -> Place:
    town.person("王强", ("受理中心", Role.REGISTRAR), ("受理中心", Role.DISPATCHER), ("城建办", Role.HANDLER))
    return town


def test_who_may_do_it_all_does_it_with_one_form(all_in_one: Place, at_desk: Desk) -> None:
    matter, client = all_in_one.raise_matter(by="王强"), at_desk("王强")
    address = f"/desk/matters/{matter.number}/take-on/"
    assert address in client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert "受理并签收" in client.get(address).content.decode()
    unit = str(all_in_one.units["城建办"].pk)
    answer = act(client, matter, "take-on", title="村口路灯不亮", unit=unit, **GIVEN)
    assert answer.status_code == 302, answer.context["form"].errors
    matter = fresh(matter)
    assert (matter.status, matter.handler_id) == (Status.IN_HANDLING, all_in_one.persons["王强"])


def test_a_letter_taken_on_is_summed_up_in_the_same_form(all_in_one: Place, at_desk: Desk) -> None:
    letter = "进村的路什么时候修\n路坑坑洼洼，灯也全都不亮，希望早点修路，也把灯修好。"
    matter, client = all_in_one.raise_matter(content=letter, demands=()), at_desk("王强")
    form = client.get(f"/desk/matters/{matter.number}/take-on/").context["form"]
    assert form["title"].value() == "进村的路什么时候修" and not form["demands"].value()
    unit = str(all_in_one.units["城建办"].pk)
    given = {"title": "进村的路什么时候修", "demands": "早点修路\n把灯修好", "unit": unit, **GIVEN}
    assert act(client, matter, "take-on", **given).status_code == 302
    assert [one.text for one in all_in_one.demands(matter)] == ["早点修路", "把灯修好"]


def test_the_same_form_sent_twice_takes_it_on_once(all_in_one: Place, at_desk: Desk) -> None:
    matter, client = all_in_one.raise_matter(by="王强"), at_desk("王强")
    address = f"/desk/matters/{matter.number}/take-on/"
    form = client.get(address).context["form"]
    data = {"turn": form["turn"].value(), "key": form["key"].value(), "title": "路灯", **GIVEN}
    data["unit"] = str(all_in_one.units["城建办"].pk)
    assert client.post(address, data).status_code == 302
    assert client.post(address, data).status_code == 404  # nothing is left to take on
    assert fresh(matter).assignments.count() == 1


def test_what_is_missing_is_said_beside_the_field_and_the_rest_is_kept(all_in_one: Place, at_desk: Desk) -> None:
    matter = all_in_one.raise_matter(by="王强")
    answer = act(at_desk("王强"), matter, "take-on", title="电话 13800000017 的灯", **GIVEN)
    assert answer.status_code == 422
    assert "电话 13800000017 的灯" in answer.content.decode()
    assert fresh(matter).status == Status.REGISTERED


@pytest.mark.parametrize("name", ["王芳", "刘敏", "孙丽", "马镇长"])
def test_who_may_not_do_it_all_finds_no_such_form(all_in_one: Place, at_desk: Desk, name: str) -> None:
    matter, client = all_in_one.raise_matter(by="王强"), at_desk(name)
    assert client.get(f"/desk/matters/{matter.number}/take-on/").status_code == 404
    assert "take-on" not in client.get(f"/desk/matters/{matter.number}/").content.decode()


def test_what_was_accepted_before_is_only_classified_and_taken(all_in_one: Place, at_desk: Desk) -> None:
    matter = all_in_one.accept(all_in_one.raise_matter(by="王强"))
    answer = act(at_desk("王强"), matter, "take-on", unit=str(all_in_one.units["城建办"].pk), **GIVEN)
    assert answer.status_code == 302
    assert fresh(matter).status == Status.IN_HANDLING


def test_the_person_it_was_given_to_stands_first_when_it_is_signed_for(town: Place, at_desk: Desk) -> None:
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    unit, person = str(town.units["城建办"].pk), str(town.persons["孙丽"])
    assert act(at_desk("刘敏"), matter, "assign", unit=unit, person=person, reason="她熟悉").status_code == 302
    form = at_desk("周建国").get(f"/desk/matters/{matter.number}/sign_for/").context["form"]
    assert form["handler"].initial == person


def test_a_person_of_another_unit_is_refused_in_words(town: Place, at_desk: Desk) -> None:
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    unit, person = str(town.units["城建办"].pk), str(town.persons["李国强"])
    answer = act(at_desk("刘敏"), matter, "assign", unit=unit, person=person, reason="他熟悉")
    assert answer.status_code == 409
    assert "这个人不在城建办承办事情" in answer.content.decode()


def test_who_would_not_say_is_written_down_without_an_answer(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    answer = act(at_desk("赵红"), matter, "record_follow_up", way="call", reached="declined", text="说不用评了")
    assert answer.status_code == 302
    assert fresh(matter).follow_ups.get().declined


def test_only_the_exits_of_its_kind_are_offered(town: Place, at_desk: Desk) -> None:
    matter = town.accept(town.raise_matter(), Kind.SUGGESTION)
    matter = town.sign_for(town.assign(town.classify(matter, "C101", Kind.SUGGESTION)))
    form = at_desk("周建国").get(f"/desk/matters/{matter.number}/request_exit/").context["form"]
    assert [value for value, _label in form.fields["exit"].choices] == ["", "EXPLAINED"]


def test_of_an_emergency_the_other_degree_is_offered(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳", urgency="U2")
    form = at_desk("何勇").get(f"/desk/matters/{matter.number}/confirm_urgency/").context["form"]
    assert [value for value, _label in form.fields["level"].choices] == ["U1"]


def test_what_is_accepted_already_is_not_said_to_be_accepted_here(all_in_one: Place, at_desk: Desk) -> None:
    matter = all_in_one.matter_in(Status.ACCEPTED)
    page = at_desk("王强").get(f"/desk/matters/{matter.number}/take-on/").content.decode()
    assert "交办并签收" in page and "受理" not in page.split('id="act-h"')[1].split("</form>")[0]
