"""A picture or paper that somebody gave in confidence, before the side they want to be kept from: for a reason only.

It may show a face, a door or a name. Each look is recorded like a look at a name; the page closes itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import disclosure
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.base import radios
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.reveal import ReasonForm
from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.matters import veil
from shuoshi.matters.case import Case
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.queries import standing
from shuoshi.matters.vocabulary import Naming
from shuoshi.people import actions as people

_SALT = "desk.covered"
_door = fresh(staff)


class FileReasonForm(ReasonForm):
    reason = radios(_("为什么要看"), list(disclosure.FILE_REASONS.items()))


@dataclass(frozen=True)
class CoveredPage(PageData):
    """`address` leads to the file for as long as the page stands; "" before the reason was given."""

    template: ClassVar[str] = "desk/covered.html"
    matter: Matter
    file: Attachment
    form: FileReasonForm
    address: str = ""
    seconds: int = disclosure.SECONDS


def is_covered(request: DeskRequest, matter: Matter, file: Attachment) -> bool:
    """Whether this person sees it for a reason only, and has not given one this minute."""
    if matter.naming != Naming.CONFIDENTIAL or not veil.covers(file.entry):
        return False
    case = Case(actor=request.actor, matter=matter, standing=standing(request.actor, matter), now=clock.now())
    return veil.drawn_for(case) and not _looks_now(request, file)


def ask(request: DeskRequest, matter: Matter, file: Attachment) -> HttpResponse:
    """GET asks for the reason; POST, from whoever proved themselves these minutes, records it and shows the file."""
    away = _door.check(request)
    if away is not None:
        return away
    form = FileReasonForm(posted(request), preset=False)
    if request.method != "POST" or not form.is_valid():
        return show(request, CoveredPage(matter=matter, file=file, form=form))
    data = form.cleaned_data
    people.reveal_file(_whose(matter), file.pk, data["reason"], data["words"], actor=request.actor)
    token = signing.dumps([str(file.pk), str(request.account.pk)], salt=_SALT)
    address = f"{reverse('desk:attachment', args=[matter.number, file.pk])}?seen={token}"
    answer = show(request, CoveredPage(matter=matter, file=file, form=form, address=address))
    answer["Refresh"] = f"{disclosure.SECONDS}; url={reverse('desk:matter', args=[matter.number])}"
    answer["Cache-Control"] = "no-store"
    return answer


def _looks_now(request: DeskRequest, file: Attachment) -> bool:
    try:
        found = signing.loads(request.GET.get("seen", ""), salt=_SALT, max_age=disclosure.SECONDS)
    except signing.BadSignature:
        return False
    return bool(found == [str(file.pk), str(request.account.pk)])


def _whose(matter: Matter) -> Sequence[UUID]:
    """Those who asked for confidence."""
    asked = matter.parties.filter(naming=Naming.CONFIDENTIAL).order_by("id")
    return list(dict.fromkeys(asked.values_list("person_id", flat=True)))
