"""Two client libraries for Open311, as they are published, against a server of ours (3.1.3)."""

from __future__ import annotations

import importlib
import itertools
from typing import Any

import pytest
from georeport import GeoReport  # type: ignore[import-untyped]  # it comes without

from shuoshi.api.services import GENERAL
from shuoshi.channels.models import Posted
from shuoshi.matters.models import Matter
from tests.support.platforms import SAID, V2, let_in
from tests.support.village import Place, build_town

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def town(transactional_db: None) -> Place:
    return build_town()


@pytest.fixture
def address(live_server: Any, town: Place, settings: Any) -> str:
    settings.PUBLIC_ADDRESS = live_server.url
    return f"{live_server.url}{V2}"


@pytest.fixture
def three() -> Any:
    """Written for a Python that kept `ifilter`; all else as it comes."""
    itertools.ifilter = filter  # type: ignore[attr-defined]  # what it looks for
    yield importlib.import_module("three").Three
    del itertools.ifilter  # type: ignore[attr-defined]  # as it was


def test_three_posts_follows_and_filters(address: str, three: Any):
    _platform, key = let_in()
    client = three(address, api_key=key, format="json", discovery=f"{address}discovery.json")
    assert client.discovery()["endpoints"][0]["url"] == address.rstrip("/")
    asking = next(one for one in client.services() if one["metadata"])
    attributes = client.services(asking["service_code"])["attributes"]
    answers = {
        f"attribute[{one['code']}]": one["values"][0]["key"] if one.get("values") else {"number": "3"}.get(one["datatype"], "2026-11-02")
        for one in attributes
        if not one["datatype_description"] or one["datatype"] == "datetime"
    }  # fmt: skip
    [done] = client.post(
        asking["service_code"],
        address=SAID["address_string"],
        name="大爷 赵",
        phone=SAID["phone"],
        description=SAID["description"],
        media_url="https://example.com/lamp.jpg",
        **answers,
    )
    name = done["service_request_id"]
    assert "https://example.com/lamp.jpg" in str(Matter.objects.get().content)
    [seen] = client.request(name, api_key=key)
    assert (seen["status"], seen["service_code"]) == ("open", asking["service_code"])
    for found in (
        client.requests(api_key=key),
        client.requests(asking["service_code"], api_key=key, status="open", count=5),
        client.requests(api_key=key, start="01-01-2026", end="03-01-2026") + client.requests(api_key=key),
    ):
        assert [one["service_request_id"] for one in found] == [name]
    assert client.requests(GENERAL, api_key=key) == []
    assert client.token(name)[0]["service_request_id"] == name


def test_georeport_reads_in_both_formats(address: str, three: Any):
    _platform, key = let_in()
    [done] = three(address, api_key=key).post(GENERAL, address="柳湾村", description="路灯坏了。")
    name = Posted.objects.get().name
    assert done["service_request_id"] == name
    for written in ("json", "xml"):
        client = GeoReport(address, output_format=written)
        services = client.get_service_list()
        asking = next(one for one in services if str(one["metadata"]).lower() == "true")
        defined = client.get_service_definition(asking["service_code"])
        assert defined["service_code"] == asking["service_code"]
        assert client.get_service_request(name)["status"] == "open"
        found = client.get_service_requests(service_request_id=name)
        assert (found[0] if written == "json" else found)["service_request_id"] == name
