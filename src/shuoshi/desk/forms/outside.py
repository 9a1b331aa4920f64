"""Forms of orders of superior bodies and of letters to outside bodies (3.1.3)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import groups
from shuoshi.desk.forms.base import ActionForm, choice, day, line, radios, words
from shuoshi.desk.forms.files import Photos
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.kernel.templatetags.shuoshi import moment
from shuoshi.matters import answer_texts, terms
from shuoshi.matters.models import HandOver, OutsideOrder
from shuoshi.matters.vocabulary import (
    Action,
    ConsentShown,
    DeadlineKind,
    Given,
    Ground,
    Naming,
    OutsideBody,
    Status,
)

_WITHDRAWN, _STANDS = "withdrawn", "stands"
_GROUNDS = [(Ground.CONSENT, _("他本人单独同意")), (Ground.LAW, _("法律、行政法规规定"))]


class ObjectToSuperiorForm(ActionForm):
    action = Action.OBJECT_TO_SUPERIOR
    verb = _("记下异议")
    text = words(_("异议的理由"), rows=3, help_text=_("不归本级管、已经另有单位在办，或者期限内办不到，写明依据。"))

    def fill_choices(self) -> None:
        self.happens = _now("只能提一次。上级答复以前照常办，上级件的期限照走，最晚 %(until)s。说事人看不到。") % {
            "until": moment(self.about.matter.order_due_at)
        }

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ObjectToSuperior(text=data["text"])


class RecordSuperiorAnswerForm(ActionForm):
    action = Action.RECORD_SUPERIOR_ANSWER
    happens = _("上级收回：不用再报结，说事人会看到，他说的事接着按规定办。照原要求办：期限不变。")
    verb = _("记下上级的答复")
    template = "desk/_fields_ruling.html"
    answer = radios(_("上级怎么定的"), [(_WITHDRAWN, _("收回这份件")), (_STANDS, _("照原要求办"))])
    number = line(_("答复的文号或单号"), limit=60)
    text = words(_("上级是怎么答复的"), rows=3)
    photos = Photos(label=_("上级的答复（必须附）"))

    def fill_choices(self) -> None:
        self.always_asked("photos")
        matter = self.about.matter
        orders = list(OutsideOrder.objects.filter(matter=matter).select_related("objected_by"))
        for order in orders:
            order.matter = matter
        self.asked = [(one.objected_by.name, str(one.objection)) for one in orders if one.objected_by]

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("photos"):
            self.add_error("photos", _now("要附上级的答复：文件或者网页的照片。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RecordSuperiorAnswer(
            withdrawn=data["answer"] == _WITHDRAWN, number=data["number"], text=data["text"], files=data["photos"]
        )


class ReportBackForm(ActionForm):
    action = Action.REPORT_BACK
    verb = _("报结")
    text = words(_("报结的内容：办理情况、结果、怎么答复的"), rows=8)
    number = line(_("报结的文号"), required=False, limit=60)
    photos = Photos(label=_("附件"))

    def fill_choices(self) -> None:
        matter = self.about.matter
        said = _now("说事人的评价按他本人说的记在报结里，不用写。")
        if matter.status == Status.IN_FOLLOW_UP:
            said += _now("说事人已经满意、撤回，或者等评价的时间已经过了的，报结以后马上办结。")
        self.happens = said
        if not self.is_bound:
            self.initial.setdefault("text", answer_texts.text_for(matter, self.about.actor, kept=True))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.ReportBack(text=data["text"], number=data["number"], files=data["photos"])


class HandOverOutsideForm(ActionForm):
    action = Action.HAND_OVER_OUTSIDE
    happens = _(
        "以本单位的名义发函，发出以后在“文书”里打印。本单位的期限和答应说事人的日期照走，事情不因为移送就算办完；要了结，另外申请依规办结。"
        "说事人会看到移送给谁、到哪里问、提供了他的哪些信息。"
    )
    verb = _("移送")
    template = groups.TEMPLATE
    kind = choice(_("哪一类单位"), OutsideBody.choices, first="——")
    body = line(_("单位名称"), limit=80)
    ask_where = line(_("说事人到哪里问"), limit=120, help_text=_("那边的电话、窗口或者网址。说事人看得到。"))
    number = line(_("发文字号"), required=False, limit=60, help_text=_("没有字号的，用函上的编号。"))
    text = words(
        _("函的正文"), rows=5, help_text=_("只写请对方做什么、为什么归它管。姓名、电话在下面选，身份证号、邮箱不写。")
    )
    until = day(_("哪天去问结果"))
    given = forms.MultipleChoiceField(
        label=_("提供说事人的哪些信息"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=Given.choices,
        help_text=_("只选对方办这件事非要不可的。一项都不选，函上就没有说事人。"),
    )
    ground = radios(_("凭什么提供"), _GROUNDS, required=False)
    basis = line(_("依据哪部法律的哪一条"), required=False, help_text=_("凭法律规定提供的要写。"))
    shown_by = radios(_("他本人怎么同意的"), ConsentShown.choices, required=False)
    proof_ref = line(
        _("同意的凭据在哪里"),
        required=False,
        help_text=_("录音编号或者签字件编号；签字的要拍照附上。群众看不到这一行。"),
    )
    photos = Photos(label=_("附件和签字件"))

    def fill_choices(self) -> None:
        for name in ("ground", "basis", "shown_by", "proof_ref"):
            self.always_asked(name)
        if self.about.matter.naming != Naming.NAMED:
            kept = [pair for pair in Given.choices if pair[0] not in (Given.NAME, Given.PHONE)]
            self.offer("given", kept)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("given"):
            if not data.get("ground"):
                self.add_error("ground", _now("要写明凭什么提供。"))
            if data.get("ground") == Ground.LAW and not data.get("basis"):
                self.add_error("basis", _now("请写明依据哪部法律的哪一条。"))
            if data.get("ground") == Ground.CONSENT and not data.get("shown_by"):
                self.add_error("shown_by", _now("请选他本人怎么同意的。"))
            if data.get("ground") == Ground.CONSENT and not data.get("proof_ref"):
                self.add_error("proof_ref", _now("请写明凭据在哪里。"))
            if data.get("ground") == Ground.CONSENT and data.get("shown_by") == ConsentShown.SIGNED:
                self._needs_the_slip(data)
        return super().clean()

    def groups(self) -> list[Group]:
        parts = (
            Part(_now("发给谁"), ("kind", "body", "ask_where")),
            Part(_now("函"), ("number", "text", "until")),
            Part(_now("说事人的信息"), ("given", "ground", "basis", "shown_by", "proof_ref")),
            Part("", ("photos",)),
        )
        return grouped(self, parts)

    def _needs_the_slip(self, data: dict[str, Any]) -> None:
        if not data.get("photos"):
            self.add_error("photos", _now("签字的书面要拍照附上。"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.HandOverOutside(
            kind=OutsideBody(data["kind"]),
            body=data["body"],
            ask_where=data["ask_where"],
            number=data["number"],
            text=data["text"],
            until=data["until"],
            given=tuple(Given(one) for one in data["given"]),
            ground=Ground(data["ground"]) if data["ground"] else None,
            basis=data["basis"],
            shown_by=ConsentShown(data["shown_by"]) if data["shown_by"] else None,
            proof_ref=data["proof_ref"],
            files=data["photos"],
        )


class _LetterForm(ActionForm):
    """About one of the letters that wait for an answer; the one that is due first stands chosen."""

    letter = choice(_("哪一份函"))

    def fill_choices(self) -> None:
        matter = self.about.matter
        open_ = matter.deadlines.filter(kind=DeadlineKind.ASK_BACK, outcome="OPEN").order_by("due_at", "pk")
        waiting = [int(about) for about in open_.values_list("about", flat=True)]
        rows = {row.ordinal: row for row in HandOver.objects.filter(matter=matter, ordinal__in=waiting)}
        self.offer("letter", [(str(n), f"{rows[n].body} {rows[n].number}") for n in waiting if n in rows])


class AskOutsideForm(_LetterForm):
    action = Action.ASK_OUTSIDE
    happens = _("记下这次催问。说事人看得到对方怎么说、哪天再问。")
    verb = _("记下催问")
    public = True
    text = words(_("对方怎么说"), rows=3)
    until = day(_("哪天再问"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AskOutside(letter=int(data["letter"]), text=data["text"], until=data["until"])


class RecordOutsideAnswerForm(_LetterForm):
    action = Action.RECORD_OUTSIDE_ANSWER
    happens = _("说事人会看到对方的答复。这件事还没有办完的，接着办。")
    verb = _("记下答复")
    public = True
    text = words(_("对方的答复"), rows=4)
    number = line(_("复函的文号"), required=False, limit=60)
    photos = Photos(label=_("复函"))

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RecordOutsideAnswer(
            letter=int(data["letter"]), text=data["text"], number=data["number"], files=data["photos"]
        )
