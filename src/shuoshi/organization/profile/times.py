"""A limit as profiles write it: 7wd, 4wh, 60cd, 30min."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from shuoshi.kernel.calendar import Limit


def _limit(value: Any) -> Any:
    return Limit.parse(value) if isinstance(value, str) else value


Time = Annotated[
    Limit,
    BeforeValidator(_limit),
    PlainSerializer(str, return_type=str),
]
