"""Pictures of letters and forms: taken from a form of the desk, and shown to whoever may read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shuoshi.channels import pages
from shuoshi.channels.pages import Picture
from shuoshi.desk.downloads import stored
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import drafts, files
from shuoshi.kernel.web import uploads
from shuoshi.matters import waiting
from shuoshi.matters.terms import FileGiven


def take(request: DeskRequest, keep: Callable[[Sequence[FileGiven]], Sequence[Picture]]) -> None:
    """What the form brought is handed to `keep`."""
    with taken(request) as given:
        if given:
            told(request, keep(given))


@contextmanager
def taken(request: DeskRequest) -> Iterator[Sequence[FileGiven]]:
    """The pictures of a form, cleaned one by one; what is none is said and costs the others nothing. Gone afterwards."""
    token = drafts.new_token()
    for sentence in uploads.keep(token, uploads.sent(request), pages.MOST, owner=request.account.pk):
        messages.error(request, sentence)
    try:
        yield waiting.given(token)
    finally:
        drafts.drop(token)


def told(request: DeskRequest, kept: Sequence[Picture]) -> None:
    """Say how many were kept."""
    said = ngettext("收下了 %(n)d 张照片。", "收下了 %(n)d 张照片。", len(kept)) % {"n": len(kept)}
    messages.success(request, said if kept else _("这些照片已经有了。"))


def answer(request: DeskRequest, found: Picture, key: bytes) -> HttpResponse:
    """The picture, or with `?small` its thumbnail. Raises Http404 where the disk lost it."""
    name = found.thumbnail if "small" in request.GET and found.thumbnail else found.stored
    try:
        data = files.read(name, key)
    except files.FileMissing:
        raise Http404 from None
    return stored(data, found.media_type)
