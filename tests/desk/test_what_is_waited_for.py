"""The page of a matter: one filled button where something is the reader's to do, none where not; clocks by round."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status, Way
from tests.support.village import Place

Desk = Callable[[str], Client]


def filled(client: Client, matter: Matter) -> str:
    """The one filled button below 我现在能做的, "" when none is."""
    body = client.get(f"/desk/matters/{matter.number}/").content.decode()
    found = re.findall(r'<a class="btn main" href="/desk/matters/[^/]+/(\w+)/', body)
    assert len(found) <= 1
    return found[0] if found else ""


@pytest.mark.parametrize(
    ("who", "status", "deed"),
    [
        ("王芳", Status.REGISTERED, "accept"),
        ("刘敏", Status.ACCEPTED, "classify"),
        ("周建国", Status.ASSIGNED, "sign_for"),
        ("孙丽", Status.IN_HANDLING, "record_first_contact"),
        ("赵红", Status.IN_FOLLOW_UP, "record_follow_up"),
        ("王芳", Status.IN_HANDLING, ""),
        ("孙丽", Status.IN_FOLLOW_UP, ""),
        ("王芳", Status.CLOSED, ""),
    ],
)
def test_the_filled_button_is_what_the_matter_waits_for(
    town: Place, at_desk: Desk, who: str, status: Status, deed: str
) -> None:
    assert filled(at_desk(who), town.matter_in(status, by="王芳")) == deed


def test_what_was_done_is_nobodys_next_step(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run("孙丽", terms.RecordFirstContact(way=Way.CALL, reached=True, text="下午去看"), matter)
    assert filled(at_desk("孙丽"), matter) == "prepare_result"
    matter = town.prepare(matter)
    assert filled(at_desk("孙丽"), matter) == ""
    assert filled(at_desk("周建国"), matter) == "sign_result"


def test_clocks_stand_by_round_the_current_one_open(town: Place, at_desk: Desk) -> None:
    matter = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), result=1)
    page = at_desk("王芳").get(f"/desk/matters/{matter.number}/")
    assert [(group.ordinal, group.current) for group in page.context["promises"]] == [(2, True), (1, False)]
    clocks = page.content.decode().split('id="dl-h"')[1].split("</section>")[0]
    assert clocks.index("第 2 轮") < clocks.index("<details>") < clocks.index("第 1 轮")


def test_administrators_see_on_every_page_that_the_worker_stands_still(town: Place, at_desk: Desk) -> None:
    from shuoshi.kernel import steady
    from shuoshi.kernel.steady import Kind

    steady.forget()
    for path in ("", "me/", "settings/", "search/"):
        assert str(Kind.WORKER_STILL.label) in at_desk("管理员").get(f"/desk/{path}").content.decode(), path
    assert str(Kind.WORKER_STILL.label) not in at_desk("王芳").get("/desk/").content.decode()


def test_while_the_worker_works_nothing_is_said(town: Place, at_desk: Desk) -> None:
    from shuoshi.kernel import clock, steady
    from shuoshi.kernel.steady import WorkerBeat

    now = clock.now()
    WorkerBeat.objects.create(worker="w", host="h", pid=1, at=now, swept_at=now)
    steady.forget()
    assert 'class="standing alarm' not in at_desk("管理员").get("/desk/").content.decode()
    steady.forget()
