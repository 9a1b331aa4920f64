"""Somebody of the staff at a browser, signed in without walking through the sign-in page."""

from __future__ import annotations

from django.http import HttpRequest
from django.test import Client

from shuoshi.desk import frame
from shuoshi.people.models import Account
from tests.support.village import Place


def signed_in(town: Place, name: str, username: str = "") -> Client:
    """A browser in which this person is signed in, with nothing owed: to the first account, or the one of this name."""
    client = Client()
    request = HttpRequest()
    request.session = client.session
    accounts = Account.objects.select_related("person").filter(person=town.persons[name]).order_by("created_at", "pk")
    frame.begin(request, accounts.get(username=username) if username else accounts[0])
    request.session["owes"] = ""
    request.session.save()
    client.cookies["session"] = request.session.session_key or ""
    return client
