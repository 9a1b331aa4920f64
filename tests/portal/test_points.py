"""Points (3.1.1): each has its page and its poster, and what is said by its code is registered as said there."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.matters.vocabulary import Channel
from shuoshi.organization.queries import points
from tests.portal.resident import SAID, Resident
from tests.support.points import closed, opened
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def test_every_point_has_a_page_that_leads_to_saying_something(town: Place, resident: Resident) -> None:
    opened(town)
    everywhere = resident.page("/points/")
    for point in points():
        assert f'href="/points/{point.pk}/"' in everywhere
        body = resident.page(f"/points/{point.pk}/")
        assert point.address in body and f'href="/submit/what/?at={point.pk}"' in body


def test_the_poster_shows_the_code_of_the_page_and_when_somebody_is_there(town: Place, resident: Resident) -> None:
    point = opened(town)
    body = resident.page(f"/points/{point.pk}/poster/")
    assert "<svg" in body and f"http://testserver/points/{point.pk}/" in body
    assert all(f"{one.opens.hour}:{one.opens:%M}" in body for one in point.opening_times.filter(active=True))


def test_what_is_said_by_the_code_is_said_at_the_point(town: Place, resident: Resident) -> None:
    point = opened(town)
    address = f"/submit/what/?at={point.pk}"
    assert f"您在{point.name}说这件事" in resident.page(address)
    assert resident.browser.post(address, {"what": ""}).status_code == 422
    assert resident.browser.post(address, {"what": SAID}).status_code == 302
    assert f"您在{point.name}说这件事" in resident.page("/submit/what/"), "also when one comes back to the page"
    resident.goes_through()
    assert f"在{point.name}扫码说的" in resident.page("/submit/check/")
    matter = resident.sends()
    assert (matter.said_point, matter.said_place, matter.channel) == (point, "扫码", Channel.ONLINE)


def test_without_a_code_it_is_said_online(town: Place, resident: Resident) -> None:
    for wrong in ("", "x", str(uuid4())):
        assert "说这件事" not in resident.page(f"/submit/what/?at={wrong}")
    resident.goes_through()
    matter = resident.sends()
    assert (matter.said_point, matter.said_place) == (None, "网上")


def test_a_point_closed_meanwhile_costs_nobody_their_words(town: Place, resident: Resident) -> None:
    point = opened(town)
    resident.browser.post(f"/submit/what/?at={point.pk}", {"what": SAID})
    closed(point)
    resident.goes_through()
    assert resident.sends().said_point == point
    for address in (f"/points/{point.pk}/", f"/points/{point.pk}/poster/", f"/points/{uuid4()}/"):
        assert Client().get(address).status_code == 404, address
    assert "说这件事" not in resident.page(f"/submit/what/?at={point.pk}")
