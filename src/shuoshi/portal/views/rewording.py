"""The speaker corrects what the registry summed up beneath the own words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web import show
from shuoshi.kernel.web.forms import Form, Text
from shuoshi.kernel.web.kept import posted
from shuoshi.kernel.web.refusals import forbidden
from shuoshi.matters import terms
from shuoshi.matters.actions.reworded import AT_THE_WORDS
from shuoshi.matters.queries.tracking import TrackingView
from shuoshi.matters.vocabulary import Action
from shuoshi.people.sign_in import account_of
from shuoshi.portal import opened
from shuoshi.portal.views.closed import closed, why_not
from shuoshi.portal.views.track import ReasonPage, carry_out


class Demands(Form):
    """What is asked for, a point a line."""

    text = Text(label=gettext_lazy("您的要求，一行一条"), rows=8, max_length=4000)
    required_words = {"text": gettext_lazy("请至少写一条要求。")}


@opened.opened
def reword(request: HttpRequest, number: str, seen: TrackingView) -> HttpResponse:
    """The points as they stand, to be worded otherwise. Not from a browser of the staff, as with a rating (1.3.1)."""
    if account_of(request) is not None:
        return forbidden(request, _("这个浏览器里登录着工作人员，不能替群众更正要求。请用您自己的手机打开。"))
    stands, title = [" ".join(str(one.text).split()) for one in seen.demands], _("更正归纳的要求")
    data = posted(request)
    if not seen.can(Action.REWORD_DEMANDS):
        reason = why_not(seen, Action.REWORD_DEMANDS) or _("现在不能更正要求了。")
        return closed(request, seen, title, reason, Demands(data), given=_given)
    form = Demands(data, turn=seen.matter.turn, initial={"text": "\n".join(stands)})
    if form.is_valid():
        try:
            given = _given(form.cleaned_data)
            return carry_out(request, seen, given, form, _("更正收到了，会按新写的逐条答复。"))
        except Refused as refused:
            if refused.code not in AT_THE_WORDS:
                raise
            form.add_error("text", refused.text)
    follows = _(
        "您说的原话一个字不动。答复时按这里写的一条一条回答；原来的写法留在“来往的话”里，答应您的日期不变。交办以后可以改写、可以加，不能减少。"
    )
    return show(request, ReasonPage(seen.matter, form, title, follows, _("就这样更正")))


def _given(said: dict[str, Any]) -> terms.RewordDemands:
    """A line is a point, whatever else a line may be broken by."""
    return terms.RewordDemands(demands=tuple(filter(None, (line.strip() for line in said["text"].split("\n")))))
