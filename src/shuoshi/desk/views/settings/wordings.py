"""The words of messages: every kind in every language, a preview, all versions, and the way back."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.desk import rights
from shuoshi.desk.forms.gateways import WordingForm
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings.pages import Deed, FormPage, ListPage, Part, Row
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import posted
from shuoshi.notices import actions, leaving, wording
from shuoshi.notices.models import Wording
from shuoshi.people.models import Person

_SHOWN = 20
_NAMES = dict(settings.LANGUAGES)


@page(access=rights.administrator, methods=("GET",))
def wordings(request: DeskRequest) -> HttpResponse:
    """Every kind; which languages have the institution's own words."""
    called = leaving.institution()
    own = set(Wording.objects.filter(in_force=True).values_list("kind", "language"))
    rows = [
        Row(
            [f"{wording.name_of(kind)} · {_NAMES[language]}", _preview(wording.built_in(kind, language), called)],
            reverse("desk:set_wording", args=[kind, language]),
            _("改过") if (kind, language) in own else "",
        )
        for kind in wording.WORDS
        for language in wording.languages()
    ]
    note = _("消息里只有编号和链接，谁的手机上都能看。短信的话由服务商审核的模板定，这里管邮件、群消息和电话里怎么说。")
    return show(
        request, ListPage(title=_("消息怎么说"), columns=[_("什么时候发"), _("自带的话")], rows=rows, note=note)
    )


@page(access=rights.administrator)
def words(request: DeskRequest, kind: str, language: str) -> HttpResponse:
    """One kind in one language."""
    if kind not in wording.WORDS or language not in wording.languages():
        raise Http404
    do = posted_deed(request)
    now = wording.in_force(kind, language)
    form = WordingForm(posted(request) if do in ("save", "look") or not do else None, kind=kind, initial={"text": now})
    if do == "use":
        number = request.POST.get("row", "")
        actions.use_wording(kind, language, int(number) if number.isdecimal() else 0, actor=request.actor)
        messages.success(request, _("改回去了。"))
        return redirect("desk:set_wording", kind, language)
    if do == "save" and form.is_valid():
        actions.write_wording(kind, language, form.cleaned_data["text"], actor=request.actor)
        messages.success(request, _("保存好了，从现在起这样说。"))
        return redirect("desk:set_wording", kind, language)
    versions = list(Wording.objects.filter(kind=kind, language=language).order_by("-number")[:_SHOWN])
    return show(
        request,
        FormPage(
            title=f"{wording.name_of(kind)} · {_NAMES[language]}",
            form=form,
            verb=_("保存"),
            back=reverse("desk:set_wordings"),
            note=_("收到的人看到：%(text)s") % {"text": _preview(now, leaving.institution())},
            parts=[
                Part(
                    _("用过的说法"),
                    rows=_versions(kind, language, versions),
                    columns=[_("怎么说"), _("什么时候，谁写的"), _("现在")],
                )
            ],
        ),
    )


def _versions(kind: str, language: str, versions: list[Wording]) -> list[Row]:
    names = {row.pk: str(row.name) for row in Person.objects.filter(pk__in={one.by for one in versions})}
    built_in, called = wording.built_in(kind, language), leaving.institution()
    in_force = any(one.in_force for one in versions)
    rows = [
        Row(
            [
                _preview(one.text, called),
                f"{moment(one.at, 'short')} · {names.get(one.by, '')}",
                _("现在用的") if one.in_force else "",
            ],
            key=str(one.number),
            deeds=[] if one.in_force else [Deed("use", _("用这一版"))],
        )
        for one in versions
    ]
    last = ["" if in_force else _("现在用的")]
    back = [Deed("use", _("用自带的"))] if in_force else []
    return [*rows, Row([_preview(built_in, called), _("自带的"), *last], key="0", deeds=back)]


def _preview(text: str, called: str) -> str:
    """What it looks like, with an invented number."""
    values = {"number": "SS-QH-20261117-0012", "link": "https://…", "institution": called}
    return wording.filled(text, values | {"due": 3, "overdue": 1, "rulings": 2})
