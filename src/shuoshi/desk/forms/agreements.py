"""Forms of what both sides agreed, of looking at it afterwards, and of asking the other side how it went (2.2.4, 4.4.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import groups
from shuoshi.desk.forms.base import ActionForm, choice, day, line, radios, words
from shuoshi.desk.forms.disputes import SPOKEN
from shuoshi.desk.forms.files import Photos
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import (
    Action,
    AgreementForm,
    DeadlineKind,
    Mediated,
    Performed,
    Proof,
    Satisfaction,
    Side,
    Way,
)

ROWS = 4  # obligations a form has room for
_PROOFS = [(one.value, one.label) for one in (Proof.SIGNED_SLIP, Proof.RECORDING, Proof.WITNESS)]


class ConcludeAgreementForm(ActionForm):
    action = Action.CONCLUDE_AGREEMENT
    happens = _(
        "双方谁要做什么、哪天以前做，说事人都看得到；到期以后三十天内回查，办结以后也回查。签过字的协议不再重新办理。调解协议书在“文书”里出具。"
    )
    verb = _("记下协议")
    template = groups.TEMPLATE
    form = radios(_("协议的形式"), AgreementForm.choices)
    concluded_on = day(_("哪天达成的"))
    facts = words(_("主要事实"), rows=3)
    issue = words(_("争议事项和各方责任"), rows=2)
    way = words(_("怎么履行：方式、地点"), rows=2)
    proof = choice(_("凭据"), _PROOFS)
    proof_ref = line(_("凭据在哪里"), help_text=_("原件存放处、录音编号或者见证人姓名。"))
    photos = Photos(label=_("签名原件的照片"), help_text=_("书面协议要附上：双方签字或者按手印，调解员签名。"))

    def fill_choices(self) -> None:
        self.fields["concluded_on"].initial = clock.local(clock.now()).date()
        self.always_asked("photos")
        for n in range(1, ROWS + 1):
            self.fields[f"by_{n}"] = choice(_now("谁"), Side.choices, required=False)
            self.fields[f"text_{n}"] = words(_now("要做什么"), rows=2, required=False)
            self.fields[f"due_{n}"] = day(_now("最晚哪天"), required=False)
            if n == 1:
                self.always_asked("by_1", "text_1", "due_1")

    def groups(self) -> list[Group]:
        owed = [
            Part(_now("第 %(n)d 条") % {"n": n}, [f"{part}_{n}" for part in ("by", "text", "due")], folded=n > 1)
            for n in range(1, ROWS + 1)
        ]
        first = Part("", ("form", "concluded_on", "facts", "issue"))
        return grouped(self, [first, *owed, Part(_now("履行和凭据"), ("way", "proof", "proof_ref", "photos"))])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for n in range(1, ROWS + 1):
            parts = [f"{part}_{n}" for part in ("by", "text", "due")]
            given = [bool(data.get(name)) for name in parts]
            for name, there in zip(parts, given, strict=True):
                if not there and (any(given) or n == 1) and name not in self.errors:
                    self.add_error(name, _now("一条协议要写全：谁、要做什么、最晚哪天。"))
        if data.get("form") == Mediated.SIGNED and data.get("proof") not in (None, "", Proof.SIGNED_SLIP):
            self.add_error("proof", _now("书面协议的凭据是本人签字。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        owed = tuple(
            terms.Owed(by=Side(data[f"by_{n}"]), text=data[f"text_{n}"], due_on=data[f"due_{n}"])
            for n in range(1, ROWS + 1)
            if data[f"text_{n}"]
        )
        return terms.ConcludeAgreement(
            form=Mediated(data["form"]),
            facts=data["facts"],
            issue=data["issue"],
            obligations=owed,
            way=data["way"],
            concluded_on=data["concluded_on"],
            proof=Proof(data["proof"]),
            proof_ref=data["proof_ref"],
            files=data["photos"],
        )


class CheckPerformanceForm(ActionForm):
    action = Action.CHECK_PERFORMANCE
    happens = _("向应当得到履行的一方核实以后再记。说事人看得到。")
    verb = _("记下回查")
    public = True
    obligation = choice(_("哪一条"))
    performed = radios(_("履行了没有"), Performed.choices)
    heard = choice(_("怎么核实的"), SPOKEN)
    text = words(_("查到的情况"), rows=3)
    again_on = day(
        _("没有履行完的，哪天再回查"),
        required=False,
        help_text=_("催促以后再看一次。不再回查就空着，说事人会看到可以起诉。"),
    )
    photos = Photos()

    def fill_choices(self) -> None:
        matter = self.about.matter
        running = matter.deadlines.filter(kind=DeadlineKind.PERFORMANCE, outcome="OPEN").values_list("about", flat=True)
        rows = matter.obligations.filter(ordinal__in=[int(one) for one in running]).order_by("ordinal")
        found = []
        for row in rows:
            row.matter = matter
            found.append((str(row.ordinal), f"{row.ordinal}. {row.get_owed_by_display()}{_now('：')}{row.text}"))
        self.offer("obligation", found)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.CheckPerformance(
            obligation=int(data["obligation"]),
            performed=Performed(data["performed"]),
            heard=Way(data["heard"]),
            text=data["text"],
            again_on=data["again_on"],
            files=data["photos"],
        )


class AskOtherSideForm(ActionForm):
    action = Action.ASK_OTHER_SIDE
    happens = _("照对方的原话记。和说事人的评价分开放，不代替它，也不决定重办。说事人看不到。")
    verb = _("记下")
    way = choice(_("怎么联系的"), SPOKEN)
    result = radios(_("对结果满不满意"))
    attitude = radios(_("对态度满不满意"))
    words = words(_("对方的话"), rows=2, required=False)
    proof = choice(_("凭据"), [(one.value, one.label) for one in Proof])
    proof_ref = line(_("录音编号、签字单编号或者见证人姓名"))

    def fill_choices(self) -> None:
        levels = [(str(level.value), str(level)) for level in self.about.profile.satisfaction.levels]
        self.offer("result", levels)
        self.offer("attitude", levels)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AskOtherSide(
            way=Way(data["way"]),
            result=Satisfaction(data["result"]),
            attitude=Satisfaction(data["attitude"]),
            words=data["words"],
            proof=Proof(data["proof"]),
            proof_ref=data["proof_ref"],
        )
