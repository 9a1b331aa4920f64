"""Suggestion boxes on the desk (3.2.2): which are to be opened, an opening by two, and what became of every letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from shuoshi.channels.boxes import actions, policies, queries
from shuoshi.channels.boxes.models import Aside, Box, Letter, Opening
from shuoshi.channels.boxes.queries import Hanging, Read
from shuoshi.desk import pictures, rights
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.boxes import AsideForm, ObjectionForm, OpeningForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.web import PageData, page, show, uploads
from shuoshi.kernel.web.forms import posted


@dataclass(frozen=True)
class BoxesPage(PageData):
    """`letters`: those that wait, of the boxes the reader may open; `to_answer`: openings the reader was the second at."""

    template: ClassVar[str] = "desk/boxes.html"
    boxes: Sequence[Hanging]
    letters: Sequence[Letter]
    to_answer: Sequence[Opening]
    down: Sequence[Box]  # that hang no more


@dataclass(frozen=True)
class OpenPage(PageData):
    template: ClassVar[str] = "desk/box_open.html"
    box: Box
    form: OpeningForm | None  # None where it hangs no more
    earlier: Sequence[Opening]


@dataclass(frozen=True)
class LetterView:
    """A letter as the page draws it: the form to set it aside, and whether that form stands open."""

    read: Read
    form: AsideForm
    open: bool

    @property
    def waits(self) -> bool:
        return self.read.letter.settled_at is None

    @property
    def may_register(self) -> bool:
        """What it holds beside what was registered is for whoever still reads it."""
        return self.waits or (not self.read.letter.because and bool(self.read.photos))


@dataclass(frozen=True)
class OpeningPage(PageData):
    """`may_open`: whether the reader reads the letters; `answers`: whether the reader is the second, who has not answered."""

    template: ClassVar[str] = "desk/opening.html"
    opening: Opening
    letters: Sequence[LetterView]
    may_open: bool
    answers: bool
    objection: ObjectionForm
    late: bool  # whether it was written down on another day than it was opened
    most: int = actions.PHOTOS
    accept: str = uploads.ACCEPT


@page(access=rights.boxes, methods=("GET",))
def boxes(request: DeskRequest) -> HttpResponse:
    """Four statements beside the frame."""
    mine = queries.of(request.actor, queries.hanging(clock.now()))
    letters = queries.waiting([one.box for one in mine])
    waiting_for_me, down = queries.to_answer(request.actor), queries.down(request.actor)
    return show(request, BoxesPage(boxes=mine, letters=letters, to_answer=waiting_for_me, down=down))


@page(access=rights.boxes)
def open_(request: DeskRequest, key: UUID) -> HttpResponse:
    """Write an opening down, and go to its letters."""
    box = get_object_or_404(Box.objects.select_related("unit"), pk=key)
    if not policies.may_open(request.actor, box):
        raise Http404
    if not box.active:
        return show(request, OpenPage(box=box, form=None, earlier=queries.openings(box)))
    first = {"at": clock.local(clock.now()).replace(second=0, microsecond=0)}
    form = OpeningForm(posted(request), others=_others(request.actor), initial=first)
    if request.method == "POST" and form.is_valid():
        row = actions.open_(key, form.given(), actor=request.actor)
        messages.success(request, _opened(row))
        return redirect("desk:opening", row.pk)
    return show(request, OpenPage(box=box, form=form, earlier=queries.openings(box)))


@page(access=rights.boxes)
def opening(request: DeskRequest, key: UUID) -> HttpResponse:
    """One opening: the second one's word, and each letter until it came to something."""
    row = queries.opening(key)
    may_open = row is not None and policies.may_open(request.actor, row.box)
    if row is None or not (may_open or request.actor.person_id == row.second_id):
        raise Http404
    do = posted_deed(request)
    objection = ObjectionForm(posted(request) if do == "dispute" else None)
    about = _of(row, posted_row(request)) if do in ("aside", "photos") else None
    if do == "agree" or (do == "dispute" and objection.is_valid()):
        words = objection.cleaned_data["objection"] if do == "dispute" else ""
        actions.answer(key, agrees=do == "agree", objection=words, actor=request.actor)
        messages.success(request, _("记下了。"))
        return redirect("desk:opening", key)
    if do == "more" and may_open:
        actions.add_letters(key, 1, actor=request.actor)
        messages.success(request, _("加了一封。"))
        return redirect("desk:opening", key)
    if do == "photos" and about is not None:
        letter = about
        pictures.take(request, lambda given: actions.add_photos(letter, given, actor=request.actor))
        return redirect("desk:opening", key)
    reads = queries.letters(row, request.actor) if may_open else []
    views = [_view(one, posted(request) if do == "aside" and one.letter.pk == about else None) for one in reads]
    aside = next((one.form for one in views if one.open), None)
    if about is not None and aside is not None and aside.is_valid():
        data = aside.cleaned_data
        actions.set_aside(about, Aside(data["because"]), data["words"], actor=request.actor)
        messages.success(request, _("记下了，这封信不登记。"))
        return redirect("desk:opening", key)
    return show(
        request,
        OpeningPage(
            opening=row,
            letters=views,
            may_open=may_open,
            answers=policies.may_answer(request.actor, row),
            objection=objection,
            late=clock.local(row.at).date() != clock.local(row.recorded_at).date(),
        ),
        status=422 if objection.errors or (aside is not None and aside.errors) else None,
    )


@page(access=rights.boxes, methods=("GET",))
def photo(request: DeskRequest, key: UUID) -> HttpResponse:
    """A picture of a letter; `?small` its thumbnail."""
    found = queries.photo(key, request.actor)
    if found is None:
        raise Http404
    return pictures.answer(request, found, found.letter.data_key())


def _view(read: Read, data: QueryDict | None) -> LetterView:
    """Each form has its own names for its controls: there may be sixty on a page."""
    return LetterView(read, AsideForm(data, auto_id=f"id_{read.letter.ordinal}_%s"), data is not None)


def _of(row: Opening, letter: UUID) -> UUID:
    """The letter, if it is one of this opening."""
    return get_object_or_404(Letter, pk=letter, opening=row).pk


def _opened(row: Opening) -> str:
    if not row.found:
        return _("记下了，这次没有信。等另一个人确认。")
    said = _("记下了，有 %(n)d 封信。请一封一封拍照、登记，等另一个人确认。")
    return said % {"n": row.found}


def _others(actor: Actor) -> choices.Pairs:
    """Whoever may have been the second: they can sign in and find it."""
    return [(key, label) for key, label in choices.staff(policies.SECONDS) if key != str(actor.person_id)]
