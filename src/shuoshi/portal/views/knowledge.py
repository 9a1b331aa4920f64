"""The answers everybody may read: the list by category, a search without script, one answer with what it rests on.

What is searched for is posted: somebody may type a name or a number, and addresses end in histories and logs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.knowledge import finding
from shuoshi.knowledge import queries as knowledge
from shuoshi.knowledge.models import Entry, EntryVersion
from shuoshi.matters.vocabulary import Kind
from shuoshi.organization import profile

FRESH = 300  # seconds in which the same page may be shown again without asking
FOUND = 12
_LONGEST = 100


@dataclass(frozen=True)
class Group:
    """Answers of one group of categories, in the order of the profile."""

    title: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class ListPage(PageData):
    template: ClassVar[str] = "portal/knowledge.html"
    groups: Sequence[Group]


@dataclass(frozen=True)
class SearchPage(PageData):
    template: ClassVar[str] = "portal/knowledge_found.html"
    typed: str
    found: Sequence[Entry]


@dataclass(frozen=True)
class EntryPage(PageData):
    template: ClassVar[str] = "portal/knowledge_entry.html"
    entry: Entry
    version: EntryVersion


@page(access=public, methods=("GET",))
def listed(request: HttpRequest) -> HttpResponse:
    """Everything residents read, group by group. Three statements, whatever the number."""
    return _kept(show(request, ListPage(groups=_groups(knowledge.public_list(), profile.current()))))


@csrf_exempt  # asks and changes nothing, and a page without a token is the same for everybody
@page(access=public, methods=("POST",))
def search(request: HttpRequest) -> HttpResponse:
    """What answers the words that were typed. Nothing of them is kept."""
    typed = " ".join(request.POST.get("q", "").split())[:_LONGEST]
    found = finding.find(knowledge.for_everybody(), typed, most=FOUND) if typed else []
    return show(request, SearchPage(typed=typed, found=found))


@page(access=public, methods=("GET",))
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One answer; an entry for staff, a draft, and one that is out of force are not there."""
    try:
        found = knowledge.public_entry(number)
    except Entry.DoesNotExist:
        raise Http404 from None
    assert found.current is not None
    return _kept(show(request, EntryPage(entry=found, version=found.current)))


def _kept(response: HttpResponse) -> HttpResponse:
    """The same for everybody who reads in the same language and size, so that caches may keep it a while."""
    patch_cache_control(response, public=True, max_age=FRESH)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])
    return response


def _groups(entries: Sequence[Entry], rules: profile.Profile) -> list[Group]:
    """In the order of the profile; what its rules no longer know comes last."""
    by_group: dict[str, list[Entry]] = {}
    for one in entries:
        assert one.current is not None
        by_group.setdefault(_group_code(rules, one.current.codes[0]), []).append(one)
    known = [(group.code, _title(kind, group)) for kind in rules.kinds for group in kind.categories]
    found = [Group(title, by_group.pop(code)) for code, title in known if code in by_group]
    rest = [one for group in by_group.values() for one in group]
    return [*found, Group(_("其他"), rest)] if rest else found


def _title(kind: profile.Kind, group: profile.Category) -> str:
    """Residents are not asked for kinds: that of most answers goes without saying."""
    return str(group) if kind.code == Kind.POLICY_ENQUIRY else f"{kind} › {group}"


def _group_code(rules: profile.Profile, code: str) -> str:
    try:
        group = rules.group_of(code)
    except KeyError:
        return ""
    return group.code if group else code
