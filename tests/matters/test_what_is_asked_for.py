"""What a letter asks for: said in short by whoever accepts it, numbered from 1, and never a whole letter above an answer."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.kernel.verify import verify
from shuoshi.matters import papers, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.queries.tracking import as_resident
from shuoshi.matters.vocabulary import Kind, Status
from tests.support.village import Place

LETTER = (
    "尊敬的领导，您好！\n进村的路年年说修，年年不动工，路灯也全都不亮，晚上走路不安全。\n希望早点修路，也把灯修好。"
)


def accepted(town: Place, *demands: str) -> Matter:
    given = terms.Accept(kind=Kind.INTEREST_CLAIM, title="进村的路什么时候修", demands=demands or None)
    return town.run("王芳", given, town.raise_matter(content=LETTER, demands=()))


def test_whoever_accepts_a_letter_says_point_by_point_what_it_asks_for(town: Place) -> None:
    matter = accepted(town, "修好进村的路", "修好路灯", "告诉哪天动工")
    assert [(one.ordinal, one.text) for one in town.demands(matter)] == [
        (1, "修好进村的路"),
        (2, "修好路灯"),
        (3, "告诉哪天动工"),
    ]
    assert matter.content == LETTER
    assert not list(verify())


def test_points_that_nobody_answered_keep_their_numbers_when_they_are_corrected(town: Place) -> None:
    matter = accepted(town, "修好进村的路", "修好路灯", "告诉哪天动工")
    town.run("王芳", terms.CorrectRegistration(reason="合成两条", demands=("修路、修灯", "告诉哪天动工")), matter)
    town.run("王芳", terms.CorrectRegistration(reason="还是分开", demands=("修路", "修灯", "告诉哪天动工")), matter)
    assert [(one.ordinal, one.text) for one in town.demands(matter)] == [(1, "修路"), (2, "修灯"), (3, "告诉哪天动工")]


def test_a_letter_that_nobody_summarised_stands_under_its_title(town: Place) -> None:
    """On the reply, on the page of the resident and in the follow-up; a short word stands as it was said."""
    matter = accepted(town)
    assert [one.in_full for one in town.demands(matter)] == [True]
    matter = town.sign(town.prepare(town.sign_for(town.assign(town.classify(matter)))))
    said = papers.content_of(matter, Ref(PaperKind.REPLY, 1))["逐条"]
    assert [row[1] for row in said] == ["进村的路什么时候修"]
    seen = as_resident(matter, clock.now())
    assert [point.demand.heading for point in seen.points] == ["进村的路什么时候修"]
    assert not seen.summed_up

    short = town.matter_in(Status.IN_FOLLOW_UP, content="路灯坏了三盏，希望早点修好。", demands=())
    assert papers.content_of(short, Ref(PaperKind.REPLY, 1))["逐条"][0][1] == "路灯坏了三盏，希望早点修好。"


def test_the_resident_reads_what_was_made_of_the_letter(town: Place) -> None:
    assert as_resident(accepted(town, "修好进村的路"), clock.now()).summed_up
