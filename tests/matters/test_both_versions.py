"""4.1.1: what a registry words anew stands in the timeline as it was, for the speaker as for the staff; nothing is quietly gone."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Entry, Matter
from shuoshi.matters.vocabulary import Action, Kind, Naming
from tests.support.village import Place


def _line(matter: Matter, action: Action) -> str:
    entry = Entry.objects.filter(matter=matter, action=action).latest("at")
    entry.matter = matter
    return str(entry.text)


def test_a_place_and_demands_that_are_corrected_stay_readable(town: Place):
    matter = town.raise_matter("王芳", place="村口东边", demands=("修好三盏路灯", "以后有人管"))
    given = terms.CorrectRegistration(reason="听错了", place="村口西边", demands=("修路灯", "以后有人管"))
    matter = town.run("王芳", given, matter)
    said = _line(matter, Action.CORRECT_REGISTRATION)
    assert "听错了" in said and "村口东边" in said and "修好三盏路灯" in said and "以后有人管" not in said
    seen = queries.tracking(town.speaker(matter), clock.now())
    assert any("修好三盏路灯" in str(entry.text) for entry in seen.entries)
    assert list(verify()) == []


def test_a_demand_that_is_dropped_at_acceptance_is_told(town: Place):
    matter = town.raise_matter("王芳", demands=("修好三盏路灯", "处分管路灯的人"))
    accept = terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯不亮", demands=("修好三盏路灯",))
    matter = town.run("王芳", accept, matter)
    assert "处分管路灯的人" in _line(matter, Action.ACCEPT)


def test_what_stands_in_the_own_words_is_not_said_twice(town: Place):
    matter = town.raise_matter("王芳", content="村口的路灯坏了三盏", demands=("村口的路灯坏了三盏",))
    accept = terms.Accept(kind=Kind.INTEREST_CLAIM, title="路灯不亮", demands=("修好路灯",))
    matter = town.run("王芳", accept, matter)
    assert _line(matter, Action.ACCEPT) == ""


def test_the_handling_unit_does_not_read_a_name_that_was_taken_out(town: Place):
    matter = town.raise_matter("王芳", naming=Naming.CONFIDENTIAL, demands=("请给陈大明家门口装灯", "以后有人管"))
    correct = terms.CorrectRegistration(reason="去掉名字", demands=("请给门口装灯", "以后有人管"))
    matter = town.run("王芳", correct, matter)
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    assert "陈大明" in _line(matter, Action.CORRECT_REGISTRATION)
    for who, reads in (("孙丽", False), ("王芳", True)):
        view = queries.matter_page(town.actor(who), matter.number, clock.now())
        lines = " ".join(str(entry.text) for entry in view.entries)
        assert "门口装灯" in lines and ("陈大明" in lines) is reads, who
