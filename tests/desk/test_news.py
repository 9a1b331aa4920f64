"""今天 tells what changed in words, and only what still stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shuoshi.matters
from shuoshi.desk import actions, news
from shuoshi.kernel import clock, clocks
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters.models import Deadline
from shuoshi.matters.vocabulary import DeadlineKind, Status
from shuoshi.notices.models import Message, Way
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.models import Account
from tests.notices.told import address, carried, gateway
from tests.support.desk import signed_in
from tests.support.village import Place

HEART = Path(shuoshi.matters.__file__).parent


def test_every_kind_of_notice_has_words():
    source = "\n".join(path.read_text(encoding="utf-8") for path in HEART.rglob("*.py"))
    kinds = set(re.findall(r'\.notify\(\s*"(\w+)"', source)) | set(re.findall(r'_tell\(matter, "(\w+)"', source))
    assert len(kinds) > 20
    assert kinds - set(news.WORDS) - {"not_solved"} == set()


def test_the_owner_of_a_privileged_account_reads_what_is_asked_for_it(town: Place):
    town.person("第二管理员", ("青禾镇", Role.ADMINISTRATOR))
    supervisor = Account.objects.get(person=town.persons["钱监督"])
    with pytest.raises(people.SecondNeeded) as needed:
        people.reset_password(supervisor.pk, actor=town.actor("管理员"))
    people.propose(needed.value, actor=town.actor("管理员"))
    (line,) = news.lines(town.actor("钱监督"))
    assert "重设密码" in line.words and line.number == ""
    assert 'href="/desk/me/"' in signed_in(town, "钱监督").get("/desk/").content.decode()


def test_a_notice_leaves_when_what_it_asked_for_is_done(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    assert [line.number for line in news.lines(town.actor("孙丽"))] == [matter.number]
    town.sign_for(matter)
    assert news.lines(town.actor("孙丽")) == []


def warned(town: Place, handler: str) -> None:
    """A matter in hand, whose date is near: who handles it and who heads the unit are told."""
    matter = town.sign_for(town.assign(town.classify(town.accept(town.raise_matter()))), handler)
    for name in ("周建国", "孙丽"):
        for line in news.lines(town.actor(name)):
            actions.tick_off(line.pk, actor=town.actor(name))
    clock_ = Deadline.objects.filter(round__matter=matter, kind=DeadlineKind.COMPLETION, outcome=Outcome.OPEN)
    at = clock_.get().next_look_at
    assert at is not None
    with clock.simulated(at):
        clocks.sweep(at)


def near(town: Place, name: str) -> list[news.Line]:
    return [line for line in news.lines(town.actor(name)) if "快到期" in line.words]


def test_who_heads_and_handles_is_told_of_a_near_date_once(town: Place):
    gateway(Way.EMAIL)
    address(town, "周建国", "zhou@example.com")
    carried()
    Message.objects.all().delete()
    warned(town, "周建国")
    [line] = near(town, "周建国")
    mails = [one for one in carried() if one.recipient == town.persons["周建国"] and one.way == Way.EMAIL]
    assert len({one.occasion for one in mails}) == len(mails)
    assert actions.tick_off(line.pk, actor=town.actor("周建国"))
    assert near(town, "周建国") == [], "ticked off once, it is gone"
    assert not actions.tick_off(line.pk, actor=town.actor("周建国"))


def test_who_handles_and_who_heads_are_told_each_and_tick_off_their_own(town: Place):
    warned(town, "孙丽")
    [line], [_other] = near(town, "孙丽"), near(town, "周建国")
    actions.tick_off(line.pk, actor=town.actor("孙丽"))
    assert near(town, "孙丽") == [] and len(near(town, "周建国")) == 1
