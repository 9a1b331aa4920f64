"""A forgotten password: a code on paper, for a day, once; never a way round the second factor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, throttle
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.people import actions, sign_in
from shuoshi.people.models import Account, PasswordReset
from shuoshi.people.sign_in import Failed
from tests.people.staff import PASSWORD, Staff

pytestmark = pytest.mark.django_db
NEW = "磨盘山下的旧水渠，修于 1964"


def refused(staff: Staff, code: str, password: str = NEW, name: str = "") -> str:
    with pytest.raises(Refused) as said:
        actions.set_by_code(name or staff.account.username, code, password)
    return said.value.code


def test_the_code_sets_a_new_password_once_and_ends_all_sessions(staff: Staff):
    _account, code = actions.reset_password(staff.account.pk, actor=SYSTEM)
    assert isinstance(staff.signs_in(), Failed), "the old password is void"
    after_reset = Account.objects.get().epoch
    actions.set_by_code("ＷangQiang ", code.lower().replace("-", " "), NEW)
    assert Account.objects.get().epoch > after_reset
    assert not isinstance(staff.signs_in(password=NEW), Failed)
    assert refused(staff, code) == "reset_wrong"
    assert Event.objects.filter(stream_id=str(staff.account.pk), action="set_by_code").count() == 1


def test_only_its_hash_is_kept_and_a_newer_code_voids_it(staff: Staff):
    _account, first = actions.reset_password(staff.account.pk, actor=SYSTEM)
    assert first.replace("-", "") not in PasswordReset.objects.get().digest.upper()
    assert all(first not in event.payload for event in Event.objects.all())
    _account, second = actions.reset_password(staff.account.pk, actor=SYSTEM)
    assert refused(staff, first) == "reset_wrong"
    actions.set_by_code(staff.account.username, second, NEW)


def test_after_a_day_it_is_over(staff: Staff):
    _account, code = actions.reset_password(staff.account.pk, actor=SYSTEM)
    with clock.simulated(clock.now() + timedelta(hours=24, seconds=1)):
        assert refused(staff, code) == "reset_wrong"


def test_a_wrong_name_a_wrong_code_and_a_closed_account_get_one_answer(staff: Staff):
    _account, code = actions.reset_password(staff.account.pk, actor=SYSTEM)
    assert refused(staff, code, name="nobody") == refused(staff, "AAAA-AAAA-AAAA-AAAA") == "reset_wrong"
    actions.disable(staff.account.pk, actor=SYSTEM)
    assert refused(staff, code) == "reset_wrong"


def test_a_weak_password_does_not_use_it_up(staff: Staff):
    _account, code = actions.reset_password(staff.account.pk, actor=SYSTEM)
    assert refused(staff, code, "123456789012345") == "password_common"
    actions.set_by_code(staff.account.username, code, NEW)


def test_the_second_factor_is_still_asked_for(staff: Staff):
    staff.enrols(clock.now())
    _account, code = actions.reset_password(staff.account.pk, actor=SYSTEM)
    actions.set_by_code(staff.account.username, code, NEW)
    assert isinstance(staff.signs_in(password=NEW), Failed)


def test_guessing_codes_waits_and_bars_no_sign_in(staff: Staff):
    now = clock.now()
    for _ in range(5):
        with pytest.raises(Refused):
            sign_in.set_by_code(staff.account.username, "AAAA", NEW, network="198.51.100.9", now=now)
    answer = sign_in.set_by_code(staff.account.username, "AAAA", NEW, network="198.51.100.9", now=now)
    assert isinstance(answer, Failed) and answer.wait
    assert not isinstance(staff.signs_in(password=PASSWORD), Failed)


def test_a_right_code_gives_its_try_back(staff: Staff):
    now = clock.now()
    for _ in range(throttle.SIGN_IN_UNKNOWN.free + 2):
        _account, code = actions.reset_password(staff.account.pk, actor=SYSTEM)
        answer = sign_in.set_by_code(staff.account.username, code, NEW, network="198.51.100.9", now=now)
        assert answer == staff.account


def test_forty_people_behind_one_address_set_their_first_passwords(staff: Staff):
    """A code that is right takes no try from the network, also where the password has to be a better one."""
    now = clock.now()
    for _ in range(throttle.SIGN_IN_NETWORK.free // 2 + 5):
        _account, code = actions.reset_password(staff.account.pk, actor=SYSTEM)
        with pytest.raises(Refused, match="太容易猜到"):
            sign_in.set_by_code(staff.account.username, code, "123456789012345", network="198.51.100.9", now=now)
        assert sign_in.set_by_code(staff.account.username, code, NEW, network="198.51.100.9", now=now) == staff.account
