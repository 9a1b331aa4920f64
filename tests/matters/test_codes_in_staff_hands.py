"""Rule (g): a rating by the code ends nothing alone where those it is about had the code before their eyes (4.4.1)."""

from __future__ import annotations

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.clocks import Outcome
from shuoshi.matters import actions, terms
from shuoshi.matters.models import Matter, Rating
from shuoshi.matters.vocabulary import DeadlineKind, Exit, Kind, Satisfaction, Solved, Status, Way
from shuoshi.organization.roles import Role
from tests.support.village import Place

pytestmark = pytest.mark.django_db


def rated(town: Place, matter: Matter, result: Satisfaction = Satisfaction.GOOD) -> Matter:
    """By whoever holds the code."""
    solved = Solved.YES if result >= Satisfaction.FAIR else Solved.NO
    answers = terms.Answers(contacted=True, solved=solved, result=result, attitude=Satisfaction.GOOD, words="好")
    return town.run(town.speaker(matter), terms.Rate(answers=answers), matter)


def answered_by_the_registrar(town: Place) -> Matter:
    """Taken down on the telephone and answered by the same person, to whom nobody says yet whether it helped."""
    matter = town.raise_matter(by="王芳")
    spot = terms.AnswerOnTheSpot(kind=Kind.INTEREST_CLAIM, title="村口路灯不亮", answer="已经报修。", clear=False)
    matter = town.run("王芳", spot, matter)
    assert matter.status == Status.IN_FOLLOW_UP
    return matter


def owed(matter: Matter) -> set[str]:
    return set(matter.deadlines.filter(outcome=Outcome.OPEN).values_list("kind", flat=True))


@pytest.mark.parametrize("again", ["", "missing"])
def test_who_answered_and_printed_the_slip_cannot_end_it_with_its_code(town: Place, again: str) -> None:
    matter = answered_by_the_registrar(town)
    actions.print_slip(matter.pk, again="", actor=town.actor("刘敏" if again else "王芳"))
    if again:
        actions.print_slip(matter.pk, again=again, actor=town.actor("王芳"))
    matter = rated(town, matter)
    assert (matter.status, matter.exit) == (Status.IN_FOLLOW_UP, "")
    assert {DeadlineKind.FOLLOW_UP, DeadlineKind.RATING} <= owed(matter)
    assert Rating.objects.get().result == Satisfaction.GOOD, "the word itself is kept"
    matter = town.follow_up(matter, 1)
    assert matter.status == Status.ACCEPTED, "what the person said to others counts"


def test_the_call_confirms_what_the_person_said(town: Place) -> None:
    matter = answered_by_the_registrar(town)
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    matter = town.follow_up(rated(town, matter), 5)
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.SATISFIED)
    assert not owed(matter)


def test_who_would_not_say_anything_leaves_it_unrated(town: Place) -> None:
    matter = answered_by_the_registrar(town)
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    declined = terms.RecordFollowUp(way=Way.CALL, reached=True, text="不想说", declined=True)
    matter = town.run("赵红", declined, rated(town, matter))
    (running,) = matter.deadlines.filter(outcome=Outcome.OPEN)
    assert running.kind == DeadlineKind.RATING
    with clock.simulated(running.due_at):
        actions.look_at_deadline(running.pk, running.due_at)
    assert Matter.objects.get(pk=matter.pk).exit == Exit.UNRATED


def test_a_bad_word_is_never_held_back(town: Place) -> None:
    matter = answered_by_the_registrar(town)
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    matter = rated(town, matter, Satisfaction.BAD)
    assert matter.status == Status.ACCEPTED
    assert matter.round is not None and matter.round.ordinal == 2


def test_the_handler_who_is_also_a_registrar_is_no_better_placed(town: Place) -> None:
    town.person("村文书", ("城建办", Role.HANDLER), ("受理中心", Role.REGISTRAR))
    matter = town.assign(town.classify(town.accept(town.raise_matter(by="王芳"))))
    matter = town.prepare(town.sign_for(matter, "村文书"), by="村文书")
    matter = town.sign(matter)
    actions.print_slip(matter.pk, again="", actor=town.actor("村文书"))
    assert rated(town, matter).status == Status.IN_FOLLOW_UP


def test_a_code_that_only_others_printed_speaks_for_itself(town: Place) -> None:
    matter = answered_by_the_registrar(town)
    actions.print_slip(matter.pk, again="", actor=town.actor("刘敏"))
    matter = rated(town, matter)
    assert (matter.status, matter.exit) == (Status.CLOSED, Exit.SATISFIED)


def test_where_nobody_else_can_ask_the_word_of_the_code_stands(town: Place) -> None:
    from shuoshi.organization import actions as organization
    from shuoshi.organization.models import Post

    for post in Post.objects.filter(role__in=(Role.FOLLOW_UP_AGENT, Role.OVERSIGHT_MEMBER), until__isnull=True):
        organization.end_post(post.pk, actor=SYSTEM)
    matter = answered_by_the_registrar(town)
    actions.print_slip(matter.pk, again="", actor=town.actor("王芳"))
    assert rated(town, matter).exit == Exit.SATISFIED
