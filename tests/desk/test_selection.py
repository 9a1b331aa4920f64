"""Several rows of a list at once: told before, done one by one, once, and each that was not with its reason."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from shuoshi.desk import selection
from shuoshi.desk.forms.several import FORMS
from shuoshi.desk.views import selection as views
from shuoshi.kernel.drafts import Draft
from shuoshi.kernel.events import Event
from shuoshi.matters import terms
from shuoshi.matters.actions import several
from shuoshi.matters.models import Assignment, Document, Entry, Matter
from shuoshi.matters.queries.several import cases
from shuoshi.matters.vocabulary import Action, Audience, Status
from shuoshi.organization import actions as organization
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from tests.support.looking import fresh
from tests.support.statements import counted
from tests.support.village import Place

Desk = Callable[[str], Client]
UNLISTED = "不是每一件的职责清单上都有这个单位"


def row(matter: Matter) -> str:
    return f"{matter.pk.hex}.{matter.turn}"


def choose(client: Client, deed: str, matters: Sequence[Matter], back: str = "/desk/queues/assign/") -> str:
    """Tick these and press the button; the address of the page that asks."""
    answer = client.post("/desk/selection/", {"do": deed, "rows": [row(one) for one in matters], "back": back})
    assert answer.status_code == 302
    return str(answer["Location"])


def carry_out(client: Client, address: str, **data: Any) -> Any:
    return client.post(address, data, follow=True)


def ready(town: Place, n: int = 3) -> list[Matter]:
    """So many matters that can be assigned."""
    return [town.classify(town.accept(town.raise_matter())) for _n in range(n)]


def given(town: Place, unit: str = "城建办", **also: str) -> dict[str, str]:
    return {"unit": str(town.units[unit].pk), "reason": "道路照明由城建办管", **also}


def of(matter: Matter, action: str) -> int:
    return Event.objects.filter(stream_id=str(matter.pk), action=action).count()


# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_rows_of_a_queue_can_be_ticked_and_only_what_one_may_is_offered(town: Place, at_desk: Desk) -> None:
    matter = ready(town, 1)[0]
    page = at_desk("刘敏").get("/desk/queues/assign/").content.decode()
    assert f'name="rows" value="{row(matter)}"' in page and 'value="assign"' in page
    town.assign(matter)
    page = at_desk("孙丽").get("/desk/queues/sign/").content.decode()
    assert f'name="rows" value="{matter.pk.hex}.' in page
    assert 'value="assign"' not in page and 'value="remind"' not in page and 'value="tell"' in page
    nothing = at_desk("管理员").get("/desk/queues/assign/").content.decode()
    assert 'name="rows"' not in nothing


def test_every_list_of_matters_has_the_bar(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("刘敏")
    for address in ("/desk/overview/open/", "/desk/search/?q=路灯", "/desk/balance/registered/", "/desk/ways/registered/"):
        answer = client.get(address, follow=True)
        assert row(fresh(matter)) in answer.content.decode(), address


def test_no_deed_decides_on_a_matter() -> None:
    ends = {Action.RECORD_FOLLOW_UP, Action.RATE, Action.SIGN_RESULT, Action.SCREEN_OUT, Action.MERGE, Action.RULE_EXIT}
    assert not set(FORMS) & ends
    assert set(FORMS) == {Action.ASSIGN, Action.WRITE_TO_SPEAKER, Action.REMIND}


# ── assigning ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_several_are_assigned_with_one_form_each_with_its_own_event(town: Place, at_desk: Desk) -> None:
    matters, late = ready(town), town.matter_in(Status.IN_HANDLING)
    client = at_desk("刘敏")
    address = choose(client, "assign", [*matters, late])
    page = client.get(address)
    assert [line.matter.pk for line in page.context["doing"]] == [one.pk for one in matters]
    assert [(line.matter.pk, line.why) for line in page.context["not_doing"]] == [
        (late.pk, "现在是“办理中”，不能做这一步。")
    ]
    ended = carry_out(client, address, **given(town))
    assert [line.matter.pk for line in ended.context["done"]] == [one.pk for one in matters]
    assert [line.matter.pk for line in ended.context["refused"]] == [late.pk]
    for one in matters:
        assert fresh(one).status == Status.ASSIGNED and of(one, "assign") == 1
    assert of(late, "assign") == 1  # its own, earlier
    assert "/desk/queues/assign/" in ended.content.decode()


def test_a_double_post_does_nothing_twice(town: Place, at_desk: Desk) -> None:
    matters, client = ready(town), at_desk("刘敏")
    address = choose(client, "assign", matters)
    for _press in range(2):
        ended = carry_out(client, address, **given(town))
        assert len(ended.context["done"]) == 3 and not ended.context["refused"]
    assert Assignment.objects.count() == 3


def test_after_a_crash_the_same_form_goes_on_where_it_was(
    town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters, client = ready(town), at_desk("刘敏")
    address = choose(client, "assign", matters)
    run = several.run

    def stops_at_the_second(action: Action, key: Any, *args: Any, **kwargs: Any) -> Any:
        if key == matters[1].pk:
            raise SystemError("the power went out")
        return run(action, key, *args, **kwargs)

    monkeypatch.setattr(several, "run", stops_at_the_second)
    with pytest.raises(SystemError):
        client.post(address, given(town))
    monkeypatch.setattr(several, "run", run)
    assert [fresh(one).status for one in matters] == [Status.ASSIGNED, Status.ACCEPTED, Status.ACCEPTED]
    ended = carry_out(client, address, **given(town))
    assert len(ended.context["done"]) == 3 and not ended.context["refused"]
    assert Assignment.objects.count() == 3


def test_what_the_time_did_not_suffice_for_goes_on_with_the_next_press(
    town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "LASTS", timedelta(0))
    matters, client = ready(town), at_desk("刘敏")
    address = choose(client, "assign", matters)
    for left in (2, 1):
        page = client.post(address, given(town))
        assert page.status_code == 200 and f"还有 {left} 件没有办到" in page.content.decode()
    assert len(carry_out(client, address, **given(town)).context["done"]) == 3
    assert Assignment.objects.count() == 3
