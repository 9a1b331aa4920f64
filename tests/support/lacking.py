"""What the machine lacks for a test: said with its remedy at the end of the run, and a failure on a build machine."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

import pytest

_MARK = "lacking: "


def skip(remedy: str) -> NoReturn:
    """Leave this test out and name what to install."""
    pytest.skip(_MARK + remedy)


def named_in(reports: Iterable[Any]) -> list[str]:
    """The remedies named by skipped tests, each once."""
    reasons = (str(report.longrepr[2]) for report in reports if isinstance(report.longrepr, tuple))
    return sorted({reason.partition(_MARK)[2] for reason in reasons if _MARK in reason})
