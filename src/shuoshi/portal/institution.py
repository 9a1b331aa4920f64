"""The institution as every page names it, remembered for some seconds by each thread. Rows are organization's.

While the database is away it is named as some thread read it last: the page that says so still gives the hotline.
"""

from __future__ import annotations

import threading
import time

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from shuoshi.kernel.web.site import Site
from shuoshi.organization import queries
from shuoshi.organization.models import Institution

_FRESH = 5.0  # seconds; a changed hotline is on all pages after that
_kept = threading.local()
_last: Institution | None = None


def facts() -> Site:
    """The institution's name and numbers; one statement each few seconds, an empty Site before it was set up."""
    read_at, institution = getattr(_kept, "institution", (0.0, None))
    waiting = institution is None or institution.opened_at is None  # whoever has just begun goes and looks at once
    if waiting or time.monotonic() - read_at > _FRESH:
        institution = _read()
        _kept.institution = (time.monotonic(), institution)
    lan, certificate = settings.VALUES.switch("SHUOSHI_LAN"), settings.CERTIFICATE is not None
    if institution is None:
        return Site(lan=lan, certificate=certificate)
    return Site(
        name=institution.name,
        short_name=institution.short_name,
        centre=_("%(name)s群众说事受理中心") % {"name": institution.short_name},
        address=institution.address,
        hotline=institution.hotline,
        night_number=institution.night_number,
        demo=institution.demo,
        lan=lan,
        certificate=certificate,
        preparing=institution.opened_at is None,
    )


def _read() -> Institution | None:
    global _last
    try:
        _last = queries.institution()
    except Institution.DoesNotExist:
        _last = None
    except DatabaseError:
        pass
    return _last


def forget() -> None:
    """Read anew at the next page of this thread."""
    global _last
    _last = None
    _kept.institution = (0.0, None)
