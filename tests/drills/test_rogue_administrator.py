"""Drill 6: an administrator who resets, grants and acts, through the pages there are: blocked or delayed, told, recorded."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel import clock, outbox, steady
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from shuoshi.people import actions
from shuoshi.people.actions.seconds import WAIT
from shuoshi.people.models import Account, Passkey, Proposal, ProposalState
from tests.support.desk import signed_in
from tests.support.passkeys import ADDRESS, added, browser, signs_in
from tests.support.village import Place, build_town

pytestmark = [pytest.mark.django_db, pytest.mark.drill(6)]

VICTIM = "钱监督"
NEW = "磨盘山下的旧水渠，修于 1964"
CODE = re.compile(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}")


@pytest.fixture
def town(db: None, settings: Any) -> Place:
    settings.PUBLIC_ADDRESS = ADDRESS
    town = build_town()
    town.person("第二管理员", ("青禾镇", Role.ADMINISTRATOR))
    town.bind_factor(VICTIM)
    return town


def account(town: Place, name: str = VICTIM) -> Account:
    return Account.objects.get(person=town.persons[name])


def presses(town: Place, do: str, name: str = VICTIM, **more: str) -> Any:
    client = signed_in(town, "管理员")
    given = {"do": do, "row": str(account(town, name).pk), **more}
    return client.post(f"/desk/settings/people/{town.persons[name]}/", given)


def told(town: Place, name: str = VICTIM) -> list[tuple[str, str]]:
    waiting = outbox.waiting_for(town.actor(name)).order_by("created_at")
    return [(one.kind, one.facts["deed"]) for one in waiting if "deed" in one.facts]


@pytest.mark.parametrize(
    ("do", "deed"),
    [
        ("reset", "reset_password"),
        ("drop_totp", "drop_totp"),
        ("drop_passkeys", "drop_passkeys"),
        ("save", "create_account"),
    ],
)
def test_what_he_does_to_a_privileged_account_waits_and_its_owner_reads_of_it(town: Place, do: str, deed: str) -> None:
    device = added(town, VICTIM)
    before = Account.objects.filter(pk=account(town).pk).values().get()
    answer = presses(town, do, username="shadow")
    assert answer["Location"] == "/desk/settings/seconds/" and not CODE.search(answer.content.decode())
    assert Account.objects.filter(pk=account(town).pk).values().get() == before
    assert Passkey.objects.count() == 1 and not Account.objects.filter(username="shadow").exists()
    assert told(town) == [("account_asked", deed)]
    assert "有管理员提出改动您的账号" in signed_in(town, VICTIM).get("/desk/").content.decode()
    steady.forget()
    assert steady.Kind.SECOND_WANTED in {alarm.kind for alarm in steady.alarms()}
    proposal = Proposal.objects.get(state=ProposalState.OPEN)
    for rogue in (signed_in(town, "管理员"), second_account_of_the_same(town)):
        alone = rogue.post("/desk/settings/seconds/", {"do": "agree", "row": str(proposal.pk)})
        assert alone.status_code == 409 and "正在等另一位管理员同意" in alone.content.decode()
    assert signs_in(device), "the owner goes on as before"
    no = signed_in(town, "第二管理员").post("/desk/settings/seconds/", {"do": "decline", "row": str(proposal.pk)})
    assert no.status_code == 302
    assert [one.action for one in Event.objects.filter(stream_kind="proposal").order_by("sequence")] == [
        "propose",
        "decline",
    ]
    assert [bad for bad in verify() if "totp" not in (bad.column or "")] == []


def second_account_of_the_same(town: Place) -> Client:
    """He opened himself another account before anybody looked."""
    actions.create_account(town.persons["管理员"], "spare", actor=SYSTEM, password="lantern orchard 48 river")
    return signed_in(town, "管理员", "spare")


def test_a_duty_he_grants_himself_waits(town: Place) -> None:
    unit = town.units["青禾镇"]
    client = signed_in(town, "管理员")
    for role in ("supervisor", "oversight_member"):
        data = {"do": "appoint", "appoint-person": str(town.persons["管理员"]), "appoint-role": role}
        assert client.post(f"/desk/settings/units/{unit.pk}/", data)["Location"] == "/desk/settings/seconds/"
    held = Post.objects.filter(person=town.persons["管理员"], until__isnull=True)
    assert list(held.values_list("role", flat=True)) == ["administrator"]
    assert Proposal.objects.filter(state=ProposalState.OPEN, deed="appoint").count() == 2


def test_left_unanswered_he_may_after_seven_days_and_it_says_that_nobody_agreed(town: Place) -> None:
    presses(town, "reset")
    proposal = Proposal.objects.get()
    with clock.simulated(clock.now() + WAIT - timedelta(hours=1)):
        assert (
            signed_in(town, "管理员")
            .post("/desk/settings/seconds/", {"do": "agree", "row": str(proposal.pk)})
            .status_code
            == 409
        )
    with clock.simulated(clock.now() + WAIT):
        paper = signed_in(town, "管理员").post("/desk/settings/seconds/", {"do": "agree", "row": str(proposal.pk)})
        assert paper.status_code == 200 and CODE.search(paper.content.decode())
    event = Event.objects.get(stream_id=str(account(town).pk), action="reset_password")
    assert event.facts() == {"proposed_by": str(town.persons["管理员"]), "by_second": False}
    assert told(town) == [("account_asked", "reset_password"), ("account_changed", "reset_password")]


def test_who_is_not_privileged_is_told_and_what_he_does_in_their_name_stands_as_his_reset_and_their_code(
    town: Place,
) -> None:
    """He can; security.md 2.2 asks two only for the privileged. But it ends their sessions, and stands in their stream."""
    owner = signed_in(town, "孙丽")
    device = added(town, "孙丽")
    code = CODE.search(presses(town, "reset", "孙丽").content.decode())
    assert code is not None
    assert owner.get("/desk/").status_code == 302 and not signs_in(device)
    name = account(town, "孙丽").username
    given = {"username": name, "code": code[0], "new_password": NEW, "password_again": NEW}
    assert browser().post("/desk/reset/", given).status_code == 302
    rogue = browser()
    assert rogue.post("/desk/sign-in/", {"username": name, "password": NEW}).status_code == 302
    events = Event.objects.filter(stream_id=str(account(town, "孙丽").pk)).order_by("sequence")
    assert [one.action for one in events][-3:] == ["reset_password", "set_by_code", "sign_in"]
    reset = events.get(action="reset_password")
    assert str(town.persons["管理员"]) in reset.actor
    assert told(town, "孙丽") == [("account_changed", "reset_password")]


def test_new_first_codes_for_everybody_are_no_way_to_the_privileged(town: Place) -> None:
    fresh = actions.create_account(town.persons[VICTIM], "unused", actor=SYSTEM)[0]
    answer = signed_in(town, "管理员").post("/desk/settings/people/first-codes/")
    assert answer.status_code == 200 and "unused" not in answer.content.decode()
    assert Account.objects.get(pk=fresh.pk).epoch == fresh.epoch


def test_there_is_no_way_to_act_in_the_name_of_another(town: Place) -> None:
    """No address signs in as somebody: a session holds the account that proved itself, whatever is posted."""
    client = signed_in(town, "管理员")
    for address in ("/desk/", "/desk/me/", f"/desk/settings/people/{town.persons[VICTIM]}/"):
        client.get(address, {"account": str(account(town).pk), "as": str(account(town).pk)})
        client.post(address, {"account": str(account(town).pk), "as": str(account(town).pk), "do": "become"})
    assert client.session["account"] == str(account(town, "管理员").pk)
