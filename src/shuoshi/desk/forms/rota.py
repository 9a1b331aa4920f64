"""Forms of points: rules of fixed days, one day, who sits there, who was there, numbers, sheets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.points.days import DayGiven, RuleGiven
from shuoshi.channels.points.models import LAST, MOST_COUNTERS, Every, MatterDay, OnHoliday, Part, Queue
from shuoshi.channels.points.rota import SittingGiven
from shuoshi.channels.points.sheets import MOST
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import Words, choice, line, narrowed, radios, tick
from shuoshi.desk.forms.base import day as on_day
from shuoshi.kernel import clock
from shuoshi.kernel.web.forms import Form
from shuoshi.organization import queries as organization

REASON = 120
_WEEKDAYS = [(str(n + 1), label) for n, label in WEEKDAYS.items()]
NTH = [("1", _("第一个")), ("2", _("第二个")), ("3", _("第三个")), ("4", _("第四个")), (str(LAST), _("最后一个"))]
_FIXED, _WEEKLY = "fixed", "weekly"


def hour(label: Words, *, required: bool = True) -> forms.TimeField:
    return forms.TimeField(
        label=label, required=required, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class RuleForm(Form):
    every = radios(_("怎么定"), Every.choices, initial=Every.MONTH)
    day = forms.IntegerField(
        label=_("每月几号"), required=False, min_value=1, max_value=31, help_text=_("没有这一天的月份，算月底那一天。")
    )
    nth = choice(_("第几个"), NTH, required=False)
    weekday = choice(_("星期几"), _WEEKDAYS, required=False)
    weeks = forms.IntegerField(
        label=_("每几个星期一次"),
        required=False,
        min_value=1,
        max_value=8,
        help_text=_("每个星期写 1，隔一个星期写 2。"),
    )
    first = on_day(_("从哪天算起"))
    opens = hour(_("几点开"))
    closes = hour(_("几点关"))
    on_holiday = radios(_("遇到法定节假日"), OnHoliday.choices, initial=OnHoliday.NEXT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always_asked("day", "nth", "weekday", "weeks")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        every = str(data.get("every") or "")
        wanted: dict[str, list[str]] = {
            Every.MONTH: ["day"],
            Every.NTH: ["nth", "weekday"],
            Every.WEEKS: ["weekday", "weeks"],
        }
        for name in wanted.get(every, []):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _now("这里还没有填。"))
        _check_hours(self, data, "opens", "closes")
        return data

    def clean_first(self) -> date:
        """Near enough to count from."""
        said: date = self.cleaned_data["first"]
        if abs(said - clock.local(clock.now()).date()) > timedelta(days=366):
            raise ValidationError(_now("请选前后一年以内的日子。"))
        return said

    def given(self) -> RuleGiven:
        data = self.cleaned_data
        every = data["every"]
        return RuleGiven(
            every=every,
            first=data["first"],
            opens=data["opens"],
            closes=data["closes"],
            on_holiday=data["on_holiday"],
            day=data["day"] if every == Every.MONTH else None,
            nth=int(data["nth"]) if every == Every.NTH else None,
            weekday=int(data["weekday"]) if every != Every.MONTH else None,
            weeks=data["weeks"] if every == Every.WEEKS else None,
        )


class DayForm(Form):
    day = on_day(_("哪一天"))
    opens = hour(_("几点开"))
    closes = hour(_("几点关"))
    reason = line(_("原因"), limit=REASON, help_text=_("群众在说事点的网页上看得到，不要写个人的事。"))

    def __init__(self, *args: Any, new: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not new

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        _check_hours(self, data, "opens", "closes")
        return data

    def given(self) -> DayGiven:
        data = self.cleaned_data
        return DayGiven(day=data["day"], opens=data["opens"], closes=data["closes"], reason=data["reason"])

    @staticmethod
    def first_of(row: MatterDay) -> dict[str, Any]:
        return {"day": row.day, "opens": row.opens, "closes": row.closes}


class ReasonForm(Form):
    reason = line(_("原因"), limit=REASON)


class SittingForm(Form):
    post = narrowed(choice(_("谁"), first=_("请选")))
    part = radios(_("做什么"), Part.choices, initial=Part.DEPARTMENT)
    since = on_day(_("从哪天开始"))
    until = on_day(_("到哪天为止"))
    on = radios(_("哪些日子"), [(_FIXED, _("这段时间里的说事日")), (_WEEKLY, _("每个星期的这几天"))], initial=_FIXED)
    weekdays = forms.MultipleChoiceField(
        label=_("星期几"), choices=_WEEKDAYS, required=False, widget=forms.CheckboxSelectMultiple
    )
    starts = hour(_("几点到"))
    ends = hour(_("几点走"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always_asked("weekdays")
        self.offer("post", lambda: [("", _now("请选")), *posts()])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _now("结束的日子要在开始之后。"))
        if since and until and until - since > timedelta(days=366):
            self.add_error("until", _now("只能排还没有开始的、一年以内的日子。"))
        if data.get("on") == _WEEKLY and not data.get("weekdays") and "weekdays" not in self.errors:
            self.add_error("weekdays", _now("请选星期几。"))
        _check_hours(self, data, "starts", "ends")
        return data

    def given(self, fixed: set[date]) -> SittingGiven:
        """`fixed`: the fixed days of the point that stand."""
        data = self.cleaned_data
        wanted = {int(one) for one in data["weekdays"]}
        span = [data["since"] + timedelta(days=n) for n in range((data["until"] - data["since"]).days + 1)]
        if data["on"] == _FIXED:
            days = [one for one in span if one in fixed]
        else:
            days = [one for one in span if one.isoweekday() in wanted]
        return SittingGiven(
            post_id=UUID(data["post"]),
            part=data["part"],
            days=tuple(days),
            starts=data["starts"],
            ends=data["ends"],
            key=self.key,
        )


class TakeBackForm(Form):
    instead = narrowed(choice(_("换谁来"), required=False, first=_("先空着")))
    reason = line(_("原因"), limit=REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("instead", lambda: [("", _now("先空着")), *posts()])

    def instead_of(self) -> UUID | None:
        given = self.cleaned_data["instead"]
        return UUID(given) if given else None


class NoteForm(Form):
    post = narrowed(choice(_("谁"), first=_("请选")))
    day = on_day(_("哪一天"))
    came = hour(_("几点到的"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("post", lambda: [("", _now("请选")), *posts()])


class QueueForm(Form):
    counters = forms.IntegerField(label=_("有几个窗口"), min_value=1, max_value=MOST_COUNTERS)
    at_terminal = tick(_("群众可以在大家共用的终端上自己取号"))
    active = tick(_("现在叫号"))

    @staticmethod
    def first_of(row: Queue | None) -> dict[str, Any]:
        if row is None:
            return {"counters": 1, "at_terminal": False, "active": True}
        return {"counters": row.counters, "at_terminal": row.at_terminal, "active": row.active}


class PrintForm(Form):
    point = choice(_("哪个说事点的"), first=_("请选"))
    many = forms.IntegerField(label=_("印几张"), min_value=1, max_value=MOST, initial=10)

    def __init__(self, *args: Any, points: choices.Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("point", [("", _now("请选")), *points])


class SerialForm(Form):
    serial = line(_("表上的编号"), required=False, limit=200, help_text=_("二维码下面的八位，例如 7K3M-92QD。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always_asked("serial")


class AsideForm(Form):
    words = line(_("为什么不登记"), limit=200, help_text=_("例如写坏了、已经在电话里登记过。"))


def posts() -> choices.Pairs:
    """Everybody by each post they hold, grouped by unit: as what one sits there is part of the plan."""
    found: dict[str, list[tuple[str, str]]] = {}
    away = choices.who_is_away()
    for post in organization.posts_at(clock.now()).order_by("unit__path", "since", "id"):
        found.setdefault(post.unit.name, []).append((str(post.pk), choices.described(post, away)))
    return list(found.items())


def _check_hours(form: Form, data: dict[str, Any], begins: str, ends: str) -> None:
    if data.get(begins) and data.get(ends) and data[ends] <= data[begins]:
        form.add_error(ends, _now("结束时间要晚于开始时间。"))
