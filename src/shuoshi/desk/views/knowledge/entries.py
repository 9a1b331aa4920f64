"""The list of entries, and one entry: as residents see it, what waits to be published, its history, its deeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shuoshi.desk import filters
from shuoshi.desk.forms.knowledge import HandOverForm, ReviewForm, WhyForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.knowledge import shown
from shuoshi.kernel import clock
from shuoshi.kernel.web import Page, PageData, page, show, staff
from shuoshi.kernel.web.forms import Form
from shuoshi.knowledge import actions, policies
from shuoshi.knowledge import queries as knowledge
from shuoshi.knowledge.models import Entry, EntryVersion, State
from shuoshi.matters.queries import names_somebody
from shuoshi.matters.queries.answers import times_cited
from shuoshi.organization import profile
from shuoshi.organization import queries as organization

_NAMES = ("state", "unit", "category", "marked")
_LONGEST = 100


@dataclass(frozen=True)
class ListPage(PageData):
    template: ClassVar[str] = "desk/knowledge/list.html"
    rows: Sequence[shown.Row]
    found: Page[Entry]
    selects: Sequence[filters.Select]
    typed: str
    narrowed: bool
    may_write: bool


@dataclass(frozen=True)
class VersionRow:
    """One version of the list beneath an entry."""

    version: EntryVersion
    in_force: bool
    stood: bool
    may_stand_again: bool


@dataclass(frozen=True)
class EntryPage(PageData):
    """`version` is what is in force (or what was last); `proposal` waits beside it, with the names of what differs."""

    template: ClassVar[str] = "desk/knowledge/entry.html"
    entry: Entry
    version: EntryVersion
    heading: str  # above its words
    categories: Sequence[str]
    marks: Sequence[shown.Mark]
    cited: int
    proposal: EntryVersion | None
    differs: Sequence[str]
    versions: Sequence[VersionRow]
    history: Sequence[knowledge.Change]
    can: Mapping[str, bool]
    why_not_publish: str
    review: ReviewForm
    why: WhyForm
    decline_why: WhyForm
    hand_over: HandOverForm | None


@page(access=staff)
def listed(request: DeskRequest) -> HttpResponse:
    """Everything this person may read, narrowed by an address that never holds a number. Four statements."""
    if request.method == "POST" or names_somebody(request.GET.get("q", "")):
        return _to_address(request)
    rules, today = profile.current(), clock.local(clock.now()).date()
    typed = request.GET.get("q", "").strip()[:_LONGEST]
    selects = _selects(request.GET, rules)
    chosen = {select.name: select.value for select in selects}
    found = knowledge.listing(
        request.actor, knowledge.Filters(typed=typed, **chosen), today, request.GET.get("after", "")
    )
    cited = times_cited(entry.pk for entry in found.rows)
    return show(
        request,
        ListPage(
            rows=shown.rows(found.rows, rules, today, cited),
            found=found,
            selects=selects,
            typed=typed,
            narrowed=bool(typed or any(chosen.values())),
            may_write=policies.writes_at_all(request.actor),
        ),
    )


@page(access=staff)
def entry(request: DeskRequest, number: int) -> HttpResponse:
    """One entry. POST does one deed (`do`), GET shows."""
    try:
        found = knowledge.by_number(request.actor, number)
    except Entry.DoesNotExist:
        raise Http404 from None
    review = ReviewForm(_own(request, "confirm"), prefix="confirm")
    why = WhyForm(_own(request, "retire"), prefix="retire")
    decline = WhyForm(_own(request, "decline"), prefix="decline")
    do = request.POST.get("do", "")
    hand_over = None
    if do == "hand_over" or policies.manages(request.actor, found.unit):
        hand_over = HandOverForm(_own(request, "hand_over"), actor=request.actor, entry=found, prefix="hand")
    if request.method == "POST":
        done = _DEEDS.get(do)
        form: Form | None = {"confirm": review, "retire": why, "decline": decline, "hand_over": hand_over}.get(do)
        if done is None:
            raise Http404
        if form is None or form.is_valid():
            messages.success(request, done(request, found, form.cleaned_data if form else {}))
            return redirect("desk:knowledge_entry", number)
    return _shown(request, found, review, why, decline, hand_over)


def _shown(
    request: DeskRequest,
    found: Entry,
    review: ReviewForm,
    why: WhyForm,
    decline: WhyForm,
    hand_over: HandOverForm | None,
) -> HttpResponse:
    rules, today = profile.current(), clock.local(clock.now()).date()
    writes = policies.writes(request.actor, found.unit)
    manages = policies.manages(request.actor, found.unit)
    proposal = found.waiting if writes else None
    version = shown.newest(found)
    published = found.state == State.PUBLISHED
    wrong = any(form is not None and form.is_bound for form in (review, why, decline, hand_over))
    return show(
        request,
        EntryPage(
            entry=found,
            version=version,
            heading=_heading(found, version),
            categories=[shown.category(rules, code) for code in version.codes],
            marks=shown.marks(found, today),
            cited=times_cited([found.pk]).get(found.pk, 0),
            proposal=proposal,
            differs=_differs(found.current, proposal) if found.current and proposal else [],
            versions=_versions(found, manages) if writes else [],
            history=knowledge.history(found) if writes else [],
            can={
                "write": writes,
                "publish": proposal is not None and not _why_not(request, found, proposal),
                "decline": proposal is not None and manages,
                "retire": manages and found.state != State.RETIRED,
                "confirm": published and policies.keeps(request.actor, found.unit),
                "open": published and version.is_public,
            },
            why_not_publish=_why_not(request, found, proposal) if proposal else "",
            review=review,
            why=why,
            decline_why=decline,
            hand_over=hand_over,
        ),
        status=422 if wrong else 200,
    )


def _heading(found: Entry, version: EntryVersion) -> str:
    if found.state == State.PUBLISHED:
        return _("群众看到的样子") if version.is_public else _("工作人员看到的样子")
    return _("停用前的内容") if found.state == State.RETIRED else _("退回的内容")


def _versions(found: Entry, manages: bool) -> list[VersionRow]:
    rows = []
    for version, stood in knowledge.versions(found):
        in_force = found.state == State.PUBLISHED and version.pk == found.current_id
        rows.append(VersionRow(version, in_force, stood, may_stand_again=manages and stood and not in_force))
    return rows


def _why_not(request: DeskRequest, found: Entry, version: EntryVersion) -> str:
    """Why this person cannot publish it, in words; "" when they can."""
    refusal = policies.publishing(request.actor, found.unit, version, stood_before=False)
    return f"{refusal.text}{_('可找：%(who)s。') % {'who': refusal.who_could}}" if refusal else ""


def _differs(before: EntryVersion, after: EntryVersion) -> list[str]:
    names = {
        "question": _("问题"),
        "answer": _("答案"),
        "words": _("群众的说法"),
        "categories": _("类别"),
        "sources": _("依据"),
        "audience": _("给谁看"),
        "review_on": _("下次复核的日期"),
    }
    return [label for name, label in names.items() if getattr(before, name) != getattr(after, name)]


def _publish(request: DeskRequest, found: Entry, data: dict[str, Any]) -> str:
    actions.publish(found.pk, _version(request), actor=request.actor)
    return _("发布了。")


def _decline(request: DeskRequest, found: Entry, data: dict[str, Any]) -> str:
    actions.decline(found.pk, _version(request), data["why"], actor=request.actor)
    return _("退回了，写的人看得到原因。")


def _retire(request: DeskRequest, found: Entry, data: dict[str, Any]) -> str:
    actions.retire(found.pk, data["why"], actor=request.actor)
    return _("停用了，群众和登记页都查不到这一条了。")


def _confirm(request: DeskRequest, found: Entry, data: dict[str, Any]) -> str:
    actions.confirm_reviewed(found.pk, data["until"], actor=request.actor)
    return _("记下了：核对过，内容没有变。")


def _hand_over(request: DeskRequest, found: Entry, data: dict[str, Any]) -> str:
    entry_ = actions.hand_over(found.pk, data["unit"], actor=request.actor)
    return _("改由%(unit)s负责了。") % {"unit": entry_.unit.name}


_DEEDS: dict[str, Callable[[DeskRequest, Entry, dict[str, Any]], str]] = {
    "publish": _publish,
    "decline": _decline,
    "retire": _retire,
    "confirm": _confirm,
    "hand_over": _hand_over,
}


def _version(request: DeskRequest) -> int:
    """The number of the version whose button was pressed; Http404 for what no page of ours posts."""
    number = request.POST.get("version", "")
    if not (number.isascii() and number.isdigit() and 0 < len(number) < 6):
        raise Http404
    return int(number)


def _own(request: DeskRequest, deed: str) -> QueryDict | None:
    """What was posted, for the one form it was posted from."""
    return request.POST if request.method == "POST" and request.POST.get("do") == deed else None


def _to_address(request: DeskRequest) -> HttpResponse:
    """The list is an address; what may be somebody's number stays out of it."""
    given = request.POST if request.method == "POST" else request.GET
    typed = given.get("q", "").strip()[:_LONGEST]
    address = QueryDict(mutable=True)
    address.update({name: given[name] for name in _NAMES if given.get(name)})
    if names_somebody(typed):
        messages.warning(request, _("知识库里没有个人的号码，这一串没有拿去查。"))
    elif typed:
        address["q"] = typed
    return redirect(f"{request.path}?{address.urlencode()}" if address else request.path)


def _selects(query: QueryDict, rules: profile.Profile) -> list[filters.Select]:
    """The selects of the bar; a value nobody knows is dropped."""
    marked = [("review", _("快到复核日和已到的")), ("waiting", _("等发布的"))]
    known: list[tuple[str, str, list[tuple[str, str]]]] = [
        ("state", _("状态"), [(one.value, str(one.label)) for one in State]),
        ("unit", _("责任单位"), [(str(unit.pk), unit.short_name) for unit in organization.units()]),
        (
            "category",
            _("类别"),
            [(group.code, f"{kind} › {group}") for kind in rules.kinds for group in kind.categories],
        ),
        ("marked", _("要留意的"), marked),
    ]
    found = []
    for name, label, pairs in known:
        value = query.get(name, "")
        value = value if value in dict(pairs) else ""
        options = tuple(filters.Option(code, words, code == value) for code, words in pairs)
        found.append(filters.Select(name=name, label=label, options=options, value=value))
    return found
