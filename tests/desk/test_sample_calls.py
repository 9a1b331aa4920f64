"""A sample call at the desk: its list, its form on the matter's page, errors at the field, and who is not told (1.3.1)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.matters.models import Matter, Sample
from shuoshi.matters.vocabulary import Action, Status
from tests.support.attempts import sample
from tests.support.village import Place

Desk = Callable[[str], Client]


@pytest.fixture
def matter(town: Place) -> Matter:
    """Answered at the counter, and drawn."""
    town.look_at_ends()
    fresh = town.raise_matter()
    return town.run("王芳", sample(town, Action.ANSWER_ON_THE_SPOT, fresh), fresh)


def test_whoever_is_to_ask_finds_it_in_a_list_and_writes_down_what_was_said(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("赵红")
    listed = client.get("/desk/queues/samples/")
    assert matter.number in listed.content.decode()
    due = matter.deadlines.get(kind="sample").due_at
    assert [row.next_due_at for row in listed.context["rows"].rows] == [due], "until when it is to be asked"
    address = f"/desk/matters/{matter.number}/record_sample/"
    page = client.get(address).content.decode()
    assert "当场答清了" in page and "不算评价" in page
    given = dict(re.findall(r'name="(turn|key)" value="([^"]*)"', page)) | {"way": "call", "found": "contradicted"}
    wrong = client.post(address, given | {"words": "", "proof": "", "proof_ref": ""})
    assert wrong.status_code == 422
    assert {"words", "proof", "proof_ref"} <= set(wrong.context["form"].errors)
    done = client.post(address, given | {"words": "没有听明白", "proof": "recording", "proof_ref": "录音 9"})
    assert done.status_code == 302
    assert Sample.objects.get(matter=matter).found == "contradicted"
    assert "和记录不一样" in client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert matter.number not in client.get("/desk/queues/samples/").content.decode()


def test_whoever_answered_reads_nothing_of_it_before(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("王芳")
    assert "抽查" not in client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert matter.number not in client.get("/desk/queues/samples/").content.decode()
    assert client.get(f"/desk/matters/{matter.number}/record_sample/").status_code in (403, 404, 409)


def test_the_overview_opens_each_way_of_ending_and_what_was_not_so(town: Place, at_desk: Desk, matter: Matter) -> None:
    town.matter_in(Status.CLOSED)
    town.run("赵红", sample(town, Action.RECORD_SAMPLE, matter), matter)
    client = at_desk("马镇长")
    page = client.get("/desk/overview/").content.decode()
    assert "怎样办结的" in page and "已经抽查回访 1 件" in page
    exit_ = Matter.objects.get(pk=matter.pk).exit
    for name, n in ((f"ended-{exit_}", 1), ("ended-SATISFIED", 1), ("looked-at", 1), ("contradicted", 0)):
        assert f"/desk/overview/{name}/" in page
        assert len(client.get(f"/desk/overview/{name}/").context["rows"].rows) == n, name


def test_the_share_is_changed_among_the_numbers_of_the_rules(at_desk: Desk, town: Place) -> None:
    town.look_at_ends()
    client = at_desk("管理员")
    client.post("/desk/settings/profile/", {"do": "edit"})
    page = client.get("/desk/settings/profile/edit/numbers/").content.decode()
    assert re.search(r'name="share"[^>]*value="100"|value="100"[^>]*name="share"', page)
    assert 'name="one_in"' in page
