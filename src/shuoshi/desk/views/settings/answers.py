"""In which words superior bodies want their answers: the built-in ones, those for all, and those of single bodies (3.1.3)."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.desk import rights
from shuoshi.desk.forms.base import line, words
from shuoshi.desk.frame import DeskRequest, posted_deed
from shuoshi.desk.views.settings.changes import told
from shuoshi.desk.views.settings.pages import Deed, FormPage, ListPage, Part, Row
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import page, show
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.matters import answer_texts
from shuoshi.matters.models import AnswerText
from shuoshi.organization import queries as organization


class TextForm(Form):
    """The words; names between braces are checked when they are kept."""

    text = words(gettext_lazy("报结的话"), rows=10)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they came
        names = _("、").join(f"{{{name}}}" for name in answer_texts.NAMES)
        self.fields["text"].help_text = _("可以用 %(names)s，报结时换成这件事的内容。") % {"names": names}

    def clean_text(self) -> str:
        try:
            return answer_texts.check(self.cleaned_data["text"])
        except Refused as refused:
            raise ValidationError(refused.text) from refused


class NewForm(TextForm):
    sender = line(
        gettext_lazy("哪个上级"),
        required=False,
        limit=80,
        help_text=gettext_lazy("照上级件上写的单位名称。空着，就是没有单独写的上级都用这一份。"),
    )
    field_order = ("sender", "text")


@page(access=rights.administrator, methods=("GET",))
def listed(request: DeskRequest) -> HttpResponse:
    """Bodies that sent something down, and those with words of their own. Two statements beside the frame."""
    own = {row.sender: row for row in AnswerText.objects.filter(active=True).order_by("sender")}
    names = [*dict.fromkeys([*answer_texts.senders(), *filter(None, own)])]
    others = own.get("")
    rows = [_row(name, own.get(name), _("和别的上级一样")) for name in names]
    rows.append(_row("", others, _("自带的")))
    return show(
        request,
        ListPage(
            title=_("报结的话"),
            columns=[_("上级"), _("怎么写")],
            rows=rows,
            note=_("上级转来的件报结时，按上级要的格式填好，可以复制到它的平台上，也能打印成上级件回复单。"),
            new_url=reverse("desk:set_answer_new"),
            new_label=_("给一个上级写"),
        ),
    )


@page(access=rights.administrator)
def new(request: DeskRequest) -> HttpResponse:
    initial = {"text": answer_texts.built_in(), "sender": request.GET.get("sender", "")[:80]}
    form = NewForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = answer_texts.write(form.cleaned_data["sender"], form.cleaned_data["text"], actor=request.actor)
        except Refused as refused:
            form.add_error("sender", refused.text)
        else:
            messages.success(request, _("写好了，以后这样报结。"))
            return redirect("desk:set_answer", row.pk)
    title, back = _("给一个上级写报结的话"), reverse("desk:set_answers")
    shown = FormPage(title=title, form=form, verb=_("保存"), back=back, parts=[_sample(answer_texts.built_in())])
    return show(request, shown, status=422 if form.errors else None)


@page(access=rights.administrator)
def one(request: DeskRequest, key: UUID) -> HttpResponse:
    row = get_object_or_404(AnswerText, pk=key)
    do = posted_deed(request)
    if do == "drop":
        answer_texts.drop(row, actor=request.actor)
        messages.success(request, _("停用了，改用别的上级那一份。"))
        return redirect("desk:set_answers")
    form = TextForm(posted(request), initial={"text": row.text})
    if do == "save" and form.is_valid():
        answer_texts.edit(row, form.cleaned_data["text"], actor=request.actor)
        messages.success(request, _("写好了，以后这样报结。"))
        return redirect("desk:set_answer", key)
    history = organization.history("answer_text", key, answer_texts.Deed)
    return show(
        request,
        FormPage(
            title=_called(row.sender),
            form=form if row.active else None,
            verb=_("保存"),
            back=reverse("desk:set_answers"),
            note="" if row.active else _("已经停用。"),
            parts=[_sample(row.text)],
            deeds=[Deed("drop", _("停用这一份"), "ban")] if row.active else [],
            history=told(history, form),
        ),
    )


def _row(name: str, own: AnswerText | None, without: str) -> Row:
    if own is None:
        return Row(
            [_called(name), without],
            reverse("desk:set_answer_new") + (f"?{urlencode({'sender': name})}" if name else ""),
        )
    return Row([_called(name), _("单独写的")], reverse("desk:set_answer", args=[own.pk]))


def _called(name: str) -> str:
    return name or _("没有单独写的上级")


def _sample(text: str) -> Part:
    """What it looks like with an invented matter, a line a row."""
    return Part(_("填好是这样"), rows=[Row([said]) for said in answer_texts.sample(text).split("\n") if said])
