"""The printed slip says what is promised now, and that it is a demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

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


def test_in_the_demo_the_slip_says_so(town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    matter = town.raise_matter(by="王芳")
    facts = replace(site.current_site(), demo=True)
    monkeypatch.setattr(site, "_facts", lambda: facts)
    assert "这里的单位、人和事都是编的" in slip(at_desk("王芳"), matter).split("<article")[1]
