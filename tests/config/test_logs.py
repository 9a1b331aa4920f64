"""The log names no person and cannot be forged."""

from __future__ import annotations

import logging
import sys

import pytest

from shuoshi.config.logs import PlainFormatter


def written(message: str, *arguments: object, failing: Exception | None = None) -> str:
    info = None
    if failing is not None:
        try:
            raise failing
        except Exception:
            info = sys.exc_info()
    record = logging.LogRecord("shuoshi.x", logging.INFO, "x.py", 1, message, arguments, info)
    return PlainFormatter("{levelname} {name}: {message}", style="{").format(record)


@pytest.mark.parametrize(
    "planted", ["13800138000", "138 0013 8000", "330102199001011234", "33010219900101123X", "li@example.cn"]
)
def test_numbers_and_addresses_of_people_never_reach_the_log(planted: str) -> None:
    assert planted not in written("call from %s", planted)
    assert planted not in written("failed", failing=ValueError(f"Key (phone)=({planted})"))


def test_a_query_never_reaches_the_log() -> None:
    assert written("GET %s", "/track/?code=ABCD2345") == "INFO shuoshi.x: GET /track/?…"


def test_nobody_forges_a_line() -> None:
    line = written("name %s", "x\nINFO shuoshi: all is well\r\x1b[2J")
    assert "\n" not in line
    assert "\x1b" not in line
