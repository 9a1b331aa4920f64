"""Sessions as Django keeps them, but for one that ends elsewhere while it is being answered."""

from __future__ import annotations

from contextlib import suppress

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as Django
from django.http import HttpRequest, HttpResponse


class SessionMiddleware(Django):
    """Who signs out in another window has asked before that: the answer stands, the next request asks who one is.

    Django answers 400 instead, also where the work was done.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        with suppress(SessionInterrupted):
            super().process_response(request, response)
        return response
