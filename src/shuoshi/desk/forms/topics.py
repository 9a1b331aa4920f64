"""Forms of topics that residents propose: onto an agenda, declined with words, and the look at a telephone number."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import choice, line, radios, words
from shuoshi.kernel import clock
from shuoshi.kernel.web.forms import Form
from shuoshi.meetings import queries
from shuoshi.meetings.vocabulary import Look


class AdmitForm(Form):
    meeting = choice(_("列入哪次会"), first=_("请选"))
    title = line(_("议题"), limit=120, help_text=_("会公开，不写姓名、电话、门牌。"))
    answer = words(_("给提话题的人的话"), rows=2, required=False)

    def __init__(self, *args: Any, unit: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [
            (str(one.pk), f"{clock.local(one.begins_at):%Y-%m-%d} {one.title}") for one in queries.called_for(unit)
        ]
        self.offer("meeting", [("", _now("请选")), *names])


class LookForm(Form):
    why = radios(_("为什么要看"), Look.choices)


class DeclineForm(Form):
    answer = words(_("为什么不列，怎么答复"), rows=3, help_text=_("提话题的人看得到。"))
