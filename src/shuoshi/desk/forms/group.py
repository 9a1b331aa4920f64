"""What the desk types of a group: how many, who speaks for them, and of whom a step is (集体反映, 条例 20)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import ActionForm, choice, line, phone_number, radios, tick, words
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.actions import seats
from shuoshi.matters.actions.hearing import ASKED_NO_MORE
from shuoshi.matters.case import scopes
from shuoshi.matters.intake import GroupSaid, SpokespersonSaid
from shuoshi.matters.models import SEATS, Spokesperson
from shuoshi.matters.vocabulary import Action, Heard, Naming, TellBy
from shuoshi.organization.roles import Role
from shuoshi.people.masks import masked_name, masked_phone

REGISTRY = (Role.REGISTRAR, Role.DISPATCHER, Role.FOLLOW_UP_AGENT)
_NAMING = [(Naming.NAMED.value, _("留名")), (Naming.CONFIDENTIAL.value, _("留名但对承办单位保密"))]
_TELL = [(one.value, one.label) for one in TellBy if one not in (TellBy.EMAIL, TellBy.WECHAT)]
_MOST = 1_000_000


def heads(label: Any, *, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(label=label, required=required, help_text=help_text, min_value=2, max_value=_MOST)


# ── on the registration page ───────────────────────────────────────────────────────────────────────────────────────


def add_to(form: forms.Form) -> None:
    """The fields of a group; the first spokesperson is whoever stands at the top of the page."""
    form.fields["group"] = tick(_("是集体反映"), help_text=_("至少按加急办，领导马上知道。"))
    form.fields["headcount"] = heads(_("一共多少人"), required=False)
    for seat in range(2, SEATS + 1):
        form.fields[f"name_{seat}"] = line(_("代表 %(n)d 姓名") % {"n": seat}, required=False, limit=40)
        form.fields[f"phone_{seat}"] = line(_("代表 %(n)d 电话") % {"n": seat}, required=False)
        form.fields[f"quiet_{seat}"] = tick(_("代表 %(n)d 对承办单位保密") % {"n": seat})
    form.fields["shared_phone"] = tick(_("有两位合用一个电话"))


def rows(form: forms.Form) -> list[list[Any]]:
    """For the template: a line of fields for each further spokesperson."""
    return [[form[f"{name}_{seat}"] for name in ("name", "phone", "quiet")] for seat in range(2, SEATS + 1)]


def clean(form: forms.Form, data: dict[str, Any]) -> None:
    """Errors where they can be mended."""
    if not data.get("group"):
        return
    if data.get("naming") == Naming.ANONYMOUS:
        form.add_error("naming", _now("集体反映要有留名的代表；不愿让承办单位知道的，选保密。"))
    if not data.get("name") and not data.get("person"):
        form.add_error("name", _now("请写第一位代表的姓名。"))
    if data.get("behalf"):
        form.add_error("behalf", _now("集体反映由代表说，不用再写替谁说。"))
    if data.get("consent"):
        form.add_error("consent", _now("集体反映的事，公开不公开不能由一个人替大家同意。"))
    for seat in range(2, SEATS + 1):
        _clean_row(form, data, seat)
    if data.get("headcount") is None and "headcount" not in form.errors:
        form.add_error("headcount", _now("请写一共多少人。"))
    if form.errors:
        return
    group = said(data)
    try:
        seats.check_headcount(group.headcount, len(group.spokespersons))
    except Refused as refused:
        form.add_error("headcount", refused.text)
    try:
        seats.check_apart(group.spokespersons, shared=group.shared_phone)
    except Refused as refused:
        form.add_error("shared_phone", refused.text)


def _clean_row(form: forms.Form, data: dict[str, Any], seat: int) -> None:
    try:
        data[f"phone_{seat}"] = phone_number(data.get(f"phone_{seat}") or "")
    except forms.ValidationError as wrong:
        form.add_error(f"phone_{seat}", wrong)
        return
    if data[f"phone_{seat}"] and not data.get(f"name_{seat}"):
        form.add_error(f"name_{seat}", _now("请写这一位代表的姓名。"))


def said(data: dict[str, Any]) -> GroupSaid:
    """The group as cleaned data say it."""
    first = SpokespersonSaid(
        name=data["name"], phone=data["phone"], person=data["person"], naming=Naming(data["naming"])
    )
    others = [
        SpokespersonSaid(
            name=data[f"name_{seat}"],
            phone=data[f"phone_{seat}"],
            naming=Naming.CONFIDENTIAL if data[f"quiet_{seat}"] else Naming.NAMED,
        )
        for seat in range(2, SEATS + 1)
        if data[f"name_{seat}"]
    ]
    return GroupSaid(
        headcount=data["headcount"], spokespersons=(first, *others), shared_phone=bool(data["shared_phone"])
    )


# ── of whom a step is ──────────────────────────────────────────────────────────────────────────────────────────────


def which(label: Any) -> forms.ChoiceField:
    """The field of a form that is about one of them; `offer_seats` fills it, or takes it away."""
    return radios(label)


def offer_seats(form: ActionForm, *, asking: bool = False, without_receipt: bool = False) -> None:
    """Those who speak for the group; `asking`: who is still to be asked, with what came of trying."""
    matter = form.about.matter
    if not matter.is_group:
        del form.fields["spokesperson"]
        return
    found = seats.seated(matter)
    if asking:
        found = [row for row in found if row.heard not in ASKED_NO_MORE]
    if without_receipt:
        found = [row for row in found if row.receipt_handed_over_at is None]
    knows = asking or matter.home_path in scopes(form.about.actor, REGISTRY)
    form.offer("spokesperson", [(str(row.pk), _label(row, knows=knows, asking=asking)) for row in found])
    if len(found) == 1:
        form.fields["spokesperson"].initial = str(found[0].pk)


def chosen(data: dict[str, Any]) -> UUID | None:
    return UUID(data["spokesperson"]) if data.get("spokesperson") else None


def named(row: Spokesperson, *, knows: bool) -> str:
    """代表 2 李某某 139****0088; who is hidden from the reader has only a seat."""
    seat = _now("代表 %(n)d") % {"n": row.seat}
    if row.party.naming == Naming.CONFIDENTIAL and not knows:
        return seat
    phone = masked_phone(row.party.contact.value) if row.party.contact else ""
    return " ".join(part for part in (seat, masked_name(row.party.person.name), phone) if part)


def _label(row: Spokesperson, *, knows: bool, asking: bool) -> str:
    name = named(row, knows=knows)
    if not asking or not row.attempts:
        return name
    tried = _now("问过 %(n)d 次，没有联系上") % {"n": row.attempts}
    state = str(Heard.UNREACHED.label) if row.heard == Heard.UNREACHED else tried
    return _now("%(name)s（%(unit)s）") % {"name": name, "unit": state}


# ── what changes in a group ────────────────────────────────────────────────────────────────────────────────────────


class AddSpokespersonForm(ActionForm):
    action = Action.ADD_SPOKESPERSON
    happens = _("他有自己的查询码和回执，答复以后同样要问他。代表最多 5 位。承办单位和领导会知道。")
    verb = _("增加代表")
    public = True
    name = line(_("姓名"), limit=40)
    phone = line(_("电话"), required=False)
    naming = radios(_("留不留名"), _NAMING, initial=Naming.NAMED.value)
    tell_by = choice(_("告知方式"), _TELL)
    shared_phone = tick(_("和别的代表合用一个电话"))
    headcount = heads(_("现在一共多少人"), required=False, help_text=_("人数没有变，可以不填。"))

    def clean_phone(self) -> str:
        return phone_number(self.cleaned_data["phone"])

    def clean(self) -> dict[str, Any]:
        phone = self.cleaned_data.get("phone")
        held = [row.party.contact for row in seats.seated(self.about.matter)]
        known = [str(contact.value) for contact in held if contact is not None]
        if phone and phone in known and not self.cleaned_data.get("shared_phone"):
            self.add_error("phone", _now("别的代表留了同一个电话。确实是合用的，请勾选“和别的代表合用一个电话”。"))
        return super().clean()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.AddSpokesperson(
            name=data["name"],
            phone=data["phone"],
            naming=Naming(data["naming"]),
            tell_by=TellBy(data["tell_by"]),
            shared_phone=data["shared_phone"],
            headcount=data["headcount"],
        )


class CorrectHeadcountForm(ActionForm):
    action = Action.CORRECT_HEADCOUNT
    happens = _("原来的数和更正的数都留着，说事人看得到，领导会知道。")
    verb = _("更正人数")
    public = True
    headcount = heads(_("一共多少人"))
    reason = words(_("为什么更正"), rows=2)

    def fill_choices(self) -> None:
        self.fields["headcount"].initial = self.about.matter.headcount

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.CorrectHeadcount(headcount=data["headcount"], reason=data["reason"])
