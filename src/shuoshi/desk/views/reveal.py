"""The whole data of a party for sixty seconds: a fresh proof of who looks, a reason, an event, a page that closes itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import disclosure
from shuoshi.desk.again import fresh
from shuoshi.desk.forms.base import line, radios
from shuoshi.desk.frame import DeskRequest
from shuoshi.desk.views.matter import case, found
from shuoshi.kernel.web import PageData, page, show, staff
from shuoshi.kernel.web.forms import Form, posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters.models import Matter
from shuoshi.people import actions as people
from shuoshi.people.models import RevealedField


class ReasonForm(Form):
    """Why somebody looks. For one's own open matter a chosen reason is enough; others', and closed ones, take words."""

    reason = radios(_("为什么要看"), list(disclosure.REASONS.items()))
    words = line(_("具体事由"), required=False)
    required_words = {"words": _("请写明具体事由。")}

    def __init__(self, *args: Any, preset: bool, **kwargs: Any) -> None:
        super().__init__(*args, initial={"reason": disclosure.CONTACT_SPEAKER} if preset else None, **kwargs)
        self.fields["words"].required = not preset

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("reason") == disclosure.OTHER and data.get("words") == "":
            self.add_error("words", self.required_words["words"])
        return data


@dataclass(frozen=True)
class RevealPage(PageData):
    """`shown` are the unmasked fields, () before the reason was given."""

    template: ClassVar[str] = "desk/reveal.html"
    matter: Matter
    card: disclosure.Card
    form: ReasonForm
    shown: tuple[tuple[str, str], ...] = ()
    seconds: int = disclosure.SECONDS


@page(access=fresh(staff))
def reveal(request: DeskRequest, number: str, party: UUID) -> HttpResponse:
    """GET asks for the reason, POST shows name, phone and address, each recorded with who and why."""
    view = found(request, number)
    row = next((one for one in view.parties if one.pk == party), None)
    if row is None:
        raise Http404
    card = disclosure.card(case(request, view), row)
    if not card.may_reveal:
        return forbidden(
            request, _now("这位说事人要求对承办单位保密，要联系他请由受理中心转达。"), who_could=_now("受理中心登记员")
        )
    form = ReasonForm(posted(request), preset=card.preset)
    if request.method != "POST" or not form.is_valid():
        return show(request, RevealPage(matter=view.matter, card=card, form=form))
    shown = tuple(
        (str(field.label), value)
        for field in (RevealedField.NAME, RevealedField.PHONE, RevealedField.ADDRESS)
        if (
            value := people.reveal(
                row.person_id, field, form.cleaned_data["reason"], form.cleaned_data["words"], actor=request.actor
            )
        )
    )
    answer = show(request, RevealPage(matter=view.matter, card=card, form=form, shown=shown))
    answer["Refresh"] = f"{disclosure.SECONDS}; url={reverse('desk:matter', args=[number])}"
    answer["Cache-Control"] = "no-store"
    return answer
