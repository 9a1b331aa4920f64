"""What the operator may set, declared once with type, default and help; nothing else reads the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Setting:
    """One variable of the environment: its name, its default as text, and a sentence for the operator."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting("SHUOSHI_HOME", "var", "The data directory: database, keys, files. Mode 0700."),
    Setting("SHUOSHI_HOSTS", "", "Host names the server answers to besides loopback, separated by commas."),
    Setting("SHUOSHI_LAN", "", "1 allows plain http from the local network; a banner says so."),
    Setting("SHUOSHI_DEBUG", "", "1 shows tracebacks; for developers on loopback only."),
    Setting("DATABASE_URL", "", "postgres://user@host/name; empty means SQLite in the home."),
    Setting("PORT", "8000", "Where the server listens."),
)


class UnknownSetting(SystemExit):
    """A misspelt SHUOSHI_* variable stops the start, so that nobody believes in a setting that does nothing."""


def read(environ: dict[str, str] | None = None) -> dict[str, str]:
    """All settings as text, defaults filled in. Raises UnknownSetting for a SHUOSHI_* name nobody declared."""
    environ = dict(os.environ) if environ is None else environ
    known = {setting.name for setting in SETTINGS}
    for name in sorted(environ):
        if name.startswith("SHUOSHI_") and name not in known:
            raise UnknownSetting(f"{name} is not a setting of shuoshi. Known: {', '.join(sorted(known))}.")
    return {setting.name: environ.get(setting.name, setting.default) for setting in SETTINGS}


def home(values: dict[str, str]) -> Path:
    return Path(values["SHUOSHI_HOME"]).expanduser().resolve()
