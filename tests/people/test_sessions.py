"""A session ends when it idles, when it is old, and at the next request after its owner lost the right to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.http import HttpRequest
from django.test import RequestFactory

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post, UnitKind
from shuoshi.organization.roles import Role
from shuoshi.people import actions, sessions, sign_in
from tests.organization.town import unit
from tests.people.staff import PASSWORD, Staff

pytestmark = pytest.mark.django_db

MORNING = datetime(2026, 11, 10, 1, tzinfo=UTC)


def request(key: str | None = None) -> HttpRequest:
    """A request that carries the session of this key, as the middleware would make it."""
    made = RequestFactory().get("/desk/")
    made.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return made


def signed_in(staff: Staff) -> str:
    """Sign in; the key of the session."""
    made = request()
    sign_in.start(made, staff.account)
    made.session.save()
    assert made.session.session_key is not None
    return made.session.session_key


def next_request(key: str) -> HttpRequest:
    made = request(key)
    sign_in.account_of(made)
    if not made.session.is_empty():
        made.session.save()
    return made


def test_signing_in_begins_under_a_new_key(staff: Staff) -> None:
    made = request()
    made.session["before"] = 1
    made.session.save()
    before = made.session.session_key
    sign_in.start(made, staff.account, owes="password")
    made.session.save()
    assert made.session.session_key != before
    assert "before" not in made.session
    assert made.session["owes"] == "password"
    assert sign_in.account_of(request(before)) is None
    assert sign_in.account_of(request(made.session.session_key)) == staff.account


def test_a_session_ends_after_thirty_idle_minutes(staff: Staff) -> None:
    with clock.simulated(MORNING) as time:
        key = signed_in(staff)
        for minutes in (29, 58, 87):
            time.move_to(MORNING + timedelta(minutes=minutes))
            assert sign_in.account_of(next_request(key)) == staff.account
        time.move_to(MORNING + timedelta(minutes=117))
        assert sign_in.account_of(next_request(key)) is None


def test_a_session_ends_after_twelve_hours_however_busy(staff: Staff) -> None:
    with clock.simulated(MORNING) as time:
        key = signed_in(staff)
        for minutes in range(20, 720, 20):
            time.move_to(MORNING + timedelta(minutes=minutes))
            assert sign_in.account_of(next_request(key)) == staff.account
        time.move_to(MORNING + timedelta(hours=12))
        assert sign_in.account_of(next_request(key)) is None


def test_signing_out_ends_it(staff: Staff) -> None:
    key = signed_in(staff)
    sign_in.end(request(key))
    assert sign_in.account_of(request(key)) is None


def demote(staff: Staff) -> None:
    organization.end_post(Post.objects.get(person=staff.person).pk, actor=SYSTEM)


def promote(staff: Staff) -> None:
    organization.appoint(staff.person.pk, Post.objects.get().unit_id, Role.LEADER, actor=SYSTEM)


def disable(staff: Staff) -> None:
    actions.disable(staff.account.pk, actor=SYSTEM)


def change_password(staff: Staff) -> None:
    actions.set_password(staff.account.pk, PASSWORD + " 再加一段", actor=staff.actor)


def reset_password(staff: Staff) -> None:
    actions.reset_password(staff.account.pk, actor=SYSTEM)


def drop_factor(staff: Staff) -> None:
    actions.drop_totp(staff.account.pk, actor=SYSTEM)


@pytest.mark.drill(4)
@pytest.mark.parametrize("deed", [demote, promote, disable, change_password, reset_password, drop_factor])
def test_what_takes_the_right_away_ends_every_session_at_its_next_request(
    staff: Staff, deed: Callable[[Staff], None]
) -> None:
    office = unit("水利站", UnitKind.DEPARTMENT, None, "QH-SLZ")
    organization.appoint(staff.person.pk, office.pk, Role.HANDLER, actor=SYSTEM)
    staff.account.refresh_from_db()
    keys = [signed_in(staff), signed_in(staff)]
    assert all(sign_in.account_of(request(key)) == staff.account for key in keys)
    deed(staff)
    assert [sign_in.account_of(request(key)) for key in keys] == [None, None]


def test_whoever_changes_the_own_password_goes_on_here_within_the_same_twelve_hours(staff: Staff) -> None:
    with clock.simulated(MORNING) as time:
        key, elsewhere = signed_in(staff), signed_in(staff)
        time.move_to(MORNING + timedelta(minutes=10))
        change_password(staff)
        here = request(key)
        sign_in.renew(here, staff.account)
        here.session.save()
        assert sign_in.account_of(request(here.session.session_key)) == staff.account
        assert here.session["since"] == int(MORNING.timestamp())
        assert sign_in.account_of(request(elsewhere)) is None


def test_knowing_whose_session_it_is_costs_one_statement_beside_its_own(
    staff: Staff, django_assert_num_queries: object
) -> None:
    key = signed_in(staff)
    made = request(key)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert sign_in.account_of(made) == staff.account


def test_own_sessions_are_listed_this_one_first_and_the_others_can_be_ended(staff: Staff) -> None:
    with clock.simulated(MORNING) as time:
        key, elsewhere = signed_in(staff), signed_in(staff)
        time.move_to(MORNING + timedelta(minutes=5))
        here = request(key)
        assert [one.here for one in sessions.of(here, staff.account, clock.now())] == [True, False]
        actions.end_own_sessions(staff.account.pk, actor=staff.actor)
        sign_in.renew(here, staff.account)
        here.session.save()
        staff.account.refresh_from_db()
        assert [one.here for one in sessions.of(here, staff.account, clock.now())] == [True]
        assert sign_in.account_of(request(elsewhere)) is None
        time.move_to(MORNING + timedelta(hours=13))
        assert sessions.of(here, staff.account, clock.now()) == []
        assert sessions.prune(clock.now()) == 2


def test_a_device_is_named_in_two_words_and_nothing_else_of_it_is_kept() -> None:
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
    )
    assert sessions.device_of(agent) == "Chrome · Windows"
    assert sessions.device_of("Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0") == "微信 · Android"
    assert sessions.device_of("curl/8") == ""
