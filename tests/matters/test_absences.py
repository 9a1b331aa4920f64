"""4.3.1: who is away and who acts meanwhile — the pure answer, and what may be entered by whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.organization import actions, deputies, duty
from shuoshi.organization.absence import Absence, AwayBecause
from shuoshi.organization.deputies import Away, acting_for
from shuoshi.organization.roles import Role
from shuoshi.people.models import Account
from tests.support.village import Place

NOON = datetime(2026, 9, 28, 12, 0, tzinfo=clock.INSTITUTION_ZONE)
HOUR = timedelta(hours=1)
A, B, C, D = (uuid4() for _ in range(4))


def span(person: UUID, deputy: UUID | None, begin: int, end: int) -> Away:
    """From so many hours after noon until so many."""
    return Away(person, deputy, NOON + begin * HOUR, NOON + end * HOUR, NOON - HOUR)


def at(hour: int, *away: Away, over: dict[UUID, list[UUID]] | None = None) -> UUID | None:
    return acting_for(A, NOON + hour * HOUR, away, over)


def test_whoever_is_there_acts_for_themselves_and_again_from_the_first_moment_back() -> None:
    away = span(A, B, 0, 4)
    assert [at(hour, away) for hour in (-1, 0, 3, 4)] == [A, B, B, A]


def test_the_deputy_of_the_deputy_acts_as_long_as_the_deputy_is_away() -> None:
    away = (span(A, B, 0, 8), span(B, C, 2, 6), span(C, D, 3, 4))
    assert [at(hour, *away) for hour in range(8)] == [B, B, C, D, C, C, B, B]


def test_of_two_absences_the_one_that_began_last_names_the_deputy_and_the_other_helps_out() -> None:
    away = (span(A, B, 0, 8), span(A, C, 2, 5))
    assert [at(hour, *away) for hour in range(6)] == [B, B, C, C, C, B]
    assert at(3, *away, span(C, None, 3, 4)) == B


def test_a_circle_ends_with_whoever_heads_the_unit() -> None:
    away = (span(A, B, 0, 8), span(B, A, 0, 8))
    assert at(1, *away) is None
    assert at(1, *away, over={A: [B, D]}) == D


def test_nobody_left_is_said() -> None:
    assert at(1, span(A, None, 0, 8), span(D, None, 0, 8), over={A: [D]}) is None


# ── in the town ────────────────────────────────────────────────────────────────────────────────────────────────────


def away(
    town: Place, name: str, deputy: str | None, *, hours: int = 8, after: int = 0, by: str | None = None
) -> Absence:
    now = clock.now()
    return actions.enter_absence(
        town.persons[name],
        town.persons[deputy] if deputy else None,
        now + after * HOUR,
        now + (after + hours) * HOUR,
        AwayBecause.LEAVE,
        actor=town.actor(by) if by else SYSTEM,
    )


def acting(town: Place, name: str) -> str | None:
    found = deputies.covers(clock.now()).acting_for(town.persons[name])
    return next((one for one, pk in town.persons.items() if pk == found), None)


def test_without_a_deputy_the_head_acts_then_whoever_leads_above(town: Place) -> None:
    away(town, "孙丽", None)
    assert acting(town, "孙丽") == "周建国"
    away(town, "周建国", None)
    assert (acting(town, "孙丽"), acting(town, "周建国")) == ("马镇长", "马镇长")


def test_a_deputy_who_left_the_post_acts_no_more(town: Place) -> None:
    away(town, "孙丽", "李国强")
    assert acting(town, "孙丽") == "李国强"
    actions.end_post(town_post(town, "李国强"), actor=SYSTEM)
    assert acting(town, "孙丽") == "周建国"


def town_post(town: Place, name: str) -> UUID:
    from shuoshi.organization.models import Post

    return Post.objects.get(person=town.persons[name], until__isnull=True).pk


def test_everybody_enters_the_own_absence_a_head_that_of_the_unit_and_nobody_anothers(town: Place) -> None:
    away(town, "孙丽", "周建国", by="孙丽")
    away(town, "孙丽", "赵立新", by="周建国")
    away(town, "孙丽", "李国强", by="管理员")
    with pytest.raises(Refused, match="absence_of_another"):
        away(town, "孙丽", "赵立新", by="李国强")


def test_whoever_enters_an_absence_for_another_does_not_gain_by_it(town: Place) -> None:
    with pytest.raises(Refused, match="deputy_is_who_enters"):
        away(town, "孙丽", "周建国", by="周建国")
    absence = away(town, "孙丽", "李国强", by="周建国")
    with pytest.raises(Refused, match="deputy_is_who_enters"):
        actions.change_deputy(absence.pk, town.persons["周建国"], actor=town.actor("周建国"))


@pytest.mark.parametrize(
    ("name", "deputy", "hours", "code"),
    [
        ("孙丽", "孙丽", 8, "deputy_of_oneself"),
        ("孙丽", "钱监督", 8, "deputy_watches"),
        ("马镇长", "周建国", 8, "deputy_without_factor"),
        ("孙丽", "周建国", -1, "absence_odd"),
        ("孙丽", "周建国", 24 * 400, "absence_too_long"),
    ],
)
def test_what_makes_no_sense_or_gives_too_much_is_refused(
    town: Place, name: str, deputy: str, hours: int, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        away(town, name, deputy, hours=hours)


def test_a_leader_is_stood_in_for_by_whoever_has_a_second_factor(town: Place) -> None:
    town.bind_factor("周建国")
    away(town, "马镇长", "周建国")
    assert [post.role for post in town.actor("周建国").stands_in[0].lent] == [Role.LEADER]
    Account.objects.filter(person=town.persons["周建国"]).update(totp_confirmed=False)
    assert town.actor("周建国").stands_in[0].lent == ()


def test_who_left_or_never_served_is_neither_away_nor_a_deputy(town: Place) -> None:
    nobody = town.person("外人")
    with pytest.raises(Refused, match="deputy_without_post"):
        away(town, "孙丽", "外人")
    with pytest.raises(Refused, match="absence_without_post"):
        away(town, "外人", "孙丽")
    assert nobody not in set(deputies.covers(clock.now()).by)
    Account.objects.filter(person=town.persons["周建国"]).update(is_active=False)
    with pytest.raises(Refused, match="deputy_without_account"):
        away(town, "孙丽", "周建国")


def test_a_circle_is_refused_while_the_times_meet(town: Place) -> None:
    away(town, "孙丽", "周建国", hours=8)
    away(town, "周建国", "赵立新", hours=8, after=4)
    with pytest.raises(Refused, match="deputy_in_a_circle"):
        away(town, "赵立新", "孙丽", hours=2, after=5)
    away(town, "赵立新", "孙丽", hours=4, after=8)


def test_nobody_was_away_before_it_was_said(town: Place) -> None:
    absence = away(town, "孙丽", "周建国", after=-5)
    assert absence.starts_at == absence.entered_at


def test_back_earlier_and_taken_back(town: Place) -> None:
    running, coming = away(town, "孙丽", "周建国"), away(town, "李国强", "赵立新", after=3)
    later = clock.now() + HOUR
    with clock.simulated(later):
        actions.end_absence(running.pk, actor=town.actor("孙丽"))
        actions.end_absence(coming.pk, actor=town.actor("李国强"))
        assert acting(town, "孙丽") == "孙丽"
        with pytest.raises(Refused, match="absence_over"):
            actions.end_absence(running.pk, actor=SYSTEM)
    running.refresh_from_db()
    coming.refresh_from_db()
    assert (running.ends_at, running.active, coming.active) == (later, True, False)
    assert list(verify()) == []


def test_administrators_overseers_and_their_kind_lend_their_posts_to_nobody(town: Place) -> None:
    for name, deputy in (("管理员", "周建国"), ("钱监督", "赵红")):
        away(town, name, deputy)
        assert town.actor(deputy).stands_in[0].lent == ()


def test_whoever_is_away_is_not_called_at_night_the_deputy_is(town: Place) -> None:
    away(town, "何勇", "王芳")
    tier, now = town.units["青禾镇"].path, clock.now()
    assert duty.on_duty(tier, now) == [town.persons["王芳"]]
    assert town.persons["何勇"] not in {person for rung in duty.ladder(tier, now) for person in rung.people}
    unit = town.units["受理中心"].pk
    actions.put_on_duty(unit, town.persons["何勇"], now - HOUR, now + HOUR, actor=SYSTEM)
    assert duty.on_roster([unit], now) == [town.persons["王芳"]]
