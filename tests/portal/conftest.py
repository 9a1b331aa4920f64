"""A town to speak to, and a resident with a browser."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def nothing_remembered():
    from django.core.cache import cache

    from shuoshi.portal import institution

    cache.clear()
    institution.forget()
    yield
    institution.forget()


@pytest.fixture
def resident(town):
    from django.test import Client

    from tests.portal.resident import Resident

    return Resident(Client(headers={"accept-language": "zh-CN"}))
