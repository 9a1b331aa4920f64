"""A telephone number is posted, and what is in the address afterwards leads nobody else to it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.test import Client

from shuoshi.kernel.drafts import Draft
from tests.support.village import Place

pytestmark = pytest.mark.once

Desk = Callable[[str], Client]
PHONE = "13800000017"
WRITTEN = ("13800000017", "138 0000 0017", "１３８００００００１７", "1380000001", "330105199001010017")


@pytest.mark.parametrize("typed", WRITTEN)
@pytest.mark.parametrize("path", ["search/", "queues/accept/", "overview/open/"])
def test_a_searched_number_is_in_no_address(town: Place, at_desk: Desk, path: str, typed: str) -> None:
    town.raise_matter(by="王芳")
    client = at_desk("王芳")
    away = client.post(f"/desk/{path}", {"q": typed, "channel": "hotline"})
    assert away.status_code == 302 and "kept=" in away["Location"] and "channel=hotline" in away["Location"]
    assert not sum(character.isdigit() for character in unquote(away["Location"]).split("kept=")[0])
    assert typed in client.get(away["Location"]).content.decode()


def test_the_hits_of_a_number_stand_behind_the_address(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳")
    client = at_desk("王芳")
    away = client.post("/desk/search/", {"q": PHONE})["Location"]
    assert matter.number in client.get(away).content.decode()
    foreign = at_desk("刘敏").get(away).content.decode()
    assert PHONE not in foreign and "只留半小时" in foreign
    lying = b"".join(bytes(row.body) for row in Draft.objects.all())
    assert Draft.objects.exists() and PHONE.encode() not in lying


def test_a_number_somebody_put_into_an_address_is_taken_out_of_it(at_desk: Desk) -> None:
    away = at_desk("王芳").get("/desk/search/", {"q": PHONE})
    assert away.status_code == 302 and PHONE not in away["Location"]


def test_words_and_numbers_of_matters_stay_in_the_address(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(by="王芳")
    client = at_desk("王芳")
    assert "q=" in client.post("/desk/queues/accept/", {"q": "路灯"})["Location"]
    found = client.post("/desk/search/", {"q": matter.number})["Location"]
    assert found == f"/desk/search/?q={matter.number}"
    assert client.get(found)["Location"] == f"/desk/matters/{matter.number}/"


def test_every_form_that_takes_a_number_is_posted(at_desk: Desk) -> None:
    for path in ("", "search/", "queues/accept/", "register/"):
        body = at_desk("王芳").get(f"/desk/{path}").content.decode()
        assert 'method="get"' not in body and "hx-get" not in body.split('name="phone"')[-1][:400], path
    assert at_desk("王芳").get("/desk/register/beside/", {"phone": PHONE}).status_code == 405


def test_a_queue_is_narrowed_by_the_last_digits_of_a_number(town: Place, at_desk: Desk) -> None:
    first, second = town.raise_matter(by="王芳"), town.raise_matter(by="王芳")
    client = at_desk("王芳")
    body = client.get(client.post("/desk/queues/accept/", {"q": first.number[-4:]})["Location"]).content.decode()
    assert first.number in body and second.number not in body


def test_the_session_holds_no_number(at_desk: Desk) -> None:
    client = at_desk("王芳")
    client.post("/desk/register/beside/", {"phone": PHONE})
    client.post("/desk/search/", {"q": PHONE})
    assert PHONE not in str(dict(client.session.items()))
