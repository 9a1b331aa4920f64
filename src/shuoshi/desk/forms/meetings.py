"""Forms of meetings: calling one, and each deed at it. A form gives what its verb takes."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import headings
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, day, line, phone_number, radios, tick, words
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.search import scrub
from shuoshi.kernel.web.forms import Form, Moment, Text
from shuoshi.meetings import minutes, queries
from shuoshi.meetings.calling import Because, Dropped, ItemGiven, Matters, MeetingGiven
from shuoshi.meetings.deciding import DecisionGiven
from shuoshi.meetings.deeds import Nothing
from shuoshi.meetings.holding import All, Closed, Due, Entry, Opened, Present, VoteGiven
from shuoshi.meetings.minutes import Approval, Release
from shuoshi.meetings.minutes import Text as Written
from shuoshi.meetings.models import MOST_DUE, Meeting
from shuoshi.meetings.policies import may_hold
from shuoshi.meetings.resolving import OfMatter, Resolved, Told
from shuoshi.meetings.vocabulary import Kind, Outcome, Part
from shuoshi.organization import queries as organization

_MOST = 2000  # people in one vote


class CallForm(Form):
    unit = choice(_("哪个单位的会"), first=_("请选"))
    kind = choice(_("什么会"), Kind.choices, first=_("请选"))
    title = line(_("会议名称"), limit=80, help_text=_("会公开，不写姓名、电话。"))
    place = line(_("在哪里开"), limit=120)
    begins = Moment(label=_("什么时候开始"))
    ends = Moment(label=_("预计什么时候结束"))
    due = forms.IntegerField(
        label=_("应到人数"), required=False, min_value=1, max_value=MOST_DUE, help_text=_("说事会谁都能来，可以不填。")
    )
    hurry = line(
        _("通知时间不够的原因"),
        required=False,
        help_text=_("村民会议、居民会议提前 10 天通知，说事会、代表会议、党员大会提前 3 天。会和通知一起公开。"),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.offer("unit", lambda: [("", _now("请选")), *_units(actor)])
        self.decision: tuple[UUID, str] | None = None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("begins") and data.get("ends") and data["ends"] <= data["begins"]:
            self.add_error("ends", _now("结束的时间要在开始之后。"))
        return data

    def given(self) -> MeetingGiven:
        data = self.cleaned_data
        decision, step = self.decision or (None, "")
        return MeetingGiven(
            unit_id=UUID(data["unit"]),
            kind=Kind(data["kind"]),
            title=data["title"],
            place=data["place"],
            begins_at=data["begins"],
            ends_at=data["ends"],
            due=data["due"],
            hurry=data["hurry"],
            decision=decision,
            step=step,
        )

    @staticmethod
    def first_of(row: Meeting) -> dict[str, Any]:
        first = {one.name: getattr(row, one.name) for one in fields(MeetingGiven) if one.name in _SAME}
        times = {"begins": clock.local(row.begins_at), "ends": clock.local(row.ends_at)}
        return first | times | {"unit": str(row.unit_id)}


_SAME = ("kind", "title", "place", "due", "hurry")


def _units(actor: Actor) -> choices.Pairs:
    return [(str(one.pk), choices.indented(one)) for one in organization.units() if may_hold(actor, one.path)]


class DecisionForm(Form):
    unit = choice(_("哪个村"), first=_("请选"))
    title = line(_("决定什么事"), limit=80, help_text=_("会公开，不写姓名、电话。"))
    origin = line(_("谁提的，为什么提"), limit=200, help_text=_("例如“党员群众建议：三组桥太窄”。会公开。"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("unit", lambda: [("", _now("请选")), *_units(actor)])

    def given(self) -> DecisionGiven:
        data = self.cleaned_data
        return DecisionGiven(unit_id=UUID(data["unit"]), title=data["title"], origin=data["origin"])


class PublicForm(Form):
    text = Text(label=_("公开的内容"), rows=8, help_text=_("不写姓名、电话、门牌。"))


class WithdrawnForm(Form):
    words = line(_("为什么不再公开"), limit=200)


@dataclass(frozen=True)
class About:
    """The meeting a form stands before, what of it was chosen, and for whom."""

    meeting: Meeting
    actor: Actor
    row: UUID | None


class DeedForm(Form):
    """The form of one deed at a meeting; `about_a_row`: at somebody or something of it, which the address names."""

    about_a_row: ClassVar[bool] = False

    def __init__(self, *args: Any, about: About, **kwargs: Any) -> None:
        self.about = about
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Choices and first values that depend on the meeting."""

    @property
    def row(self) -> UUID:
        assert self.about.row is not None  # about_a_row
        return self.about.row

    def given(self) -> Any:
        return Nothing()


