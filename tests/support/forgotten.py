"""Nothing a process remembers of one test is there in the next: their rows are taken back, what was read of them is not."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from shuoshi.kernel import calendars, steady
from shuoshi.organization import holders
from shuoshi.portal import institution


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    cache.clear()
    steady.forget()
    calendars.forget()
    holders.forget()
    institution.forget()
