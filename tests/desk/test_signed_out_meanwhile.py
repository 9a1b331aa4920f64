"""A session that ends in another window while a page is being made: the answer stands, nobody is signed in afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.contrib.sessions.models import Session

from shuoshi.desk import callers

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def test_what_was_asked_before_the_sign_out_is_answered(
    at_desk: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, aside = at_desk("王芳"), callers.aside

    def and_signed_out(*given, **named):
        Session.objects.all().delete()
        return aside(*given, **named)

    monkeypatch.setattr(callers, "aside", and_signed_out)
    answer = desk.post("/desk/register/beside/", {"phone": "13800000018"})  # notes in the session whom it looked for
    assert answer.status_code == 200
    assert not Session.objects.exists()
    assert desk.post("/desk/register/beside/", {"phone": "13800000018"}).status_code == 401
