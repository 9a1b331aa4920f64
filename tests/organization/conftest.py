"""The fixture of this folder; what it builds is in town, which can be imported only once Django is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.organization.town import Town


@pytest.fixture
def town(db: None) -> Town:
    """A town in a county, with registry, two departments and a village."""
    from tests.organization.town import build

    return build()
