"""Reading what a request brought: letters are UTF-8, and a number is no longer than a number of ours."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_LONGEST = 9  # digits; Python refuses to read thousands of them, and a database all beyond its integers


class LettersMiddleware:
    """Reads every request as UTF-8, whatever charset it names: our pages send no other.

    Other codecs of the machine would be asked for by their names, those that make no text, or none that can be kept,
    among them. It stands before everything that looks into a request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding is not None:
            request.encoding = "utf-8"
        return self.get_response(request)


def number_in(written: str) -> int | None:
    """The whole number that an address or a hidden field holds; None for anything else."""
    return int(written) if written.isdecimal() and len(written) <= _LONGEST else None
