"""Two duty officers send people in the same minute: one is first, the other reads so."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from shuoshi.kernel.refusal import NotDone
from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Urgency
from shuoshi.organization.roles import Role
from tests.support.attempts import sample
from tests.support.village import build_town

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_officers_dispatch_at_once_and_one_is_told_who_was_first():
    town = build_town()
    town.person("罗涛", ("受理中心", Role.DUTY_OFFICER))
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1)
    given = sample(town, Action.DISPATCH_EMERGENCY, matter)
    ready, done, refused = threading.Barrier(2), [], []

    def send(who: str) -> None:
        actor = town.actor(who)
        ready.wait()
        try:
            done.append(actions.run(given.action, matter.pk, given, actor=actor, turn=matter.turn))
        except NotDone as slower:
            refused.append(slower.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(who,)) for who in ("何勇", "罗涛")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), refused) == (1, ["stale"])
    found = Matter.objects.get(pk=matter.pk)
    assert found.assignments.count() == 1
    assert found.entries.filter(action=Action.DISPATCH_EMERGENCY).count() == 1
