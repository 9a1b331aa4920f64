"""A reminder comes on its morning, to whoever wrote it and nobody else, and stays until it is ticked off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.kernel import clock, verify
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from shuoshi.workbench import queries, reminding
from shuoshi.workbench.models import Reminder
from tests.support.village import Place

Desk = Callable[[str], Client]
WORDS = "问一下灯具到货没有 䶮𠮷"


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.matter_in(Status.IN_HANDLING)


def today() -> date:
    return clock.local(clock.now()).date()


def remind(client: Client, matter: Matter, days: int = 3, words: str = WORDS) -> int:
    said = {"on": (today() + timedelta(days=days)).isoformat(), "words": words}
    return client.post(f"/desk/matters/{matter.number}/remind/", said).status_code


def due(town: Place, who: str, days: int) -> list[str]:
    return [str(row.words) for row in queries.due(town.actor(who), today() + timedelta(days=days))]


def test_it_comes_on_its_day_and_stays_until_it_is_ticked_off(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    assert remind(client, matter) == 302
    assert WORDS in client.get(f"/desk/matters/{matter.number}/watch/").content.decode()
    assert due(town, "孙丽", 2) == [] and due(town, "孙丽", 3) == due(town, "孙丽", 30) == [WORDS]
    assert WORDS not in client.get("/desk/").content.decode()
    remind(client, matter, 0, "今天就问")
    assert "今天就问" in client.get("/desk/").content.decode()
    row = next(one for one in Reminder.objects.all() if one.words == "今天就问")
    for _press in range(2):
        assert client.post(f"/desk/reminders/{row.pk}/")["Location"] == "/desk/"
    assert "今天就问" not in client.get("/desk/").content.decode()
    other = Reminder.objects.exclude(pk=row.pk).get()
    back = client.post(f"/desk/reminders/{other.pk}/", {"to": "matter"})
    assert back["Location"].endswith(f"/{matter.number}/")
    assert Event.objects.filter(stream_kind="reminder").count() == 4
    assert not list(verify.verify())


def test_neither_a_deputy_nor_a_colleague_gets_it(town: Place, matter: Matter, at_desk: Desk) -> None:
    remind(at_desk("孙丽"), matter, 0)
    town.away("孙丽", "周建国")
    key = Reminder.objects.get().pk
    for name in ("周建国", "王芳", "管理员"):
        client = at_desk(name)
        assert due(town, name, 9) == []
        for place in ("/desk/", f"/desk/matters/{matter.number}/watch/"):
            assert WORDS not in client.get(place).content.decode()
        assert client.post(f"/desk/reminders/{key}/").status_code == 404
    assert Reminder.objects.get().done_at is None


def test_a_matter_out_of_sight_shows_nothing(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    remind(client, matter, 0)
    town.run("刘敏", terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"]), matter)
    town.run("马镇长", terms.RuleConflict(granted=True, text="是亲戚"), matter)
    assert due(town, "孙丽", 9) == [] and WORDS not in client.get("/desk/").content.decode()
    assert remind(client, matter) == 404
    assert remind(at_desk("李国强"), matter) == 404
    with pytest.raises(Matter.DoesNotExist):
        reminding.remind(matter.pk, today(), "", actor=town.actor("李国强"), key="k")


@pytest.mark.parametrize(("days", "field"), [(-1, "on"), (800, "on")])
def test_a_wrong_day_is_told_at_its_field_and_nothing_is_lost(
    matter: Matter, at_desk: Desk, days: int, field: str
) -> None:
    said = {"on": (today() + timedelta(days=days)).isoformat(), "words": WORDS}
    answer = at_desk("孙丽").post(f"/desk/matters/{matter.number}/remind/", said)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert WORDS in answer.content.decode() and not Reminder.objects.exists()


def test_what_is_no_day_and_what_is_too_long_is_told(matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    answer = client.post(f"/desk/matters/{matter.number}/remind/", {"on": "明天", "words": "长" * 501})
    assert set(answer.context["form"].errors) == {"on", "words"}
    assert client.post(f"/desk/reminders/{uuid4()}/").status_code == 404


def test_one_form_makes_one_reminder(town: Place, matter: Matter) -> None:
    actor = town.actor("孙丽")
    first = reminding.remind(matter.pk, today(), "一", actor=actor, key="one form")
    assert reminding.remind(matter.pk, today(), "一", actor=actor, key="one form").pk == first.pk
    with pytest.raises(KeyReused):
        reminding.remind(matter.pk, today(), "二", actor=actor, key="one form")


def test_the_bounds_are_those_of_the_action_as_well(
    town: Place, matter: Matter, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = town.actor("孙丽")
    for code, on, words in (
        ("reminder_day", today() - timedelta(days=1), ""),
        ("reminder_length", today(), "长" * 501),
    ):
        with pytest.raises(Refused) as refused:
            reminding.remind(matter.pk, on, words, actor=actor, key=code)
        assert refused.value.code == code
    monkeypatch.setattr(reminding, "MOST", 1)
    reminding.remind(matter.pk, today(), "", actor=actor, key="1")
    with pytest.raises(Refused) as refused:
        reminding.remind(matter.pk, today(), "", actor=actor, key="2")
    assert refused.value.code == "too_many_reminders"


def test_the_words_are_sealed(matter: Matter, at_desk: Desk) -> None:
    remind(at_desk("孙丽"), matter)
    event = Event.objects.get(stream_kind="reminder")
    assert "灯具" not in event.payload
