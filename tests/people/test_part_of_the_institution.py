"""Who administers a part of the institution arranges that part: no account that opens more, nothing that holds for all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.organization import actions as organization
from shuoshi.organization import profile
from shuoshi.organization.actions import InstitutionGiven
from shuoshi.organization.roles import Role
from shuoshi.people import actions
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account
from tests.support.desk import signed_in
from tests.support.village import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def village(town: Place) -> Actor:
    """An administrator of the village alone."""
    town.person("村管理员", ("柳湾村", Role.ADMINISTRATOR))
    return town.actor("村管理员")


def account(town: Place, name: str) -> Account:
    return Account.objects.get(person=town.persons[name])


@pytest.mark.parametrize("name", ["王芳", "马镇长", "县分办", "村书记"])
@pytest.mark.parametrize("deed", [actions.reset_password, actions.disable, actions.drop_totp])
def test_accounts_of_others_are_out_of_reach(
    town: Place, village: Actor, name: str, deed: Callable[..., object]
) -> None:
    if name == "村书记":  # also the town's registrar: the account opens more than the village
        town.person(name, ("柳湾村", Role.HANDLER), ("受理中心", Role.REGISTRAR))
    before = account(town, name).epoch
    with pytest.raises(Refused, match="not_administrator"):
        deed(account(town, name).pk, actor=village)
    with pytest.raises(Refused, match="not_administrator"):
        actions.create_account(town.persons[name], "second", actor=village)
    assert account(town, name).epoch == before


def test_accounts_of_the_village_are_not(town: Place, village: Actor) -> None:
    town.person("村委员", ("柳湾村", Role.HANDLER))
    actions.reset_password(account(town, "村委员").pk, actor=village)
    taken_on = actions.take_on(PersonGiven(name="新来的"), actor=village)
    actions.create_account(taken_on.pk, "xinlaide", actor=village)
    organization.appoint(taken_on.pk, town.units["柳湾村"].pk, Role.HANDLER, actor=village)


def test_the_town_arranges_all_accounts_those_of_the_county_too(town: Place) -> None:
    actions.reset_password(account(town, "县分办").pk, actor=town.actor("管理员"))


def test_what_holds_for_all_is_not_for_a_village(town: Place, village: Actor) -> None:
    given = InstitutionGiven(name="柳湾", short_name="柳湾", code="LW", hotline="110", address="村口")
    for deed in (
        lambda: organization.publish_profile(profile.current(), actor=village),
        lambda: organization.edit_institution(given, actor=village),
        lambda: organization.open_institution(actor=village),
        lambda: organization.create_area("别处", None, actor=village),
        lambda: organization.make_year_official(2027, [date(2027, 1, 1)], [], actor=village),
    ):
        with pytest.raises(Refused, match="not_administrator"):
            deed()


def test_the_calendar_page_says_so(town: Place, village: Actor) -> None:
    sent = {"year": "2027", "off": "2027-01-01", "worked": ""}
    assert signed_in(town, "村管理员").post("/desk/settings/calendar/", sent).status_code == 409
    assert signed_in(town, "管理员").post("/desk/settings/calendar/", sent).status_code == 302


def test_whoever_does_not_reach_somebody_is_no_second_administrator_for_them(town: Place, village: Actor) -> None:
    """The town's only administrator is not made to wait for one who may not agree, and none such declines."""
    town.person("督查员", ("青禾镇", Role.SUPERVISOR))
    actions.reset_password(account(town, "督查员").pk, actor=town.actor("管理员"))
    town.person("第二管理员", ("青禾镇", Role.ADMINISTRATOR))
    with pytest.raises(actions.SecondNeeded) as needed:
        actions.reset_password(account(town, "督查员").pk, actor=town.actor("管理员"))
    with pytest.raises(Refused, match="not_administrator"):
        actions.propose(needed.value, actor=village)
    proposal = actions.propose(needed.value, actor=town.actor("管理员"))
    with pytest.raises(Refused, match="not_administrator"):
        actions.decline(proposal.pk, actor=village)
