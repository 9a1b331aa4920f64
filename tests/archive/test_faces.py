"""Every page of a matter says 已销毁 where a text was, in whatever situation it was brought back and destroyed again."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.verify import verify
from shuoshi.matters import destroying, query_code
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import queues
from tests.matters.cells import manned, situations
from tests.support.desk import signed_in
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WHO = ("王芳", "孙丽", "马镇长")
_LINK = re.compile(r'(?:href|hx-get|src)="(/desk/matters/[^"#]*)')
_TRACK = re.compile(r'href="(/track/[^"#]*)')
_ANSWERS = {200, 302, 403, 404, 405, 409}


@pytest.fixture
def gone(town: Place) -> list[Matter]:
    """One in every situation, destroyed: as an old copy that comes back may have it."""
    manned(town)
    made = [made() for made in situations(town).values()]
    for matter in made:
        destroying.destroy(matter.part_of_id or matter.pk, actor=SYSTEM, again=True)
    return list(Matter.objects.filter(pk__in=[one.pk for one in made]))


def broken(client: Client, *addresses: str) -> list[str]:
    """Those that answer with something nobody means."""
    return [address for address in addresses if client.get(address).status_code not in _ANSWERS]


def test_every_page_stands(town: Place, gone: list[Matter]) -> None:
    assert {one.column for one in verify()} <= {"petition"}, "which a situation sets behind the back of the events"
    wrong: list[str] = []
    lists = [f"/desk/queues/{queue}/" for queue in queues.QUEUES]
    lists += ["/desk/", "/desk/overview/", "/desk/balance/", "/desk/cards/", "/desk/search/?q=路灯", "/desk/archive/"]
    for name in WHO:
        client = signed_in(town, name)
        client.raise_request_exception = False
        wrong += broken(client, *lists)
        for matter in gone:
            address = f"/desk/matters/{matter.number}/"
            answer = client.get(address)
            text = answer.content.decode()
            if answer.status_code not in (200, 404) or (answer.status_code == 200 and "已销毁" not in text):
                wrong.append(f"{name} {address} {matter.status} {answer.status_code}")
            if name == "王芳":
                wrong += broken(client, *{unescape(link) for link in _LINK.findall(text) if "lang=" not in link})
    assert not wrong, "\n".join(wrong)


def test_who_holds_the_code_reads_that_it_is_gone(town: Place, gone: list[Matter]) -> None:
    wrong: list[str] = []
    for place, matter in enumerate(gone):
        browser = Client(REMOTE_ADDR=f"203.0.113.{1 + place % 250}")
        browser.raise_request_exception = False
        browser.post("/track/", {"number": matter.number, "code": query_code.code_of(matter)})
        answer = browser.get(f"/track/{matter.number}/", follow=True)
        if answer.status_code not in _ANSWERS or "陈大明" in answer.content.decode():
            wrong.append(f"{matter.number} {matter.status} {answer.status_code}")
        wrong += broken(browser, *{unescape(one) for one in _TRACK.findall(answer.content.decode())})
    assert not wrong, "\n".join(wrong)
