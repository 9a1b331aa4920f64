"""What was typed into the form of an action waits for its writer, on whichever device, until it is sent or thrown away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from shuoshi.kernel import clock, drafts
from shuoshi.kernel.drafts import Draft
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.support.village import Place

Desk = Callable[[str], Client]
DONE, NEXT = "看过现场，三盏灯的灯头都坏了 䶮𠮷", "周四下午换灯头"


def keep(client: Client, matter: Matter, action: str = "report_progress", **typed: str) -> int:
    said = {"done": DONE, "next_step": NEXT, **typed}
    return client.post(f"/desk/matters/{matter.number}/{action}/draft/", said).status_code


def shown(client: Client, matter: Matter) -> dict[str, str]:
    """What stands in the form of the next progress report."""
    form = client.get(f"/desk/matters/{matter.number}/report_progress/").context["form"]
    return {name: str(form[name].value() or "") for name in ("done", "next_step", "next_on")}


def listed(client: Client) -> list[str]:
    return [line.what for line in client.get("/desk/me/drafts/").context["lines"]]


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.matter_in(Status.IN_HANDLING)


def test_it_stands_there_again_on_another_device_and_for_nobody_else(matter: Matter, at_desk: Desk) -> None:
    assert keep(at_desk("孙丽"), matter, next_on="2031-05-06") == 200
    elsewhere = at_desk("孙丽")
    assert shown(elsewhere, matter) == {"done": DONE, "next_step": NEXT, "next_on": "2031-05-06"}
    page = elsewhere.get(f"/desk/matters/{matter.number}/report_progress/")
    assert "还没有交的" in page.content.decode() and page.context["form"].is_bound is False
    assert listed(elsewhere) == ["告知进展"]
    assert listed(at_desk("周建国")) == []
    assert DONE.encode() not in bytes(Draft.objects.get().body)


def test_what_is_sent_waits_no_longer(matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    keep(client, matter)
    said = {"done": DONE, "next_step": NEXT, "turn": str(matter.turn)}
    assert client.post(f"/desk/matters/{matter.number}/report_progress/", said).status_code == 302
    assert shown(client, matter)["done"] == "" and not Draft.objects.exists()


def test_a_form_that_somebody_else_made_stale_is_kept_without_a_script(
    town: Place, matter: Matter, at_desk: Desk
) -> None:
    client = at_desk("孙丽")
    turn = matter.turn
    town.run("周建国", terms.ChangeHandler(handler=town.persons["周建国"], reason="孙丽请假"), matter)
    matter = town.run("周建国", terms.ChangeHandler(handler=town.persons["孙丽"], reason="回来了"), matter)
    answer = client.post(
        f"/desk/matters/{matter.number}/report_progress/", {"done": DONE, "next_step": NEXT, "turn": str(turn)}
    )
    assert answer.status_code == 409 and DONE in answer.content.decode()
    assert shown(at_desk("孙丽"), matter)["done"] == DONE


def test_words_of_a_form_that_is_gone_can_still_be_read(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    keep(client, matter)
    town.sign(town.prepare(matter))
    answer = client.get(f"/desk/matters/{matter.number}/report_progress/")
    assert answer.status_code == 403 and DONE in answer.content.decode()
    assert listed(client) == ["告知进展"]


def test_it_can_be_thrown_away_twice_from_the_list_and_from_the_form(matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    keep(client, matter)
    key = Draft.objects.get().pk
    assert at_desk("周建国").post(f"/desk/me/drafts/{key}/").status_code == 302
    assert Draft.objects.filter(pk=key).exists(), "not his"
    for _press in range(2):
        assert client.post(f"/desk/me/drafts/{key}/")["Location"] == "/desk/me/drafts/"
    keep(client, matter)
    again = client.post(f"/desk/me/drafts/{Draft.objects.get().pk}/", {"to": "form"})
    assert again["Location"].endswith("/report_progress/") and shown(client, matter)["done"] == ""
    assert client.get(f"/desk/me/drafts/{uuid4()}/").status_code == 405


def test_of_what_is_out_of_sight_nothing_is_said_or_kept(town: Place, matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    keep(client, matter)
    assert keep(at_desk("李国强"), matter) == 404
    assert keep(client, matter, "nonsense") == 404
    assert keep(client, matter, "rate") == 404, "what only the resident does has no form here"
    assert keep(Client(), matter) == 401
    town.run("刘敏", terms.DeclareConflict(text="是亲戚", person=town.persons["孙丽"]), matter)
    town.run("马镇长", terms.RuleConflict(granted=True, text="是亲戚"), matter)
    assert listed(client) == []
    assert client.get(f"/desk/matters/{matter.number}/report_progress/").status_code == 404


def test_drafts_of_both_composers_and_of_a_registration_are_in_the_list(matter: Matter, at_desk: Desk) -> None:
    client = at_desk("王芳")
    client.post(f"/desk/matters/{matter.number}/note/draft/", {"text": "先别催"})
    client.post("/desk/register/draft/", {"content": "水管又裂了"})
    drafts.save(drafts.new_token(), "desk.filter", {"q": "1"}, owner=Draft.objects.order_by("pk")[0].owner)
    assert listed(client) == ["登记一件事", "告知说事人、内部备注"]


def test_a_draft_ends_with_its_time(matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    keep(client, matter)
    with clock.simulated(clock.now() + timedelta(days=31)):
        assert drafts.waiting(Draft.objects.get().owner, "desk.acting.") == []


def test_secrets_of_the_page_are_not_kept(matter: Matter, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    keep(client, matter, password="lantern", key="k", turn="3", csrfmiddlewaretoken="t")
    owner = Draft.objects.get().owner
    assert owner is not None
    kept = drafts.latest(owner, "desk.acting.report_progress", matter.number)
    assert kept is not None and {name for name, _value in kept.body} == {"done", "next_step"}


def test_the_list_costs_the_same_with_one_draft_and_with_many(
    town: Place, matter: Matter, at_desk: Desk, statements: Callable
) -> None:
    client = at_desk("孙丽")
    counts = []
    for more in ((), ("set_plan", "record_measure", "record_investigation", "request_pause")):
        for action in ("report_progress", *more):
            keep(client, matter, action)
        keep(client, town.matter_in(Status.IN_HANDLING))
        client.get("/desk/me/drafts/")
        with statements() as seen:
            client.get("/desk/me/drafts/")
        counts.append(seen.count)
    assert counts[0] == counts[1]
