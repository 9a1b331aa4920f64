"""Who asks to be kept from the handling side signs the letter all the same: what the card hides is not read there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.matters import papers, terms, veil
from shuoshi.matters.models import Matter
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.vocabulary import Naming
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
    ],
)
def test_a_name_is_hidden_and_a_place_of_the_same_sign_is_not(text: str, names: list[str], shown: str) -> None:
    assert veil.veiled(text, names) == shown
