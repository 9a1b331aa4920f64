"""The archive on the desk: what is due, the list, another person who approves, the paper, and who asked to be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from shuoshi.archive import carrying_out
from shuoshi.archive.models import Destruction, Extended, Listed, State
from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.kernel.documents import words_of_pdf
from tests.support.archived import approved, destroyed, listed, reckoned, years_later
from tests.support.desk import signed_in
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("papers_made_here")

Desk = Callable[[str], Client]
PASSWORD = "lantern orchard 47 river"


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.matter_in(Status.CLOSED)


def test_what_is_due_is_listed_and_goes_on_the_list(town: Place, matter: Matter) -> None:
    other = town.matter_in(Status.CLOSED)
    with years_later(12):
        reckoned()
        client = signed_in(town, "王芳")
        page = client.get("/desk/archive/").content.decode()
        assert matter.number in page and other.number in page and "按事项种类" in page
        answer = client.post("/desk/archive/", {"matters": [str(matter.pk)], "verdict": "destroy"})
        row = Destruction.objects.get()
        assert answer.status_code == 302 and row.state == State.OPEN
        page = client.get("/desk/archive/").content.decode()
        assert row.number in page and matter.number not in page and other.number in page


def test_keeping_longer_asks_why_and_until_when_and_keeps_what_was_typed(town: Place, matter: Matter) -> None:
    with years_later(12):
        reckoned()
        client = signed_in(town, "王芳")
        given = {"matters": [str(matter.pk)], "verdict": "longer"}
        answer = client.post("/desk/archive/", given)
        assert answer.status_code == 422 and "请写保管到哪一天" in answer.content.decode()
        assert f'value="{matter.pk}"' in answer.content.decode() and "checked" in answer.content.decode()
        day = clock.local(clock.now()).date() + timedelta(days=400)
        assert client.post("/desk/archive/", {**given, "until": day.isoformat(), "why": "村史要用"}).status_code == 302
        assert Extended.objects.get().until == day and str(Extended.objects.get().why) == "村史要用"
        assert matter.number not in client.get("/desk/archive/").content.decode()


def test_another_person_approves_after_their_password(town: Place, matter: Matter) -> None:
    with years_later(12):
        row = listed(town, matter)
        address = f"/desk/archive/lists/{row.pk}/"
        registrar, leader = signed_in(town, "王芳"), signed_in(town, "马镇长")
        assert "提请批准" in registrar.get(address).content.decode()
        registrar.post(address, {"do": "propose"})
        assert "批准销毁" not in registrar.get(address).content.decode(), "who drew it up decides nothing"
        assert registrar.post(address, {"do": "approve", "password": PASSWORD}).status_code == 409
        assert "批准销毁" in leader.get(address).content.decode()
        with clock.simulated(clock.now() + timedelta(minutes=6)):
            asked = leader.post(address, {"do": "approve"})
            assert "请再输一次密码" in asked.content.decode() and Destruction.objects.get().state == State.PROPOSED
            leader.post(address, {"do": "approve", "password": PASSWORD})
        assert Destruction.objects.get().state == State.APPROVED
        carrying_out.carry_on(clock.now())
        page = leader.get(address).content.decode()
        assert "销毁完毕" in page and "1 / 1" not in page
        words = words_of_pdf(leader.get(f"{address}pdf/").content)
        assert matter.number in words and "档案销毁清册" in words and "监销" in words and matter.title not in words


def test_sent_back_it_is_open_again_with_the_reason(town: Place, matter: Matter) -> None:
    from shuoshi.archive import appraising

    with years_later(12):
        row = listed(town, matter)
        appraising.propose(row.pk, actor=town.actor("王芳"))
        leader, address = signed_in(town, "马镇长"), f"/desk/archive/lists/{row.pk}/"
        assert leader.post(address, {"do": "send_back", "why": ""}).status_code == 422
        leader.post(address, {"do": "send_back", "why": "再核对一遍"})
        page = signed_in(town, "王芳").get(address).content.decode()
        assert "再核对一遍" in page and "拿下来" in page
        line = Listed.objects.get()
        signed_in(town, "王芳").post(address, {"do": "leave_out", "row": str(line.pk)})
        assert Listed.objects.get().left_out


def test_others_find_no_list(town: Place, matter: Matter) -> None:
    with years_later(12):
        row = listed(town, matter)
        for name, status in (("孙丽", 403), ("赵红", 403), ("县分办", 404)):
            assert signed_in(town, name).get(f"/desk/archive/lists/{row.pk}/").status_code == status, name
            assert signed_in(town, name).get(f"/desk/archive/lists/{row.pk}/pdf/").status_code == status, name
        forged = {"matters": [str(matter.pk)], "verdict": "destroy"}
        assert signed_in(town, "县分办").post("/desk/archive/", forged).status_code == 422
        line = Listed.objects.get()
        assert (
            signed_in(town, "马镇长")
            .post(f"/desk/archive/lists/{row.pk}/", {"do": "leave_out", "row": str(line.pk)})
            .status_code
            == 409
        )


def test_who_asks_to_be_forgotten_hears_until_when_the_law_keeps_it(town: Place, matter: Matter) -> None:
    client = signed_in(town, "王芳")
    page = client.post("/desk/archive/asked/", {"number": matter.number, "do": "look"}).content.decode()
    assert (
        f"依法保管到 {clock.local(matter.closed_at).year + 10} 年 12 月 31 日" in page.replace("\xa0", " ")
        or "依法保管到" in page
    )
    assert client.post("/desk/archive/asked/", {"number": "SS-QH-20200101-0001", "do": "look"}).status_code == 422
    page = client.post("/desk/archive/asked/", {"number": matter.number, "do": "ask"}).content.decode()
    assert "现在没有可以销毁的" in page and not Listed.objects.exists()
    assert Event.objects.get(action="ask_erasure").facts()["kept"] == 1
    with years_later(12):
        client = signed_in(town, "王芳")
        page = client.post("/desk/archive/asked/", {"number": matter.number, "do": "ask"}).content.decode()
        assert "1 件列入了销毁清册" in page and Listed.objects.get().asked


def test_pages_of_what_was_destroyed_say_so_and_break_nowhere(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    with years_later(12):
        destroyed(town, matter)
        for name in ("王芳", "刘敏", "马镇长", "孙丽", "周建国"):
            client = signed_in(town, name)
            page = client.get(f"/desk/matters/{matter.number}/")
            assert page.status_code == 200, name
            assert "已销毁" in page.content.decode() and "陈大明" not in page.content.decode()
            assert client.get(f"/desk/matters/{matter.number}/documents/").status_code == 409
            assert client.get(f"/desk/search/?q={matter.number}", follow=True).status_code == 200
            assert client.get(f"/desk/matters/{matter.number}/as-resident/").status_code == 200
            made = client.post(
                f"/desk/matters/{matter.number}/dossier/", {"purpose": "check", "kind": "pdf", "password": PASSWORD}
            )
            assert made.status_code == 409


def test_the_page_costs_the_same_however_long_it_is(town: Place, matter: Matter) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with years_later(12):
        reckoned()
        client = signed_in(town, "王芳")
        client.get("/desk/archive/")
        with CaptureQueriesContext(connection) as one:
            client.get("/desk/archive/")
        with clock.simulated(clock.now() - timedelta(days=12 * 366)):
            for _ in range(3):
                town.matter_in(Status.CLOSED)
        reckoned()
        with CaptureQueriesContext(connection) as four:
            client.get("/desk/archive/")
    assert len(four) == len(one)


def test_approving_twice_does_it_once(town: Place, matter: Matter) -> None:
    from shuoshi.archive import appraising
    from shuoshi.kernel.refusal import Refused

    with years_later(12):
        row = approved(town, matter)
        with pytest.raises(Refused) as refused:
            appraising.approve(row.pk, actor=town.actor("马镇长"))
        assert refused.value.code == "list_state"
        assert carrying_out.carry_on(clock.now()) == 1 and carrying_out.carry_on(clock.now()) == 0
        assert Event.objects.filter(action="destroy_matter").count() == 1
