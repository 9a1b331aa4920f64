"""Throttles count networks: forwarded addresses only from the proxy we know, IPv6 by /64."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import RequestFactory

from shuoshi.kernel.web import network_of


@pytest.fixture
def behind_proxy(monkeypatch):
    monkeypatch.setitem(settings.VALUES, "SHUOSHI_PROXY", "10.0.0.1")


def network(address: str, forwarded: str = "") -> str:
    extra = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return network_of(RequestFactory().get("/", REMOTE_ADDR=address, **extra))


def test_without_a_proxy_nobody_can_claim_an_address():
    assert network("203.0.113.7", "198.51.100.1") == "203.0.113.7"


def test_the_proxy_is_believed_about_the_last_hop_only(behind_proxy):
    assert network("10.0.0.1", "192.0.2.66, 198.51.100.1") == "198.51.100.1"
    assert network("203.0.113.7", "198.51.100.1") == "203.0.113.7"


def test_six_counts_by_network():
    assert network("2001:db8:1:2:3:4:5:6") == network("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert network("2001:db8:1:3::1") != network("2001:db8:1:2::1")


def test_what_is_no_address_has_one_counter():
    assert network("") == network("nonsense") == "unknown"
