"""Three pages: a list from one query, a page from five, a form that inserts two rows."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from bench.bare.forms import RegisterForm
from bench.bare.models import Case, Reporter
from shuoshi.people.models import Account

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Only for whoever has a session: one statement for it, one for the account."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.session.get("account")
        account = Account.objects.filter(pk=UUID(key), is_active=True).first() if key else None
        if account is None:
            return HttpResponse(status=401)
        request.account = account
        return view(request, *args, **kwargs)

    return guarded


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


@signed_in
def listed(request: HttpRequest) -> HttpResponse:
    rows = Case.objects.filter(status="open").order_by("due_at", "id")[:50]
    return render(request, "bare/list.html", {"rows": rows, "now": timezone.now()})


@signed_in
def shown(request: HttpRequest, number: str) -> HttpResponse:
    case = get_object_or_404(Case, number=number)
    context = {
        "case": case,
        "reporters": case.reporters.all(),
        "notes": case.notes.order_by("-at"),
        "deadlines": case.deadlines.order_by("due_at"),
        "demands": case.demands.all(),
        "now": timezone.now(),
    }
    return render(request, "bare/case.html", context)


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with transaction.atomic():
            case = Case.objects.create(
                number=f"B-{secrets.token_hex(8)}",
                title=data["content"][:40],
                content=data["content"],
                place=data["place"],
                category=data["category"],
                channel=data["channel"],
                urgency=data["urgency"],
                status="open",
                area=data["area"],
                registered_at=timezone.now(),
            )
            Reporter.objects.create(case=case, name=data["name"], phone=data["phone"], tell_by=data["tell_by"])
        messages.success(request, f"{case.number} 登记好了。")
        return redirect("case", case.number)
    return render(request, "bare/register.html", {"form": form}, status=422 if form.is_bound else 200)
