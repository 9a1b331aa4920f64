"""Who asks to be kept from the handling side signs the letter all the same: what the card hides is not read there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from shuoshi.matters import papers, terms, veil
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.vocabulary import Naming, Status, WishShown
from tests.support.village import Place

Desk = Callable[[str], Client]
LETTER = (
    "物业乱收停车费，请来查一查。我叫陈大明，邻居都叫我陈先生，电话 138 0000 0017，2026-11-02 交过一次钱，"
    "收据还在。希望退钱，也请告诉我们该不该收，小区里两百多户都等着一个说法，老人孩子进出都不方便。"
)
ADDED = "昨天又收了一次，打 138 0000 0017 找陈大明。"
TELLING = ("陈大明", "陈先生", "138 0000 0017")
PAGES = ("", "as-resident/", "report_progress/")


def in_handling(town: Place, naming: Naming = Naming.CONFIDENTIAL) -> Matter:
    matter = town.raise_matter(content=LETTER, demands=(), naming=naming)
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    return town.run(town.speaker(matter), terms.AddInformation(text=ADDED), matter)


def read(client: Client, matter: Matter, page: str) -> str:
    answer = client.get(f"/desk/matters/{matter.number}/{page}")
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_the_unit_reads_a_confidential_letter_without_name_and_number(town: Place, at_desk: Desk, page: str) -> None:
    body = read(at_desk("孙丽"), in_handling(town), page)
    assert "我叫〔姓名〕，邻居都叫我〔姓名〕，电话 〔号码〕，2026-11-02 交过一次钱" in body
    assert not [telling for telling in TELLING if telling in body]


BY_THE_REGISTRY = (
    ("王芳", terms.WriteToSpeaker(text="陈大明您好，水务局会打您 13800000017。")),
    ("王芳", terms.AddInformation(text="陈大明来电，说昨天又收了一次。")),
    ("刘敏", terms.Note(text="说事人陈先生，13800000017")),
    ("王芳", terms.Withdraw(text="陈大明说不用了", shown_by=WishShown.CALLED_BACK, proof_ref="陈大明，录音 31")),
)


@pytest.mark.parametrize(("who", "given"), BY_THE_REGISTRY, ids=lambda one: getattr(one, "action", one))
@pytest.mark.parametrize("page", ["", "as-resident/"])
def test_what_is_written_by_who_knows_them_is_read_without_the_name_too(
    town: Place, at_desk: Desk, who: str, given: terms.Terms, page: str
) -> None:
    matter = town.run(who, given, in_handling(town))
    body = read(at_desk("孙丽"), matter, page)
    assert not [telling for telling in (*TELLING, "13800000017") if telling in body]
    if page == "":
        assert "〔姓名〕" in body and "陈" in read(at_desk("王芳"), matter, page)


def test_the_reason_of_a_merge_names_nobody_to_the_unit_it_comes_back_to(town: Place, at_desk: Desk) -> None:
    main = town.matter_in(Status.IN_HANDLING, speaker=PersonSaid(name="李秀英", phone="13900000088"))
    matter = in_handling(town)
    matter = town.run("刘敏", terms.Merge(main=main.pk, why="陈大明说的就是这件"), matter)
    matter = town.run("刘敏", terms.Unmerge(why="陈先生说的是另一处"), matter)
    body = read(at_desk("孙丽"), matter, "")
    assert "〔姓名〕说的就是这件" in body and "〔姓名〕说的是另一处" in body
    assert not [telling for telling in TELLING if telling in body]


def test_the_units_own_words_stay_as_it_wrote_them(town: Place, at_desk: Desk) -> None:
    matter = in_handling(town)
    matter = town.run("孙丽", terms.WriteToSpeaker(text="有事打 0571-88880000 找我"), matter)
    town.run("孙丽", terms.Note(text="物业的电话 0571-88881111"), matter)
    body = read(at_desk("孙丽"), matter, "")
    assert "0571-88880000" in body and "0571-88881111" in body


@pytest.mark.parametrize("page", ["", "as-resident/"])
def test_the_registry_reads_it_as_it_was_written(town: Place, at_desk: Desk, page: str) -> None:
    body = read(at_desk("王芳"), in_handling(town), page)
    assert LETTER in body and ADDED in body and "没有显示" not in body


def test_who_gave_the_name_to_everybody_is_read_as_written(town: Place, at_desk: Desk) -> None:
    assert LETTER in read(at_desk("孙丽"), in_handling(town, Naming.NAMED), "")


def test_papers_leave_out_what_names_somebody_who_asked_for_confidence(town: Place) -> None:
    matter = in_handling(town)
    for ref in (Ref(PaperKind.REGISTRATION), Ref(PaperKind.ORDER, 1)):
        said = papers.content_of(matter, ref)["原话"]
        assert "〔姓名〕" in said and not [telling for telling in TELLING if telling in said]
    assert papers.content_of(in_handling(town, Naming.NAMED), Ref(PaperKind.ORDER, 1))["原话"] == LETTER


def test_looking_and_acting_change_nothing_of_what_was_said(town: Place, at_desk: Desk) -> None:
    matter = in_handling(town)
    client = at_desk("孙丽")
    read(client, matter, "")
    given = {"turn": str(matter.turn), "done": "查过收费公示", "next_step": "周四约谈物业"}
    assert client.post(f"/desk/matters/{matter.number}/report_progress/", given).status_code == 302
    assert Matter.objects.get(pk=matter.pk).content == LETTER
    assert [one.text for one in town.demands(matter)] == [LETTER]


def test_a_search_of_the_unit_shows_no_words_of_a_confidential_letter(town: Place, at_desk: Desk) -> None:
    matter = in_handling(town)
    body = at_desk("孙丽").get("/desk/search/?q=停车费").content.decode()
    assert matter.number in body and "邻居" not in body


@pytest.mark.parametrize(
    ("text", "names", "shown"),
    [
        ("欧阳明明和欧阳女士", ["欧阳明明"], "〔姓名〕和〔姓名〕"),
        ("陈家湾的路，陈某说的", ["陈大明"], "陈家湾的路，〔姓名〕说的"),
        ("门牌 12 号", ["陈大明"], "门牌 12 号"),
        ("陈 大 明和陈\u200b大\u2060明", ["陈大明"], "〔姓名〕和〔姓名〕"),
        ("陳大明，陳老師", ["陈大明"], "〔姓名〕，〔姓名〕"),
        ("歐陽 女士", ["欧阳明明"], "〔姓名〕"),
        ("我是钟小华", ["鍾小華"], "我是〔姓名〕"),
        ("回信 daming@example.com", ["陈大明"], "回信 〔号码〕"),
        ("陈家湾大明路", ["陈大明"], "陈家湾大明路"),
    ],
)
def test_a_name_is_hidden_and_a_place_of_the_same_sign_is_not(text: str, names: list[str], shown: str) -> None:
    assert veil.veiled(text, names) == shown


PROOF = "身份证，妻子李大凤在场，家住一组 12 号"
SHOWN: dict[str, Any] = {"shown_by": WishShown.IDENTIFIED, "proof_ref": PROOF}


@pytest.mark.parametrize(
    ("status", "given"),
    [
        (Status.IN_HANDLING, terms.Withdraw(text="不用了", **SHOWN)),
        (Status.IN_HANDLING, terms.RewordDemands(demands=("停车费该不该收", "退钱"), **SHOWN)),
        (Status.IN_FOLLOW_UP, terms.RequestReview(text="没有查", **SHOWN)),
    ],
)
def test_what_showed_that_it_is_the_speaker_stays_with_the_registry(
    town: Place, at_desk: Desk, status: Status, given: terms.Terms
) -> None:
    matter = town.matter_in(status, naming=Naming.CONFIDENTIAL, content=LETTER, demands=("该不该收停车费",))
    matter = town.run("王芳", given, matter)
    assert PROOF in read(at_desk("王芳"), matter, "")
    assert "李大凤" not in read(at_desk("孙丽"), matter, "")
