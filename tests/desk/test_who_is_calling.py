"""A call is put down to somebody only who gave the number before; and what may be the same matter stands beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel import throttle
from shuoshi.kernel.throttle import Tally
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Naming
from tests.desk.test_taking_in import SAID
from tests.support.village import Place

Desk = Callable[[str], Client]
PHONE = "13800000017"


def send(client: Client, **more: object) -> Any:
    form = client.get("/desk/register/").context["form"]
    return client.post("/desk/register/", {"key": form["key"].value(), **SAID, **more})


def speaker(matter: Matter) -> Any:
    return matter.parties.get(role="speaker").person_id


def test_a_call_is_put_down_to_somebody_who_gave_the_number(town: Place, at_desk: Desk) -> None:
    earlier = town.raise_matter(by="王芳", speaker=PersonSaid(name="陈大叔", phone=PHONE))
    assert send(at_desk("王芳"), phone=PHONE, person=str(speaker(earlier))).status_code == 302
    assert speaker(Matter.objects.exclude(pk=earlier.pk).get()) == speaker(earlier)


@pytest.mark.parametrize("phone", ["13900001234", ""])
def test_somebody_who_did_not_give_it_is_refused_and_all_else_stays(town: Place, at_desk: Desk, phone: str) -> None:
    stranger = town.raise_matter(by="王芳", speaker=PersonSaid(name="陈大叔", phone=PHONE))
    client = at_desk("王芳")
    answer = send(client, phone=phone, person=str(speaker(stranger)))
    assert answer.status_code == 422 and Matter.objects.count() == 1
    form = answer.context["form"]
    assert "没有用这个号码说过事" in str(form.errors["phone"])
    assert SAID["content"] in answer.content.decode() and phone in answer.content.decode()
    assert not form["person"].value(), "sent again, it registers somebody new"
    again = client.post("/desk/register/", {**SAID, "key": form["key"].value(), "phone": phone})
    assert again.status_code == 302 and Matter.objects.count() == 2


@pytest.mark.parametrize("forged", ["6f1c1b5e-0d7b-4a4e-9a55-3f0c3a8d2b10", "nobody"])
def test_nobody_at_all_is_refused_likewise(at_desk: Desk, forged: str) -> None:
    assert "phone" in send(at_desk("王芳"), person=forged).context["form"].errors


def test_a_confidential_speaker_is_nobody_elses_to_choose(town: Place, at_desk: Desk) -> None:
    said = PersonSaid(name="褚秀兰", phone=PHONE)
    kept = town.raise_matter(by="王芳", naming=Naming.CONFIDENTIAL, speaker=said)
    assert send(at_desk("孙丽"), phone=PHONE, person=str(speaker(kept))).status_code == 422
    assert send(at_desk("王芳"), phone=PHONE, person=str(speaker(kept))).status_code == 302


def test_without_script_the_button_chooses_and_keeps_the_form(town: Place, at_desk: Desk) -> None:
    earlier = town.raise_matter(by="王芳", speaker=PersonSaid(name="陈大叔", phone=PHONE))
    answer = at_desk("王芳").post("/desk/register/", {**SAID, "phone": PHONE, "use": str(speaker(earlier))})
    assert answer.status_code == 200 and Matter.objects.count() == 1
    assert str(answer.context["form"]["person"].value()) == str(speaker(earlier))
    assert "用了这个人" in answer.content.decode() and SAID["content"] in answer.content.decode()


def test_a_matter_of_the_place_in_like_words_stands_beside_the_form(town: Place, at_desk: Desk) -> None:
    known = town.accept(town.raise_matter(by="王芳", content="村口水井旁边的路灯坏了三天，晚上看不见路。"))
    client = at_desk("王芳")
    typed = {"area": str(known.area_id), "content": "村口水井那儿路灯坏了，晚上走路看不见"}
    assert known.number in client.post("/desk/register/beside/", typed).content.decode()
    other = {**typed, "content": "医保在手机上怎么交，请问一下手续"}
    assert known.number not in client.post("/desk/register/beside/", other).content.decode()
    assert known.number in client.post("/desk/register/", {**SAID, **typed, "again": "1"}).content.decode()
    assert known.number not in at_desk("孙丽").post("/desk/register/beside/", typed).content.decode()


def test_the_same_number_asked_for_again_and_again_is_one_miss(at_desk: Desk) -> None:
    client = at_desk("王芳")
    for content in ("路灯", "路灯坏了", "路灯坏了三天"):
        client.post("/desk/register/beside/", {"phone": PHONE, "content": content})
    assert Tally.objects.get(scope=throttle.PHONE_MISSES.scope).count == 1
    client.post("/desk/register/beside/", {"phone": "139000012"})
    assert Tally.objects.get(scope=throttle.PHONE_MISSES.scope).count == 1, "half a number is none"


def test_beside_the_number_stands_who_gave_it_and_what_tells_two_of_one_mask_apart(town: Place, at_desk: Desk) -> None:
    one = town.raise_matter(by="王芳", speaker=PersonSaid(name="杨大山", phone=PHONE), content="井盖没有了。")
    town.raise_matter(by="王芳", speaker=PersonSaid(name="杨小山", phone=PHONE), content="路灯坏了。")
    asked = at_desk("王芳").post("/desk/register/beside/", {"phone": PHONE, "person": str(speaker(one))})
    page = asked.content.decode()
    assert "说过“井盖没有了。”" in page and "说过“路灯坏了。”" in page
    line = page[page.index('id="caller"') :]
    assert "算杨某某说的，姓名不用再填。" in line and "这个号码以前说过 2 件" in line
    nobody = at_desk("王芳").post("/desk/register/beside/", {"phone": "13999990000"}).content.decode()
    assert "看是谁" not in nobody
