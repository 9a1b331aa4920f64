"""4.2.1: categories are offered with what speaks for them; nothing is chosen beforehand, and a person decides."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.likely import RULE
from shuoshi.matters.models import Exclusion, Matter
from shuoshi.matters.vocabulary import Action, Complexity, Kind, Status, Urgency
from shuoshi.organization.roles import Role
from tests.desk.test_acting import act
from tests.support.attempts import sample
from tests.support.looking import fresh
from tests.support.statements import Statements, statements
from tests.support.village import Place

__all__ = ["statements"]

Desk = Callable[[str], Client]
Count = Callable[[], AbstractContextManager[Statements]]
BOX = 'class="likely"'
LAMP = "村口到小学的路灯坏了三盏，晚上看不清路。"
NOTHING = "我有一件事想当面说一说。"
ODD = "三组老樟树底下那块空场子，晚上没法走，早就该弄一弄了。"  # no word of the profile speaks in it


def form_of(client: Client, matter: Matter, action: str = "classify") -> Any:
    return client.get(f"/desk/matters/{matter.number}/{action}/").context["form"]


def page_of(client: Client, matter: Matter, action: str = "classify") -> str:
    return client.get(f"/desk/matters/{matter.number}/{action}/").content.decode()


def accepted(town: Place, content: str, title: str = "想说一件事") -> Matter:
    matter = town.raise_matter(by="王芳", content=content, demands=("请办",))
    return town.run("王芳", terms.Accept(kind=Kind.INTEREST_CLAIM, title=title), matter)


def decided(town: Place, content: str, category: str = "B604", unit: str = "城建办") -> Matter:
    matter = town.classify(accepted(town, content), category)
    return town.assign(matter, unit) if unit else matter


def facts(matter: Matter) -> dict[str, Any]:
    return Event.objects.get(stream_kind="matter", stream_id=str(matter.pk), action="classify").facts()


def test_words_are_the_reason_and_nothing_is_chosen(town: Place, at_desk: Desk) -> None:
    matter = accepted(town, LAMP)
    form = form_of(at_desk("刘敏"), matter)
    first = form.likely[0]
    assert (first.code, first.name) == ("B604", "利益诉求 › 基础设施 › 道路、照明、排水")
    assert "说到“路灯”" in first.why and len(form.likely) <= 3
    assert not form["category"].value()
    assert f'value="{first.code}" data-pick' in page_of(at_desk("刘敏"), matter)


def test_where_nothing_speaks_nothing_is_said(town: Place, at_desk: Desk) -> None:
    matter = accepted(town, NOTHING)
    assert BOX not in page_of(at_desk("刘敏"), matter)
    assert act(at_desk("刘敏"), matter, "classify", category="BZ", complexity="simple").status_code == 302
    assert "offered" not in facts(matter)


def test_what_people_decided_of_matters_like_it_is_the_reason(town: Place, at_desk: Desk) -> None:
    for _n in range(3):
        decided(town, ODD)
    offered = form_of(at_desk("刘敏"), accepted(town, ODD)).likely
    assert [(one.code, one.why) for one in offered] == [("B604", "近来相似的 3 件都分到这里，由城建办办理")]


def test_of_several_decisions_each_is_told_for_itself(town: Place, at_desk: Desk) -> None:
    decided(town, ODD)
    decided(town, ODD)
    decided(town, ODD, "B803", unit="")
    offered = form_of(at_desk("刘敏"), accepted(town, ODD)).likely
    assert [(one.code, one.why) for one in offered] == [
        ("B604", "近来相似的 2 件分到这里，由城建办办理"),
        ("B803", "近来相似的 1 件分到这里"),
    ]


def test_what_is_sensitive_old_out_of_sight_or_not_decided_yet_tells_nothing(town: Place, at_desk: Desk) -> None:
    decided(town, ODD, "B203", unit="")
    accepted(town, ODD)
    old = decided(town, ODD)
    Matter.objects.filter(pk=old.pk).update(registered_at=old.registered_at - timedelta(days=400))
    hidden = decided(town, ODD)
    kept_from = town.persons["刘敏"]
    Exclusion.objects.create(matter=hidden, person_id=kept_from, why="concerned", at=hidden.registered_at)
    assert form_of(at_desk("刘敏"), accepted(town, ODD)).likely == []


def test_it_costs_the_same_for_one_matter_and_for_many(town: Place, at_desk: Desk, statements: Count) -> None:
    client, matter = at_desk("刘敏"), accepted(town, LAMP)
    decided(town, LAMP)
    few = fewest(client, matter, statements)
    for _n in range(8):
        decided(town, LAMP)
    assert "8 件" not in page_of(client, matter)
    assert fewest(client, matter, statements) == few


def fewest(client: Client, matter: Matter, statements: Count) -> int:
    """Statements of the page, the fewest of four: what is read for all pages every few seconds may fall into one."""
    read = []
    for _time in range(4):
        with statements() as seen:
            page_of(client, matter)
        read.append(seen.count)
    return min(read)


def test_pressed_without_a_script_it_comes_back_chosen_and_nothing_is_done(town: Place, at_desk: Desk) -> None:
    matter, client = accepted(town, LAMP), at_desk("刘敏")
    address = f"/desk/matters/{matter.number}/classify/"
    first = client.get(address).context["form"]
    data = {"turn": first["turn"].value(), "key": first["key"].value(), "complexity": "complex", "reason": "看过了"}
    answer = client.post(address, {**data, "pick": "B604"})
    form = answer.context["form"]
    assert answer.status_code == 200 and fresh(matter).category == ""
    assert [form[name].value() for name in ("category", "complexity", "reason")] == ["B604", "complex", "看过了"]
    given = {**data, "category": "B604", "offered": form["offered"].value()}
    assert client.post(address, given).status_code == 302
    assert fresh(matter).category == "B604"


def test_what_was_offered_stands_in_the_event_whatever_was_decided(town: Place, at_desk: Desk) -> None:
    matter, client = accepted(town, LAMP), at_desk("刘敏")
    form = form_of(client, matter)
    codes = [one.code for one in form.likely]
    assert codes and "B902" not in codes
    given = {"category": "B902", "complexity": "simple", "offered": form["offered"].value()}
    assert act(client, matter, "classify", **given).status_code == 302
    assert fresh(matter).category == "B902"
    assert (facts(matter)["offered"], facts(matter)["offered_by"]) == (codes, RULE)
    assert list(verify()) == []


@pytest.mark.parametrize("sealed", ["", "B604", "another's"])
def test_only_what_this_page_offered_is_believed(town: Place, at_desk: Desk, sealed: str) -> None:
    matter, client = accepted(town, LAMP), at_desk("刘敏")
    if sealed == "another's":
        sealed = form_of(client, accepted(town, LAMP))["offered"].value()
    given = {"category": "B604", "complexity": "simple", "offered": sealed}
    assert act(client, matter, "classify", **given).status_code == 302
    assert "offered" not in facts(matter)


def test_it_stands_wherever_a_category_is_chosen(town: Place, at_desk: Desk) -> None:
    town.person("王强", ("受理中心", Role.REGISTRAR), ("受理中心", Role.DISPATCHER), ("城建办", Role.HANDLER))
    matter = town.raise_matter(by="王强", content=LAMP)
    assert BOX in page_of(at_desk("王芳"), matter, "answer_on_the_spot")
    night = town.raise_matter(by="王芳", content=LAMP, urgency=Urgency.U1)
    town.run("何勇", sample(town, Action.DISPATCH_EMERGENCY, night), night)
    assert BOX in page_of(at_desk("王芳"), night, "complete_papers")
    client = at_desk("王强")
    address = f"/desk/matters/{matter.number}/take-on/"
    form = client.get(address).context["form"]
    given = {"title": "路灯", "complexity": "simple", "reason": "我来办", "unit": str(town.units["城建办"].pk)}
    picked = client.post(address, {"turn": form["turn"].value(), "key": "k", **given, "pick": "B604"})
    assert picked.status_code == 200 and picked.context["form"]["category"].value() == "B604"
    offered = picked.context["form"]["offered"].value()
    assert act(client, matter, "take-on", **given, category="B604", offered=offered).status_code == 302
    assert facts(fresh(matter))["offered"][0] == "B604"


def test_while_a_call_is_registered_words_alone_speak(town: Place, at_desk: Desk, statements: Count) -> None:
    client = at_desk("王芳")
    aside = "/desk/register/beside/"
    assert BOX not in client.get("/desk/register/").content.decode()
    with statements() as silent:
        assert BOX not in client.post(aside, {"content": ""}).content.decode()
    with statements() as spoken:
        body = client.post(aside, {"content": LAMP}).content.decode()
    assert 'id="likely"' in body and 'value="B604" data-pick' in body
    assert spoken.count - silent.count <= 2, spoken  # the search for the same matter, as before
    picked = client.post("/desk/register/", {"content": LAMP, "pick": "B604", "naming": "named", "key": "k"})
    assert picked.status_code == 200 and not Matter.objects.exists()
    form = picked.context["form"]
    assert (form["category"].value(), form["content"].value()) == ("B604", LAMP)


def test_a_matter_classified_again_is_not_its_own_reason(town: Place, at_desk: Desk) -> None:
    matter = decided(town, ODD)
    assert form_of(at_desk("刘敏"), matter).likely == []
    assert fresh(matter).status == Status.ASSIGNED and fresh(matter).complexity == Complexity.STANDARD
