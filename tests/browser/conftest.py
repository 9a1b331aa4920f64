"""Fixtures of the stories: people who sit down at the desk. Read before Django is ready, so models are met later."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.support.browser import DESK, Window

if TYPE_CHECKING:
    from tests.browser.people import Clerk
    from tests.support.village import Place


@pytest.fixture
def seat(town: Place, window: Callable[..., Window]) -> Callable[..., Clerk]:
    """`seat("王芳", width=PHONE, language="en")` is she, signed in through the sign-in page in a browser of her own."""
    from tests.browser.people import Clerk

    def sit_down(name: str, width: int = DESK, *, language: str = "zh-CN") -> Clerk:
        clerk = Clerk(town, window(width, language=language), name)
        clerk.shown.go("/desk/sign-in/")
        clerk.sign_in()
        return clerk

    return sit_down


@pytest.fixture
def sits(town: Place, window: Callable[..., Window]) -> Callable[..., Clerk]:
    """`sits("王芳", PHONE)` is she at the desk already, without the sign-in page: for stories about something else."""
    from tests.browser.people import Clerk
    from tests.support.desk import signed_in

    def already(name: str, width: int = DESK) -> Clerk:
        shown = window(width)
        value = signed_in(town, name).cookies["session"].value
        shown.page.context.add_cookies([{"name": "session", "value": value, "domain": "127.0.0.1", "path": "/"}])
        return Clerk(town, shown, name)

    return already
