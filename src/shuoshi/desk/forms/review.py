"""Forms of a review by the tier above: asked for at the desk or on the telephone, and decided (4.4.2)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import ActionForm, line, radios, words
from shuoshi.kernel.templatetags.shuoshi import limit
from shuoshi.matters import terms, veil
from shuoshi.matters.vocabulary import Action, Naming, ResultState, WishShown
from shuoshi.organization.profile import Step

STANDS, AGAIN = "stands", "again"


class RequestReviewForm(ActionForm):
    action = Action.REQUEST_REVIEW
    verb = _("记下复核的请求")
    public = True
    text = words(_("说事人的话：为什么不同意"), rows=4)
    shown_by = radios(_("凭什么知道是本人的意思"), WishShown.choices)
    proof_ref = line(
        _("凭据在哪里"), help_text=_("录音编号、签字件编号，或者核对的是哪种证件、谁在场。群众看不到这一行。")
    )

    def fill_choices(self) -> None:
        within = limit(self.about.profile.limit(Step.REVIEW, self.about.matter.kind))
        self.happens = _now(
            "说事人不同意答复，由受理中心替他记下。由上一级没有经手过的人复核，%(limit)s内作出决定。"
        ) % {"limit": within}

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.RequestReview(text=data["text"], shown_by=WishShown(data["shown_by"]), proof_ref=data["proof_ref"])


class DecideReviewForm(ActionForm):
    action = Action.DECIDE_REVIEW
    happens = _(
        "维持：说事人会看到意见、依据和还可以走的途径，再请他评价；按信访事项办的，两级先后维持就办结。改变：重新交办，重新答应一个日期。"
    )
    verb = _("作出复核决定")
    public = True
    template = "desk/_fields_ruling.html"
    reads = frozenset({ResultState.SIGNED})
    decision = radios(_("决定"), [(STANDS, _("维持原答复")), (AGAIN, _("改变，重新办理"))])
    text = words(_("查明的事实和复核意见"), rows=5)
    basis = words(_("依据"), rows=2)
    remedies = words(_("还可以走的途径"), rows=2, required=False, help_text=_("维持原答复的必须写。"))

    def fill_choices(self) -> None:
        review = self.about.matter.reviews.filter(decided_at__isnull=True, lapsed_at__isnull=True).first()
        if review is not None:
            matter = review.matter = self.about.matter
            said = str(review.text)
            if matter.naming == Naming.CONFIDENTIAL:  # whoever reviews need not know who it is
                said = veil.veiled(said, veil.names_of(matter.parties.select_related("person")))
            self.asked = [(_now("说事人为什么不同意"), said)]
        self.always_asked("remedies")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("decision") == STANDS and not str(data.get("remedies") or "").strip():
            self.add_error("remedies", _now("请写明说事人还可以走什么途径。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.DecideReview(
            upheld=data["decision"] == STANDS, text=data["text"], basis=data["basis"], remedies=data["remedies"]
        )
