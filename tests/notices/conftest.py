"""Notices of a town, on a morning when people are told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.notices.told import Kept


@pytest.fixture
def morning(db: None) -> Iterator[None]:
    from shuoshi.kernel import clock
    from tests.notices.told import MORNING

    with clock.simulated(MORNING):
        yield


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """Every gateway of the test keeps what it is given."""
    from tests.notices.told import Kept

    kept = Kept()
    monkeypatch.setattr("shuoshi.notices.delivering.opened", lambda gateway: kept)
    return kept
