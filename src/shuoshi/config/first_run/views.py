"""Three pages: what this home becomes, the real institution, and how far the demo is."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import ClassVar

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from shuoshi.config import guard
from shuoshi.config.first_run import code, progress
from shuoshi.config.first_run.forms import REAL, ChoiceForm, FoundingForm
from shuoshi.demo import accounts as demo_accounts
from shuoshi.desk import frame
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.organization import actions as organization
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account

_MAY = "first_run"  # in the session of whoever typed the code


@dataclass(frozen=True)
class ChoosePage(PageData):
    template: ClassVar[str] = "first_run/choose.html"
    form: ChoiceForm


@dataclass(frozen=True)
class FoundPage(PageData):
    template: ClassVar[str] = "first_run/found.html"
    form: FoundingForm


@dataclass(frozen=True)
class DemoPage(PageData):
    """`rows` is how to sign in, once the demo stands; `done` of `total` matters until then."""

    template: ClassVar[str] = "first_run/demo.html"
    done: int
    total: int
    failed: bool
    rows: list[tuple[str, ...]]


@page(access=public)
def choose(request: HttpRequest) -> HttpResponse:
    """Demo or real, by whoever has the code of the terminal."""
    _only_while_wanted()
    kind = guard.kind_of(settings.HOME)
    if kind == "demo":
        return redirect("first_run:demo") if request.session.get(_MAY) else _ask(request)
    form = ChoiceForm(request.POST if request.method == "POST" else None)
    if kind == "real":
        form.offer("kind", [REAL])
        form.initial["kind"] = "real"
    if request.method == "POST" and form.is_valid():
        request.session[_MAY] = True
        if form.cleaned_data["kind"] == "demo":
            guard.note_kind(settings.HOME, "demo")
            _build_demo()
            return redirect("first_run:demo")
        guard.note_kind(settings.HOME, "real")
        return redirect("first_run:found")
    return show(request, ChoosePage(form=form))


def _ask(request: HttpRequest) -> HttpResponse:
    """Somebody else's browser while the demo is being built."""
    form = ChoiceForm(request.POST if request.method == "POST" else None, initial={"kind": "demo"})
    if request.method == "POST" and form.is_valid():
        request.session[_MAY] = True
        return redirect("first_run:demo")
    return show(request, ChoosePage(form=form))


@page(access=public)
def found(request: HttpRequest) -> HttpResponse:
    """The institution and its first administrator, who is signed in and binds a second factor next."""
    _only_while_wanted()
    if not request.session.get(_MAY) or guard.kind_of(settings.HOME) != "real":
        return redirect("first_run:choose")
    form = FoundingForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account = _founded(form)
        except Refused as refused:
            form.add_error(_FIELDS.get(refused.code), refused.text)
        else:
            code.forget(settings.HOME)
            frame.begin(request, account)
            return redirect("desk:second_factor")
    return show(request, FoundPage(form=form))


_FIELDS = {"institution_code_odd": "institution_code", "unit_hours_odd": "morning_from", "username_odd": "username"}


def _founded(form: FoundingForm) -> Account:
    data = form.cleaned_data
    with transaction.atomic():
        institution = organization.found(form.founding(), actor=SYSTEM)
        assert institution.root_id is not None
        key = new_id()
        story = Story(Stream("person", str(key)), "create_person", by=SYSTEM, at=clock.now())
        person = people.keep(story, PersonGiven(name=data["admin_name"], phone=data["admin_phone"])).person
        story.tell()
        organization.appoint(person.pk, institution.root_id, Role.ADMINISTRATOR, actor=SYSTEM)
        account, _first = people.create_account(person.pk, data["username"], actor=SYSTEM, password=data["password"])
    return account


@page(access=public, methods=("GET",))
def demo(request: HttpRequest) -> HttpResponse:
    """How far the demo is; at the end how to sign in, for whoever has the code."""
    if not request.session.get(_MAY) or guard.kind_of(settings.HOME) != "demo":
        raise Http404
    done, total, failed = progress.read(settings.HOME)
    finished = (settings.HOME / "demo-complete").exists()
    if finished:
        code.forget(settings.HOME)
    rows = [tuple(str(cell) for cell in row) for row in demo_accounts.sign_in_sheet()] if finished else []
    return show(request, DemoPage(done=done, total=total, failed=failed and not finished, rows=rows))


def _only_while_wanted() -> None:
    if not code.wanted(settings.HOME):
        raise Http404


def _build_demo() -> None:
    """In a child of its own: it takes about a minute, and a request must not."""
    progress.begin(settings.HOME)
    subprocess.Popen([sys.executable, "-m", "shuoshi", "build-demo"], stdin=subprocess.DEVNULL, start_new_session=True)
