"""Watching a matter: what others did since one looked, for nobody else to know, and only while it is in sight."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client

from shuoshi.desk import news
from shuoshi.kernel import clock, verify
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Naming, Status
from shuoshi.workbench import queries, watching
from shuoshi.workbench.models import Watch
from tests.support.attempts import sample
from tests.support.village import Place

Desk = Callable[[str], Client]


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.matter_in(Status.IN_HANDLING, by="王芳")


def watch(client: Client, matter: Matter, **more: str) -> int:
    return client.post(f"/desk/matters/{matter.number}/watch/", more).status_code


def told(town: Place, who: str) -> list[list[str]]:
    """What each watched matter says is new."""
    return [[what for what, _by, _at in one.lines] for one in news.watched(town.actor(who))]


def later(minutes: float = 1) -> AbstractContextManager[object]:
    return clock.simulated(clock.now() + timedelta(minutes=minutes))


def test_changes_by_others_are_told_until_they_were_looked_at(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("王芳")
    assert watch(client, matter) == 302
    assert told(town, "王芳") == [[]]
    with later():
        town.run("孙丽", terms.ReportProgress(done="买了灯", next_step="明天换"), matter)
        town.run("王芳", terms.Note(text="我自己记的"), matter)
    with later(2):
        assert told(town, "王芳") == [["告知进展"]]
        day = client.get("/desk/").content.decode()
        assert "关注的事有变化" in day and "告知进展" in day
        page = client.get("/desk/watched/")
        assert "孙丽" in page.content.decode() and "买了灯" not in page.content.decode()
        said = {"number": matter.number, "at": page.context["at"].isoformat()}
        for _press in range(2):
            assert client.post("/desk/watched/looked/", said)["Location"] == "/desk/watched/"
        assert told(town, "王芳") == [[]]
        assert "关注的事有变化" not in client.get("/desk/").content.decode()


def test_what_happened_after_the_page_was_made_is_still_new(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("王芳")
    watch(client, matter)
    with later():
        at = client.get("/desk/watched/").context["at"]
    with later(2):
        town.run("孙丽", terms.Note(text="后来的"), matter)
    with later(3):
        client.post("/desk/watched/looked/", {"number": matter.number, "at": at.isoformat(), "to": "day"})
        assert told(town, "王芳") == [["内部备注"]]
        ahead = (clock.now() + timedelta(days=300)).isoformat()
        client.post("/desk/watched/looked/", {"number": matter.number, "at": ahead})
        assert Watch.objects.get().looked_at <= clock.now()


def test_begun_and_ended_twice_is_once(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("王芳")
    for _press in range(2):
        assert watch(client, matter) == 302
    assert Watch.objects.filter(ended_at__isnull=True).count() == 1
    for _press in range(2):
        assert watch(client, matter, do="end", to="list") == 302
    assert not queries.watches(town.actor("王芳"), matter)
    assert watch(client, matter) == 302
    actions = Event.objects.filter(stream_kind="watch").order_by("pk").values_list("action", flat=True)
    assert sorted(actions) == ["begin_watch", "begin_watch", "end_watch"]
    assert not list(verify.verify())


def test_nobody_else_learns_who_watches(town: Place, matter: Matter, at_desk: Desk) -> None:
    watch(at_desk("王芳"), matter)
    assert "不再关注" in at_desk("王芳").get(f"/desk/matters/{matter.number}/watch/").content.decode()
    for name in ("孙丽", "刘敏", "马镇长", "钱监督", "管理员"):
        client = at_desk(name)
        assert "不再关注" not in client.get(f"/desk/matters/{matter.number}/watch/").content.decode()
        assert client.get("/desk/watched/").context["quiet"] == []
    assert not matter.entries.filter(action__contains="watch").exists()
    assert not Event.objects.filter(stream_kind="matter", action__contains="watch").exists()


def test_it_ends_where_sight_ends(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    watch(client, matter)
    town.run("刘敏", terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"]), matter)
    matter = town.run("马镇长", terms.RuleConflict(granted=True, text="是亲戚"), matter)
    with later():
        town.run("周建国", terms.Note(text="换了人"), matter)
        assert told(town, "孙丽") == []
        page = client.get("/desk/watched/").content.decode()
        assert matter.number not in page and matter.number not in client.get("/desk/").content.decode()
        assert watch(client, matter) == 404
        said = {"number": matter.number, "at": clock.now().isoformat()}
        before = Watch.objects.get().looked_at
        client.post("/desk/watched/looked/", said)
        assert Watch.objects.get().looked_at == before


def test_what_is_out_of_sight_or_no_moment_is_refused(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("李国强")
    assert watch(client, matter) == 404
    with pytest.raises(Matter.DoesNotExist):
        watching.begin(matter.pk, actor=town.actor("李国强"))
    for at in ("", "yesterday", "2026-12-01T10:00:00"):
        assert client.post("/desk/watched/looked/", {"number": matter.number, "at": at}).status_code == 404
    assert Client().post(f"/desk/matters/{matter.number}/watch/").status_code == 302
    assert not Watch.objects.exists()


def test_there_are_not_too_many(town: Place, matter: Matter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "MOST", 1)
    watching.begin(matter.pk, actor=town.actor("王芳"))
    with pytest.raises(Refused) as refused:
        watching.begin(town.raise_matter(by="王芳").pk, actor=town.actor("王芳"))
    assert refused.value.code == "too_many_watched"


def test_of_a_confidential_matter_nothing_is_told_that_the_page_keeps_back(town: Place, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    for naming, said in ((Naming.NAMED, ["交付回执"]), (Naming.CONFIDENTIAL, [])):
        matter = town.matter_in(Status.IN_HANDLING, by="王芳", naming=naming)
        watch(client, matter)
        with later():
            town.run("王芳", sample(town, Action.HAND_OVER_RECEIPT, matter), matter)
        assert told(town, "孙丽") == [said]
        watch(client, matter, do="end")


def test_the_list_and_my_day_cost_the_same_with_one_and_with_many(
    town: Place, matter: Matter, at_desk: Desk, statements: Callable
) -> None:
    client = at_desk("王芳")
    watch(client, matter)
    counts = []
    for more in (0, 6):
        for _n in range(more):
            watch(client, town.matter_in(Status.IN_HANDLING, by="王芳"))
        with later(5 + more):
            for one in Matter.objects.filter(status=Status.IN_HANDLING):
                town.run("孙丽", terms.Note(text="有进展"), one)
            for place in ("/desk/watched/", "/desk/"):
                client.get(place)
                with statements() as seen:
                    client.get(place)
                counts.append(seen.count)
    assert counts[:2] == counts[2:]
