"""Saying that somebody is away, and who takes the place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, radios
from shuoshi.kernel.web.forms import Form, Moment
from shuoshi.organization.absence import AwayBecause


class AbsenceForm(Form):
    person = choice(_("谁请假"))
    why = radios(_("事由"), AwayBecause.choices)
    starts_at = Moment(label=_("从"), help_text=_("已经过去的时间，从登记时算起。"))
    ends_at = Moment(label=_("到"))
    deputy = choice(
        _("谁代理"),
        required=False,
        help_text=_("代理人也请假时，由他的代理人接着代。不选的，由单位负责人代；负责人也不在，由上一级负责人代。"),
    )

    def __init__(self, *args: Any, people: choices.Pairs, deputies: choices.Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", people if len(people) == 1 else [("", "——"), *people])
        self.offer("deputy", [("", _now("不选，由单位负责人代")), *deputies])

    @property
    def person_given(self) -> UUID:
        return UUID(self.cleaned_data["person"])

    @property
    def deputy_given(self) -> UUID | None:
        chosen = self.cleaned_data["deputy"]
        return UUID(chosen) if chosen else None

    @property
    def why_given(self) -> AwayBecause:
        return AwayBecause(self.cleaned_data["why"])
