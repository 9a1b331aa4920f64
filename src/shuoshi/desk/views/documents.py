"""The papers of a matter as Word and PDF: preview, issuing, downloads, and the print that names people.

Looking writes nothing; issuing fixes what the paper says, once for the same content. What is issued, actions.issue_paper
knows; the query code stands on none of these papers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.desk import disclosure
from shuoshi.desk.again import fresh
from shuoshi.desk.downloads import DOCX, PDF, file_of, private
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import radios
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.reveal import ReasonForm
from shuoshi.kernel import clock
from shuoshi.kernel.papers import press
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import PageData, number_in, page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters import actions, answer_texts, papers
from shuoshi.matters.case import Case
from shuoshi.matters.models import Document, Matter, Party
from shuoshi.matters.papers import PaperKind, Ref, receipts
from shuoshi.matters.queries import as_resident, standing, visible_to
from shuoshi.matters.queries.matter import RELATED
from shuoshi.matters.vocabulary import Naming
from shuoshi.people import actions as people
from shuoshi.people.models import RevealedField


@dataclass(frozen=True)
class Line:
    """One paper of the list, and its newest edition if it was issued."""

    ref: Ref
    document: Document | None


@dataclass(frozen=True)
class ListPage(PageData):
    template: ClassVar[str] = "desk/documents/list.html"
    matter: Matter
    lines: Sequence[Line]


@dataclass(frozen=True)
class PaperPage(PageData):
    """`changed`: the matter says something else by now than what was issued; `shows_now`: that is what is shown."""

    template: ClassVar[str] = "desk/documents/paper.html"
    matter: Matter
    ref: Ref
    document: Document | None
    changed: bool
    shows_now: bool
    pages: Sequence[int]
    all_pages: int
    replaced: Sequence[str]
    problem: str
    why_not: str  # why this person does not issue it; "" when they may
    names_somebody: bool
    text: str  # of an answer to a superior body, to be copied into its system


class NamedForm(ReasonForm):
    """Why the names are written out, and as what."""

    kind = radios(gettext_lazy("要哪种文件"), [("pdf", "PDF"), ("docx", "Word")], initial="pdf")


@dataclass(frozen=True)
class NamedPage(PageData):
    template: ClassVar[str] = "desk/documents/named.html"
    matter: Matter
    ref: Ref
    form: NamedForm


@page(access=staff, methods=("GET",))
def documents(request: DeskRequest, number: str) -> HttpResponse:
    """What can be had of this matter. As many statements, whatever its length."""
    matter = _matter(request, number)
    case = _case(request, matter)
    issued = {(one.kind, one.ordinal): one for one in matter.documents.order_by("edition").defer("content")}
    refs = [ref for ref in papers.refs(matter) if actions.may_read_paper(case, ref.kind)]
    return show(request, ListPage(matter, [Line(ref, issued.get((ref.kind, ref.ordinal))) for ref in refs]))


@page(access=staff)
def document(request: DeskRequest, number: str, name: str) -> HttpResponse:
    """GET shows the paper as it was issued, else as it would be; POST issues it."""
    matter, ref = _found(request, number, name)
    if request.method == "POST":
        made = actions.issue_paper(matter.pk, ref, actor=request.actor)
        messages.success(request, _("出具好了，编号 %(number)s。") % {"number": made.number})
        return redirect("desk:document", number, name)
    issued, content = actions.last_document(matter, ref), papers.content_of(matter, ref)
    changed = issued is not None and not actions.says(issued, content)
    now = issued is None or (changed and "now" in request.GET)
    preview, problem = measured(_paper(request, matter, ref, None if now else issued, content))
    return show(
        request,
        PaperPage(
            matter=matter,
            ref=ref,
            document=issued,
            changed=changed,
            shows_now=now,
            pages=range(1, len(preview.pictures) + 1),
            all_pages=preview.pages,
            replaced=[choices.named(one, f"U+{ord(one):04X}") for one in preview.replaced],
            problem=problem,
            why_not=actions.may_not_issue(_case(request, matter), ref.kind),
            names_somebody=bool(_nameable(matter)),
            text=answer_texts.text_for(matter, request.actor) if ref.kind == PaperKind.ORDER_ANSWER else "",
        ),
    )


@page(access=staff, methods=("GET",))
def document_page(request: DeskRequest, number: str, name: str) -> HttpResponse:
    """One page of the preview as a picture; `?now` of what would be issued."""
    matter, ref = _found(request, number, name)
    issued = None if "now" in request.GET else actions.last_document(matter, ref)
    content = {} if issued else papers.content_of(matter, ref)
    return picture_of(request, _paper(request, matter, ref, issued, content))


@page(access=staff, methods=("GET",))
def document_pdf(request: DeskRequest, number: str, name: str) -> HttpResponse:
    """The issued paper as PDF; `?open` in the browser, where it can be printed."""
    paper, called = _to_take(request, number, name)
    return file_of(paper.pdf().data, f"{called}.pdf", PDF, inline="open" in request.GET)


@page(access=staff, methods=("GET",))
def document_word(request: DeskRequest, number: str, name: str) -> HttpResponse:
    """The issued paper as a Word document."""
    paper, called = _to_take(request, number, name)
    return file_of(paper.docx().data, f"{called}.docx", DOCX)


@page(access=fresh(staff))
def document_named(request: DeskRequest, number: str, name: str) -> HttpResponse:
    """The issued paper with names and telephones written out: for whoever may see them, with a reason, recorded."""
    matter, ref = _found(request, number, name)
    document = _issued(matter, ref)
    case = _case(request, matter)
    parties = _nameable(matter)
    if not parties or not all(disclosure.card(case, party).may_reveal for party in parties):
        return forbidden(
            request, _("这份文书不能写明姓名：没有可以写明的人，或者不归您联系。"), who_could=_("受理中心登记员")
        )
    content = papers.in_clear(json.loads(document.content), papers.parties_of(matter))
    preset = all(disclosure.card(case, party).preset for party in parties)
    form = NamedForm(posted(request), preset=preset)
    if request.method != "POST" or not form.is_valid():
        return show(request, NamedPage(matter, ref, form))
    paper, kind = papers.of_document(document, _address(request), content), form.cleaned_data["kind"]
    made = paper.docx() if kind == "docx" else paper.pdf()  # first: what cannot be made was not looked at
    looks = [(party.person_id, field) for party in parties for field in (RevealedField.NAME, RevealedField.PHONE)]
    people.reveal_all(looks, form.cleaned_data["reason"], form.cleaned_data["words"], actor=request.actor)
    return file_of(made.data, f"{document.number}.{kind}", DOCX if kind == "docx" else PDF)


def _to_take(request: DeskRequest, number: str, name: str) -> tuple[press.Paper, str]:
    """A paper that was issued, or the receipt's copy for the file, which bears no code; and what the file is called."""
    if name == PaperKind.RECEIPT:
        matter = _matter(request, number)
        if matter.is_part:
            raise Http404  # the receipt is that of the whole
        told = as_resident(matter, clock.now())
        return receipts.for_the_file(matter, request.build_absolute_uri("/track/"), told.next), f"{number}-copy"
    document = _issued(*_found(request, number, name))
    return papers.of_document(document, _address(request)), document.number


