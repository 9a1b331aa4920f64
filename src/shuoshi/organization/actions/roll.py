"""Writing a roll down: units in the order of the tree, areas of those that govern one, people with posts and accounts.

One transaction through the ordinary verbs, so that each leaves its event. What stands already stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.organization.actions.places import create_area
from shuoshi.organization.actions.units import UnitGiven, appoint, create_unit, designate_person
from shuoshi.organization.models import TIERS, Area, Institution, Post, Unit
from shuoshi.organization.policies import require_arranger
from shuoshi.organization.roll import PEOPLE, UNITS, Fault, PersonRow, Roll, RollFaults, UnitRow
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account
from shuoshi.people.queries import contact


@dataclass(frozen=True)
class Plan:
    """What a roll would change: `above` names the unit over each new one, "" the institution itself."""

    units: tuple[UnitRow, ...]
    people: tuple[PersonRow, ...]  # rows with at least one post that is new
    joining: frozenset[int]  # those of them, by row, whose account stands already or is opened by a row above
    known_units: int
    known_people: int

    @property
    def persons(self) -> int:
        """How many people have a new post; somebody with two rows is one."""
        return len({people.folded(row.username) for row in self.people})


@dataclass(frozen=True)
class FirstCode:
    """For the slip that is handed over: who sets the first password with which code."""

    name: str
    unit: str
    username: str
    code: str


@dataclass(frozen=True)
class Taken:
    """What was written. `codes` are shown this once; `left` are posts that take two administrators."""

    units: int
    people: int
    codes: tuple[FirstCode, ...]
    left: tuple[str, ...]


def plan(roll: Roll) -> Plan:
    """What of this roll is new, units in an order in which they can be founded. Raises RollFaults with all that is wrong."""
    standing = _standing()
    faults = list(roll.faults)
    new = [row for row in roll.units if row.name not in standing]
    _check_short_names(new, standing, faults)
    units = _in_order(new, standing, faults)
    called = {name: row.name for row in reversed(new) for name in (row.short_name, row.name)}
    called |= {name: unit.name for name, unit in standing.items()}
    held, accounts = _held(), _accounts(roll)
    fresh, joining, seen = list[PersonRow](), set[int](), set[str]()
    for row in roll.people:
        username = people.folded(row.username)
        posts = {(username, called.get(row.unit, ""), role) for role in row.roles}
        if row.unit not in called:
            text = _("没有“%(unit)s”这个单位。请改正，或者在“%(sheet)s”表里加上。")
            faults.append(Fault(PEOPLE, row.row, "单位", text % {"unit": row.unit[:30], "sheet": UNITS}))
        elif not posts <= held:
            fresh.append(row)
            held |= posts
            if username in accounts:
                _check_known(row, accounts[username], faults)
            if username in accounts or username in seen:
                joining.add(row.row)
            seen.add(username)
    if faults:
        raise RollFaults(faults)
    untouched = {people.folded(row.username) for row in roll.people} - seen
    return Plan(units, tuple(fresh), frozenset(joining), len(roll.units) - len(new), len(untouched))


def take_in(plan: Plan, *, actor: Actor) -> Taken:
    """Write it all down, or nothing. Raises Refused as the verbs do."""
    with transaction.atomic():
        require_arranger(actor)
        institution = Institution.objects.select_for_update(of=("self",)).select_related("root").get()
        units = _found_units(plan.units, institution, actor)
        codes: list[FirstCode] = []
        left: list[str] = []
        for row in plan.people:
            person, code = _somebody(row, actor)
            if code:
                codes.append(FirstCode(row.name, units[row.unit].name, row.username, code))
            left += _posts(row, person, units[row.unit], actor)
    return Taken(len(plan.units), plan.persons, tuple(codes), tuple(left))


def _standing() -> dict[str, Unit]:
    """Units in use by name and by short name; the name counts where two are alike."""
    units = list(Unit.objects.filter(active=True).order_by("node"))
    return {unit.short_name: unit for unit in reversed(units)} | {unit.name: unit for unit in reversed(units)}


def _check_short_names(new: Sequence[UnitRow], standing: Mapping[str, Unit], faults: list[Fault]) -> None:
    """People are given to units by their short names too, so each name means one unit."""
    taken = {name: unit.name for name, unit in standing.items()}
    for row in new:
        other = taken.setdefault(row.short_name, row.name)
        if other != row.name:
            text = _("%(other)s已经叫“%(short)s”。就是这个单位的，请删掉这一行；不是的，请写不同的简称。")
            faults.append(Fault(UNITS, row.row, "简称", text % {"other": other, "short": row.short_name}))
        taken.setdefault(row.name, row.name)


def _in_order(new: Sequence[UnitRow], standing: Mapping[str, Unit], faults: list[Fault]) -> tuple[UnitRow, ...]:
    founded, ordered, waiting = {*standing, ""}, list[UnitRow](), list(new)
    while waiting:
        ready = [row for row in waiting if row.above in founded]
        if not ready:
            for row in waiting:
                text = _("没有“%(unit)s”这个单位，或者上下级绕成了一圈。请改正。")
                faults.append(Fault(UNITS, row.row, "上级单位", text % {"unit": row.above[:30]}))
            break
        ordered += ready
        founded |= {name for row in ready for name in (row.name, row.short_name)}
        waiting = [row for row in waiting if row not in ready]
    return tuple(ordered)


def _held() -> set[tuple[str, str, str]]:
    """(account name, unit, role) of posts held now."""
    rows = Post.objects.filter(until__isnull=True, person__accounts__isnull=False)
    return set(rows.values_list("person__accounts__username", "unit__name", "role"))


def _accounts(roll: Roll) -> dict[str, Account]:
    """Accounts that stand already under names of this roll, with their person."""
    names = {people.folded(row.username) for row in roll.people}
    return {row.username: row for row in Account.objects.filter(username__in=names).select_related("person")}


def _check_known(row: PersonRow, account: Account, faults: list[Fault]) -> None:
    """Posts are added to an account that stands only for the person it belongs to."""
    known = contact(account.person_id)
    if account.person.name != row.name:
        text = _("这个账号名已经是%(other)s的。不同的人请写不同的账号名。")
        faults.append(Fault(PEOPLE, row.row, "账号名", text % {"other": account.person.name}))
    elif row.phone and known is not None and known.value != row.phone:
        text = _("已经有叫%(other)s的账号，手机不同。是两个人，请写不同的账号名；是同一个人，手机空着不写。")
        faults.append(Fault(PEOPLE, row.row, "账号名", text % {"other": row.name}))


def _found_units(rows: Sequence[UnitRow], institution: Institution, actor: Actor) -> dict[str, Unit]:
    """All units by name, the new ones founded; villages and the like get the piece of ground they govern."""
    assert institution.root is not None
    units = _standing()
    taken = set(Unit.objects.values_list("code", flat=True))
    free = (code for n in count(1) if (code := f"{institution.code}-{n:02d}") not in taken)
    ground = Area.objects.filter(unit=institution.root, parent__isnull=True).first()
    for row in rows:
        above = units[row.above] if row.above else institution.root
        given = UnitGiven(
            name=row.name, short_name=row.short_name, code=next(free), phone=row.phone, address=row.address
        )
        unit = create_unit(given, row.kind, above.pk, actor=actor)
        units |= {row.short_name: units.get(row.short_name, unit), row.name: unit}
        if row.kind in TIERS and not Area.objects.filter(name=row.short_name, parent=ground, active=True).exists():
            create_area(row.short_name, ground.pk if ground else None, unit_id=unit.pk, actor=actor)
    return units


def _somebody(row: PersonRow, actor: Actor) -> tuple[UUID, str]:
    """The person behind an account name; somebody new is written down, with a code for the first password."""
    username = people.folded(row.username)
    account = Account.objects.filter(username=username).first()
    if account is not None:
        return account.person_id, ""
    key = new_id()
    story = Story(Stream("person", str(key)), "create_person", by=actor, at=clock.now())
    kept = people.keep(story, PersonGiven(name=row.name, phone=row.phone))
    story.tell()
    _account, code = people.open_account(kept.person.pk, username, actor=actor)
    return kept.person.pk, code


def _posts(row: PersonRow, person: UUID, unit: Unit, actor: Actor) -> list[str]:
    """Give the posts that are new; returns what must wait for a second administrator, in words."""
    left = []
    held = set(Post.objects.filter(person=person, unit=unit, until__isnull=True).values_list("role", flat=True))
    for role in row.roles:
        if role in held:
            continue
        try:
            appoint(person, unit.pk, role, title=row.title, actor=actor)
        except people.SecondNeeded:
            left.append(f"{row.name} {unit.short_name} {role.label}")
    if row.designated and not left:
        designate_person(unit.pk, person, actor=actor)
    return left
