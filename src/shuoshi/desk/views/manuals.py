"""The manuals as pages of the desk. Their words are in docs/manuals; `make docs` writes the pages (tools/manuals.py)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from django.http import Http404, HttpResponse
from django.utils.safestring import SafeString

from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.organization.roles import Role

OF_ROLE: Mapping[Role, str] = {
    Role.REGISTRAR: "registrar",
    Role.DISPATCHER: "dispatcher",
    Role.DEPARTMENT_HEAD: "head",
    Role.HANDLER: "handler",
    Role.GRID_WORKER: "handler",
    Role.FOLLOW_UP_AGENT: "follow-up",
    Role.DUTY_OFFICER: "duty-officer",
    Role.LEADER: "leader",
    Role.SUPERVISOR: "oversight",
    Role.OVERSIGHT_MEMBER: "oversight",
    Role.ADMINISTRATOR: "administrator",
}
_FOLDER = Path(__file__).resolve().parent.parent / "manuals"
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>")


@dataclass(frozen=True)
class Manual:
    """One page: its name in addresses, its heading, its HTML, which comes from our own files."""

    name: str
    title: str
    content: SafeString


@dataclass(frozen=True)
class ManualPage(PageData):
    """`mine` are the pages of this person's roles, on the first page only."""

    template: ClassVar[str] = "desk/manual.html"
    manual: Manual
    mine: Sequence[Manual]


@page(access=staff, methods=("GET",))
def index(request: DeskRequest) -> HttpResponse:
    mine = dict.fromkeys(name for role, name in OF_ROLE.items() if request.actor.holds(role))
    return show(request, ManualPage(manual=_manuals()["index"], mine=[_manuals()[name] for name in mine]))


@page(access=staff, methods=("GET",))
def manual(request: DeskRequest, page: str) -> HttpResponse:
    found = _manuals().get(page)
    if found is None:
        raise Http404
    return show(request, ManualPage(manual=found, mine=[]))


@cache
def _manuals() -> Mapping[str, Manual]:
    """All of them, read once."""
    return {file.stem: _manual(file.stem, file.read_text("utf-8")) for file in _FOLDER.glob("*.html")}


def _manual(name: str, content: str) -> Manual:
    title = _TITLE.search(content)
    assert title is not None, name
    return Manual(name, title[1], SafeString(content))
