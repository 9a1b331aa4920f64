"""Several matters at once: what will be done to how many and why not to the others, then done, then what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import ClassVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from shuoshi.desk import forms
from shuoshi.desk import selection as chosen
from shuoshi.desk.downloads import PDF, file_of
from shuoshi.desk.forms.several import FORMS, SeveralForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.selection import Deed, Selection
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.papers import press
from shuoshi.kernel.web import PageData, number_in, page, show, staff
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.matters import actions, papers
from shuoshi.matters.actions.several import MOST, Chosen, Ended, run_each, words_of
from shuoshi.matters.case import Case
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.several import cases
from shuoshi.organization.profile import stored

PER_FILE = 50  # papers of one PDF: what a child may take in time and memory suffices for twice as many
LASTS = timedelta(seconds=20)  # of one request: what is left then goes on with the next press


@dataclass(frozen=True)
class Line:
    """One matter of a selection; `why` is what keeps it from being done, or kept it."""

    matter: Matter
    why: str = ""


@dataclass(frozen=True)
class SelectionPage(PageData):
    """Before: `doing` are those it will be done to, `not_doing` the others with their reasons.

    `gone`: how many this person may not know of any more. `left`: how many a press before this one did not come to,
    `done`: how many it was done to.
    """

    template: ClassVar[str] = "desk/selection.html"
    selection: Selection
    label: str
    icon: str
    doing: Sequence[Line]
    not_doing: Sequence[Line]
    gone: int
    form: Form
    happens: str
    verb: str
    left: int = 0
    done: int = 0


@dataclass(frozen=True)
class EndedPage(PageData):
    """After: what was done, what was refused and why, each with its link.

    `total` counts what was done, also what this person may not know of since then; `gone` what was out of sight before.
    """

    template: ClassVar[str] = "desk/selection_ended.html"
    selection: Selection
    label: str
    total: int
    done: Sequence[Line]
    refused: Sequence[Line]
    gone: int
    files: Sequence[range]  # of what was printed, which of the papers lie in which file


@page(access=staff, methods=("POST",))
def choose(request: DeskRequest) -> HttpResponse:
    """Put by what was ticked in a list; its page asks before anything is done."""
    if request.POST.get("do") not in chosen.offered(request.actor):
        raise Http404
    rows, back = chosen.ticked(request.POST.getlist("rows")), _back(request)
    if not rows:
        messages.error(request, _("还没有选。先勾选要办的事，再按要做的那一项。"))
        return redirect(back)
    if len(rows) > MOST:
        messages.error(
            request,
            _("一次最多选 %(most)d 件，您选了 %(n)d 件，一件也没有办。请分几次。") % {"most": MOST, "n": len(rows)},
        )
        return redirect(back)
    token = chosen.keep(request.account.pk, Deed(request.POST["do"]), rows, back)
    return redirect("desk:selection", token)


@page(access=staff)
def selection(request: DeskRequest, token: str) -> HttpResponse:
    """GET says what will be done and what cannot be; POST does it, one matter after another."""
    found = chosen.load(token, request.account.pk)
    if found is None or found.deed not in chosen.offered(request.actor):
        raise Http404
    if found.ended:
        return show(request, _ended(request.actor, found))
    before = cases(request.actor, found.keys, clock.now())
    why_not = chosen.why_not(found.deed, before)
    form = _form(request, found.deed, before, why_not)
    if request.method == "POST" and form.is_valid() and before:
        ended = _carried_out(request.actor, found, before, why_not, form)
        if len(ended) == len(before):
            chosen.end(request.account.pk, found, ended)
            return redirect("desk:selection", token)
        return show(request, _before(request.actor, found, form, ended), status=200)
    return show(request, _before(request.actor, found, form))


@page(access=staff, methods=("GET",))
def pdf(request: DeskRequest, token: str) -> HttpResponse:
    """What was issued for a selection, in the order it was chosen, as far as it is in sight; `?part=` where it is much."""
    found = chosen.load(token, request.account.pk)
    if found is None or found.deed not in chosen.PAPERS:
        raise Http404
    done, kind = {one.matter_id for one in found.ended if one.done}, chosen.PAPERS[found.deed]
    seen = cases(request.actor, [key for key in found.keys if key in done], clock.now())
    parts, part = _files(len(seen)), number_in(request.GET.get("part", "1"))
    if part is None or not 1 <= part <= len(parts):
        raise Http404
    here = [seen[n - 1].matter for n in parts[part - 1] if actions.may_read_paper(seen[n - 1], kind)]
    documents = actions.newest_documents(here, kind)
    made = [papers.of_document(document, request.build_absolute_uri("/paper/")) for document in documents]
    if not made:
        raise Http404
    now = clock.now()
    file = press.Several(made, title=str(kind.label), author=made[0].author, made_at=now).pdf()
    return file_of(file.data, f"{kind}-{clock.local(now):%Y%m%d-%H%M}-{part}.pdf", PDF, inline="open" in request.GET)


def _files(papers_: int) -> list[range]:
    """Which papers lie in which file, counted from 1."""
    return [range(first, min(first + PER_FILE, papers_ + 1)) for first in range(1, papers_ + 1, PER_FILE)]


def _carried_out(
    actor: Actor, found: Selection, before: Sequence[Case], why_not: Mapping[UUID, str], form: Form
) -> list[Ended]:
    """What came of each, in their order; shorter than `before` when the time was over."""
    until = clock.now() + LASTS
    if isinstance(form, SeveralForm):
        turns = {row.key: row.turn for row in found.rows}
        several = [Chosen(case.matter.pk, turns[case.matter.pk], form.terms_for(case.matter)) for case in before]
        unchanged = {case.matter.pk for case in before if case.matter.turn == turns[case.matter.pk]}
        refused = {
            key: why for key, why in why_not.items() if key in unchanged
        }  # of the others the door says who acted
        return run_each(several, actor=actor, key=found.key, refused=refused, until=until)
    ended: list[Ended] = []
    for case in before:
        if ended and clock.now() >= until:
            break
        ref = chosen.paper_of(case, chosen.PAPERS[found.deed])
        issued = partial(actions.issue_paper, case.matter.pk, ref, actor=actor)
        ended.append(Ended(case.matter.pk, why_not.get(case.matter.pk) or words_of(issued)))
    return ended


def _form(request: DeskRequest, deed: Deed, before: Sequence[Case], why_not: Mapping[UUID, str]) -> Form:
    """The fields of the single action, once for all; papers ask for nothing."""
    if deed not in chosen.ACTIONS or not before:
        return Form(posted(request))
    possible = [case.matter for case in before if case.matter.pk not in why_not]
    first = (possible or [before[0].matter])[0]
    about = forms.About(matter=first, actor=request.actor, profile=stored.version(first.profile_id))
    made = FORMS[chosen.ACTIONS[deed]]
    return made(
        posted(request),
        about=about,
        matters=[case.matter for case in before],
        possible=[matter.pk for matter in possible],
    )


def _before(actor: Actor, found: Selection, form: Form, ended: Sequence[Ended] = ()) -> SelectionPage:
    """Asked anew where a press came to some of them only; what it did is counted and asked about no more."""
    now = cases(actor, found.keys, clock.now())
    why_not = _changed(found, now) | chosen.why_not(found.deed, now)
    done = {one.matter_id for one in ended if one.done}
    lines = [Line(case.matter, why_not.get(case.matter.pk, "")) for case in now if case.matter.pk not in done]
    doing = [line for line in lines if not line.why]
    prints = found.deed in chosen.PAPERS
    return SelectionPage(
        selection=found,
        label=str(found.deed.label),
        icon=chosen.ICONS[found.deed],
        doing=doing,
        not_doing=[line for line in lines if line.why],
        gone=len(found.rows) - len(now),
        form=form,
        happens=_("每件出具一份；已经出具过、内容没有变的，用原来那一份。")
        if prints
        else str(getattr(form, "happens", "")),
        verb=_("出具并打印") if prints else str(getattr(form, "verb", "")),
        left=len(now) - len(ended) if ended else 0,
        done=len(done),
    )


def _changed(found: Selection, now: Sequence[Case]) -> dict[UUID, str]:
    """What moved on since it stood in the list: it is opened, not overwritten. A paper says what is so now."""
    if found.deed in chosen.PAPERS:
        return {}
    turns = {row.key: row.turn for row in found.rows}
    said = _("列表上看到以后，这件事又有了变化，请打开看一看，单独办。")
    return {case.matter.pk: said for case in now if case.matter.turn != turns[case.matter.pk]}


def _ended(actor: Actor, found: Selection) -> EndedPage:
    seen = {case.matter.pk: case.matter for case in cases(actor, found.keys, clock.now())}
    lines = [Line(seen[one.matter_id], one.why) for one in found.ended if one.matter_id in seen]
    done = [line for line in lines if not line.why]
    return EndedPage(
        selection=found,
        label=str(found.deed.label),
        total=sum(one.done for one in found.ended),
        done=done,
        refused=[line for line in lines if line.why],
        gone=len(found.rows) - len(found.ended),
        files=_files(len(done)) if found.deed in chosen.PAPERS else (),
    )


def _back(request: DeskRequest) -> str:
    """The list one came from: an address of the desk, or one's own day."""
    given = request.POST.get("back", "")
    ours = given.startswith("/desk/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None)
    return given if ours else reverse("desk:my_day")
