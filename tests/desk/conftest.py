"""Staff of the town at their desks: a test client that is signed in, without walking through the sign-in page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import HttpRequest
from django.test import Client

from shuoshi.desk import frame
from shuoshi.people.models import Account
from tests.support.village import Place, town

__all__ = ["town"]


@pytest.fixture
def at_desk(town: Place) -> Callable[[str], Client]:
    """`at_desk("王芳")` is her browser, signed in."""

    def signed_in(name: str) -> Client:
        client = Client()
        request = HttpRequest()
        request.session = client.session
        request.META["CSRF_COOKIE"] = ""
        account = Account.objects.select_related("person").get(person=town.persons[name])
        frame.begin(request, account)
        request.session["owes"] = ""
        request.session.save()
        client.cookies["session"] = request.session.session_key or ""
        return client

    return signed_in