def _matter(request: DeskRequest, number: str) -> Matter:
    """Of what was destroyed no paper can be made; number, dates and end stand on the page of the matter."""
    matter = get_object_or_404(visible_to(request.actor).select_related(*RELATED), number=number)
    if matter.is_erased:
        raise Refused("destroyed", _("这件事的档案已经销毁，文书也不能再出。"))
    return matter


def _found(request: DeskRequest, number: str, name: str) -> tuple[Matter, Ref]:
    """The paper an address names, for whoever may read it."""
    matter = _matter(request, number)
    ref = papers.ref(matter, name)
    if ref is None or not actions.may_read_paper(_case(request, matter), ref.kind):
        raise Http404
    return matter, ref


def _case(request: DeskRequest, matter: Matter) -> Case:
    return Case(actor=request.actor, matter=matter, standing=standing(request.actor, matter), now=clock.now())


def _issued(matter: Matter, ref: Ref) -> Document:
    document = actions.last_document(matter, ref)
    if document is None:
        raise Http404
    return document


def _nameable(matter: Matter) -> list[Party]:
    """Parties whose names may be written out at all."""
    return [party for party in papers.parties_of(matter) if party.naming != Naming.CONFIDENTIAL]


def _paper(
    request: DeskRequest, matter: Matter, ref: Ref, issued: Document | None, content: papers.Content
) -> press.Paper:
    if issued is not None:
        return papers.of_document(issued, _address(request))
    return papers.of_draft(matter, ref, content)


def picture_of(request: DeskRequest, paper: press.Paper) -> HttpResponse:
    """The page of a preview that `?n=` asks for."""
    asked = number_in(request.GET.get("n", "1"))
    pictures = paper.pictures().pictures
    if asked is None or not 0 < asked <= len(pictures):
        raise Http404
    return private(HttpResponse(pictures[asked - 1], content_type="image/png"))


def measured(paper: press.Paper) -> tuple[press.Made, str]:
    """How many pages there are and what cannot be printed; an own template that fails is said on the page."""
    try:
        return paper.pictures(), ""
    except press.NotMade as problem:
        return press.Made(b""), problem.text


def _address(request: DeskRequest) -> str:
    """Where papers are checked by whoever holds one."""
    return request.build_absolute_uri("/paper/")
