"""Forms of the settings: institution, units, posts, people, areas, points, duties, calendar. Each makes what a verb takes."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, line, phone_number, words
from shuoshi.desk.forms.groups import Group, Part, grouped
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form, Moment
from shuoshi.organization import levels
from shuoshi.organization import queries as organization
from shuoshi.organization.actions import InstitutionGiven, OpeningGiven, PointGiven, UnitGiven, require_code
from shuoshi.organization.models import Institution, PointTier, Unit, UnitKind
from shuoshi.organization.profile import Profile
from shuoshi.organization.roles import OFFERED, Role

_DAYS = "一二三四五六日"
_HOURS = ("morning_from", "morning_to", "afternoon_from", "afternoon_to")
_OPENING = re.compile(r"^(?:每?[周週]|星期)([一二三四五六日天])\s*(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})$")
_MATTER_DAY = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})\s+(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})$")


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class InstitutionForm(Form):
    """Its code is not called `code`: what is called so is secret and never kept (kernel.web.kept)."""

    name = line(_("名称"), limit=80, help_text=_("写全称，例如：柳河镇人民政府。"))
    short_name = line(_("简称"), limit=20, help_text=_("页面上、接电话时这样称呼，例如：柳河镇。"))
    institution_code = line(
        _("机构代码"), limit=8, help_text=_("一到八个字母或数字，至少有一个字母，写在每个编号里，例如 QH。")
    )
    hotline = line(_("热线电话"), limit=30)
    night_number = line(_("夜间电话"), required=False, limit=30)
    address = line(_("地址"), limit=120)
    postcode = line(_("邮编"), required=False, limit=10)

    def clean_institution_code(self) -> str:
        """As it will be kept, however wide or small it was typed."""
        code = unicodedata.normalize("NFKC", self.cleaned_data["institution_code"]).upper()
        try:
            require_code(code)
        except Refused as refused:
            raise ValidationError(refused.text) from refused
        return code

    @staticmethod
    def first_of(row: Institution) -> dict[str, Any]:
        """What the form begins with."""
        return {name: getattr(row, name) for name in InstitutionGiven.__annotations__} | {"institution_code": row.code}

    def given(self) -> InstitutionGiven:
        data = self.cleaned_data | {"code": self.cleaned_data["institution_code"]}
        return InstitutionGiven(**{name: data[name] for name in InstitutionGiven.__annotations__})


class UnitForm(Form):
    """A unit; kind and parent are asked only when it is founded, a unit never moves. Its level may be said anew."""

    name = line(_("名称"), limit=80)
    short_name = line(_("简称"), limit=20)
    unit_code = line(_("代码"), limit=20)  # what is called `code` is secret and never kept
    kind = choice(_("性质"), [(one.value, one.label) for one in UnitKind])
    level = choice(_("层级"), required=False, help_text=_("各层级怎么叫，在“规则”里改。"))
    parent = choice(_("上级单位"), required=False)
    phone = line(_("电话"), required=False, limit=30)
    address = line(_("地址"), required=False, limit=120)
    morning_from = _clock(_("上午几点开始"))
    morning_to = _clock(_("上午几点结束"))
    afternoon_from = _clock(_("下午几点开始"))
    afternoon_to = _clock(_("下午几点结束"))

    def __init__(self, *args: Any, founding: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.always_asked(*_HOURS)
        self.offer("level", [("", _now("按性质定") if founding else _now("不分层级")), *levels.names().items()])
        if founding:
            self.offer("parent", [("", "——"), *choices.units()])
        else:
            del self.fields["kind"], self.fields["parent"]

    def groups(self) -> list[Group]:
        parts = (
            Part("", ("name", "short_name", "unit_code", "kind", "level", "parent")),
            Part(_now("联系"), ("phone", "address")),
            Part(_now("办公时间，都不填就跟上级单位一样"), _HOURS, beside=True),
        )
        return grouped(self, parts)

    @staticmethod
    def first_of(row: Unit) -> dict[str, Any]:
        """What the form begins with for a unit that is there."""
        return {name: getattr(row, name) for name in UnitGiven.__annotations__} | {"unit_code": row.code}

    def given(self) -> UnitGiven:
        data = self.cleaned_data | {"code": self.cleaned_data["unit_code"]}
        return UnitGiven(**{name: data[name] for name in UnitGiven.__annotations__})

    @property
    def kind_given(self) -> UnitKind:
        return UnitKind(self.cleaned_data["kind"])

    @property
    def parent_id(self) -> UUID | None:
        return UUID(self.cleaned_data["parent"]) if self.cleaned_data["parent"] else None


class PersonForm(Form):
    """Somebody who will hold a post; name and phone go into the room for personal data."""

    name = line(_("姓名"), limit=40)
    phone = line(_("电话"), required=False)

    def clean_phone(self) -> str:
        return phone_number(self.cleaned_data["phone"])


class AccountForm(Form):
    username = line(_("账号"), limit=40, help_text=_("接着打印一张开户码，当面交给本人，由本人设密码。"))


class AppointForm(Form):
    person = choice(_("谁"))
    role = choice(_("担任"), [(one.value, one.label) for one in OFFERED])
    title = line(_("职务称呼"), required=False, limit=40, help_text=_("例如站长、村支书。"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", [("", "——"), *people])


class DesignateForm(Form):
    person = choice(_("指定专人"), required=False, first=_("还没有指定"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("person", [("", _now("还没有指定")), *people])


class AreaForm(Form):
    name = line(_("名称"), limit=40)
    parent = choice(_("上级区域"), required=False)
    unit = choice(_("由哪个单位管"), required=False)

    def __init__(self, *args: Any, founding: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", [("", "——"), *choices.units()])
        if founding:
            self.offer("parent", [("", "——"), *choices.areas()])
        else:
            del self.fields["parent"]


class PointForm(Form):
    name = line(_("名称"), limit=60)
    tier = choice(_("级别"), [(one.value, one.label) for one in PointTier])
    unit = choice(_("由谁开放"))
    area = choice(_("所在村、社区"))
    address = line(_("地址"), limit=120)
    phone = line(_("电话"), required=False, limit=30)
    opening = words(
        _("开放时间，一行一条"),
        rows=4,
        required=False,
        help_text=_("每周开放写“周一 08:30-11:30”，说事日写“2026-12-05 08:30-11:30”。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", [("", "——"), *choices.units()])
        self.offer("area", [("", "——"), *choices.areas()])

    def clean_opening(self) -> tuple[OpeningGiven, ...]:
        return tuple(_opening(one.strip()) for one in self.cleaned_data["opening"].splitlines() if one.strip())

    def given(self) -> PointGiven:
        data = self.cleaned_data
        return PointGiven(
            name=data["name"],
            unit_id=UUID(data["unit"]),
            area_id=UUID(data["area"]),
            address=data["address"],
            tier=PointTier(data["tier"]),
            phone=data["phone"],
            opening_times=data["opening"],
        )


class DutyLineForm(Form):
    category = choice(_("类别"))
    area = choice(_("村、社区"), required=False)
    unit = choice(_("由谁承办"))
    note = line(_("说明"), required=False, limit=120)

    def __init__(self, *args: Any, profile: Profile, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [(kind.letter, _now("%(kind)s（全部）") % {"kind": kind}) for kind in profile.kinds if kind.letter]
        groups = [(group.code, f"{kind} › {group}") for kind in profile.kinds for group in kind.categories]
        self.offer(
            "category",
            [
                ("", "——"),
                (_now("整个种类"), whole),
                (_now("整个大类"), groups),
                *choices.categories(profile),
            ],
        )
        self.offer("area", [("", _now("不分地方")), *choices.areas()])
        self.offer("unit", [("", "——"), *choices.units()])


class RosterForm(Form):
    officer = choice(_("值班员"))
    starts_at = Moment(label=_("从"))
    ends_at = Moment(label=_("到"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = organization.people_with(Role.DUTY_OFFICER)
        self.offer(
            "officer",
            [
                ("", "——"),
                *[
                    (f"{post.unit_id}|{post.person_id}", choices.named(post.person.name, post.unit.short_name))
                    for post in posts
                ],
            ],
        )

    @property
    def officer_given(self) -> tuple[UUID, UUID]:
        unit, _bar, person = self.cleaned_data["officer"].partition("|")
        return UUID(unit), UUID(person)


class CalendarForm(Form):
    """The published arrangement of a year: days off and weekend days that are worked, one date or span a line."""

    year = forms.IntegerField(label=_("哪一年"), min_value=2020, max_value=2100)
    off = words(_("放假的日子，一行一天或一段"), rows=8, help_text=_("例如 2027-01-01 或 2027-02-05 至 2027-02-12。"))
    worked = words(_("周末上班的日子，一行一天"), rows=4, required=False)

    def clean_off(self) -> list[date]:
        return _days(self.cleaned_data["off"])

    def clean_worked(self) -> list[date]:
        return _days(self.cleaned_data["worked"])


def opening_words(weekday: int | None, day: date | None, opens: time, closes: time) -> str:
    """The same words as they are typed."""
    when = f"周{_DAYS[weekday - 1]}" if weekday else f"{day:%Y-%m-%d}"
    return f"{when} {opens:%H:%M}-{closes:%H:%M}"


def _opening(written: str) -> OpeningGiven:
    plain = written.replace("：", ":")
    weekly, once = _OPENING.match(plain), _MATTER_DAY.match(plain)
    try:
        if weekly:
            day, *hours = weekly.groups()
            return OpeningGiven(*_span(hours), weekday=_DAYS.index("日" if day == "天" else day) + 1)
        if once:
            said, *hours = once.groups()
            return OpeningGiven(*_span(hours), matter_day=_date(said))
    except ValueError:
        pass
    raise ValidationError(_now("“%(line)s”没有看懂。请写成“周一 08:30-11:30”。") % {"line": written})


def _date(written: str) -> date:
    """2027-1-5 as well as 2027-01-05. Raises ValueError."""
    year, month, day = (int(part) for part in written.split("-"))
    return date(year, month, day)


def _span(hours: list[str]) -> tuple[time, time]:
    first, second, third, fourth = (int(one) for one in hours)
    return time(first, second), time(third, fourth)


def _days(written: str) -> list[date]:
    found: list[date] = []
    for one in filter(None, (line_.strip() for line_ in written.splitlines())):
        dates = re.findall(r"\d{4}-\d{1,2}-\d{1,2}", one)
        try:
            ends = [_date(day) for day in dates]
        except ValueError:
            ends = []
        if len(ends) not in (1, 2) or ends[0] > ends[-1] or (ends[-1] - ends[0]).days > 40:
            raise ValidationError(
                _now("“%(line)s”没有看懂。请写成 2027-01-01，或者“2027-02-05 至 2027-02-12”。") % {"line": one}
            )
        found += [date.fromordinal(number) for number in range(ends[0].toordinal(), ends[-1].toordinal() + 1)]
    return found
