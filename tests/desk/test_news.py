"""今天 tells what changed in words, and only what still stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import shuoshi.matters
from shuoshi.desk import news
from shuoshi.matters.vocabulary import Status
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people.models import Account
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
