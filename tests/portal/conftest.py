"""A town to speak to, and a resident with a browser."""

from __future__ import annotations

import pytest


@pytest.fixture
def resident(town):
    from django.test import Client

    from tests.portal.resident import Resident

    return Resident(Client(headers={"accept-language": "zh-CN"}))
