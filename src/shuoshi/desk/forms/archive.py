"""Forms of the archive: which matters to destroy or to keep, why a list goes back, whose dossier is wanted for what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import day, line, radios, words
from shuoshi.kernel import clock
from shuoshi.kernel.web.forms import Form
from shuoshi.matters.purpose import Purpose

DESTROY, LONGER, EVER = "destroy", "longer", "ever"


class AppraisalForm(Form):
    """The boxes stand in the table; what is decided of those that are ticked stands beneath it."""

    matters = forms.MultipleChoiceField(label=_("哪些事"), widget=forms.CheckboxSelectMultiple)
    verdict = radios(
        _("怎么鉴定"),
        [(DESTROY, _("没有保存价值，列入销毁清册")), (LONGER, _("延长保管到某一天")), (EVER, _("永久保管"))],
    )
    until = day(_("保管到哪一天"), required=False)
    why = words(_("为什么还要保管"), required=False, rows=2)
    required_words = {"matters": _("请至少勾一件。")}

    def __init__(self, *args: Any, numbers: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("matters", list(numbers.items()))
        self.always_asked("until", "why")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        verdict = data.get("verdict")
        if verdict in (LONGER, EVER) and not data.get("why"):
            self.add_error("why", _now("延长保管要写明为什么。"))
        if verdict == LONGER and "until" not in self.errors:
            if not data.get("until"):
                self.add_error("until", _now("请写保管到哪一天。"))
            elif data["until"] <= clock.local(clock.now()).date():
                self.add_error("until", _now("延长到的日子要在今天以后。"))
        return data

    @property
    def chosen(self) -> list[UUID]:
        return [UUID(key) for key in self.cleaned_data["matters"]]

    @property
    def beneath(self) -> list[forms.BoundField]:
        """What is asked beneath the table."""
        return [self[name] for name in ("verdict", "until", "why")]

    @property
    def ticked(self) -> set[str]:
        return {str(key) for key in self["matters"].value() or []}


class SentBackForm(Form):
    why = words(_("为什么退回"), rows=2)


class AskedForm(Form):
    number = line(_("他说过的一件事的编号"), limit=40, help_text=_("核对过是本人以后再登记。编号在回执上。"))


class DossierForm(Form):
    """What the dossier is for, and as what."""

    purpose = radios(_("做什么用"), Purpose.choices)
    kind = radios(
        _("要哪种文件"),
        [("pdf", _("一本 PDF")), ("zip", _("压缩包：PDF、各份文书和附件、目录、核对说明"))],
        initial="pdf",
    )
