"""Units with their posts and the designated person, and people with their accounts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.again import fresh
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.settings import AccountForm, AppointForm, DesignateForm, PersonForm, UnitForm
from shuoshi.desk.frame import DeskRequest, posted_deed, posted_row
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.institution import undesignated
from shuoshi.desk.views.settings.pages import Deed, FormPage, ListPage, Part, Row
from shuoshi.desk.views.settings.seconds import proposing
from shuoshi.desk.views.settings.slips import slip
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.organization import actions, levels
from shuoshi.organization import queries as organization
from shuoshi.organization.actions.absences import may_enter_for
from shuoshi.organization.models import Post, Unit, UnitKind
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account, Person


@page(access=rights.administrator, methods=("GET",))
def units(request: DeskRequest) -> HttpResponse:
    called = levels.names()
    rows = [
        Row(
            [unit.name, unit.get_kind_display(), called.get(unit.level, ""), unit.code, unit.phone],
            reverse("desk:set_unit", args=[unit.pk]),
            _missing(unit),
            not unit.active,
            choices.depth(unit.path),
        )
        for unit in organization.units(closed=True)
    ]
    missing = undesignated()
    return show(
        request,
        ListPage(
            title=_("单位和岗位"),
            note=format_html(_('各层级怎么叫，在<a href="{}">规则</a>的“单位层级”里改。'), reverse("desk:set_profile")),
            columns=[_("单位"), _("性质"), _("层级"), _("代码"), _("电话")],
            rows=rows,
            warn=_("%(n)d 个部门还没有指定专人。每个部门都要有一个人对群众的事负责。") % {"n": missing}
            if missing
            else "",
            new_url=reverse("desk:set_unit_new"),
            new_label=_("设立单位"),
        ),
    )


@page(access=rights.administrator)
def new_unit(request: DeskRequest) -> HttpResponse:
    form = UnitForm(posted(request), founding=True)
    if request.method == "POST" and form.is_valid():
        unit = actions.create_unit(form.given(), form.kind_given, form.parent_id, actor=request.actor)
        messages.success(request, _("%(name)s设立好了。") % {"name": unit.name})
        return redirect("desk:set_unit", unit.pk)
    return show(request, FormPage(title=_("设立单位"), form=form, verb=_("设立"), back=reverse("desk:set_units")))


@page(access=fresh(rights.administrator))
@proposing
def unit(request: DeskRequest, key: UUID) -> HttpResponse:
    """One unit: what is said about it, who holds which post, who answers for its matters, what changed."""
    found = get_object_or_404(Unit, pk=key)
    do, typed = posted_deed(request), _typed(request)
    staff = _everybody()
    held = list(organization.posts_at().filter(unit=found).order_by("since", "pk"))
    form = UnitForm(typed.get("save"), founding=False, initial=UnitForm.first_of(found))
    appoint = AppointForm(typed.get("appoint"), people=staff, prefix="appoint")
    here = list({str(post.person_id): (str(post.person_id), post.person.name) for post in held}.values())
    designate = DesignateForm(
        typed.get("designate"),
        people=here,
        prefix="designate",
        initial={"person": str(found.designated_id or "")},
    )
    if do and _unit_done(request, do, found, form, appoint, designate):
        return redirect("desk:set_unit", found.pk)
    return show(
        request,
        FormPage(
            title=found.name,
            form=form,
            verb=_("保存"),
            back=reverse("desk:set_units"),
            warn=_missing(found),
            deeds=[Deed("close", _("停用这个单位"), "ban")]
            if found.active
            else [Deed("reopen", _("恢复使用"), "refresh-cw")],
            parts=[
                Part(_("指定专人"), designate, "designate", _("保存指定专人")),
                Part(
                    _("任职"),
                    appoint,
                    "appoint",
                    _("任职"),
                    rows=[
                        Row(
                            [post.person.name, Role(post.role).label, post.title, moment(post.since, "short")],
                            key=str(post.pk),
                            url=_handing_over(request, post),
                            deeds=[Deed("end_post", _("办离任"))],
                        )
                        for post in held
                    ],
                    empty=_("还没有人在这里任职。"),
                    columns=[_("姓名"), _("担任"), _("职务称呼"), _("从什么时候起")],
                ),
            ],
            history=told(organization.history("unit", found.pk), form),
        ),
        status=422 if do else None,
    )


def _typed(request: DeskRequest) -> dict[str, QueryDict]:
    """What was typed, by the form of the page it was typed into; also what a time-out or a refusal kept."""
    data = posted(request)
    return {str(data["do"]): data} if data is not None and "do" in data else {}


def _unit_done(
    request: DeskRequest, do: str, found: Unit, form: UnitForm, appoint: AppointForm, designate: DesignateForm
) -> bool:
    """Carry out what was pressed; False when its form has errors."""
    if do == "save" and form.is_valid():
        actions.edit_unit(found.pk, form.given(), actor=request.actor)
    elif do == "appoint" and appoint.is_valid():
        data = appoint.cleaned_data
        actions.appoint(UUID(data["person"]), found.pk, Role(data["role"]), title=data["title"], actor=request.actor)
    elif do == "designate" and designate.is_valid():
        chosen = designate.cleaned_data["person"]
        actions.designate_person(found.pk, UUID(chosen) if chosen else None, actor=request.actor)
    elif do == "end_post":
        actions.end_post(get_object_or_404(Post, pk=posted_row(request), unit=found).pk, actor=request.actor)
    elif do == "close":
        actions.close_unit(found.pk, actor=request.actor)
    elif do == "reopen":
        actions.reopen_unit(found.pk, actor=request.actor)
    else:
        return False
    messages.success(request, _("改好了。"))
    return True


@page(access=rights.administrator, methods=("GET",))
def everybody(request: DeskRequest) -> HttpResponse:
    """Staff: who holds a post or has an account."""
    posts: dict[UUID, list[str]] = defaultdict(list)
    for post in organization.posts_at().order_by("unit__path", "since", "pk"):
        posts[post.person_id].append(f"{post.unit.short_name}{Role(post.role).label}")
    accounts = {account.person_id: account for account in Account.objects.order_by("created_at", "pk")}
    staff = Person.objects.filter(pk__in={*posts, *accounts}).order_by("created_at", "id")
    rows = [
        Row(
            [
                person.name,
                _("、").join(posts[person.pk]),
                accounts[person.pk].username if person.pk in accounts else "",
                _("已绑定") if person.pk in accounts and accounts[person.pk].totp_confirmed else "",
            ],
            reverse("desk:set_person", args=[person.pk]),
            _("账号已停用") if person.pk in accounts and not accounts[person.pk].is_active else "",
        )
        for person in staff
    ]
    return show(
        request,
        ListPage(
            title=_("人员和账号"),
            note=format_html(
                _('开户码的纸丢了、过期了，在<a href="{}">重新打印开户码</a>里给还没登录过的人一次打齐。'),
                reverse("desk:set_first_codes"),
            ),
            columns=[_("姓名"), _("岗位"), _("账号"), _("动态口令")],
            rows=rows,
            new_url=reverse("desk:set_person_new"),
            new_label=_("增加人员"),
            empty=_("还没有人员。"),
        ),
    )


@page(access=fresh(rights.administrator))
def new_person(request: DeskRequest) -> HttpResponse:
    form = PersonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        taken_on = people.take_on(PersonGiven(name=data["name"], phone=data["phone"]), actor=request.actor)
        messages.success(request, _("记下了。接着给他开账号，再到单位里办任职。"))
        return redirect("desk:set_person", taken_on.pk)
    return show(request, FormPage(title=_("增加人员"), form=form, verb=_("增加"), back=reverse("desk:set_people")))


@page(access=fresh(rights.administrator))
@proposing
def person(request: DeskRequest, key: UUID) -> HttpResponse:
    """One of the staff: accounts, codes for a password (on paper, once), second factors."""
    found = get_object_or_404(Person, pk=key, pk__in=_staff_keys(key))
    do = posted_deed(request)
    accounts = _accounts(found)
    form = AccountForm(_typed(request).get("save"))
    if do == "save" and form.is_valid():
        opened = people.open_account(found.pk, form.cleaned_data["username"], actor=request.actor)
        return slip(request, *opened, first=True, back=request.path)
    if do and do != "save":
        account = get_object_or_404(Account.objects.select_related("person"), pk=posted_row(request), person=found)
        return _account_deed(do, account, request)
    return show(
        request,
        FormPage(
            title=found.name,
            form=form,
            verb=_("开账号"),
            back=reverse("desk:set_people"),
            parts=[_accounts_part(accounts, request)] if accounts else [],
        ),
    )


def _accounts(person: Person) -> list[Account]:
    return list(Account.objects.filter(person=person).prefetch_related("passkeys").order_by("created_at", "pk"))


def _accounts_part(accounts: list[Account], request: DeskRequest) -> Part:
    """What an administrator may do to each account; nothing to the own one, which another administrator looks after."""
    own = any(account.pk == request.account.pk for account in accounts)
    rows = [
        Row(
            [
                account.username,
                _("使用中") if account.is_active else _("已停用"),
                _("已绑定动态口令") if account.totp_confirmed else "",
                len(account.passkeys.all()) or "",
            ],
            key=str(account.pk),
            deeds=[] if own else _account_deeds(account),
        )
        for account in accounts
    ]
    return Part(
        _("自己的账号，在“我的账号”里改密码；其余由另一位管理员办") if own else _("已有的账号"),
        rows=rows,
        columns=[_("账号"), _("现在"), _("动态口令"), _("通行密钥")],
    )


def _account_deeds(account: Account) -> list[Deed]:
    deeds = [Deed("reset", _("重设密码")), Deed("switch", _("停用") if account.is_active else _("恢复"))]
    deeds += [Deed("drop_totp", _("解除动态口令"))] if account.totp_confirmed else []
    return [*deeds, Deed("drop_passkeys", _("解除通行密钥"))] if account.passkeys.all() else deeds


def _account_deed(do: str, account: Account, request: DeskRequest) -> HttpResponse:
    """Carry out one deed on an account; what is for paper is answered with the paper."""
    if do == "reset":
        return slip(request, *people.reset_password(account.pk, actor=request.actor), first=False, back=request.path)
    if do == "switch":
        (people.disable if account.is_active else people.enable)(account.pk, actor=request.actor)
    elif do == "drop_totp":
        people.drop_totp(account.pk, actor=request.actor)
    elif do == "drop_passkeys":
        people.drop_passkeys(account.pk, actor=request.actor)
    messages.success(request, _("改好了。"))
    return redirect("desk:set_person", account.person_id)


def _staff_keys(key: UUID) -> list[UUID]:
    """The key itself when this person is staff, or was just taken on and stands in no matter."""
    person = Person.objects.filter(pk=key).first()
    if person is None:
        return []
    known = person.posts.exists() or person.accounts.exists()
    return [key] if known or not _is_party(key) else []


def _is_party(key: UUID) -> bool:
    from shuoshi.matters.models import Party

    return Party.objects.filter(person_id=key).exists()


def _handing_over(request: DeskRequest, post: Post) -> str:
    """Where what this person has in hand is handed over; "" for oneself, and for whoever serves above the own unit."""
    mine = post.person_id == request.actor.person_id
    return "" if mine or not may_enter_for(request.actor, [post]) else reverse("desk:hand_over", args=[post.person_id])


def _missing(found: Unit) -> str:
    missing = found.kind == UnitKind.DEPARTMENT and found.active and found.designated_id is None
    return _("缺指定专人") if missing else ""


def _everybody() -> list[tuple[Any, Any]]:
    """Who may be given a post: staff, and whoever was taken on."""
    accounts = Account.objects.filter(is_active=True).select_related("person")
    found = {str(account.person_id): account.person.name for account in accounts}
    for post in organization.posts_at():
        found.setdefault(str(post.person_id), post.person.name)
    return sorted(found.items(), key=lambda pair: pair[1])
