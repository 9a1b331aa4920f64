"""Accounts: who may open, close and change them, and what a password must be."""

from __future__ import annotations

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind, PostHeld
from shuoshi.kernel.events import Event
from shuoshi.kernel.ids import new_id
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.people import actions, passwords, queries, totp
from shuoshi.people.models import Account
from tests.people.staff import PASSWORD, Staff

pytestmark = pytest.mark.django_db


def administrator(staff: Staff) -> Actor:
    post = PostHeld(new_id(), "/1/", "TOWN", "administrator")
    return Actor(ActorKind.STAFF, person_id=staff.person.pk, account_id=staff.account.pk, posts=(post,))


def test_one_person_may_have_two_accounts_but_a_name_is_given_once(staff: Staff) -> None:
    second, first_password = actions.create_account(staff.person.pk, "Wang.Qiang", actor=SYSTEM)
    assert second.username == "wang.qiang"
    assert second.must_change_password
    assert second.check_password(first_password)
    assert queries.accounts_of(staff.person.pk) == [staff.account, second]
    with pytest.raises(Refused, match="username_taken"):
        actions.create_account(staff.person.pk, "ＷＡＮＧＱＩＡＮＧ", actor=SYSTEM)
    for odd in ("", "wang qiang", "w" * 41):
        with pytest.raises(Refused, match="username_odd"):
            actions.create_account(staff.person.pk, odd, actor=SYSTEM)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("短了一点点", "password_short"),
        ("长" * 257, "password_long"),
        ("aaaaaaaaaaaaaaaaaa", "password_common"),
        ("123456789012345678", "password_common"),
        ("wangqiangwangqiang", "password_common"),
        ("wangqiang-password", "password_common"),
        ("shuoshi12345shuoshi", "password_common"),
        ("Password12345678", "password_common"),
    ],
)
def test_a_password_anybody_would_try_is_refused(staff: Staff, password: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        actions.set_password(staff.account.pk, password, actor=staff.actor)


def test_a_second_factor_allows_a_shorter_password() -> None:
    twelve = "竹篮打水一场空呀四海为家"
    assert len(twelve) == 12
    passwords.require_good(twelve, username="wangqiang", second_factor=True)
    with pytest.raises(Refused, match="password_short"):
        passwords.require_good(twelve, username="wangqiang", second_factor=False)


def test_made_up_passwords_are_good_ones() -> None:
    made = {passwords.made_up() for _time in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.require_good(password, username="wangqiang", second_factor=False)


def test_only_the_owner_changes_the_password_and_must_no_longer_then(staff: Staff) -> None:
    actions.reset_password(staff.account.pk, actor=SYSTEM)
    stranger = Actor(ActorKind.STAFF, account_id=new_id())
    with pytest.raises(Refused, match="not_owner"):
        actions.set_password(staff.account.pk, PASSWORD + "新的", actor=stranger)
    changed = actions.set_password(staff.account.pk, PASSWORD + "新的", actor=staff.actor)
    assert not changed.must_change_password
    assert Account.objects.get(pk=staff.account.pk).check_password(PASSWORD + "新的")
    assert list(verify()) == []


def test_only_an_administrator_arranges_accounts_and_never_the_own(staff: Staff) -> None:
    with pytest.raises(Refused, match="not_administrator"):
        actions.create_account(staff.person.pk, "second", actor=staff.actor)
    own = administrator(staff)
    for verb in (actions.disable, actions.reset_password, actions.drop_totp):
        with pytest.raises(Refused, match="own_account"):
            verb(staff.account.pk, actor=own)
    other, _first = actions.create_account(staff.person.pk, "second", actor=own)
    assert not actions.disable(other.pk, actor=own).is_active
    assert actions.enable(other.pk, actor=own).is_active
    assert list(verify()) == []


def test_an_authenticator_counts_only_after_a_first_right_code(staff: Staff) -> None:
    secret = actions.enrol_totp(staff.account.pk, actor=staff.actor)
    assert not Account.objects.get(pk=staff.account.pk).totp_confirmed
    with pytest.raises(Refused, match="totp_wrong"):
        actions.confirm_totp(staff.account.pk, "12345", actor=staff.actor)
    with pytest.raises(Refused, match="totp_missing"):
        actions.new_recovery_codes(staff.account.pk, actor=staff.actor)
    code = totp.code_at(secret, clock.now())
    assert len(actions.confirm_totp(staff.account.pk, code, actor=staff.actor)) == totp.RECOVERY_CODES
    with pytest.raises(Refused, match="totp_stands"):
        actions.enrol_totp(staff.account.pk, actor=staff.actor)
    dropped = actions.drop_totp(staff.account.pk, actor=SYSTEM)
    assert (dropped.totp_confirmed, dropped.recovery_codes.count()) == (False, 0)
    assert totp.address(secret, "wangqiang", "清河镇").startswith("otpauth://totp/")
    assert list(verify()) == []


def test_a_password_put_there_behind_the_program_is_found(staff: Staff) -> None:
    other, _first = actions.create_account(staff.person.pk, "second", actor=SYSTEM)
    assert list(verify()) == []
    known = Account.objects.values_list("password", flat=True).get(pk=other.pk)
    Account.objects.filter(pk=staff.account.pk).update(password=known)
    (broken,) = verify()
    assert (broken.where, broken.column) == (f"people.account:{staff.account.pk}", "password")
    assert not any(known in payload for payload in Event.objects.values_list("payload", flat=True))
