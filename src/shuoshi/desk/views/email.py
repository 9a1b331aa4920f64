"""Where somebody of the staff gets notices by e-mail: number and link, never what the matter says."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk.forms.gateways import OwnAddressForm
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.settings.pages import FormPage
from shuoshi.kernel.web import page, show, staff
from shuoshi.kernel.web.forms import posted
from shuoshi.people import actions as people
from shuoshi.people import queries
from shuoshi.people.models import ContactKind


@page(access=staff)
def email(request: DeskRequest) -> HttpResponse:
    known = queries.contact(request.account.person_id, ContactKind.EMAIL)
    form = OwnAddressForm(posted(request), initial={"address": str(known.value) if known else ""})
    if request.method == "POST" and form.is_valid():
        people.set_own_email(form.cleaned_data["address"], actor=request.actor)
        messages.success(request, _("记下了。") if form.cleaned_data["address"] else _("不再给您发邮件。"))
        return redirect("desk:me")
    note = _("有事要您办时，除了工作台，也发到这个邮箱。邮件里只有编号和链接，登录以后才看得到内容。不填就不发。")
    return show(
        request, FormPage(title=_("收通知的邮箱"), form=form, verb=_("保存"), back=reverse("desk:me"), note=note)
    )
