"""4.3.3, 4.4.2: what is sent back or not satisfied is done anew beside what was there; what was solved is not asked again."""

from __future__ import annotations

from shuoshi.matters import papers, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.matter import RELATED
from shuoshi.matters.vocabulary import DeadlineKind, Outcome, RoundBecause, Satisfaction, Solved, Status, Urgency
from tests.support.looking import running, told
from tests.support.village import Place, picture


def test_a_result_sent_back_stays_and_another_is_written(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    matter = town.run("周建国", terms.SendBackResult(reason="写明换了几盏"), matter)
    assert (matter.status, matter.result_in_hand) == (Status.IN_HANDLING, False)
    assert told(town, matter, "sent_back") == {("孙丽", "")} and DeadlineKind.COMPLETION in running(matter)
    matter = town.sign(town.prepare(matter))
    assert list(matter.results.order_by("ordinal").values_list("ordinal", "state")) == [
        (1, "sent_back"),
        (2, "signed"),
    ]


def partly(town: Place) -> Matter:
    """Two demands: one was answered as solved, the other as not."""
    matter = town.raise_matter(demands=("修好路灯", "写清楚归谁管"))
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    lamp, whose = list(town.demands(matter))
    points = (
        terms.PointAnswer(demand=lamp.pk, outcome=Outcome.SOLVED, text="换好了"),
        terms.PointAnswer(demand=whose.pk, outcome=Outcome.CANNOT_ACT, text="还没有定", because="等县里的文件"),
    )
    given = terms.PrepareResult(points=points, reply="换好了。", report="换了三盏。", proofs=(picture(),))
    return town.sign(town.run("孙丽", given, matter))


def test_the_rest_that_was_wanted_is_a_round_of_its_own_with_a_limit_and_the_words(town: Place):
    matter = partly(town)
    _lamp, whose = list(town.demands(matter))
    answers = terms.Answers(
        contacted=True,
        solved=Solved.PARTLY,
        result=Satisfaction.FAIR,
        attitude=Satisfaction.GOOD,
        words="归谁管还没有说",
        rest_wanted=True,
        unsettled=(whose.pk,),
    )
    first = matter.deadlines.get(kind=DeadlineKind.COMPLETION)
    matter = town.run(town.speaker(matter), terms.Rate(answers=answers), matter)
    assert matter.round is not None
    assert (matter.status, matter.round.ordinal, matter.round.because) == (Status.ASSIGNED, 2, RoundBecause.REWORK)
    again = matter.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
    assert (again.limit, first.limit) == ("4wd", "7wd")
    assert again.pk != first.pk and first.outcome == "MET"
    whole = Matter.objects.select_related(*RELATED).get(pk=matter.pk)
    assert papers.content_of(whole, papers.Ref(papers.PaperKind.ORDER, 2))["上轮原话"] == "归谁管还没有说"
    assert [demand.text for demand in town.demands(matter)] == ["写清楚归谁管"]


def test_the_urgency_stands_on_the_registration(town: Place):
    for urgency in (Urgency.U1, Urgency.U4):
        matter = Matter.objects.select_related(*RELATED).get(pk=town.raise_matter("王芳", urgency=urgency).pk)
        assert papers.content_of(matter, papers.Ref(papers.PaperKind.REGISTRATION))["紧急程度"] == str(urgency.label)
