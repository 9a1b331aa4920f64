"""Whatever a client sends, Open311 answers with what it found wrong or with a registration, never with a fault of ours."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuoshi.channels.models import Posted
from shuoshi.kernel import verify
from shuoshi.matters.models import Matter
from tests.support.platforms import SAID, V2, let_in
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.drill(3)]

ANYTHING = st.one_of(
    st.text(max_size=40),
    st.text(max_size=2).map(lambda unit: unit * 3000),
    st.sampled_from(
        ["", "\x00", "1e400", "-0", "２", "2026-02-30", "9999-12-31T23:59:59+23:59", "<x>&", "\ud7ff\u202e"]
    ),
)
POSTED = st.sampled_from(
    [
        *SAID,
        "lat",
        "long",
        "address_id",
        "email",
        "media_url",
        "jurisdiction_id",
        "attribute[x]",
        "attribute[]",
        "attribute",
    ]
)
ASKED = st.sampled_from(
    [
        "service_request_id",
        "service_code",
        "status",
        "start_date",
        "end_date",
        "page_size",
        "api_key",
        "jurisdiction_id",
    ]
)
ADDRESSES = ("requests", "services", "discovery", "services/general", "requests/x", "tokens/x", "no/such")
FEW = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def key(town: Place) -> str:
    return let_in()[1]


def readable(answer: Any, form: str) -> None:
    assert answer.status_code < 500, answer.content.decode()
    if form == "json":
        json.loads(answer.content)
    else:
        ElementTree.fromstring(answer.content)


@FEW
@given(changed=st.dictionaries(POSTED, ANYTHING, max_size=5), form=st.sampled_from(["json", "xml"]))
def test_anything_may_be_posted(key: str, changed: dict[str, str], form: str):
    answer = Client().post(f"{V2}requests.{form}", SAID | {"api_key": key} | changed)
    readable(answer, form)
    assert Matter.objects.count() == Posted.objects.count()


@FEW
@given(
    address=st.sampled_from(ADDRESSES),
    asked=st.dictionaries(ASKED, ANYTHING, max_size=4),
    form=st.sampled_from(["json", "xml"]),
)
def test_anything_may_be_asked(town: Place, address: str, asked: dict[str, str], form: str):
    readable(Client().get(f"{V2}{address}.{form}", asked), form)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_do_nothing(town: Place, method: str):
    for address in ADDRESSES:
        answer = getattr(Client(), method)(f"{V2}{address}.json")
        assert 400 <= answer.status_code < 500
        if method != "trace":
            readable(answer, "json")
    assert not list(verify.verify())


def test_a_form_that_was_cut_off_is_answered_as_the_standard_writes_it(key: str):
    answer = Client().generic("POST", f"{V2}requests.json", b"--x\r\nbroken", "multipart/form-data; boundary=x")
    assert answer.status_code in (400, 403) and answer.json()[0]["code"] == answer.status_code
    assert not answer.cookies


def test_a_page_of_others_may_read_with_a_key_and_post_nothing(key: str):
    answer = Client().options(f"{V2}requests.json")
    assert answer.status_code == 204 and answer["Access-Control-Allow-Methods"] == "GET"
    assert "Authorization" in answer["Access-Control-Allow-Headers"]
