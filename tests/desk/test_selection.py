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
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.drafts import Draft
from shuoshi.kernel.events import Event
from shuoshi.matters import terms
from shuoshi.matters.actions import run
from shuoshi.matters.models import Assignment, Document, Entry, Matter
from shuoshi.matters.queries.several import cases
from shuoshi.matters.vocabulary import Action, Audience, Status
from shuoshi.organization import actions as organization
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
    assert f'form="picks" name="rows" value="{row(matter)}"' in page and 'value="assign"' in page
    town.sign_for(town.assign(matter))
    page = at_desk("孙丽").get("/desk/queues/mine/").content.decode()
    assert f'name="rows" value="{matter.pk.hex}.' in page
    assert 'value="assign"' not in page and 'value="remind"' not in page and 'value="tell"' in page
    nothing = at_desk("管理员").get("/desk/queues/assign/").content.decode()
    assert 'name="rows"' not in nothing


def test_every_list_of_matters_has_the_bar(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("刘敏")
    for address in (
        "/desk/overview/open/",
        "/desk/search/?q=路灯",
        "/desk/balance/new/",
        "/desk/ways/came/",
    ):
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
    assert [line.why for line in ended.context["refused"]] == ["现在是“办理中”，不能做这一步。"]
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

    def stops_at_the_second(action: Action, matter: Any, *args: Any, **kwargs: Any) -> Any:
        if matter == matters[1].pk:
            raise SystemError("the power went out")
        return run(action, matter, *args, **kwargs)

    monkeypatch.setattr("shuoshi.matters.actions.several.run", stops_at_the_second)
    with pytest.raises(SystemError):
        client.post(address, given(town))
    monkeypatch.undo()
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
        assert (page.context["done"], len(page.context["doing"]), page.context["not_doing"]) == (3 - left, left, [])
    assert len(carry_out(client, address, **given(town)).context["done"]) == 3
    assert Assignment.objects.count() == 3


def test_what_somebody_changed_meanwhile_is_named_and_not_overwritten(town: Place, at_desk: Desk) -> None:
    matters, client = ready(town), at_desk("刘敏")
    address = choose(client, "tell", matters)
    town.assign(matters[0], "水利站")
    page = client.get(address)
    assert [line.matter.pk for line in page.context["not_doing"]] == [matters[0].pk]
    assert "又有了变化" in page.context["not_doing"][0].why and len(page.context["doing"]) == 2
    ended = carry_out(client, address, text="明天停水，大后天恢复。")
    refused = {line.matter.pk: line.why for line in ended.context["refused"]}
    assert set(refused) == {matters[0].pk}
    assert "刘敏已于" in refused[matters[0].pk] and "交办了这件事" in refused[matters[0].pk]
    assert not matters[0].entries.filter(action=Action.WRITE_TO_SPEAKER).exists()
    assert of(matters[1], "write_to_speaker") == of(matters[2], "write_to_speaker") == 1


def test_who_was_quicker_is_named_also_where_the_step_is_over(town: Place, at_desk: Desk) -> None:
    matter, client = ready(town, 1)[0], at_desk("刘敏")
    address = choose(client, "assign", [matter])
    town.assign(matter, "水利站")
    carry_out(client, address, **given(town))
    assert fresh(matter).lead_unit_id == town.units["水利站"].pk and of(matter, "assign") == 1


def test_a_unit_that_a_matter_concerns_gets_the_others_only(town: Place, at_desk: Desk) -> None:
    client, about = at_desk("刘敏"), town.raise_matter(by="王芳", concerns_units=(town.units["城建办"].pk,))
    matters = [*ready(town, 2), about := town.classify(town.accept(about))]
    ended = carry_out(client, choose(client, "assign", matters), **given(town))
    refused = {line.matter.pk: line.why for line in ended.context["refused"]}
    assert refused == {about.pk: "这件事反映的就是城建办，不能交给它办。"}
    assert len(ended.context["done"]) == 2 and fresh(about).status == Status.ACCEPTED


def test_the_reason_is_owed_where_one_list_of_duties_does_not_name_the_unit(town: Place, at_desk: Desk) -> None:
    unit = town.units["城建办"]
    line = organization.add_duty_line("B604", unit.pk, actor=SYSTEM)
    listed, other = ready(town, 1)[0], town.classify(town.accept(town.raise_matter()), "B601")
    client = at_desk("刘敏")
    address = choose(client, "assign", [listed, other])
    answer = client.post(address, {"unit": str(unit.pk), "reason": ""})
    assert answer.status_code == 422 and UNLISTED in answer.content.decode()
    assert len(carry_out(client, address, **given(town)).context["done"]) == 2
    assert fresh(listed).assignment.duty_line_id == line.pk and fresh(other).assignment.duty_line is None
    alone = ready(town, 2)
    ended = carry_out(client, choose(client, "assign", alone), unit=str(unit.pk), reason="")
    assert len(ended.context["done"]) == 2


def test_a_limit_longer_than_the_rule_is_refused_of_each(town: Place, at_desk: Desk) -> None:
    client = at_desk("刘敏")
    ended = carry_out(client, choose(client, "assign", ready(town, 2)), **given(town, days="60"))
    assert {line.why for line in ended.context["refused"]} == {"交办的期限不能比规定的长。"}
    answer = client.post(choose(client, "assign", ready(town, 1)), given(town, days="0"))
    assert answer.status_code == 422 and "days" in answer.context["form"].errors


def test_who_stands_in_assigns_several_in_the_place_of_the_absent(town: Place, at_desk: Desk) -> None:
    """And is kept from what the absent person is kept from, matter by matter."""
    kept = town.raise_matter(by="王芳", concerns_people=(town.persons["刘敏"],))
    matters = [*ready(town, 2), kept]
    town.away("刘敏", "赵红")
    client = at_desk("赵红")
    page = client.get(address := choose(client, "assign", matters))
    assert [line.matter.pk for line in page.context["doing"]] == [one.pk for one in matters[:2]]
    ended = carry_out(client, address, **given(town))
    assert ended.context["total"] == 2 and fresh(kept).status == Status.REGISTERED
    event = Event.objects.filter(stream_id=str(matters[0].pk), action="assign").get()
    assert str(town.persons["刘敏"]) in str(event.payload)


# ── telling, reminding ────────────────────────────────────────────────────────────────────────────────────────────────


def test_one_text_goes_to_many_as_the_public_line_of_each(town: Place, at_desk: Desk) -> None:
    matters, client = [town.matter_in(Status.IN_HANDLING) for _n in range(2)], at_desk("刘敏")
    address = choose(client, "tell", matters)
    long_ = "𠮷䶮" * 3000
    carry_out(client, address, text=long_)
    said = Entry.objects.filter(action=Action.WRITE_TO_SPEAKER).select_related("matter")
    assert [(one.text, one.audience) for one in said] == [(long_, Audience.PUBLIC)] * 2


def test_a_number_in_the_text_asks_again_and_keeps_the_text(town: Place, at_desk: Desk) -> None:
    client = at_desk("刘敏")
    address = choose(client, "tell", [town.matter_in(Status.IN_HANDLING)])
    answer = client.post(address, {"text": "请打 13900000021"})
    assert answer.status_code == 422 and "sure" in answer.context["form"].errors
    assert "请打 13900000021" in answer.content.decode()
    assert carry_out(client, address, text="请打 13900000021", sure="on").context["total"] == 1


def test_nobody_urges_their_own_work_and_nothing_twice_a_day(town: Place, at_desk: Desk) -> None:
    matters, client = [town.matter_in(Status.IN_HANDLING) for _n in range(2)], at_desk("刘敏")
    town.run("刘敏", terms.Remind(text="请抓紧"), matters[0])
    address = choose(client, "remind", matters)
    why = {line.matter.pk: line.why for line in client.get(address).context["not_doing"]}
    assert why == {matters[0].pk: "今天已经催过了，明天再催。"}
    carry_out(client, address, text="请抓紧")
    assert [of(one, "remind") for one in matters] == [1, 1]
    own = at_desk("孙丽").post("/desk/selection/", {"do": "remind", "rows": [row(fresh(matters[0]))]})
    assert own.status_code == 404


# ── printing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("papers_made_here")
def test_forms_are_printed_as_one_file_each_with_its_own_pages(town: Place, at_desk: Desk) -> None:
    matters, client = [town.matter_in(Status.IN_HANDLING) for _n in range(3)], at_desk("刘敏")
    ended = carry_out(client, choose(client, "registration", matters))
    assert ended.context["files"] == [range(1, 4)] and Document.objects.count() == 3
    file = client.get(f"{ended.wsgi_request.path}pdf/?open")
    assert file["Content-Type"] == "application/pdf" and file["Content-Disposition"].startswith("inline")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(file.content)).pages]
    for one, page in zip(matters, pages, strict=True):
        assert one.number in page
    carry_out(client, choose(client, "registration", matters))
    assert Document.objects.count() == 3  # the same content is the same paper


