"""What staff look at as "as the resident sees it" is what the resident sees: the same facts in the same words."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.matters import query_code, terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Naming, Status
from tests.support.village import Place

Desk = Callable[[str], Client]
_ACTIONS = re.compile(
    r'<div class="row mt2">.*?</div>|<p[^>]*><a class="withicon" href="/track/[^>]*/(?:questions|reword)/.*?</p>', re.S
)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.SCREENED_OUT])
def test_both_pages_say_the_same(town: Place, at_desk: Desk, status: Status) -> None:
    matter = town.matter_in(status)
    assert told_at_desk(at_desk("王芳"), matter) == told_to_resident(matter)


def test_both_pages_say_the_same_in_a_second_round(town: Place, at_desk: Desk) -> None:
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), result=1)
    assert matter.round.ordinal == 2
    told = told_at_desk(at_desk("王芳"), matter)
    assert told == told_to_resident(matter) and "第 2 轮" in told


def test_whom_a_confidential_receipt_went_to_is_not_told_to_the_unit(town: Place, at_desk: Desk) -> None:
    said = PersonSaid(name="褚秀兰", phone="13900001234")
    matter = town.raise_matter(by="王芳", naming=Naming.CONFIDENTIAL, speaker=said)
    matter = town.run("王芳", terms.HandOverReceipt(to_whom="褚秀兰本人签收"), matter)
    town.sign_for(town.assign(town.classify(town.accept(matter))))
    assert "褚秀兰" not in told_at_desk(at_desk("孙丽"), matter)


def told_at_desk(client: Client, matter: Matter) -> str:
    body = client.get(f"/desk/matters/{matter.number}/as-resident/").content.decode()
    return words(body.split('as-resident stack">')[1].split("</main>")[0])


def told_to_resident(matter: Matter) -> str:
    phone = Client(headers={"accept-language": "zh-CN"})
    phone.post("/track/", {"number": matter.number, "code": query_code.code_of(matter)})
    body = phone.get(f"/track/{matter.number}/").content.decode()
    return words(body[body.index("<header>") :].split("<aside")[0])


def words(html: str) -> str:
    """Every word of the part, without what the resident can press."""
    return " ".join(re.sub(r"<[^>]+>", " ", _ACTIONS.sub(" ", html)).split())