class BecauseForm(DeedForm):
    words = line(_("原因"), limit=200, help_text=_("会公开，不写姓名、电话。"))

    def given(self) -> Any:
        return Because(self.cleaned_data["words"])


class OpenForm(DeedForm):
    at = Moment(
        label=_("什么时候开始的"), required=False, help_text=_("现在开始的不用填。会后补记的要填，记录里会写明是补记。")
    )

    def given(self) -> Opened:
        return Opened(self.cleaned_data["at"])


class CloseForm(DeedForm):
    at = Moment(label=_("什么时候结束的"), required=False, help_text=_("现在结束的不用填。会后补记的要填。"))

    def given(self) -> Closed:
        return Closed(self.cleaned_data["at"])


class LeaveForm(DeedForm):
    about_a_row = True
    at = Moment(label=_("什么时候走的"), required=False, help_text=_("现在走的不用填。会后补记的要填。"))

    def given(self) -> Entry:
        return Entry(self.row, at=self.cleaned_data["at"])


class ItemForm(DeedForm):
    title = line(_("议题"), limit=120)
    proposed_by = line(_("谁提的"), required=False, limit=60)
    public = tick(_("写进公开的会议通知"), help_text=_("公开的议题不写姓名、电话、门牌。"))

    def given(self) -> ItemGiven:
        data = self.cleaned_data
        return ItemGiven(data["title"], data["proposed_by"], data["public"])


class MattersForm(DeedForm):
    matters = forms.MultipleChoiceField(label=_("哪些事"), widget=forms.CheckboxSelectMultiple)
    required_words = {"matters": _("请至少勾一件。")}

    def prepare(self) -> None:
        found = queries.waiting_matters(self.about.meeting, self.about.actor).select_related("area")[: queries.SHOWN]
        self.titles = {str(one.pk): headings.of(one) for one in found}
        self.numbers = {str(one.pk): one.number for one in found}
        self.offer("matters", [(key, f"{self.numbers[key]} {title}") for key, title in self.titles.items()])

    def given(self) -> Matters:
        return Matters(tuple((UUID(key), self.titles[key]) for key in self.cleaned_data["matters"]))


class DropForm(DeedForm):
    about_a_row = True
    words = line(_("原因"), limit=200)

    def given(self) -> Dropped:
        return Dropped(self.row, self.cleaned_data["words"])


class PresenceForm(DeedForm):
    name = line(_("姓名"), limit=40)
    part = radios(_("以什么身份到会"), Part.choices, initial=Part.MEMBER)
    phone = line(_("电话"), required=False)
    at = Moment(label=_("什么时候到的（不填就是现在）"), required=False)
    same_name = tick(_("和已经签到的人同名，是另一个人"))
    because = line(_("更正的原因"), required=False, help_text=_("会开完以后补的才填。"))

    def clean_phone(self) -> str:
        return phone_number(self.cleaned_data["phone"])

    def given(self) -> Present:
        data = self.cleaned_data
        part, same = Part(data["part"]), data["same_name"]
        return Present(data["name"], data["phone"], part, data["at"], same, data["because"])


class StrikeForm(DeedForm):
    about_a_row = True
    words = line(_("为什么划去"), limit=200, help_text=_("划去的还留在记录里，不再算数。"))

    def given(self) -> Entry:
        return Entry(self.row, self.cleaned_data["words"])


class AllForm(DeedForm):
    words = line(_("为什么划去"), limit=200, help_text=_("例如“不在会场，别处扫的码”。"))

    def given(self) -> All:
        return All(self.cleaned_data["words"])


class DueForm(DeedForm):
    due = forms.IntegerField(label=_("应到人数"), min_value=1, max_value=MOST_DUE)
    because = line(_("更正的原因"), limit=200)

    def given(self) -> Due:
        return Due(self.cleaned_data["due"], self.cleaned_data["because"])


class VoteForm(DeedForm):
    item = choice(_("哪个议题"), first=_("请选"))
    question = line(_("表决什么"), limit=200, help_text=_("例如“同意先修三组的水渠”。"))
    in_favour = forms.IntegerField(label=_("同意"), min_value=0, max_value=_MOST)
    against = forms.IntegerField(label=_("反对"), min_value=0, max_value=_MOST, initial=0)
    abstained = forms.IntegerField(label=_("弃权"), min_value=0, max_value=_MOST, initial=0)
    at = Moment(label=_("什么时候表决的"), required=False, help_text=_("现在表决的不用填。会后补记的要填。"))

    def prepare(self) -> None:
        _offer_items(self)

    def given(self) -> VoteGiven:
        data = self.cleaned_data
        counted = (data["in_favour"], data["against"], data["abstained"])
        return VoteGiven(UUID(data["item"]), data["question"], *counted, at=data["at"])


