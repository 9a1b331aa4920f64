"""Fixtures of this folder; what they build is in staff, which can be imported only once Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.people.staff import Staff


@pytest.fixture
def staff(db: None) -> Staff:
    """A member of staff with an account and a good password."""
    from tests.people.staff import build

    return build()
