"""Pages that inform: procedure with its limits, privacy, accessibility, and where to report misconduct."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.calendar import Limit
from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.matters import workflow
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.organization import profile, queries
from shuoshi.organization.models import Institution, Unit
from shuoshi.organization.profile import Kind, Step, Urgency
from shuoshi.portal.views.home import Limits, limits_of

STEPS_SHOWN = (
    (Step.ACCEPT, _("登记以后，告诉您受不受理")),
    (Step.ASSIGN, _("受理以后，交给哪个单位办")),
    (Step.FIRST_CONTACT, _("承办单位接手以后，先和您联系")),
    (Step.PROGRESS, _("办理当中，告诉您进展")),
    (Step.COMPLETION, _("承办单位办好并答复您")),
    (Step.FOLLOW_UP, _("答复以后，问您满不满意")),
    (Step.NOT_SOLVED, _("办结以后，您还可以说没有解决")),
)


@dataclass(frozen=True)
class LimitRow:
    """One step of the procedure with its limit for each kind, its cap and its basis."""

    label: str
    limits: list[Limit | None]
    cap: Limit | None
    basis: str


@dataclass(frozen=True)
class Deed:
    """One row of the table of transitions that a resident sees: what is done, where it leads, under which clause."""

    label: str
    leads_to: list[str]
    clause: str


@dataclass(frozen=True)
class ProcedurePage(PageData):
    template: ClassVar[str] = "portal/procedure.html"
    limits: Limits
    kinds: list[Kind]
    rows: list[LimitRow]
    urgencies: tuple[Urgency, ...]
    deeds: list[Deed]
    current: profile.Profile


@page(access=public, methods=("GET",))
def procedure(request: HttpRequest) -> HttpResponse:
    """The procedure with its limits and clauses, from the profile and the table that also run it."""
    current = profile.current()
    kinds = [kind for kind in current.kinds if kind.in_loop]
    return show(
        request,
        ProcedurePage(
            limits=limits_of(current),
            kinds=kinds,
            rows=list(_limit_rows(current, kinds)),
            urgencies=current.urgencies,
            deeds=list(_deeds()),
            current=current,
        ),
    )


@dataclass(frozen=True)
class PlainPage(PageData):
    """A page of words only."""

    template: ClassVar[str] = ""


@dataclass(frozen=True)
class PrivacyPage(PlainPage):
    template: ClassVar[str] = "portal/privacy.html"


@page(access=public, methods=("GET",))
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept of a person, who sees it, for how long, and what one may ask (PIPL 17)."""
    return show(request, PrivacyPage())


@dataclass(frozen=True)
class AccessibilityPage(PlainPage):
    template: ClassVar[str] = "portal/accessibility.html"


@page(access=public, methods=("GET",))
def accessibility(request: HttpRequest) -> HttpResponse:
    """What these pages do for people who see, hear or move less, and whom to tell when it fails."""
    return show(request, AccessibilityPage())


@dataclass(frozen=True)
class SealedPage(PageData):
    """`above` is the tier over the whole institution, where it is known."""

    template: ClassVar[str] = "portal/sealed.html"
    above: Unit | None


@page(access=public, methods=("GET",))
def sealed(request: HttpRequest) -> HttpResponse:
    """Outside routes only: nothing is asked, stored or set here; no cookie, no script, no referrer."""
    response = show(request, SealedPage(above=_tier_above_all()))
    response["Referrer-Policy"] = "no-referrer"
    return response


def _tier_above_all() -> Unit | None:
    try:
        root = queries.institution().root
    except Institution.DoesNotExist:
        return None
    return queries.tier_above(root) if root else None


def _limit_rows(current: profile.Profile, kinds: list[Kind]) -> Iterator[LimitRow]:
    for step, label in STEPS_SHOWN:
        limits = [current.limit(step, kind.code) for kind in kinds]
        if any(limits):
            yield LimitRow(str(label), limits, current.cap(step), current.basis(step))


def _deeds() -> Iterator[Deed]:
    """Rows of the table that a resident's page shows, in the table's order."""
    for row in workflow.TRANSITIONS:
        if row.resident:
            yield Deed(
                str(Action(row.action).label), [str(Status(one).label) for one in sorted(row.targets)], row.clause
            )
