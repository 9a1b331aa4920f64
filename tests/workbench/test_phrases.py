"""Phrases: the own ones for oneself, shared ones by whoever heads; filled with what the page shows, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.test import Client

from shuoshi.kernel import verify
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import KeyReused, Refused
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Naming, Status
from shuoshi.organization.roles import Role
from shuoshi.workbench import phrases, queries
from shuoshi.workbench.models import Phrase, Scope
from shuoshi.workbench.phrases import PhraseGiven
from tests.support.village import Place

Desk = Callable[[str], Client]


def write(
    town: Place, who: str, short: str = "hf", text: str = "{称呼}，{编号}", scope: Scope = Scope.OWN, unit: str = ""
) -> Phrase:
    given = PhraseGiven(scope=scope, short=short, text=text, unit=town.units[unit].pk if unit else None)
    return phrases.write(given, actor=town.actor(who), key=uuid4().hex)


def offered(town: Place, who: str) -> list[tuple[str, str]]:
    return [(row.short, row.scope) for row in queries.phrases(town.actor(who))]


def refused(code: str, deed: Callable[[], object]) -> None:
    with pytest.raises(Refused) as found:
        deed()
    assert found.value.code == code


def test_the_own_ones_are_nobody_elses_and_shared_ones_reach_whom_they_are_for(town: Place) -> None:
    write(town, "孙丽")
    write(town, "周建国", "dw", scope=Scope.UNIT, unit="城建办")
    write(town, "管理员", "qb", scope=Scope.WHOLE)
    assert offered(town, "孙丽") == [("hf", "own"), ("dw", "unit"), ("qb", "whole")]
    assert offered(town, "周建国") == [("dw", "unit"), ("qb", "whole")]
    assert offered(town, "李国强") == [("qb", "whole")]


def test_only_whoever_heads_shares(town: Place) -> None:
    for who, scope, unit in (
        ("孙丽", Scope.UNIT, "城建办"),
        ("周建国", Scope.UNIT, "水利站"),
        ("周建国", Scope.WHOLE, ""),
        ("王芳", Scope.WHOLE, ""),
        ("管理员", Scope.UNIT, "城建办"),
    ):
        refused("phrase_not_yours", lambda who=who, scope=scope, unit=unit: write(town, who, scope=scope, unit=unit))
    town.person("中心主任", ("受理中心", Role.DEPARTMENT_HEAD))
    assert write(town, "中心主任", scope=Scope.WHOLE).pk
    assert write(town, "马镇长", scope=Scope.UNIT, unit="青禾镇").unit_id == town.units["青禾镇"].pk
    assert ("hf", "unit") in offered(town, "孙丽"), "of the unit above hers"


def test_a_deputy_does_not_share_in_the_place_of_the_head(town: Place) -> None:
    town.away("周建国", "孙丽")
    refused("phrase_not_yours", lambda: write(town, "孙丽", scope=Scope.UNIT, unit="城建办"))


def test_the_same_key_again_gets_the_first(town: Place) -> None:
    given = PhraseGiven(scope=Scope.OWN, short="hf", text="好")
    first = phrases.write(given, actor=town.actor("孙丽"), key="one form")
    assert phrases.write(given, actor=town.actor("孙丽"), key="one form").pk == first.pk
    with pytest.raises(KeyReused):
        phrases.write(PhraseGiven(scope=Scope.OWN, short="x", text="好"), actor=town.actor("孙丽"), key="one form")


def test_an_abbreviation_stands_once_and_is_free_again_when_put_away(town: Place) -> None:
    row = write(town, "孙丽")
    refused("phrase_known", lambda: write(town, "孙丽", "HF"))
    refused("phrase_short", lambda: write(town, "孙丽", "回复"))
    write(town, "周建国")
    for _press in range(2):
        phrases.put_away(row.pk, actor=town.actor("孙丽"))
    assert Event.objects.filter(stream_id=str(row.pk)).count() == 2
    refused("phrase_put_away", lambda: phrases.edit(row.pk, "hf", "好", actor=town.actor("孙丽")))
    assert write(town, "孙丽").pk != row.pk
    other = write(town, "孙丽", "zz")
    refused("phrase_known", lambda: phrases.edit(other.pk, "hf", "好", actor=town.actor("孙丽")))


def test_nobody_changes_what_is_anothers(town: Place) -> None:
    row = write(town, "孙丽")
    shared = write(town, "周建国", "dw", scope=Scope.UNIT, unit="城建办")
    refused("phrase_not_yours", lambda: phrases.edit(row.pk, "hf", "改", actor=town.actor("周建国")))
    refused("phrase_not_yours", lambda: phrases.put_away(row.pk, actor=town.actor("管理员")))
    refused("phrase_not_yours", lambda: phrases.put_away(shared.pk, actor=town.actor("孙丽")))


def test_there_are_not_too_many(town: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "MOST", 2)
    write(town, "孙丽", "a1")
    write(town, "孙丽", "a2")
    refused("too_many_phrases", lambda: write(town, "孙丽", "a3"))


def test_the_words_lie_sealed_and_are_proved(town: Place) -> None:
    row = write(town, "孙丽", text="今天䶮𠮷来")
    phrases.edit(row.pk, "hf", "明天来", actor=town.actor("孙丽"))
    event = Event.objects.filter(stream_id=str(row.pk)).latest("sequence")
    assert "明天来" not in event.payload
    assert not list(verify.verify())


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def here(client: Client, matter: Matter) -> str:
    return unescape(client.get(f"/desk/matters/{matter.number}/phrases/").content.decode())


def test_a_phrase_is_written_changed_and_put_away_on_its_pages(town: Place, at_desk: Desk) -> None:
    client = at_desk("孙丽")
    assert "whom" not in client.get("/desk/me/phrases/new/").context["form"].fields
    wrong = client.post("/desk/me/phrases/new/", {"short": "回", "text": "{身份证号}"})
    assert wrong.status_code == 422 and {"short", "text"} <= set(wrong.context["form"].errors)
    assert "{身份证号}" in wrong.content.decode() and "不认识 {身份证号}" in unescape(wrong.content.decode())
    said = {"short": ";hf", "text": "{称呼}，最晚{答应的日期}答复您"}
    assert client.post("/desk/me/phrases/new/", said)["Location"] == "/desk/me/phrases/"
    again = client.post("/desk/me/phrases/new/", said)
    assert again.status_code == 422 and "已经有一条在用" in again.content.decode()
    row = Phrase.objects.get()
    place = f"/desk/me/phrases/{row.pk}/"
    assert client.get(place).context["form"]["text"].value() == said["text"]
    assert client.post(place, {"do": "save", "short": "hf", "text": ""}).status_code == 422
    assert client.post(place, {"do": "save", "short": "hg", "text": "好"}).status_code == 302
    assert ";hg" in client.get("/desk/me/phrases/").content.decode()
    assert client.post(place, {"do": "put_away"}).status_code == 302
    assert ";hg" not in client.get("/desk/me/phrases/").content.decode()
    assert client.get(place).context["form"] is None


def test_pages_of_others_are_not_there(town: Place, at_desk: Desk) -> None:
    row = write(town, "孙丽")
    shared = write(town, "周建国", "dw", scope=Scope.UNIT, unit="城建办")
    assert at_desk("周建国").get(f"/desk/me/phrases/{row.pk}/").status_code == 404
    assert at_desk("李国强").get(f"/desk/me/phrases/{shared.pk}/").status_code == 404
    reader = at_desk("孙丽")
    page = reader.get(f"/desk/me/phrases/{shared.pk}/")
    assert page.status_code == 200 and page.context["form"] is None and "周建国" in page.content.decode()
    assert reader.post(f"/desk/me/phrases/{shared.pk}/", {"do": "put_away"}).status_code == 409
    assert Client().get("/desk/me/phrases/").status_code == 302


def test_whom_it_is_for_is_asked_of_whoever_may_share(town: Place, at_desk: Desk) -> None:
    client = at_desk("周建国")
    unit = str(town.units["城建办"].pk)
    values = [value for value, _label in client.get("/desk/me/phrases/new/").context["form"].fields["whom"].choices]
    assert values == ["own", unit]
    said = {"short": "dw", "text": "好"}
    other = str(town.units["水利站"].pk)
    for whom in (other, "whole", "x"):
        assert client.post("/desk/me/phrases/new/", said | {"whom": whom}).status_code == 422
    assert client.post("/desk/me/phrases/new/", said | {"whom": unit}).status_code == 302
    assert Phrase.objects.get().unit_id == UUID(unit)


def test_on_a_matter_the_names_are_filled_masked(town: Place, at_desk: Desk) -> None:
    write(town, "孙丽", text="{称呼}，{编号}由{承办单位}{承办人}办，最晚{答应的日期}。{我的姓名}，{回访电话}")
    matter = town.matter_in(Status.IN_HANDLING)
    body = here(at_desk("孙丽"), matter)
    assert f"陈某某，{matter.number}由城建办孙丽办，最晚" in body and "____" not in body
    assert "陈大明" not in body and "13800000017" not in body
    assert here(at_desk("孙丽"), town.matter_in(Status.IN_HANDLING, naming=Naming.ANONYMOUS)).count("说事人，SS-") == 1


def test_who_is_kept_from_the_handling_side_is_not_addressed_by_name(town: Place, at_desk: Desk) -> None:
    write(town, "孙丽")
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.CONFIDENTIAL)
    assert "陈" not in here(at_desk("孙丽"), matter).partition('id="phrase-list"')[2]


def test_a_matter_out_of_sight_fills_nothing(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    assert at_desk("李国强").get(f"/desk/matters/{matter.number}/phrases/").status_code == 404
    assert at_desk("李国强").get("/desk/matters/SS-QH-20261117-9999/phrases/").status_code == 404


def test_beside_a_registration_what_is_not_known_is_a_gap(town: Place, at_desk: Desk) -> None:
    write(town, "王芳", text="{编号} {我的姓名} {我的单位}")
    body = at_desk("王芳").get("/desk/register/phrases/").content.decode()
    assert "____ 王芳 受理中心" in body


def test_lists_cost_the_same_with_one_and_with_many(town: Place, at_desk: Desk, statements: Callable) -> None:
    client, matter = at_desk("孙丽"), town.matter_in(Status.IN_HANDLING)
    places = ("/desk/me/phrases/", f"/desk/matters/{matter.number}/phrases/", "/desk/register/phrases/")
    counts = []
    for first in (0, 20):
        for n in range(first, first + 1 + first):
            write(town, "孙丽", f"n{n}")
            write(town, "周建国", f"u{n}", scope=Scope.UNIT, unit="城建办")
        for place in places:
            client.get(place)
            with statements() as seen:
                client.get(place)
            counts.append(seen.count)
    assert counts[:3] == counts[3:]