class ResolveForm(DeedForm):
    item = choice(_("哪个议题"), first=_("请选"))
    text = words(_("决议"), rows=3)
    unit = choice(_("由哪个单位落实"), first=_("请选"))
    deadline = day(_("最晚哪天"), required=False)
    vote = choice(_("根据哪次表决"), required=False, first=_("没有表决"))
    because = line(_("补记的原因"), required=False, limit=200, help_text=_("会开完以后补的才填，记录里会写明是补记。"))

    def prepare(self) -> None:
        whole = _offer_items(self)
        self.offer("unit", lambda: [("", _now("请选")), *choices.units()])
        unseen = _now("（不便显示的事项）")
        taken = [one for one in whole.votes if one.row.passed and one.row.struck_at is None] if whole else []
        named = [(str(one.row.pk), unseen if one.hidden else str(one.row.question)) for one in taken]
        self.offer("vote", [("", _now("没有表决")), *named])

    def given(self) -> Resolved:
        data = self.cleaned_data
        return Resolved(
            item=UUID(data["item"]),
            text=data["text"],
            unit=UUID(data["unit"]),
            deadline=data["deadline"],
            vote=UUID(data["vote"]) if data["vote"] else None,
            because=data["because"],
        )


def _offer_items(form: DeedForm) -> queries.Whole | None:
    """The things of the agenda the reader may know, the one whose button was pressed first chosen; the meeting as read."""
    whole = queries.meeting(form.about.meeting.pk, form.about.actor)
    shown = [one for one in whole.items if one.row.dropped_at is None] if whole else []
    unseen = _now("（不便显示的事项）")
    form.offer("item", [("", _now("请选")), *((str(one.row.pk), one.title or unseen) for one in shown)])
    if form.about.row is not None:
        form.initial.setdefault("item", str(form.about.row))
    return whole


class MinutesForm(DeedForm):
    text = Text(label=_("纪要"), rows=16)
    because = line(_("为什么改"), required=False, limit=200, help_text=_("会开完以后改已经写好的纪要，要写明原因。"))
    of = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        last = minutes.newest(self.about.meeting)
        if last is not None:
            last.meeting = self.about.meeting
            self.initial.setdefault("text", str(last.text))
        self.initial.setdefault("of", last.version if last is not None else 0)

    def given(self) -> Written:
        data = self.cleaned_data
        return Written(data["text"], data["because"], data["of"] or 0)


class ApproveForm(DeedForm):
    meeting = choice(_("在哪次会上通过的"), first=_("请选"))
    of = forms.IntegerField(widget=forms.HiddenInput)

    def prepare(self) -> None:
        later = queries.approvable_in(self.about.meeting)
        names = [(str(one.pk), f"{clock.local(one.begins_at):%Y-%m-%d} {one.title}") for one in later]
        self.offer("meeting", [("", _now("请选")), *names])
        last = minutes.newest(self.about.meeting)
        self.initial.setdefault("of", last.version if last is not None else 0)

    def given(self) -> Approval:
        return Approval(UUID(self.cleaned_data["meeting"]), self.cleaned_data["of"])


class ReleaseForm(DeedForm):
    text = Text(
        label=_("公开的纪要"), rows=16, help_text=_("姓名、电话、门牌和别的能认出人的话都去掉。号码已经先替您隐去。")
    )

    def prepare(self) -> None:
        last = minutes.newest(self.about.meeting)
        self.original = ""
        if last is not None:
            last.meeting = self.about.meeting
            self.original = str(last.text)
            self.initial.setdefault("text", scrub(self.original))

    def given(self) -> Release:
        return Release(self.cleaned_data["text"])


class WithdrawForm(DeedForm):
    words = line(_("为什么不再公开"), limit=200)

    def given(self) -> Because:
        return Because(self.cleaned_data["words"])


class ToldForm(DeedForm):
    about_a_row = True
    words = words(_("落实得怎么样"), rows=3)
    outcome = radios(_("现在"), Outcome.choices, initial=Outcome.OPEN)
    at = choice(_("在哪次会上说的"), required=False, first=_("不在会上"))

    def prepare(self) -> None:
        held = queries.held_by(self.about.meeting.unit_id)
        names = [(str(one.pk), f"{clock.local(one.begins_at):%Y-%m-%d} {one.title}") for one in held]
        self.offer("at", [("", _now("不在会上")), *names])

    def given(self) -> Told:
        data = self.cleaned_data
        at = UUID(data["at"]) if data["at"] else None
        return Told(self.row, data["words"], Outcome(data["outcome"]), at)


class NoteForm(DeedForm):
    about_a_row = True
    number = line(_("事项编号"), limit=40, help_text=_("决议会作为内部备注写进这件事的记录。"))

    def given(self) -> OfMatter:
        return OfMatter(self.row, self.cleaned_data["number"])