@pytest.mark.usefixtures("papers_made_here")
def test_what_is_too_much_for_one_file_lies_in_several(
    town: Place, at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PER_FILE", 2)
    client, matters = at_desk("刘敏"), [town.matter_in(Status.ASSIGNED) for _n in range(3)]
    ended = carry_out(client, choose(client, "order", matters))
    assert ended.context["files"] == [range(1, 3), range(3, 4)] and "第 3 到 3 份" in ended.content.decode()
    for part, pages in ((1, 2), (2, 1)):
        file = client.get(f"{ended.wsgi_request.path}pdf/?part={part}")
        assert len(PdfReader(io.BytesIO(file.content)).pages) == pages
    for part in ("0", "3", "x"):
        assert client.get(f"{ended.wsgi_request.path}pdf/?part={part}").status_code == 404


def test_what_was_not_given_out_has_no_order_to_print(town: Place, at_desk: Desk) -> None:
    client, accepted, given_out = at_desk("刘敏"), ready(town, 1)[0], town.matter_in(Status.ASSIGNED)
    page = client.get(choose(client, "order", [accepted, given_out]))
    assert [line.matter.pk for line in page.context["doing"]] == [given_out.pk]
    assert [line.why for line in page.context["not_doing"]] == ["还没有交办，没有交办单。"]


# ── hostile use ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_out_of_sight_is_counted_and_neither_named_nor_touched(town: Place, at_desk: Desk) -> None:
    mine, foreign = town.matter_in(Status.IN_HANDLING), ready(town, 1)[0]
    client = at_desk("孙丽")
    address = choose(client, "tell", [mine, foreign])
    page = client.get(address)
    assert page.context["gone"] == 1 and foreign.number not in page.content.decode()
    ended = carry_out(client, address, text="请放心")
    assert ended.context["total"] == 1 and ended.context["gone"] == 1
    assert of(foreign, "write_to_speaker") == 0 and foreign.number not in ended.content.decode()


def test_a_selection_is_its_makers_alone(town: Place, at_desk: Desk) -> None:
    address = choose(at_desk("刘敏"), "tell", ready(town, 1))
    for path in (address, f"{address}pdf/", "/desk/selection/none/"):
        assert at_desk("王芳").get(path).status_code == 404
    assert at_desk("王芳").post(address, {"text": "请放心"}).status_code == 404
    assert at_desk("刘敏").get(f"{address}pdf/").status_code == 404  # nothing is printed of this one


def test_more_than_two_hundred_is_said_and_nothing_done(town: Place, at_desk: Desk) -> None:
    client, rows = at_desk("刘敏"), " ".join(f"{n:032x}.1" for n in range(100, 301))
    answer = client.post("/desk/selection/", {"do": "tell", "rows": rows, "back": "/desk/queues/assign/"}, follow=True)
    assert "您选了 201 件，一件也没有办" in answer.content.decode()
    assert not Draft.objects.filter(form="desk.selection").exists()
    answer = client.post("/desk/selection/", {"do": "tell", "rows": rows.rpartition(" ")[0]})
    assert client.get(answer["Location"]).context["gone"] == 200


@pytest.mark.parametrize("rows", [[], ["x.1"], ["01a2.1"], [f"{1:032x}"], [f"{1:032x}.-1"]])
def test_nothing_ticked_is_said(town: Place, at_desk: Desk, rows: list[str]) -> None:
    client = at_desk("刘敏")
    answer = client.post(
        "/desk/selection/", {"do": "assign", "rows": rows, "back": "/desk/queues/assign/"}, follow=True
    )
    assert "还没有选" in answer.content.decode() and answer.wsgi_request.path == "/desk/queues/assign/"


def test_the_way_back_leads_nowhere_else(town: Place, at_desk: Desk) -> None:
    client = at_desk("刘敏")
    for back in ("https://example.com/", "//example.com/desk/", "/desk/\\example.com", ""):
        answer = client.post("/desk/selection/", {"do": "assign", "back": back})
        assert answer["Location"].startswith("/desk/")
    assert client.post("/desk/selection/", {"do": "close"}).status_code == 404
    assert client.get("/desk/selection/").status_code == 405


def test_asking_costs_as_many_statements_however_many_there_are(town: Place, at_desk: Desk) -> None:
    client, costs = at_desk("刘敏"), []
    for n in (1, 4):
        address = choose(client, "remind", [town.matter_in(Status.IN_HANDLING) for _n in range(n)])
        client.get(address)
        with counted() as seen:
            assert len(client.get(address).context["doing"]) == n
        costs.append(seen.count)
    assert costs[0] == costs[1], seen


def test_the_cases_of_several_are_those_of_each(town: Place) -> None:
    """What the page says beforehand is what the door says of each matter."""
    from shuoshi.matters.queries.matter import offers
    from shuoshi.matters.queries.several import refusals

    matters = [town.matter_in(status) for status in (Status.ACCEPTED, Status.IN_HANDLING, Status.CLOSED)]
    for name in ("刘敏", "孙丽", "周建国", "马镇长"):
        actor, now = town.actor(name), clock.now()
        found = cases(actor, [one.pk for one in matters], now)
        for action in FORMS:
            why = refusals(action, found)
            for case in found:
                single = {one.action: one for one in offers(actor, case.matter, now)}.get(action)
                if single is not None:
                    assert single.allowed == (case.matter.pk not in why)
                    assert single.why == why.get(case.matter.pk, "")


def test_the_key_of_a_selection_is_not_its_token() -> None:
    one = selection.Selection("token", selection.Deed.TELL, [], "/desk/")
    assert "token" not in one.key and len(one.key) == 40
