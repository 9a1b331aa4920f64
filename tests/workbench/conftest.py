"""The town, for what its people keep for the own work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.support.village import Place


@pytest.fixture
def town(db: None) -> Place:
    from tests.support.village import build_town

    return build_town()


@pytest.fixture
def at_desk(town: Place) -> Callable[[str], Client]:
    """`at_desk("王芳")` is her browser, signed in, with nothing owed."""
    from tests.support.desk import signed_in

    return lambda name: signed_in(town, name)
