"""What is said of the server of an inbox, for those who need not load the library that speaks to it."""

from __future__ import annotations

from dataclasses import dataclass

PORTS = (143, 993)


class Down(Exception):
    """The inbox cannot be read now. `code` says at which step, in words for machines."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Standing:
    """How the server numbers: within one `validity` every new mail has a higher number, the next one `next_uid`."""

    validity: int
    next_uid: int
