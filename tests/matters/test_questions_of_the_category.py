"""4.2.1, 4.3.2: what the speaker answers to the category's questions belongs to the matter, and fits the questions."""

from __future__ import annotations

import json

import pytest

from shuoshi.kernel import outbox
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import actions, terms
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Channel, Naming, Status
from tests.support.village import Place


def answered(matter: Matter) -> dict[str, str]:
    matter = Matter.objects.get(pk=matter.pk)
    return json.loads(matter.answers) if matter.answers else {}


def answer(town: Place, matter: Matter, **answers: str) -> Matter:
    return town.run(town.speaker(matter), terms.AnswerQuestions(answers=answers), matter)


def test_answers_are_kept_in_the_matter_with_an_event_of_the_speaker(town: Place):
    matter = answer(town, town.matter_in(Status.IN_HANDLING), what="lamp", lamp_number="B-17")
    assert answered(matter) == {"what": "lamp", "lamp_number": "B-17"}
    event = Event.objects.filter(stream_id=str(matter.pk)).order_by("-sequence")[0]
    assert event.action == Action.ANSWER_QUESTIONS
    assert "answers" in event.payload
    assert "B-17" not in event.payload


def test_the_handler_is_told_and_nothing_is_owed_for_it(town: Place):
    before = town.matter_in(Status.IN_HANDLING)
    clocks = set(before.deadlines.values_list("pk", "outcome", "due_at"))
    after = answer(town, before, what="lamp")
    waiting = outbox.waiting_for(town.actor("孙丽")).filter(about_id=after.pk)
    assert "answered" in set(waiting.values_list("kind", flat=True))
    assert (after.unread_words, after.turn, after.status) == (before.unread_words, before.turn, before.status)
    assert set(after.deadlines.values_list("pk", "outcome", "due_at")) == clocks


def test_before_anybody_handles_it_whoever_assigns_is_told(town: Place):
    matter = answer(town, town.classify(town.accept(town.raise_matter())), what="lamp")
    waiting = outbox.waiting_for(town.actor("刘敏")).filter(about_id=matter.pk)
    assert "answered" in set(waiting.values_list("kind", flat=True))


def test_the_rest_can_be_answered_later_and_what_was_answered_stands(town: Place):
    matter = answer(town, town.matter_in(Status.IN_HANDLING), what="lamp")
    matter = answer(town, matter, lamp_number="B-17")
    assert answered(matter) == {"what": "lamp", "lamp_number": "B-17"}
    with pytest.raises(Refused) as refused:
        answer(town, matter, what="road")
    assert refused.value.code == "answered_before"


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "nothing_answered"),
        ({"what": " "}, "nothing_answered"),
        ({"what": "spaceship"}, "answer_does_not_fit"),
        ({"lamp_number": "B-17"}, "not_asked"),
        ({"what": "road", "lamp_number": "B-17"}, "not_asked"),
        ({"employer": "王老板"}, "not_asked"),
        ({"what": "lamp", "lamp_number": "灯" * 501}, "answer_does_not_fit"),
    ],
)
def test_an_answer_that_fits_no_question_is_refused(town: Place, answers: dict[str, str], code: str):
    matter = town.matter_in(Status.IN_HANDLING)
    with pytest.raises(Refused) as refused:
        answer(town, matter, **answers)
    assert refused.value.code == code
    assert answered(matter) == {}


def test_once_it_is_closed_nothing_more_is_asked(town: Place):
    matter = town.matter_in(Status.CLOSED)
    with pytest.raises(Refused) as refused:
        answer(town, matter, what="lamp")
    assert refused.value.code == "status"


def test_answers_typed_in_at_the_desk_are_held_to_the_same_questions(town: Place):
    given = Intake(
        channel=Channel.HOTLINE,
        key="one call",
        content="路灯不亮。",
        naming=Naming.NAMED,
        speaker=PersonSaid(name="陈大明"),
        category="B604",
        answers={"what": "spaceship"},
    )
    with pytest.raises(Refused) as refused:
        actions.register(given, actor=town.actor("王芳"))
    assert refused.value.code == "answer_does_not_fit"
