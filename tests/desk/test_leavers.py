"""Absences, handing over and transfers of duties on the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import actions
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.absence import Absence
from shuoshi.organization.models import DutyRoster, Post
from shuoshi.organization.roles import Role
from shuoshi.organization.transfer import DutyTransfer
from tests.support.attempts import sample
from tests.support.looking import fresh
from tests.support.village import Place

Desk = Callable[[str], Client]


def typed(moment: datetime) -> str:
    return f"{clock.local(moment):%Y-%m-%dT%H:%M}"


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def absence(town: Place, name: str, deputy: str, hours: int = 8) -> dict[str, str]:
    now = clock.now()
    return {
        "do": "save",
        "person": str(town.persons[name]),
        "deputy": str(town.persons[deputy]) if deputy else "",
        "why": "leave",
        "starts_at": typed(now),
        "ends_at": typed(now + timedelta(hours=hours)),
    }


def test_one_enters_the_own_absence_and_ends_it(town: Place, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    assert client.post("/desk/absences/", absence(town, "孙丽", "周建国")).status_code == 302
    shown = page(client, "/desk/absences/")
    assert "代理人：周建国" in shown and "现在由周建国代" in shown
    row = Absence.objects.get()
    assert client.post("/desk/absences/", {"do": "end", "row": str(row.pk)}).status_code == 302
    assert "没有登记请假" in page(client, "/desk/absences/")


def test_what_is_wrong_is_said_and_what_was_typed_stays(town: Place, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    answer = client.post("/desk/absences/", absence(town, "孙丽", "周建国") | {"ends_at": ""})
    assert answer.status_code == 422
    assert f'value="{town.persons["周建国"]}" selected' in answer.content.decode()
    refused = client.post("/desk/absences/", absence(town, "孙丽", "钱监督"))
    assert refused.status_code == 409 and "只监督" in refused.content.decode()


def test_a_head_enters_those_of_the_unit_and_whoever_heads_nothing_only_the_own(town: Place, at_desk: Desk) -> None:
    assert f'value="{town.persons["孙丽"]}"' in _people(page(at_desk("周建国"), "/desk/absences/"))
    assert f'value="{town.persons["孙丽"]}"' not in _people(page(at_desk("李国强"), "/desk/absences/"))


def _people(shown: str) -> str:
    found = re.search(r'<select name="person".*?</select>', shown, re.S)
    assert found
    return found.group()


def test_the_deputy_finds_the_work_marked_and_is_told_in_whose_place_it_is_done(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    town.away("孙丽", "李国强")
    client = at_desk("李国强")
    assert "代孙丽" in page(client, "/desk/queues/mine/")
    address = f"/desk/matters/{matter.number}/"
    assert "代孙丽" in page(client, address)
    assert "您代孙丽办这一步" in page(client, f"{address}{Action.REPORT_PROGRESS}/")
    town.run("李国强", sample(town, Action.REPORT_PROGRESS, matter), matter)
    assert "李国强代孙丽" in page(client, address)
    assert "我代理的" in page(client, "/desk/absences/")
    assert "由您代理" in page(client, "/desk/")


def test_whoever_assigns_reads_who_is_away_and_who_acts(town: Place, at_desk: Desk) -> None:
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    town.away("孙丽", "李国强")
    assert "请假，由李国强代" in page(at_desk("刘敏"), f"/desk/matters/{matter.number}/assign/")


def test_a_head_hands_over_in_one_go(town: Place, at_desk: Desk) -> None:
    matters = [town.matter_in(Status.IN_HANDLING) for _ in range(2)]
    town.person("代晓", ("城建办", Role.HANDLER))
    client, address = at_desk("周建国"), f"/desk/hand-over/{town.persons['孙丽']}/"
    assert "在办的 2 件" in page(client, address)
    nobody = client.post(address, {"do": "matters", "reason": "孙丽调走"})
    assert nobody.status_code == 422 and "请选交给谁" in nobody.content.decode()
    data = {
        "do": "matters",
        "reason": "孙丽调走",
        "everything": str(town.persons["周建国"]),
        f"to_{matters[0].pk.hex}": str(town.persons["代晓"]),
    }
    assert client.post(address, data).status_code == 302
    assert [fresh(one).handler_id for one in matters] == [town.persons["代晓"], town.persons["周建国"]]
    assert "手上没有要交接的" in page(client, address)


def test_an_administrator_reads_how_much_is_left_and_who_hands_it_over_but_not_what(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client, address = at_desk("管理员"), f"/desk/hand-over/{town.persons['孙丽']}/"
    shown = page(client, address)
    assert "在办的还有 1 件" in shown and "周建国" in shown
    assert matter.number not in shown
    unit = f"/desk/settings/units/{town.units['城建办'].pk}/"
    post = Post.objects.get(person=town.persons["孙丽"])
    refused = client.post(unit, {"do": "end_post", "row": str(post.pk)})
    assert refused.status_code == 409 and "在办 1" in refused.content.decode()
    assert address in page(client, unit)


def test_days_on_duty_and_places_of_deputies_are_handed_over_by_the_administrator(town: Place, at_desk: Desk) -> None:
    town.person("罗涛", ("受理中心", Role.DUTY_OFFICER))
    now = clock.now()
    unit, night = town.units["受理中心"].pk, (now + timedelta(hours=2), now + timedelta(hours=10))
    organization.put_on_duty(unit, town.persons["何勇"], *night, actor=SYSTEM)
    client, address = at_desk("管理员"), f"/desk/hand-over/{town.persons['何勇']}/"
    odd = client.post(address, {"do": "duties", "taker": str(town.persons["王芳"])})
    assert odd.status_code == 422 and "不是这个单位的值班员" in odd.content.decode()
    assert client.post(address, {"do": "duties", "taker": str(town.persons["罗涛"])}).status_code == 302
    assert DutyRoster.objects.get(active=True).person_id == town.persons["罗涛"]


def test_whoever_neither_heads_nor_administers_finds_no_page(town: Place, at_desk: Desk) -> None:
    address = f"/desk/hand-over/{town.persons['孙丽']}/"
    for name in ("李国强", "孙丽", "赵立新"):
        assert at_desk(name).get(address).status_code == 404, name


def test_a_transfer_is_entered_with_its_document_and_taken_back(town: Place, at_desk: Desk) -> None:
    client, today = at_desk("管理员"), clock.local(clock.now()).date()
    data = {
        "do": "save",
        "from_unit": str(town.units["城建办"].pk),
        "to_unit": str(town.units["水利站"].pk),
        "codes": ["B604"],
        "from_day": f"{today + timedelta(days=2):%Y-%m-%d}",
        "document_number": "青政发〔2026〕12 号",
        "document_date": f"{today:%Y-%m-%d}",
        "reason": "道路照明改由水利站管",
    }
    without = client.post("/desk/settings/transfers/", data)
    assert without.status_code == 422 and "请选文件" in without.content.decode()
    odd = SimpleUploadedFile("通知.docx", b"PK words")
    assert "请传 PDF" in client.post("/desk/settings/transfers/", data | {"document": odd}).content.decode()
    paper = SimpleUploadedFile("通知.pdf", b"%PDF-1.7 words")
    assert client.post("/desk/settings/transfers/", data | {"document": paper}).status_code == 302
    row = DutyTransfer.objects.get()
    shown = page(client, "/desk/settings/transfers/")
    assert "城建办 → 水利站" in shown and "还没到日子" in shown
    assert client.get(f"/desk/settings/transfers/{row.pk}/document/").content == b"%PDF-1.7 words"
    assert at_desk("周建国").get(f"/desk/settings/transfers/{row.pk}/document/").status_code == 403
    assert client.post("/desk/settings/transfers/", {"do": "cancel", "row": str(row.pk)}).status_code == 302
    assert "已撤销" in page(client, "/desk/settings/transfers/")
    with clock.simulated(clock.now() + timedelta(days=3)):
        assert actions.carry_out_transfers(clock.now()) == 0
