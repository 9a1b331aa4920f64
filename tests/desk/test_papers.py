"""What is printed: the day it was done and not the day it was printed, what is promised now, nobody's whole name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.desk.qr import drawn
from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.kernel.web import site
from shuoshi.matters import terms
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import as_resident
from shuoshi.matters.vocabulary import Channel, Kind, Naming, Status
from tests.support.village import Place

Desk = Callable[[str], Client]
PAPERS = ("registration", "order-1", "reply-1", "report-1")


def paper(client: Client, matter: Matter, name: str) -> Any:
    page = client.get(f"/desk/matters/{matter.number}/papers/{name}/")
    assert page.status_code == 200
    return page


def slip(client: Client, matter: Matter) -> str:
    return str(client.post(f"/desk/matters/{matter.number}/receipt/").content.decode())


def test_a_slip_printed_after_assignment_promises_the_answer_by_its_day(town: Place, at_desk: Desk) -> None:
    matter = town.assign(town.classify(town.accept(town.raise_matter(by="王芳"))))
    sheet = slip(at_desk("王芳"), matter)
    owed = as_resident(matter, clock.now()).next
    assert owed is not None and f"最晚 {day(owed.due_at)}，" in sheet
    assert "受理了没有" not in sheet and "告诉您由谁来办" not in sheet


def test_a_slip_of_what_was_settled_on_the_spot_promises_nothing(town: Place, at_desk: Desk) -> None:
    settled = terms.AnswerOnTheSpot(kind=Kind.POLICY_ENQUIRY, title="怎么缴费", answer="在手机上缴", clear=True)
    intake = Intake(
        channel=Channel.HOTLINE,
        key="on-the-spot",
        content="医保怎么在手机上交",
        naming=Naming.NAMED,
        speaker=PersonSaid(name="陈大明", phone="13800000017"),
        settle=settled,
    )
    from shuoshi.matters import actions

    receipt = actions.register(intake, actor=town.actor("王芳"))
    matter = Matter.objects.get(pk=receipt.matter_id)
    assert matter.status == Status.CLOSED
    sheet = slip(at_desk("王芳"), matter)
    assert "最晚" not in sheet and "已办结" in sheet


def test_papers_bear_the_day_of_the_deed_with_its_year_whenever_they_are_printed(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳")
    signed = clock.local(clock.now()).date()
    with clock.simulated(clock.now() + timedelta(days=2)):
        for name in PAPERS:
            body = paper(at_desk("王芳"), matter, name).content.decode()
            foot = body.split('class="paper-foot"')[1]
            assert f"{signed.year}年{signed.month}月{signed.day}日" in foot, name
            assert f"{signed.year}年{matter.happened_at.month}月" in body


@pytest.mark.parametrize("naming", [Naming.NAMED, Naming.CONFIDENTIAL, Naming.ANONYMOUS])
def test_no_paper_carries_a_whole_name_whoever_prints_it(town: Place, at_desk: Desk, naming: Naming) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳", naming=naming)
    for name in PAPERS:
        body = paper(at_desk("王芳"), matter, name).content.decode()
        assert "陈大明" not in body and "13800000017" not in body
    reply = paper(at_desk("王芳"), matter, "reply-1").content.decode()
    assert ("陈某某：" if naming == Naming.NAMED else "说事人：") in reply
    assert "可以手写补上" in reply


def test_the_code_of_the_reply_leads_the_resident_and_of_the_others_the_staff(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳")
    client = at_desk("王芳")
    assert paper(client, matter, "reply-1").context["qr"] == drawn(f"http://testserver/track/?number={matter.number}")
    for name in ("registration", "order-1", "report-1"):
        there = drawn(f"http://testserver/desk/matters/{matter.number}/")
        assert paper(client, matter, name).context["qr"] == there


def test_in_the_demo_every_sheet_says_so(town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = town.matter_in(Status.IN_FOLLOW_UP, by="王芳")
    client = at_desk("王芳")
    line = "这里的单位、人和事都是编的"
    assert line not in paper(client, matter, "reply-1").content.decode()
    facts = replace(site.current_site(), demo=True)
    monkeypatch.setattr(site, "_facts", lambda: facts)
    for name in PAPERS:
        article = paper(client, matter, name).content.decode().split("<article")[1]
        assert line in article, name
    assert line in slip(client, matter).split("<article")[1]
