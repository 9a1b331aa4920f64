"""Forms about persons: what is put right and why, who made sure, which of two records stays, what was shown at the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import line, radios, words
from shuoshi.kernel.web.forms import Form
from shuoshi.matters.models import KnownFact, ShownDocument
from shuoshi.matters.papers.receipts import Size
from shuoshi.people import id_numbers, phones
from shuoshi.people.actions import MadeSure
from shuoshi.people.models import ChangeKind

CORRECTED = (ChangeKind.PHONE, ChangeKind.NAME, ChangeKind.ADDRESS, ChangeKind.ID_NUMBER)
WHAT = [
    (ChangeKind.PHONE.value, _("电话")),
    (ChangeKind.NAME.value, _("姓名")),
    (ChangeKind.ADDRESS.value, _("住址")),
    (ChangeKind.ID_NUMBER.value, _("身份证号")),
]
WHY_CORRECTED = {
    "misheard": _("登记时听错、写错了"),
    "new": _("本人换了"),
    "shown": _("看了本人证件"),
    "other": _("其他"),
}
WHY_JOINED = {
    "same_card": _("看了证件，是同一个人"),
    "said_so": _("本人说以前的也是他说的"),
    "other": _("其他"),
}
WHY_PARTED = {
    "mistaken": _("合并错了，是两个人"),
    "not_theirs": _("本人说那些不是他说的"),
    "other": _("其他"),
}
_WHY = WHY_CORRECTED | WHY_JOINED | WHY_PARTED


def reason_of(code: str) -> str:
    """What was chosen, in words."""
    return str(_WHY.get(code, code))


class CorrectForm(Form):
    """One datum at a time; a telephone then waits for a second person."""

    kind = radios(_("改什么"), WHAT)
    value = line(_("改成"), help_text=_("改电话的，由另一个人打原来的号码核实以后才生效，还会发短信告诉原来的号码。"))
    reason = radios(_("为什么改"), list(WHY_CORRECTED.items()))
    words = words(_("具体怎么回事"), rows=2, help_text=_("写清楚谁说的、怎么知道的。"))

    def clean(self) -> dict[str, Any]:
        """What a number looks like is said at its field."""
        data = super().clean() or self.cleaned_data
        value, kind = data.get("value", ""), data.get("kind")
        try:
            if value and kind == ChangeKind.PHONE:
                phones.normalise(value)
            elif value and kind == ChangeKind.ID_NUMBER:
                id_numbers.normalise(value)
        except (phones.BadNumber, id_numbers.BadIdNumber) as bad:
            self.add_error("value", str(bad))
        return data


class MadeSureForm(Form):
    """How the second person made sure that it is the speaker's own wish."""

    shown_by = radios(_("您是怎么核实的"), MadeSure.choices)


class JoinForm(Form):
    """Which of the two stays, and why they are one."""

    stays = radios(_("保留哪一份"))
    reason = radios(_("怎么知道是同一个人"), list(WHY_JOINED.items()))
    words = words(_("具体怎么回事"), rows=2)


class PartForm(Form):
    reason = radios(_("为什么撤销"), list(WHY_PARTED.items()))
    words = words(_("具体怎么回事"), rows=2)


class LostReceiptForm(Form):
    """What somebody at the counter showed and knew, and on which paper the new receipt is printed."""

    document = radios(_("看了什么证件"), ShownDocument.choices)
    last_four = line(_("证件号码后四位"), limit=4)
    facts = forms.MultipleChoiceField(
        label=_("除了证件，哪些说得对"),
        choices=KnownFact.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("至少两样。请先让他自己说，不要念给他听。"),
    )
    words = words(_("回执是怎么丢的"), rows=2)
    paper = radios(_("印在什么纸上"), Size.choices, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"paper": Size.A5}, **kwargs)
        self.always_asked("paper")

    def clean_last_four(self) -> str:
        said = str(self.cleaned_data["last_four"]).strip().upper()
        if len(said) != 4 or not said.isalnum():
            raise ValidationError(_now("请写证件号码的后四位。"))
        return said

    def clean_facts(self) -> list[str]:
        said = list(self.cleaned_data["facts"])
        if len(said) < 2:
            raise ValidationError(_now("至少要有两样说得对，才能补打。"))
        return said
