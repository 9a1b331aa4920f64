"""What of a device a page may ask for: the microphone only where somebody may say it instead of writing it."""

from __future__ import annotations

from django.http import HttpResponse

HEADER = "Permissions-Policy"
_ALLOWED = (
    "camera=(self), geolocation=(self), microphone={microphone}, payment=(), usb=(), interest-cohort=(), "
    "browsing-topics=()"
)
USUAL = _ALLOWED.format(microphone="()")


def with_microphone(response: HttpResponse) -> HttpResponse:
    """This page may ask for it."""
    response[HEADER] = _ALLOWED.format(microphone="(self)")
    return response
