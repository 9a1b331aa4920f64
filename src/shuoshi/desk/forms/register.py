"""The registration form: seven groups in free order, one page, keyboard only (ux.md §3.2). It makes one `Intake`."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices, group
from shuoshi.desk.forms.base import choice, day, line, phone_number, radios, tick, words
from shuoshi.desk.forms.begun import Begun
from shuoshi.desk.forms.citing import CitingForm
from shuoshi.desk.forms.files import Photos, wait_with
from shuoshi.desk.photos import Waiting
from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Moment
from shuoshi.matters.intake import Intake, OrderGiven, PersonSaid
from shuoshi.matters.queries import gave_number
from shuoshi.matters.terms import AnswerOnTheSpot
from shuoshi.matters.vocabulary import EMERGENCIES, Channel, Kind, Naming, TellBy, Urgency
from shuoshi.organization.profile import Category, Profile, Question
from shuoshi.organization.roles import Role

_BY_STAFF = (
    Channel.HOTLINE,
    Channel.POINT,
    Channel.MEETING,
    Channel.BOX,
    Channel.MAIL,
    Channel.VISIT,
    Channel.REPRESENTATIVE,
    Channel.OUTSIDE,
)
_NAMING = [
    (Naming.NAMED, _("留名")),
    (Naming.CONFIDENTIAL, _("留名但对承办单位保密")),
    (Naming.ANONYMOUS, _("匿名")),
]
_WORKING, _CALENDAR = "wd", "cd"
_URGENCY = [
    (Urgency.U4, _("一般")),
    (Urgency.U3, _("加急：影响多户")),
    (Urgency.U2, _("紧急：断水断电断气或有隐患")),
    (Urgency.U1, _("特急：有人身危险")),
]
_OWN = (TellBy.EMAIL, TellBy.WECHAT)  # whoever speaks chooses them alone: an address, a proved follower
_TELL = [(one.value, one.label) for one in TellBy if one not in _OWN]
_READ_BACK = [
    ("signature", _("念给他听，本人签字")),
    ("fingerprint", _("念给他听，按手印，有见证人")),
    ("recording", _("念给他听，有录音")),
]
_ON_THE_SPOT = (Kind.POLICY_ENQUIRY, Kind.INTEREST_CLAIM, Kind.OTHER, Kind.PRAISE)


class RegisterForm(CitingForm):
    """What a registrar writes while somebody speaks. `done` is the button 当场办结."""

    phone = line(_("来电号码"), required=False)
    name = line(_("称呼"), required=False, limit=40)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    letter = forms.UUIDField(required=False, widget=forms.HiddenInput)  # out of a suggestion box
    mail = forms.UUIDField(required=False, widget=forms.HiddenInput)  # in the inbox
    call = forms.UUIDField(required=False, widget=forms.HiddenInput)  # at the hotline
    voicemail = forms.UUIDField(required=False, widget=forms.HiddenInput)  # left on the hotline
    ticket = forms.UUIDField(required=False, widget=forms.HiddenInput)  # a number called at a point
    sheet = forms.UUIDField(required=False, widget=forms.HiddenInput)  # a paper form
    meeting = forms.UUIDField(required=False, widget=forms.HiddenInput)  # at a meeting
    item = forms.UUIDField(required=False, widget=forms.HiddenInput)  # of its agenda
    resolution = forms.UUIDField(required=False, widget=forms.HiddenInput)  # that asks for it
    raised = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)  # matters of it so far
    naming = radios(_("留不留名"), _NAMING)
    behalf = tick(_("替别人说"))
    behalf_name = line(_("替谁说（姓名）"), required=False, limit=40)
    behalf_phone = line(_("那个人的电话"), required=False)
    read_back = choice(_("说事人不识字时怎么核对的"), _READ_BACK, required=False, first=_("不需要"))

    content = words(_("原话（怎么说就怎么记）"), rows=3)
    demands = words(_("归纳的要求，一行一条"), rows=2, required=False)
    photos = Photos()

    area = choice(_("村、社区"), required=False)
    place = line(_("具体地方"), required=False)

    channel = choice(_("渠道"), [(one.value, one.label) for one in _BY_STAFF])
    point = choice(_("说事地点"), required=False)
    said_place = line(_("别的说事地点"), required=False)
    order_number = line(_("上级件单号"), required=False, limit=60)
    order_sender = line(_("哪个上级转来的"), required=False, limit=80)
    order_received = day(_("收到的日期（不填就是今天）"), required=False)
    order_days = forms.IntegerField(label=_("上级要求几天内报结"), required=False, min_value=1, max_value=365)
    order_unit = radios(
        _("怎么算"), [(_WORKING, _("工作日")), (_CALENDAR, _("自然日"))], required=False, initial=_WORKING
    )
    order_content = words(_("上级的要求"), rows=2, required=False)
    happened_at = Moment(label=_("说事时间"), required=False)

    urgency = radios(_("紧急程度"), _URGENCY)
    drill = tick(_("这是演练，不是真的"), help_text=_("只练应急：谁来、多久到、怎么报。不告诉任何群众，不进任何统计。"))

    tell_by = radios(_("告知方式"), _TELL)
    no_messages = tick(_("不要发短信"))
    consent = tick(_("同意隐去个人信息后公开"))

    category = choice(_("类别"), required=False)
    concerns_units = forms.MultipleChoiceField(
        label=_("反映的是哪个单位"), required=False, widget=forms.SelectMultiple(attrs={"size": 4})
    )
    concerns_people = forms.MultipleChoiceField(
        label=_("反映的是谁"), required=False, widget=forms.SelectMultiple(attrs={"size": 4})
    )
    concerns_words = line(_("名册里没有的人，用话写"), required=False)

    spot_kind = choice(_("种类"), required=False)
    spot_title = line(_("标题"), required=False, help_text=_("最多 40 个字，不写姓名、电话、门牌。"), limit=60)
    answer = words(_("当场怎么答复的"), required=False)
    basis = line(_("依据"), required=False)
    clear = radios(
        _("挂电话前问：“我说清楚了吗？”"),
        [("yes", _("说清楚了")), ("no", _("还有不清楚的，转去交办"))],
        required=False,
    )

    not_known = tick(_("知识库里没有这个问题的答案，记给责任单位补上"))

    fills = {"answer": "answer", "basis": "basis", "title": "spot_title", "category": "category"}
    required_words = {"content": _("请写下要说的事，一句话也行。")}

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        profile: Profile,
        waiting: Waiting | None = None,
        channel: str = "",
        point: str = "",
        begun: Begun | None = None,
        **kwargs: Any,
    ):
        self.begun = bool(begun)  # what is known already needs no cursor
        self.actor = actor
        self.profile = profile
        first = {
            "naming": Naming.NAMED,
            "urgency": Urgency.U4,
            "tell_by": TellBy.CALL,
            "channel": channel or Channel.HOTLINE,
            "point": point,
        }
        first |= begun or {}
        super().__init__(*args, initial=first, **kwargs)
        if self.begun:
            self.fields["content"].widget.attrs["autofocus"] = True
        wait_with(self, waiting)
        group.add_to(self)
        self.offer("area", lambda: [("", _now("不清楚")), *choices.areas()])
        self.offer("point", lambda: [("", _now("热线（受理中心）")), *choices.points()])
        self.offer("category", lambda: [("", _now("留给分办员")), *choices.categories(profile)])
        self.offer("concerns_units", choices.units)
        self.offer("concerns_people", choices.staff)
        self.offer("spot_kind", [("", "——"), *[(kind.value, kind.label) for kind in _ON_THE_SPOT]])
        for name in ("order_number", "order_sender", "order_received", "order_days", "order_unit"):
            self.always_asked(name)
        if not any(post.role == Role.DUTY_OFFICER for post in actor.posts):
            del self.fields["drill"]
        self.questions = self._questions()
        for question in self.questions:
            self.fields[f"q_{question.code}"] = _field_of(question)

    @property
    def settles(self) -> bool:
        """Whether 当场办结 was pressed."""
        return self.is_bound and "done" in self.data

    @property
    def shows_spot(self) -> bool:
        return self.settles or bool(self.initial.get("answer"))

    def said(self) -> str:
        return str(self["content"].value() or "")

    @property
    def chosen_category(self) -> Category | None:
        code = str(self["category"].value() or "")
        try:
            return self.profile.category(code) if code else None
        except KeyError:
            return None

    @property
    def shows_group(self) -> bool:
        return bool(self["group"].value() or self["headcount"].value())

    def group_rows(self) -> list[list[Any]]:
        return group.rows(self)

    def question_fields(self) -> list[Any]:
        return [self[f"q_{question.code}"] for question in self.questions]

    def clean_phone(self) -> str:
        return phone_number(self.cleaned_data["phone"])

    def clean_behalf_phone(self) -> str:
        return phone_number(self.cleaned_data["behalf_phone"])

    def clean_happened_at(self) -> datetime | None:
        said: datetime | None = self.cleaned_data["happened_at"]
        if said is not None and said > clock.now():
            raise ValidationError(_now("说事时间不能晚于现在。"))
        return said

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_person(data)
        anonymous = data.get("naming") == Naming.ANONYMOUS
        if not anonymous and "phone" in data and not (data.get("phone") or data.get("name") or data.get("person")):
            self.add_error("phone", _now("请留下电话或称呼；都不留，请选匿名。"))
        if data.get("behalf") and not data.get("behalf_name"):
            self.add_error("behalf_name", _now("替别人说，要写替谁说。"))
        self._check_order(data)
        group.clean(self, data)
        if self.settles and data.get("group"):
            self.add_error("spot_kind", _now("集体反映的事不能当场办结。"))
        elif self.settles:
            self._clean_spot(data)
        if data.get("drill"):
            self._check_drill(data)
        return data

    def terms(self) -> Intake:
        """The intake of cleaned data."""
        data = self.cleaned_data
        category = data["category"]
        many = data["group"]
        nobody = many or data["naming"] == Naming.ANONYMOUS
        return Intake(
            channel=Channel(data["channel"]),
            key=self.key,
            content=data["content"],
            naming=Naming(data["naming"]),
            group=group.said(data) if many else None,
            speaker=None if nobody else PersonSaid(name=data["name"], phone=data["phone"], person=data["person"]),
            on_behalf_of=PersonSaid(name=data["behalf_name"], phone=data["behalf_phone"]) if data["behalf"] else None,
            demands=tuple(filter(None, (one.strip() for one in data["demands"].splitlines()))),
            happened_at=data["happened_at"],
            said_point=UUID(data["point"]) if data["point"] else None,
            said_place=data["said_place"],
            area=UUID(data["area"]) if data["area"] else None,
            place=data["place"],
            urgency=Urgency(data["urgency"]),
            drill=bool(data.get("drill")),
            kind=Kind(self.profile.kind_of(category).code) if category else None,
            category=category,
            answers=self._answers(),
            concerns_units=tuple(UUID(one) for one in data["concerns_units"]),
            concerns_people=tuple(UUID(one) for one in data["concerns_people"]),
            concerns_words=data["concerns_words"],
            consent_to_publication=data["consent"],
            tell_by=TellBy(data["tell_by"]),
            no_messages=data["no_messages"],
            order=self._order(data),
            read_back=data["read_back"],
            files=data["photos"],
            knowledge_missing=data["not_known"],
            settle=self._settle,
        )

    @property
    def shows_order(self) -> bool:
        """Whether the fields of an order stand open: it came from a superior body, or something of it was written."""
        given = any(self[name].value() for name in ("order_number", "order_sender", "order_days", "order_content"))
        return given or str(self["channel"].value()) == Channel.OUTSIDE

    def _check_order(self, data: dict[str, Any]) -> None:
        """All of it or nothing; what was sent down has a number, a sender and a limit."""
        begun = any(data.get(name) for name in ("order_number", "order_sender", "order_days", "order_content"))
        if not begun and data.get("channel") != Channel.OUTSIDE:
            return
        for name, sentence in (
            ("order_number", _now("请写上级件的单号。")),
            ("order_sender", _now("请写是哪个上级转来的。")),
            ("order_days", _now("请写上级要求几天内报结。")),
        ):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        received = data.get("order_received")
        if received is not None and received > clock.local(clock.now()).date():
            self.add_error("order_received", _now("收到上级件的日期不能晚于今天。"))

    def _order(self, data: dict[str, Any]) -> OrderGiven | None:
        if not data["order_number"]:
            return None
        return OrderGiven(
            number=data["order_number"],
            sender=data["order_sender"],
            received_on=data["order_received"] or clock.local(clock.now()).date(),
            days=data["order_days"],
            working_days=data["order_unit"] != _CALENDAR,
            content=data["order_content"],
        )

    def _check_drill(self, data: dict[str, Any]) -> None:
        if data.get("urgency") not in EMERGENCIES:
            self.add_error("urgency", _now("演练练的是应急，请选紧急或特急。"))
        if data.get("naming") != Naming.ANONYMOUS:
            self.add_error("naming", _now("演练不写真人，请选匿名。"))

    _settle: AnswerOnTheSpot | None = None

    def _check_person(self, data: dict[str, Any]) -> None:
        """Only somebody who gave this number before; whoever else was sent is let go, and all the rest stays."""
        person, phone = data.get("person"), data.get("phone")
        if person is None and "person" not in self.errors:
            return
        if person is not None and phone and gave_number(self.actor, person, phone):
            return
        assert isinstance(self.data, QueryDict)
        without = self.data.copy()
        without["person"] = ""
        self.data = without
        self.errors.pop("person", None)
        if "phone" not in self.errors:
            self.add_error(
                "phone", _now("选的人没有用这个号码说过事，已经取消选择。请在旁边重选，或者直接登记成新的人。")
            )

    def _clean_spot(self, data: dict[str, Any]) -> None:
        category = data.get("category")
        kind = self.profile.kind_of(category).code if category else data.get("spot_kind")
        for name, sentence in (
            ("spot_kind", "" if kind else _now("当场办结要先选种类。")),
            ("spot_title", "" if data.get("spot_title") else _now("当场办结要写标题。")),
            ("answer", "" if data.get("answer") else _now("请写下当场怎么答复的。")),
            ("clear", "" if data.get("clear") else _now("请问一句“我说清楚了吗”，再选。")),
        ):
            if sentence:
                self.add_error(name, sentence)
        if self.errors:
            return
        try:
            self._settle = AnswerOnTheSpot(
                kind=Kind(str(kind)),
                title=data["spot_title"],
                answer=data["answer"],
                category=category or "",
                basis=data["basis"],
                clear=data["clear"] == "yes",
                cites=self.cited(),
            )
        except Refused as refused:
            self.add_error("spot_title", refused.text)

    def _questions(self) -> tuple[Question, ...]:
        """Questions of the chosen category that apply given the answers so far."""
        source = self.data if self.is_bound else self.initial
        raw = getattr(self, "_again", None) or source
        code = str(raw.get("category") or "")
        try:
            category = self.profile.category(code) if code else None
        except KeyError:
            return ()
        if category is None:
            return ()
        answers = {question.code: str(raw.get(f"q_{question.code}") or "") for question in category.questions}
        return category.asked(answers)

    def _fill(self, data: Any) -> None:
        self._again = data
        super()._fill(data)

    def _answers(self) -> dict[str, str]:
        found = {question.code: str(self.cleaned_data.get(f"q_{question.code}") or "") for question in self.questions}
        return {code: value for code, value in found.items() if value}


def _field_of(question: Question) -> forms.Field:
    label = str(question.text)
    if question.type in ("choice", "yes_no"):
        pairs = [(one.code, str(one)) for one in question.options] or [("yes", _now("是")), ("no", _now("不是"))]
        return radios(label, pairs, required=question.required)
    if question.type == "number":
        return forms.IntegerField(label=label, required=question.required, min_value=0, max_value=10_000_000)
    if question.type == "date":
        return day(label, required=question.required)
    return line(label, required=question.required)
