"""Somebody of the staff at a browser, signed in without walking through the sign-in page."""

from __future__ import annotations

from django.http import HttpRequest
from django.test import Client

from shuoshi.desk import frame
from shuoshi.people.models import Account
from tests.support.village import Place


def signed_in(town: Place, name: str) -> Client:
    """A browser in which this person is signed in, with nothing owed."""
    client = Client()
    request = HttpRequest()
    request.session = client.session
    frame.begin(request, Account.objects.select_related("person").get(person=town.persons[name]))
    request.session["owes"] = ""
    request.session.save()
    client.cookies["session"] = request.session.session_key or ""
    return client
