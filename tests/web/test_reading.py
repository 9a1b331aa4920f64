"""kernel.web.reading and what reads beside it: nothing that somebody writes into a request by hand is a fault of ours."""

from __future__ import annotations

import base64
import json

import pytest
from django.test import Client

from shuoshi.kernel import drafts
from shuoshi.kernel.web import keyset, number_in
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.support.desk import signed_in
from tests.support.village import Place

pytestmark = pytest.mark.django_db
BOUNDARY = "reading"


@pytest.mark.parametrize("charset", ["unicode_escape", "hex", "rot13", "idna", "utf-16", "no-such-charset"])
def test_a_request_is_utf_8_whatever_charset_it_names(town: Place, charset: str) -> None:
    browser = Client()
    kind = f"multipart/form-data; charset={charset}; boundary={BOUNDARY}"
    words = "村口的路灯 \\ud800 不亮"
    body = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="what"\r\n\r\n{words}\r\n--{BOUNDARY}--\r\n'.encode()
    assert browser.generic("POST", "/submit/what/", body, content_type=kind).status_code == 302
    assert words in browser.get("/submit/what/").content.decode()
    asked = browser.generic("GET", "/track/?number=%5Cud800", content_type=f"text/plain; charset={charset}")
    assert asked.status_code == 200


@pytest.mark.parametrize("written", ["9" * 5000, "²", "-1", "", " 1", "1e3"])
def test_what_is_no_number_of_ours_is_none(written: str) -> None:
    assert number_in(written) is None


def test_a_number_may_be_written_in_any_digits() -> None:
    assert (number_in("12"), number_in("١٢")) == (12, 12)


@pytest.mark.parametrize("number", ["9" * 5000, "²"])
def test_a_number_of_thousands_of_digits_is_only_a_wrong_one(town: Place, number: str) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    desk, phone = signed_in(town, "孙丽"), Client()
    at = f"/desk/matters/{matter.number}/"
    assert desk.post(f"{at}note/", {"text": "到现场看过了", "turn": number}).status_code == 422
    assert desk.get(f"{at}documents/registration/page/?n={number}").status_code == 404
    phone.post("/submit/what/", {"what": "村口的路灯不亮"})
    assert phone.post("/submit/what/", {"what": "村口的路灯不亮", "remove": number, "nth": number}).status_code == 200


@pytest.mark.parametrize(
    "values",
    [[1e308, "x"], [10**20, 1], [True, "x"], [float("inf"), "x"], ["0001-01-01T00:00:00+14:00", "0" * 32]],
)
def test_a_cursor_with_strange_values_begins_at_the_first_page(town: Place, values: list[object]) -> None:
    matter = town.raise_matter()
    cursor = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    assert list(keyset(Matter.objects.all(), cursor, ("registered_at", "id")).rows) == [matter]


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31"])
def test_a_week_at_the_edge_of_the_calendar_is_named_and_dropped(town: Place, week: str) -> None:
    desk = signed_in(town, "王芳")
    assert f"没有“{week}”这一周" in desk.get(f"/desk/queues/over/?week={week}").content.decode()
    assert desk.get(f"/desk/ledger/?list=queue.over&week={week}").status_code == 200


@pytest.mark.parametrize("body", ["13800000017", {"what": "路灯"}, [1, 2], [["text", "别处写的话"]]])
def test_a_draft_of_another_page_fills_in_no_form(town: Place, body: object) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    desk, token = signed_in(town, "孙丽"), drafts.new_token()
    drafts.save(token, "desk.search", body)  # type: ignore[arg-type]  # also shapes that no page keeps
    shown = desk.get(f"/desk/matters/{matter.number}/{terms.Note.action}/?draft={token}")
    assert shown.status_code == 200
    assert "别处写的话" not in shown.content.decode()


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_moment_at_the_edge_of_the_calendar_is_not_fit(town: Place, moment: str) -> None:
    said = {"content": "村口的路灯不亮", "phone": "13800000017", "naming": "named", "channel": "hotline"}
    sent = signed_in(town, "王芳").post(
        "/desk/register/", {**said, "urgency": "U4", "tell_by": "call", "happened_at": moment}
    )
    assert sent.status_code == 422 and moment in sent.content.decode()
    roster = {"officer": "", "starts_at": moment, "ends_at": moment}
    assert signed_in(town, "管理员").post("/desk/settings/roster/", roster).status_code == 422
