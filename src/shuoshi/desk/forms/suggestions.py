"""Forms of deciding on a suggestion, and of showing that it was carried out (2.2.3)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import ActionForm, day, radios, words
from shuoshi.desk.forms.files import Photos
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, Adopted

_EXTENT = [(one.value, one.label) for one in (Adopted.WHOLE, Adopted.PART)]
_DONE = [("yes", _("落实了")), ("no", _("还没有落实"))]


class AdoptForm(ActionForm):
    action = Action.ADOPT
    happens = _(
        "说事人会看到采纳了什么、哪天落实，并收到感谢。到期要拿凭证核实落实，办结以后也一样；晚了就记没有做到。"
    )
    verb = _("采纳")
    public = True
    extent = radios(_("采纳多少"), _EXTENT)
    text = words(_("怎么落实"), rows=3)
    until = day(_("最晚哪天落实"), help_text=_("最晚一年以内。"))
    because = words(_("没有采纳的部分和理由"), rows=2, required=False, help_text=_("部分采纳时要写。"))

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("extent") == Adopted.PART and not self.cleaned_data.get("because"):
            self.add_error("because", _now("部分采纳的，要写明哪一部分没有采纳、为什么。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Adopt(
            extent=Adopted(data["extent"]), text=data["text"], until=data["until"], because=data["because"]
        )


class DeclineSuggestionForm(ActionForm):
    action = Action.DECLINE_SUGGESTION
    happens = _("说事人会看到理由和感谢。说事人不同意的，换一个人再研究一次。")
    verb = _("不采纳")
    public = True
    because = words(_("不采纳的理由"), rows=3, help_text=_("写清依据和原因，不写“暂不具备条件”这样的空话。"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.DeclineSuggestion(because=data["because"])


class ConfirmCarriedOutForm(ActionForm):
    action = Action.CONFIRM_CARRIED_OUT
    happens = _("落实了要有照片或者文件。没有落实的，答应的日期就算没有做到，再定一个日期。说事人看得到。")
    verb = _("记下落实")
    public = True
    done = radios(_("落实了没有"), _DONE)
    text = words(_("落实的情况"), rows=3)
    photos = Photos(label=_("凭证"))
    until = day(_("没有落实的，改到哪天"), required=False)

    def fill_choices(self) -> None:
        self.always_asked("photos")

    def clean(self) -> dict[str, Any]:
        done = self.cleaned_data.get("done")
        if done == "no" and not self.cleaned_data.get("until") and "until" not in self.errors:
            self.add_error("until", _now("还没有落实，要写明改到哪天。"))
        if done == "yes" and not self.cleaned_data.get("photos"):
            self.add_error("photos", _now("落实了，要附照片或者文件作凭证。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        done = data["done"] == "yes"
        return terms.ConfirmCarriedOut(
            done=done, text=data["text"], until=None if done else data["until"], files=data["photos"]
        )
