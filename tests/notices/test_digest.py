"""The list of the day: once each working day, to units that can be reached, with figures and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Status
from shuoshi.notices import delivering, digest
from shuoshi.notices.models import Message, Morning, Robot, Vendor, Way
from tests.notices.told import MORNING, Kept, address, carried, gateway
from tests.support.village import Place, build_town

ROBOT = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a"


@pytest.fixture
def town(db: None) -> Place:
    with clock.simulated(MORNING - timedelta(days=31)):
        return build_town()


@pytest.fixture
def overdue(town: Place) -> Place:
    """Two matters with the construction office: one past its date, one that asks to be returned."""
    with clock.simulated(MORNING - timedelta(days=30)):
        town.matter_in(Status.IN_HANDLING)
    with clock.simulated(MORNING - timedelta(hours=1)):
        matter = town.matter_in(Status.ASSIGNED)
        given = terms.RequestReturn(reason="NOT_OUR_DUTY", text="不归我们", proper_unit=town.units["水利站"].pk)
        town.run("周建国", given, matter)
    for name in ("城建办", "受理中心"):
        Robot.objects.create(unit=town.units[name], vendor=Vendor.WECOM, address=ROBOT)
    return town


def put_together(at: object) -> int:
    with clock.simulated(at):
        return digest.put_together(at)


def test_units_get_their_list_once_a_working_day_at_the_hour(overdue: Place):
    assert put_together(MORNING.replace(hour=8, minute=29)) == 0
    assert put_together(MORNING.replace(hour=8, minute=31)) == 2
    assert put_together(MORNING.replace(hour=9)) == 0, "once a day"
    assert put_together(MORNING + timedelta(days=1)) == 2
    assert put_together(MORNING + timedelta(days=4)) == 0, "a Saturday"
    assert put_together(MORNING) == 0, "the clock went back"


def test_it_says_figures_and_a_link(overdue: Place, monkeypatch: pytest.MonkeyPatch):
    kept = Kept()
    monkeypatch.setattr("shuoshi.notices.leaving.robot", lambda row: kept)
    with clock.simulated(MORNING):
        assert digest.put_together(MORNING) == 2
        delivering.deliver(MORNING)
    texts = {out.text for _to, out in kept.sent}
    assert any("已超期 1 件" in text for text in texts) and any("等着裁定 1 件" in text for text in texts)
    assert all("路灯" not in text and "SS-" not in text for text in texts)


def test_heads_with_an_address_get_it_by_mail(overdue: Place):
    with clock.simulated(MORNING):
        gateway(Way.EMAIL)
        address(overdue, "周建国", "zhou@example.com")
        carried()
        Message.objects.all().delete()
        digest.put_together(MORNING)
    assert set(Message.objects.values_list("way", "recipient")) == {
        (Way.ROBOT, overdue.units["城建办"].pk),
        (Way.ROBOT, overdue.units["受理中心"].pk),
        (Way.EMAIL, overdue.persons["周建国"]),
    }


def test_nobody_is_told_that_there_is_nothing_and_that_is_counted_once(town: Place, monkeypatch: pytest.MonkeyPatch):
    Robot.objects.create(unit=town.units["城建办"], vendor=Vendor.WECOM, address=ROBOT)
    assert put_together(MORNING) == 0
    monkeypatch.setattr(digest, "_counts", lambda *args: pytest.fail("it counted again the same morning"))
    assert put_together(MORNING + timedelta(minutes=1)) == 0
    with pytest.raises(pytest.fail.Exception):
        put_together(MORNING + timedelta(days=1))


def test_where_nobody_can_be_sent_a_list_nothing_is_counted(overdue: Place, monkeypatch: pytest.MonkeyPatch):
    Robot.objects.update(active=False)
    monkeypatch.setattr(digest, "_counts", lambda *args: pytest.fail("it counted for nobody"))
    assert put_together(MORNING) == 0
    monkeypatch.undo()
    Robot.objects.filter(unit=overdue.units["城建办"]).update(active=True)
    assert put_together(MORNING + timedelta(hours=1)) == 1, "who gets a robot later has the list of the day still"


def test_the_mornings_of_long_ago_are_forgotten(overdue: Place):
    put_together(MORNING)
    delivering.prune(MORNING + timedelta(days=179))
    assert Morning.objects.exists()
    delivering.prune(MORNING + timedelta(days=181))
    assert not Morning.objects.exists()


@pytest.mark.django_db
def test_before_an_institution_is_set_up_nobody_is_told_anything():
    assert digest.put_together(clock.now()) == 0
    assert not Message.objects.exists()
