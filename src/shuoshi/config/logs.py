"""What the server writes to its log: one line per happening, without a number that could be a person's."""

from __future__ import annotations

import logging
import re
from typing import Any

_LONG_NUMBER = re.compile(
    r"[0-9０-９][0-9０-９ \-]{5,}[0-9０-９Xx]"
)  # phones, ids, accounts; not a matter's short number
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_QUERY = re.compile(r"\?[^\s\"']*")
_PUSHED_TO = re.compile(r"(/pbx/)[\w-]+")  # the address of an exchange is its key
_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127) if code != 0x0A}


class PlainFormatter(logging.Formatter):
    """Drops queries, numbers of seven digits and more, and mail addresses; shows control characters as escapes.

    Line breaks survive only inside a traceback, so that nobody can forge a line of the log.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging calls it by this name
        return scrub(super().formatMessage(record)).replace("\n", "\\n")

    def formatException(self, exc_info: Any) -> str:  # noqa: N802 - logging calls it by this name
        return scrub(super().formatException(exc_info))


def scrub(text: str) -> str:
    """The text without what could name a person."""
    text = _QUERY.sub("?…", text)
    text = _PUSHED_TO.sub(r"\1‹key›", text)
    text = _MAIL.sub("‹mail›", text)
    return _LONG_NUMBER.sub("‹number›", text).translate(_CONTROL)


def config() -> dict[str, Any]:
    """For logging.config: everything from INFO upwards to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {
                "()": "shuoshi.config.logs.PlainFormatter",
                "format": "{levelname} {name}: {message}",
                "style": "{",
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR"},  # refused forms are ordinary; only our own failures are news
            "waitress.queue": {"level": "ERROR"},
        },
    }
