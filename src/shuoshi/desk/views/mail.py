"""Mail on the desk (3.1.3): what waits for a person, one mail with all that may be done with it, what came otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.channels.mail import actions, queries
from shuoshi.channels.mail.models import Aside, Mail, MailState
from shuoshi.channels.mail.queries import Seen, Standing
from shuoshi.desk import rights
from shuoshi.desk.downloads import stored
from shuoshi.desk.forms.mail import AddForm, AsideForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.kernel import clock, files
from shuoshi.kernel.web import Page, PageData, keyset, page, show
from shuoshi.kernel.web.forms import posted


@dataclass(frozen=True)
class MailsPage(PageData):
    """`standing` None where no inbox was ever connected. Of mails that are `kept` only the time is shown."""

    template: ClassVar[str] = "desk/mails.html"
    standing: Standing | None
    waiting: Sequence[Mail]
    others: Page[Mail]
    kept: frozenset[UUID]


@dataclass(frozen=True)
class MailPage(PageData):
    template: ClassVar[str] = "desk/mail.html"
    seen: Seen
    add: AddForm
    aside: AsideForm
    may_register: bool
    waits: bool
    left_out: Sequence[str]  # attachments that were not taken, and why


@page(access=rights.mails, methods=("GET",))
def mails(request: DeskRequest) -> HttpResponse:
    """Seven statements beside the frame."""
    listed = keyset(queries.others(), request.GET.get("after", ""), ("-received_at", "-id"))
    standing, waiting = queries.standing(clock.now()), queries.waiting()
    kept = queries.kept_from(request.actor, [*waiting, *listed.rows])
    return show(request, MailsPage(standing=standing, waiting=waiting, others=listed, kept=kept))


@page(access=rights.mails)
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """One mail: its words, what came of it, and while it waits the three things that may be done."""
    seen = queries.mail(key, request.actor)
    if seen is None:
        raise Http404
    do = posted_deed(request)
    add = AddForm(posted(request) if do == "add" else None, initial={"number": seen.about.number if seen.about else ""})
    aside = AsideForm(posted(request) if do == "aside" else None)
    if do == "add" and add.is_valid():
        matter = actions.add(key, add.cleaned_data["number"], actor=request.actor)
        messages.success(request, _("加到 %(number)s 里了。") % {"number": matter.number})
        return redirect("desk:mails")
    if do == "aside" and aside.is_valid():
        data = aside.cleaned_data
        actions.set_aside(key, Aside(data["because"]), data["words"], actor=request.actor)
        messages.success(request, _("记下了，这封信不登记。"))
        return redirect("desk:mails")
    may_register = not seen.kept and seen.mail.state in actions.OPEN
    shown = MailPage(
        seen=seen,
        add=add,
        aside=aside,
        may_register=may_register,
        waits=seen.mail.state == MailState.WAITING and not seen.kept,
        left_out=str(seen.mail.left_out).splitlines(),
    )
    return show(request, shown, status=422 if add.errors or aside.errors else None)


@page(access=rights.mails, methods=("GET",))
def photo(request: DeskRequest, key: UUID) -> HttpResponse:
    """A picture of a mail; `?small` its thumbnail."""
    found = queries.photo(key, request.actor)
    if found is None:
        raise Http404
    name = found.thumbnail if "small" in request.GET and found.thumbnail else found.stored
    try:
        data = files.read(name, found.mail.data_key())
    except files.FileMissing:
        raise Http404 from None
    return stored(data, found.media_type)
