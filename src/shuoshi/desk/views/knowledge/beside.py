"""What of the knowledge base stands beside a form while it is written. Posted, because addresses end in histories and logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpResponse

from shuoshi.desk.forms.citing import known_for
from shuoshi.desk.frame import DeskRequest, quiet
from shuoshi.kernel.web import PageData, page, show
from shuoshi.knowledge.models import Entry
from shuoshi.matters.queries import visible_to


@dataclass(frozen=True)
class BesidePage(PageData):
    """`at` is the id of the form a button belongs to where it stands outside of it."""

    template: ClassVar[str] = "desk/knowledge/_known.html"
    known: Sequence[Entry]
    looked: bool
    at: str


@page(access=quiet, methods=("POST",))
def beside(request: DeskRequest) -> HttpResponse:
    """Entries for what is typed so far, or for a matter this person may see. Nothing of it is kept."""
    look, said = request.POST.get("look", ""), request.POST.get("content", "")
    category = request.POST.get("category", "")
    number = request.POST.get("matter", "")
    if number and not look.strip():
        matter = visible_to(request.actor).filter(number=number).first()
        said, category = (f"{matter.title} {matter.content}", category or matter.category) if matter else ("", category)
    at = "register" if request.POST.get("at") == "register" else ""
    return show(
        request,
        BesidePage(known=known_for(look, said, category), looked=bool(look.strip() or said.strip()), at=at),
    )
