"""Between drills nothing is remembered of another town."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    from django.core.cache import cache

    from shuoshi.portal import institution

    cache.clear()
    institution.forget()
    yield
    institution.forget()
