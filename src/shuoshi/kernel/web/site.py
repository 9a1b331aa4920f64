"""What stands on every page around its content: the institution's name and numbers, language, size. Nothing of a matter.

The kernel knows no institution: the package that holds it says once, with `facts_come_from`, where they are read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

SIZE_COOKIE = "size"
THEME_COOKIE = "theme"
KIOSK_COOKIE = "kiosk"  # of a terminal that people share; which pages set it, the kernel does not know
KIOSK_PATIENCE = 60  # seconds nobody moves at one before all is wiped


@dataclass(frozen=True)
class Site:
    """The institution as pages name it. `tel` forms hold digits only; `banner` is a standing sentence or ""."""

    name: str = ""
    short_name: str = ""
    centre: str = ""
    address: str = ""
    hotline: str = ""
    night_number: str = ""
    demo: bool = False
    lan: bool = False
    certificate: bool = False  # one of our own: https is there for whoever trusts it
    preparing: bool = False  # set up, and taking in nothing yet

    @property
    def title(self) -> str:
        """群众说事 of this institution, the name of the whole site."""
        return _("%(name)s群众说事") % {"name": self.short_name} if self.short_name else _("群众说事")


Facts = Callable[[], Site]


def facts_come_from(function: Facts) -> None:
    """Have `function` read the institution; it may answer from memory for some seconds."""
    global _facts
    _facts = function


def surroundings(request: HttpRequest) -> dict[str, object]:
    """Context processor. The institution is read only when a template asks for it."""
    large = request.COOKIES.get(SIZE_COOKIE) == "large"
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "site": SimpleLazyObject(_facts),
        "large": large,
        "kiosk": KIOSK_PATIENCE if request.COOKIES.get(KIOSK_COOKIE) else 0,
        "theme": theme if theme in ("light", "dark") else "",
        "language": translation.get_language() or settings.LANGUAGE_CODE,
        "language_tag": html_language(translation.get_language() or settings.LANGUAGE_CODE),
    }


def html_language(code: str) -> str:
    """The tag of `lang=`: zh-hans → zh-Hans."""
    head, _sep, script = code.partition("-")
    return f"{head}-{script.title()}" if script else head


def current_site() -> Site:
    return _facts()


def _none() -> Site:
    return Site()


_facts: Facts = _none
