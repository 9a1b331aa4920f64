"""Recordings left on the hotline (3.2.1): brought in by hand, heard, and put away with a reason where nothing was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.channels.hotline import queries, voicemail
from shuoshi.channels.hotline.models import Nothing, Voicemail, VoicemailState
from shuoshi.desk import rights
from shuoshi.desk.forms.voicemail import BringInForm, PutAsideForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import clock, files, room, sounds
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.kernel.web.sound import sound


@dataclass(frozen=True)
class BringInPage(PageData):
    template: ClassVar[str] = "desk/voicemail_add.html"
    form: BringInForm


@dataclass(frozen=True)
class VoicemailPage(PageData):
    """`waits`: nobody has registered it or put it away."""

    template: ClassVar[str] = "desk/voicemail.html"
    row: Voicemail
    form: PutAsideForm
    waits: bool


@page(access=rights.calls)
def bring_in(request: DeskRequest) -> HttpResponse:
    """A recording from the exchange. The same one brought in again leads to the one that is there."""
    form = BringInForm(posted(request), initial={"left_at": clock.local(clock.now())})
    if request.method == "POST" and form.is_valid():
        heard = _heard(request, form)
        if heard is not None:
            data = form.cleaned_data
            row, new = voicemail.bring_in(heard, caller=data["caller"], left_at=data["left_at"], actor=request.actor)
            if new:
                messages.success(request, _("收下了，请听一遍，再登记。"))
            else:
                messages.warning(request, _("这段录音已经有了，没有再收一份。"))
            return (
                redirect("desk:calls")
                if queries.kept_from(row, request.actor)
                else redirect("desk:voicemail_page", row.pk)
            )
    return show(request, BringInPage(form))


@page(access=rights.calls)
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    """One recording: hear it, register it, or say why it becomes no matter."""
    row = _found(request, key)
    form = PutAsideForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        voicemail.put_aside(key, Nothing(data["because"]), data["words"], actor=request.actor)
        messages.success(request, _("记下了，这段留言不登记。"))
        return redirect("desk:calls")
    return show(request, VoicemailPage(row, form, waits=row.state == VoicemailState.WAITING))


@page(access=rights.calls, methods=("GET",))
def recording(request: DeskRequest, key: UUID) -> HttpResponse:
    """The sound itself, for whoever takes calls."""
    row = _found(request, key)
    try:
        data = files.read(row.stored, row.data_key())
    except files.FileMissing:
        raise Http404 from None
    return sound(request, data, row.media_type)


def _found(request: DeskRequest, key: UUID) -> Voicemail:
    """One whose matter is kept from the actor is kept from them, too."""
    row = queries.voicemail(key)
    if row is None or queries.kept_from(row, request.actor):
        raise Http404
    return row


def _heard(request: DeskRequest, form: BringInForm) -> sounds.Sound | None:
    """The recording of the form, or None with the reason at its field."""
    file = request.FILES.get("recording")
    if not isinstance(file, UploadedFile):
        form.add_error("recording", _("请选一段录音。"))
        return None
    if not room.for_uploads():
        form.add_error("recording", str(room.no_uploads()))
        return None
    try:
        if (file.size or 0) > voicemail.LARGEST:
            raise sounds.BadSound(sounds.Reason.TOO_BIG, voicemail.LONGEST, voicemail.LARGEST)
        return sounds.clean(bytes(file.read()), longest=voicemail.LONGEST, largest=voicemail.LARGEST)
    except sounds.BadSound as bad:
        form.add_error("recording", _("录音没有收下：%(reason)s。") % {"reason": bad})
        return None
