"""A matter as its resident sees it, one click away, the files of a matter, and photos that wait with a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from shuoshi.desk.downloads import stored
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views import covered
from shuoshi.kernel import clock, drafts, files
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.kernel.web.sound import sound
from shuoshi.matters import veil
from shuoshi.matters.case import Case
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.queries import as_resident as tracking_of
from shuoshi.matters.queries import promises, standing, visible_to
from shuoshi.matters.vocabulary import Audience


@dataclass(frozen=True)
class AsResidentPage(PageData):
    template: ClassVar[str] = "desk/as_resident.html"
    told: promises.Told
    matter: Matter


@page(access=staff, methods=("GET",))
def as_resident(request: DeskRequest, number: str) -> HttpResponse:
    """Nothing but what the speaker sees, worded the same; without the query code."""
    matter = get_object_or_404(visible_to(request.actor), number=number, part_of=None)
    now = clock.now()
    case = Case(actor=request.actor, matter=matter, standing=standing(request.actor, matter), now=now)
    seen = tracking_of(matter, now, veiled=veil.drawn_for(case))
    veil.mute(seen.attachments, case)
    return show(request, AsResidentPage(told=promises.told(seen), matter=seen.matter))


@page(access=staff)
def attachment(request: DeskRequest, number: str, key: UUID) -> HttpResponse:
    """One file of a matter; `?small` its thumbnail. Stored pictures were cleaned when they came in.

    What somebody gave in confidence is shown to the handling side for a reason only, which is what is posted here.
    """
    matter = get_object_or_404(visible_to(request.actor), number=number)
    told_in_parts = Q(matter__part_of=matter, audience=Audience.PUBLIC)
    files_ = Attachment.objects.filter(Q(matter=matter) | told_in_parts).select_related("entry", "matter")
    found = get_object_or_404(files_, pk=key)
    if found.is_sound and not _hears(request, matter):
        said = _("说事人的录音只有受理中心能听：听声音能听出是谁。他说的话看记下来的文字。")
        return forbidden(request, said, who_could=_("受理中心登记员"))
    if not found.is_sound and covered.is_covered(request, matter, found):
        if "small" in request.GET:
            raise Http404
        return covered.ask(request, matter, found)
    name = found.thumbnail if "small" in request.GET and found.thumbnail else found.stored
    try:
        data = files.read(name, found.matter.data_key())
    except files.FileMissing:
        raise Http404 from None
    return sound(request, data, found.media_type) if found.is_sound else stored(data, found.media_type)


def _hears(request: DeskRequest, matter: Matter) -> bool:
    return veil.hears(
        Case(actor=request.actor, matter=matter, standing=standing(request.actor, matter), now=clock.now())
    )


@page(access=staff, methods=("GET",))
def upload(request: DeskRequest, key: UUID) -> HttpResponse:
    """The small picture of a photo that waits with an own form; nobody else's is there."""
    try:
        found = drafts.small_of(request.account.pk, key)
    except files.FileMissing:
        found = None
    if found is None:
        raise Http404
    answer = HttpResponse(found[1], content_type=found[0].media_type)
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
