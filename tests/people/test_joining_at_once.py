"""Two people join two records the opposite way round in one moment: one wins, and no ring comes of it. On both databases."""

from __future__ import annotations

import pytest

from shuoshi.kernel.refusal import NotDone
from shuoshi.kernel.verify import verify
from shuoshi.people import actions
from shuoshi.people.actions.changes import MadeSure
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Change, ChangeKind, ChangeState, Person
from tests.matters.test_two_at_once import at_once
from tests.people.staff import keep
from tests.support.village import build_town

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_join_in_opposite_directions() -> None:
    town = build_town()
    one, other = (keep(PersonGiven(name="陈大明", phone="13800000017")).person.pk for _each in range(2))
    first, second = town.actor("王芳"), town.actor("刘敏")
    answers = at_once(
        lambda: actions.join(one, other, "said_so", "同一个人", actor=first),
        lambda: actions.join(other, one, "said_so", "同一个人", actor=second),
    )
    [refused] = [answer for answer in answers if not isinstance(answer, Change)]
    assert isinstance(refused, NotDone), refused
    assert Person.objects.filter(joined_into__isnull=False).count() == 1
    assert sorted(Person.objects.filter(pk__in=(one, other)).values_list("joined_here", flat=True)) == [0, 1]
    assert list(verify()) == []


def test_a_third_is_joined_while_its_survivor_becomes_a_stone() -> None:
    town = build_town()
    one, other, third = (keep(PersonGiven(name="陈大明", phone="13800000017")).person.pk for _each in range(3))
    first, second = town.actor("王芳"), town.actor("刘敏")
    answers = at_once(
        lambda: actions.join(one, other, "said_so", "同一个人", actor=first),
        lambda: actions.join(other, third, "said_so", "同一个人", actor=second),
    )
    assert sum(isinstance(answer, Change) for answer in answers) == 1
    assert not Person.objects.filter(joined_into__joined_into__isnull=False).exists(), "no chain"
    assert list(verify()) == []


def test_two_seconds_at_once_agree_once() -> None:
    town = build_town()
    kept = keep(PersonGiven(name="陈大明", phone="13800000017"))
    change = actions.correct(kept.person.pk, ChangeKind.PHONE, "13900000021", "new", "换了号", actor=town.actor("王芳"))
    actors = [town.actor(name) for name in ("刘敏", "赵红")]
    answers = at_once(*(lambda who=who: actions.agree(change.pk, MadeSure.CALLED_OLD, actor=who) for who in actors))
    assert sum(isinstance(answer, Change) for answer in answers) == 1
    assert Change.objects.get().state == ChangeState.DONE
    assert list(verify()) == []
