"""An answer says which entry it rests on, in which version, to the resident and in figures."""

from __future__ import annotations

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.verify import verify
from shuoshi.knowledge import actions
from shuoshi.knowledge.models import Audience
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Citation
from shuoshi.matters.queries import answers, promises
from shuoshi.matters.vocabulary import Kind, Outcome, Status
from tests.knowledge.written import QUESTION, answered, cite, given, propose, published, refused, spot
from tests.portal.resident import Resident
from tests.support.village import Place


def replied_with(town: Place, matter):
    return promises.replies(queries.tracking(town.speaker(matter), clock.now()))[0].sources


def test_the_version_that_was_read_is_kept_with_the_answer(town: Place):
    entry = published(town)
    matter = answered(town, cite(entry))
    actions.revise(entry.pk, given(answer="后来改了。"), seen=1, actor=town.actor("孙丽"))
    actions.publish(entry.pk, 2, actor=town.actor("周建国"))
    citation = Citation.objects.get()
    assert (citation.matter, citation.version.number, citation.result.cites) == (matter, 1, 1)
    assert replied_with(town, matter) == [promises.Cited(QUESTION, entry.number, changed=True)]
    assert list(verify()) == []


def test_the_resident_finds_the_way_to_the_page_behind_an_answer(town: Place):
    entry = published(town)
    matter = answered(town, cite(entry))
    page = Resident(Client()).opens(matter)
    assert f'href="/knowledge/{entry.number}/">{QUESTION}</a>' in page
    actions.retire(entry.pk, "政策停了", actor=town.actor("周建国"))
    page = Resident(Client()).opens(matter)
    assert QUESTION in page and f"/knowledge/{entry.number}/" not in page and "现在已经停用" in page


@pytest.mark.parametrize("what", ["draft", "staff", "retired", "never"])
def test_only_what_residents_may_read_is_cited(town: Place, what: str):
    if what == "draft":
        wanted = terms.Cite(propose(town).number, 1)
    elif what == "staff":
        wanted = cite(published(town, audience=Audience.STAFF))
    elif what == "retired":
        entry = published(town)
        actions.retire(entry.pk, "停了", actor=town.actor("周建国"))
        wanted = cite(entry)
    else:
        wanted = terms.Cite(99, 1)
    with refused("not_citable"):
        answered(town, wanted)
    assert not Citation.objects.exists()


def test_an_entry_is_cited_once_and_not_more_than_five(town: Place):
    entry = published(town)
    answered(town, cite(entry), cite(entry))
    assert Citation.objects.count() == 1
    with refused("cites_too_many"):
        answered(town, *(terms.Cite(number, 1) for number in range(1, 7)))


def test_a_written_reply_cites_and_the_figure_counts_it_once_it_is_signed(town: Place):
    entry = published(town)
    matter = town.sign_for(
        town.assign(town.classify(town.accept(town.raise_matter(), Kind.POLICY_ENQUIRY), "A101", Kind.POLICY_ENQUIRY))
    )
    points = tuple(
        terms.PointAnswer(demand=one.pk, outcome=Outcome.SOLVED, text="说清楚了。") for one in town.demands(matter)
    )
    given_ = terms.PrepareResult(points=points, reply="可以。", report="已答复。", cites=(cite(entry),))
    matter = town.run("孙丽", given_, matter)
    assert answers.times_cited([entry.pk]) == {}
    matter = town.sign(matter)
    assert answers.times_cited([entry.pk]) == {entry.pk: 1}
    assert [one.number for one in replied_with(town, matter)] == [entry.number]
    answered(town, cite(entry))
    assert answers.times_cited([entry.pk]) == {entry.pk: 2}


def test_what_an_answer_cites_costs_the_page_of_a_matter_nothing_and_the_tracking_page_one_statement(
    town: Place, statements
):
    entry = published(town)
    plain = town.run("王芳", spot(clear=False), town.raise_matter(by="王芳"))
    citing = town.run("王芳", spot(cite(entry), clear=False), town.raise_matter(by="王芳"))
    actor, now = town.actor("王芳"), clock.now()

    def read(number: str) -> int:
        with statements() as seen:
            view = queries.matter_page(actor, number, now)
            assert [one.question for one in view.citations] == ([QUESTION] if number == citing.number else [])
        return seen.count

    def track(matter) -> int:
        with statements() as seen:
            queries.tracking(town.speaker(matter), now)
        return seen.count

    read(plain.number)
    assert read(citing.number) == read(plain.number)
    assert track(citing) - track(plain) == 1
    assert citing.status == Status.IN_FOLLOW_UP
