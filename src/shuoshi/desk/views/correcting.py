"""Putting right what stands about a party, and the second look that a new telephone and a record of the staff take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.desk import disclosure, rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.persons import CorrectForm, MadeSureForm, reason_of
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.matter import case, found
from shuoshi.kernel.web import Page, PageData, keyset, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.find import matter_to_settle_by, people_to_settle
from shuoshi.notices.numbers import agree_to_number
from shuoshi.people import actions as people
from shuoshi.people import queries
from shuoshi.people.masks import masked_address, masked_id_number, masked_name, masked_phone
from shuoshi.people.models import Change, ChangeKind, Person

ORDER = ("at", "id")
_MASKS = {
    ChangeKind.NAME: masked_name,
    ChangeKind.PHONE: masked_phone,
    ChangeKind.ADDRESS: masked_address,
    ChangeKind.ID_NUMBER: masked_id_number,
}


@dataclass(frozen=True)
class CorrectPage(PageData):
    template: ClassVar[str] = "desk/correct.html"
    matter: Matter
    card: disclosure.Card
    form: CorrectForm


@dataclass(frozen=True)
class Line:
    """A change as somebody who settles it, or looks back at it, reads it: masked."""

    change: Change
    whom: str
    before: str
    after: str
    who: str
    why: str

    @property
    def signals(self) -> tuple[str, ...]:
        return people.signals(self.change)


@dataclass(frozen=True)
class ChangesPage(PageData):
    template: ClassVar[str] = "desk/changes.html"
    lines: Sequence[Line]
    page: Page[Change]


@dataclass(frozen=True)
class ChangePage(PageData):
    """`form` is None where an administrator only agrees. `matter`: by which the person may be looked at."""

    template: ClassVar[str] = "desk/change.html"
    line: Line
    signals: Sequence[str]
    own: bool
    form: MadeSureForm | None
    matter: Matter | None


@page(access=fresh(staff))
def correct(request: DeskRequest, number: str, party: UUID) -> HttpResponse:
    """By the registry that answers to the speaker; never by whoever handles it."""
    view = found(request, number)
    row = next((one for one in view.parties if one.pk == party), None)
    if row is None:
        raise Http404
    card = disclosure.card(case(request, view), row)
    if not card.may_correct:
        return forbidden(request, _("更正由登记这件事的受理中心做，承办单位不能。"), who_could=_("受理中心登记员"))
    form = CorrectForm(posted(request))
    if form.is_valid():
        data = form.cleaned_data
        given = ChangeKind(data["kind"]), data["value"], data["reason"], data["words"]
        contact = row.contact_id if row.contact and row.contact.kind == data["kind"] else None
        change = people.correct(row.person_id, *given, contact_id=contact, actor=request.actor)
        said = _("提出了，另一个人核实以后生效。") if change.second else _("改好了，原来的内容留在更正记录里。")
        messages.success(request, said)
        return redirect("desk:matter", number)
    return show(request, CorrectPage(view.matter, card, form))


@page(access=rights.settles_changes, methods=("GET",))
def changes(request: DeskRequest) -> HttpResponse:
    """What waits for a second person, oldest first."""
    listed = keyset(_waiting(request), request.GET.get("after", ""), ORDER)
    return show(request, ChangesPage(lines=lines_of(listed.rows), page=listed))


@page(access=fresh(rights.settles_changes))
def change(request: DeskRequest, key: UUID) -> HttpResponse:
    """One of them: agree and say how one made sure, or not."""
    row = get_object_or_404(_waiting(request), pk=key)
    by = matter_to_settle_by(request.actor, row.person_id)
    form = MadeSureForm(posted(request)) if row.kind == ChangeKind.PHONE else None
    do = posted_deed(request)
    if do == "decline":
        people.decline_change(row.pk, actor=request.actor)
        messages.success(request, _("记下了：没有同意，什么都没有改。"))
        return redirect("desk:changes")
    if do == "agree" and form is None:
        people.agree_to_two(row.pk, actor=request.actor)
    elif do == "agree" and form is not None and form.is_valid() and by is not None:
        agree_to_number(row.pk, form.cleaned_data["shown_by"], by, actor=request.actor)
    else:
        unsent = MadeSureForm() if form is not None and do != "agree" else form
        [line] = lines_of([row])
        own = row.by == request.actor.person_id
        return show(request, ChangePage(line, line.signals, own, unsent, by))
    messages.success(request, _("生效了。"))
    return redirect("desk:changes")


def lines_of(found: Sequence[Change]) -> list[Line]:
    """Masked, with the names of who proposed; one statement."""
    names = {row.pk: str(row.name) for row in Person.objects.filter(pk__in={one.by for one in found})}
    return [
        Line(
            change=one,
            whom=_whom(one),
            before=_masked(one, str(one.before)),
            after=_masked(one, str(one.after)),
            who=names.get(one.by, ""),
            why=reason_of(one.reason_code),
        )
        for one in found
    ]


def _waiting(request: DeskRequest) -> QuerySet[Change]:
    return queries.waiting_changes(people_to_settle(request.actor), staff=rights.administers(request.actor))


def _whom(change: Change) -> str:
    names = [masked_name(str(change.person.name)) or _("没有留名")]
    if change.into is not None:
        names.append(masked_name(str(change.into.name)) or _("没有留名"))
    return _("、").join(names)


def _masked(change: Change, value: str) -> str:
    mask = _MASKS.get(ChangeKind(change.kind))
    return mask(value) if mask is not None and value else ""
