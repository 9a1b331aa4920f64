"""A third person asks whether a matter ended as it was written down (1.3.1)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import group
from shuoshi.desk.forms.base import ActionForm, choice, line, radios
from shuoshi.desk.forms.base import words as in_words
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action, Drawn, Exit, Looked, Proof, ResultState, Way

NOT_REACHED = "no"
ASKS = {  # what the person is asked, by how the matter ended
    Exit.ANSWERED: _("记录说当场答清了。问一问：当时听明白了吗，还有没有要办的？"),
    Exit.PASSED_ON: _("记录说您的话已经转达。问一问：是这么回事吗，还有没有要办的？"),
    Exit.UNREACHABLE: _("记录说几次没有联系上。问一问：那几天接到过电话吗，事情办得怎么样？"),
    Exit.UNRATED: _("记录说已经答复、没有评价。问一问：收到答复了吗，有人问过满意不满意吗？"),
    Exit.WITHDRAWN: _("记录说是本人撤回的。问一问：是您自己要撤回的吗，有没有人劝过、催过？"),
}
_WAYS = [(way.value, way.label) for way in (Way.CALL, Way.VISIT, Way.FACE_TO_FACE)]
_FOUND = [
    (Looked.CONFIRMED.value, _("联系上了，和记录一样")),
    (Looked.CONTRADICTED.value, _("联系上了，和记录不一样")),
    (Looked.DECLINED.value, Looked.DECLINED.label),
    (NOT_REACHED, _("这一次没有联系上")),
]
_SAID = (Looked.CONFIRMED, Looked.CONTRADICTED)


class RecordSampleForm(ActionForm):
    action = Action.RECORD_SAMPLE
    verb = _("记下抽查")
    reads = frozenset({ResultState.SIGNED})
    aloud = True
    template = "desk/_fields_follow_up.html"
    spokesperson = group.which(_("问的是哪一位代表"))
    way = choice(_("怎么联系的"), _WAYS)
    found = radios(_("对方怎么说"), _FOUND)
    words = in_words(
        _("对方的原话"),
        rows=3,
        required=False,
        help_text=_("照原话记，说事人自己看得到。没有联系上的，写情况。"),
    )
    proof = choice(_("凭据"), [(one.value, one.label) for one in Proof], required=False)
    proof_ref = line(_("录音编号、签字单编号或者见证人姓名"), required=False)

    def fill_choices(self) -> None:
        self._offer_spokespersons()
        self.always_asked("words", "proof", "proof_ref")
        waiting = self.about.matter.samples.filter(found="").exclude(drawn=Drawn.NOT).order_by("-at", "-pk")
        ended = waiting.values_list("exit", flat=True).first()
        ask = str(ASKS[Exit(ended)]) if ended else ""
        self.happens = ask + _now("不算评价，原来的办结方式和评价都不改；不一样的，报领导和受理中心负责人过问。")

    def groups(self) -> list[dict[str, Any]]:
        """For the template, which shows the answer above them."""
        return [{"title": "", "fields": self.visible_fields()}]

    def _offer_spokespersons(self) -> None:
        """Also those who withdrew: that may be what is looked at."""
        if not self.about.matter.is_group:
            del self.fields["spokesperson"]
            return
        rows = self.about.matter.spokespersons.select_related("party__person", "party__contact").order_by("seat")
        self.offer("spokesperson", [(str(row.pk), group.named(row, knows=True)) for row in rows])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("found") in _SAID:
            if not data.get("proof"):
                self.add_error("proof", _now("对方怎么说，要有凭据。"))
            if not data.get("proof_ref"):
                self.add_error("proof_ref", _now("请写录音编号、签字单编号或者见证人姓名。"))
        if data.get("found") == Looked.CONTRADICTED and not data.get("words"):
            self.add_error("words", _now("和记录不一样的，请照原话记下对方怎么说。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        found = None if data["found"] == NOT_REACHED else Looked(data["found"])
        said = found in _SAID
        return terms.RecordSample(
            spokesperson=group.chosen(data),
            way=Way(data["way"]),
            found=found,
            words=data["words"],
            proof=Proof(data["proof"]) if said else None,
            proof_ref=data["proof_ref"] if said else "",
        )
