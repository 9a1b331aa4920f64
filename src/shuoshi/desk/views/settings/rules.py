"""The rules: reading the version in force, changing a draft of it, seeing what would change, publishing, going back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms import rules as forms
from shuoshi.desk.forms.categories import CategoryForm, NewCategoryForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import drafts
from shuoshi.kernel.web import PageData, page, show
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.organization import actions
from shuoshi.organization.models import ProfileVersion
from shuoshi.organization.profile import Profile, Question, editing, stored
from shuoshi.organization.profile.editing import Data, Difference

FORM = "rules"


@dataclass(frozen=True)
class Draft:
    """What this administrator is changing: the version it began from, and the data as they are now."""

    base: int
    data: Data


@dataclass(frozen=True)
class RulesPage(PageData):
    """The version in force, its limits as (step, basis, (kind, limit)…), and earlier ones."""

    template: ClassVar[str] = "desk/settings/profile.html"
    profile: Profile
    versions: Sequence[ProfileVersion]
    steps: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]
    changed: int  # pieces that differ in the own draft; -1 where there is none


@dataclass(frozen=True)
class HubPage(PageData):
    template: ClassVar[str] = "desk/settings/rules/hub.html"
    sections: Sequence[tuple[str, str]]
    changed: int


@dataclass(frozen=True)
class CategoriesPage(PageData):
    template: ClassVar[str] = "desk/settings/rules/categories.html"
    kinds: Sequence[Data]
    form: NewCategoryForm


@dataclass(frozen=True)
class CategoryPage(PageData):
    """`preview` is what the resident is asked, as it would be asked; `problem` why it cannot be drawn yet."""

    template: ClassVar[str] = "desk/settings/rules/category.html"
    category: Data
    form: CategoryForm
    preview: Sequence[Question]


@dataclass(frozen=True)
class FormPage(PageData):
    """`beside`: how many fields stand beside each other where there is room (limits by kind, three languages)."""

    template: ClassVar[str] = "desk/settings/rules/form.html"
    title: str
    form: Form
    back: str
    note: str = ""
    beside: int = 1


@dataclass(frozen=True)
class PreviewPage(PageData):
    """What publishing would change; `problems` keep it from being published; `behind` when somebody else published."""

    template: ClassVar[str] = "desk/settings/rules/preview.html"
    form: forms.PublishForm
    found: Sequence[Difference]
    problems: Sequence[str]
    behind: int


@dataclass(frozen=True)
class VersionPage(PageData):
    template: ClassVar[str] = "desk/settings/rules/version.html"
    version: ProfileVersion
    found: Sequence[Difference]
    current: bool
    form: forms.PublishForm


# ── the draft ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _draft(request: DeskRequest) -> Draft | None:
    found = drafts.latest(request.account.pk, FORM)
    if found is None:
        return None
    stored.bring_up_to_date(found.body["data"])
    return Draft(found.body["base"], found.body["data"])


def _keep(request: DeskRequest, draft: Draft) -> None:
    drafts.drop_of(request.account.pk, FORM)
    body = {"base": draft.base, "data": draft.data}
    drafts.save(drafts.new_token(), FORM, body, owner=request.account.pk)


def _newest() -> ProfileVersion:
    return ProfileVersion.objects.order_by("-number")[0]


def _standing(number: int) -> Data:
    return _opened(ProfileVersion.objects.values_list("content", flat=True).get(number=number))


def _opened(content: str) -> Data:
    return editing.opened(stored.parse(content))


def drafted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hand the view this administrator's draft; without one, back to the rules."""

    @wraps(view)
    def with_draft(request: DeskRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        draft = _draft(request)
        return redirect("desk:set_profile") if draft is None else view(request, draft, *args, **kwargs)

    return with_draft


# ── reading ────────────────────────────────────────────────────────────────────────────────────────────────────────


@page(access=rights.administrator)
def rules(request: DeskRequest) -> HttpResponse:
    """GET shows the rules in force; POST begins a draft of them, or throws the draft away."""
    if request.method == "POST":
        drafts.drop_of(request.account.pk, FORM)
        if request.POST.get("do") == "drop":
            return redirect("desk:set_profile")
        newest = _newest()
        _keep(request, Draft(newest.number, _standing(newest.number)))
        return redirect("desk:set_rules")
    profile = stored.current()
    kinds = [kind for kind in profile.kinds if kind.in_loop]
    steps = [
        (str(step.value), str(rule.basis), [(str(kind), _written(profile, step, kind.code)) for kind in kinds])
        for step, rule in profile.limits.steps.items()
    ]
    draft = _draft(request)
    return show(
        request,
        RulesPage(
            profile=profile,
            versions=list(ProfileVersion.objects.defer("content").order_by("-number")),
            steps=steps,
            changed=-1 if draft is None else len(editing.differences(_standing(draft.base), draft.data)),
        ),
    )


def _written(profile: Profile, step: Any, kind: str) -> str:
    limit = profile.limit(step, kind)
    return str(limit) if limit is not None else ""


@page(access=rights.administrator)
def version(request: DeskRequest, number: int) -> HttpResponse:
    """One earlier version: what it changed, and a button that publishes it anew."""
    found = get_object_or_404(ProfileVersion, number=number)
    newest = _newest()
    form = forms.PublishForm(posted(request), initial={"note": _("恢复第 %(n)d 版") % {"n": number}})
    if request.method == "POST" and form.is_valid():
        return _again(request, found, form.cleaned_data["note"])
    before = _standing(number - 1) if number > 1 else {}
    content = _opened(found.content)
    return show(
        request,
        VersionPage(
            version=found,
            found=editing.differences(before, content) if before else [],
            current=found.sha256 == newest.sha256,
            form=form,
        ),
    )


def _again(request: DeskRequest, found: ProfileVersion, note: str) -> HttpResponse:
    published = actions.publish_profile(stored.parse(found.content), note=note, actor=request.actor)
    messages.success(request, _("发布了第 %(n)d 版，从现在登记的事起照它办。") % {"n": published.number})
    return redirect("desk:set_profile")


# ── changing ───────────────────────────────────────────────────────────────────────────────────────────────────────


@page(access=rights.administrator, methods=("GET",))
@drafted
def hub(request: DeskRequest, draft: Draft) -> HttpResponse:
    sections = [
        (str(label), reverse("desk:set_rules_texts", args=[name])) for name, (label, _parts) in forms.SECTIONS.items()
    ]
    changed = len(editing.differences(_standing(draft.base), draft.data))
    return show(request, HubPage(sections=sections, changed=changed))


@page(access=rights.administrator)
@drafted
def categories(request: DeskRequest, draft: Draft) -> HttpResponse:
    """All categories with a form that adds one."""
    form = NewCategoryForm(posted(request), data_of_rules=draft.data)
    if request.method == "POST" and form.is_valid():
        code = editing.add_category(draft.data, form.cleaned_data["beneath"], form.given("name"))
        _keep(request, draft)
        return redirect("desk:set_rules_category", code)
    return show(request, CategoriesPage(kinds=[kind for kind in draft.data["kinds"] if kind["letter"]], form=form))


@page(access=rights.administrator)
@drafted
def category(request: DeskRequest, draft: Draft, code: str) -> HttpResponse:
    """One category: name, marks, questions; or take it out."""
    found = _found(draft, code)
    if request.POST.get("do") == "remove":
        editing.remove_category(draft.data, code)
        _keep(request, draft)
        messages.success(request, _("去掉了。发布以后，新登记的事就不能选它；以前的事照旧。"))
        return redirect("desk:set_rules_categories")
    if request.POST.get("do") == "remove_question":
        editing.remove_question(draft.data, code, request.POST.get("question", ""))
        _keep(request, draft)
        return redirect("desk:set_rules_category", code)
    form = CategoryForm(posted(request), standing=found)
    if request.method == "POST" and form.is_valid():
        form.write(found)
        _keep(request, draft)
        messages.success(request, _("记下了，还没有发布。"))
        return redirect("desk:set_rules_category", code)
    return show(request, CategoryPage(category=found, form=form, preview=_asked(found)))


def _asked(found: Data) -> list[Question]:
    return [Question.model_validate(question) for question in found["questions"]]


@page(access=rights.administrator)
@drafted
def question(request: DeskRequest, draft: Draft, code: str, asked: str) -> HttpResponse:
    """One question of a category, or a new one (`new`)."""
    found = _found(draft, code)
    codes = [one["code"] for one in found["questions"]]
    if asked != "new" and asked not in codes:
        raise Http404
    place = codes.index(asked) if asked in codes else len(codes)
    standing = found["questions"][place] if asked in codes else None
    form = forms.QuestionForm(posted(request), standing=standing, earlier=found["questions"][:place])
    if request.method == "POST" and form.is_valid():
        editing.set_question(draft.data, code, form.question(codes), replaces=asked)
        _keep(request, draft)
        return redirect("desk:set_rules_category", code)
    title = _("改一个小问题") if standing else _("加一个小问题")
    return show(request, FormPage(title=title, form=form, back=reverse("desk:set_rules_category", args=[code])))


@page(access=rights.administrator)
@drafted
def limits(request: DeskRequest, draft: Draft) -> HttpResponse:
    note = _("写“7 个工作日”“4 个工作小时”“60 日”“30 分钟”或“当天”。法定最长的期限不能改，超过的按法定算。")
    return _edit(request, draft, forms.LimitsForm(posted(request), rules=draft.data), _("时限"), note, beside=4)


@page(access=rights.administrator)
@drafted
def numbers(request: DeskRequest, draft: Draft) -> HttpResponse:
    return _edit(request, draft, forms.NumbersForm(posted(request), rules=draft.data), _("次数和天数"))


@page(access=rights.administrator)
@drafted
def texts(request: DeskRequest, draft: Draft, section: str) -> HttpResponse:
    if section not in forms.SECTIONS:
        raise Http404
    form = forms.TextsForm(posted(request), rules=draft.data, section=section)
    return _edit(request, draft, form, str(forms.SECTIONS[section][0]), beside=3)


def _edit(
    request: DeskRequest, draft: Draft, form: Any, title: str, note: str = "", *, beside: int = 1
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        form.write(draft.data)
        _keep(request, draft)
        messages.success(request, _("记下了，还没有发布。"))
        return redirect("desk:set_rules")
    return show(request, FormPage(title=title, form=form, back=reverse("desk:set_rules"), note=note, beside=beside))


def _found(draft: Draft, code: str) -> Data:
    try:
        return editing.find(draft.data, code)
    except KeyError:
        raise Http404 from None


# ── publishing ─────────────────────────────────────────────────────────────────────────────────────────────────────


@page(access=fresh(rights.administrator))
@drafted
def preview(request: DeskRequest, draft: Draft) -> HttpResponse:
    """GET shows every difference; POST publishes, unless the rules do not hold together or others were faster."""
    newest = _newest()
    problems: list[str] = []
    profile: Profile | None = None
    try:
        profile = editing.checked(draft.data)
    except editing.NotAProfile as found:
        problems = found.problems
    behind = newest.number if newest.number != draft.base else 0
    form = forms.PublishForm(posted(request))
    if request.method == "POST" and form.is_valid() and profile is not None and not behind:
        published = actions.publish_profile(profile, note=form.cleaned_data["note"], actor=request.actor)
        drafts.drop_of(request.account.pk, FORM)
        messages.success(request, _("发布了第 %(n)d 版，从现在登记的事起照它办。") % {"n": published.number})
        return redirect("desk:set_profile")
    found_ = editing.differences(_standing(draft.base), draft.data)
    return show(request, PreviewPage(form=form, found=found_, problems=problems, behind=behind))
