"""Forms of acting for the speaker at another office, and of the papers taken along (4.3.1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices, groups
from shuoshi.desk.forms.base import ActionForm, choice, day, line, radios, tick, words
from shuoshi.desk.forms.files import Photos
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.models import PaperTaken
from shuoshi.matters.vocabulary import Action, AgencyKind, ConsentShown, PaperBecame, WishShown

_BECAME = [pair for pair in PaperBecame.choices if pair[0] != PaperBecame.OUT]


class AuthoriseAgencyForm(ActionForm):
    action = Action.AUTHORISE_AGENCY
    happens = _("说事人马上会看到委托的全部内容，随时可以收回。期限照走。已经有委托的，换成这一份。")
    verb = _("记下委托")
    template = groups.TEMPLATE
    public = True
    kind = radios(_("代办还是陪办"), AgencyKind.choices, initial=AgencyKind.ACTS)
    office = line(_("到哪个单位去办"), limit=80)
    scope = words(_("委托办什么"), rows=3, help_text=_("照委托书写，没有写的不能办。"))
    until = day(_("委托到哪天"), help_text=_("最晚九十天以内。"))
    agent = choice(_("谁去办"))
    shown_by = radios(_("凭什么知道是本人委托"), ConsentShown.choices)
    proof_ref = line(_("凭据在哪里"), help_text=_("委托书编号或者录音编号。群众看不到这一行。"))
    photos = Photos(label=_("签字的委托书（签字的必须附）"))

    def groups(self) -> list[Group]:
        asked = Part(_now("委托的事"), ("kind", "office", "scope", "until", "agent"))
        return grouped(self, [asked, Part(_now("委托的凭据"), ("shown_by", "proof_ref", "photos"))])

    def fill_choices(self) -> None:
        self.offer("agent", choices.people_of(self.about.matter.lead_unit_id, self.about.matter))
        self.always_asked("photos")
        if self.about.matter.handler_id:
            self.fields["agent"].initial = str(self.about.matter.handler_id)

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("shown_by") == ConsentShown.SIGNED and not data.get("photos"):
            self.add_error("photos", _now("签字的委托书要拍照附上。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AuthoriseAgency(
            kind=AgencyKind(data["kind"]),
            office=data["office"],
            scope=data["scope"],
            until=data["until"],
            agent=UUID(data["agent"]),
            shown_by=ConsentShown(data["shown_by"]),
            proof_ref=data["proof_ref"],
            files=data["photos"],
        )


class TakePapersForm(ActionForm):
    action = Action.TAKE_PAPERS
    happens = _("收下的材料逐件列给说事人看。没有归还或者写明去向以前，不能签发答复。")
    verb = _("记下收到的材料")
    public = True
    originals = words(_("原件，一行一件"), rows=3, required=False)
    copies = words(_("复印件，一行一件"), rows=2, required=False)
    receipt = line(_("收件清单的编号"), help_text=_("清单一式两份，双方签字，一份当场给说事人。群众看不到这一行。"))
    photos = Photos(label=_("清单的照片"))

    def fill_choices(self) -> None:
        self.always_asked("originals", "copies")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not (data.get("originals") or "").strip() and not (data.get("copies") or "").strip():
            self.add_error("originals", _now("请写明收下了哪些材料，一行一件。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.TakePapers(
            originals=tuple(data["originals"].splitlines()),
            copies=tuple(data["copies"].splitlines()),
            receipt=data["receipt"],
            files=data["photos"],
        )


class RecordAgencyStepForm(ActionForm):
    action = Action.RECORD_AGENCY_STEP
    happens = _("说事人会看到哪天在那边办了什么。")
    verb = _("记下")
    public = True
    day = day(_("哪天办的"))
    text = words(_("办了什么，那边怎么说，下一步什么时候"), rows=4)
    done = tick(_("委托的事办完了"), help_text=_("委托就此结束；材料还在手里的，三个工作日内归还。"))
    photos = Photos(label=_("回执、受理单的照片"))

    def fill_choices(self) -> None:
        self.fields["day"].initial = clock.local(clock.now()).date()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RecordAgencyStep(text=data["text"], day=data["day"], done=data["done"], files=data["photos"])


class HandBackPapersForm(ActionForm):
    action = Action.HAND_BACK_PAPERS
    happens = _("说事人会看到每一件材料的去向。还给本人的，要有他签收；丢失的，单位负责人和领导马上会知道。")
    verb = _("记下去向")
    papers = forms.MultipleChoiceField(label=_("哪些材料"), widget=forms.CheckboxSelectMultiple)
    became = radios(_("现在在哪里"), _BECAME)
    receipt = line(
        _("凭据"), help_text=_("谁签收的、签收件编号；那边收件的回执编号；丢失的写明经过。群众看不到这一行。")
    )
    photos = Photos(label=_("签收件、收件回执的照片"))

    def fill_choices(self) -> None:
        matter = self.about.matter
        rows = list(PaperTaken.objects.filter(matter=matter, became=PaperBecame.OUT).order_by("ordinal"))
        for row in rows:
            row.matter = matter
        self.offer("papers", [(str(row.pk), _kind_of(row)) for row in rows])

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.HandBackPapers(
            papers=tuple(UUID(one) for one in data["papers"]),
            became=PaperBecame(data["became"]),
            receipt=data["receipt"],
            files=data["photos"],
        )


class RevokeAgencyForm(ActionForm):
    action = Action.REVOKE_AGENCY
    happens = _("说事人自己要收回，由受理中心记下，马上生效。材料三个工作日内归还。承办单位不能代提。")
    verb = _("记下收回委托")
    public = True
    shown_by = radios(_("凭什么知道是本人的意思"), WishShown.choices)
    proof_ref = line(
        _("凭据在哪里"), help_text=_("录音编号、签字件编号，或者核对的是哪种证件、谁在场。群众看不到这一行。")
    )
    text = words(_("说事人的话"), rows=2, required=False)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RevokeAgency(text=data["text"], shown_by=WishShown(data["shown_by"]), proof_ref=data["proof_ref"])


def _kind_of(row: PaperTaken) -> str:
    named = _now("%(what)s（原件）") if row.original else _now("%(what)s（复印件）")
    return named % {"what": row.what}
