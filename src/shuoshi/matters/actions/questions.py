"""The few questions of a category: whether answers fit them, and the speaker's own answers later on (4.2.1, 4.3.2)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import guards, policies, terms
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import BY_ITSELF, Action, Audience
from shuoshi.organization.profile import Profile


def check(profile: Profile, category: str, answers: Mapping[str, str], known: Mapping[str, str] | None = None) -> None:
    """Raise Refused unless each answer belongs to a question of the category that is asked, and is one it takes.

    `known` are answers given before: a question may depend on them.
    """
    if not answers:
        return
    questions = {one.code: one for one in profile.category(category).questions} if category else {}
    every = {**(known or {}), **answers}
    for code, value in answers.items():
        question = questions.get(code)
        if question is None or not question.asked(every):
            raise Refused("not_asked", _("有的回答不是这类事要问的，请看着问题再答一次。"))
        if not question.takes(value):
            raise Refused("answer_does_not_fit", _("“%(question)s”的回答不合适。") % {"question": question.text})


def answer_questions(step: Step, given: terms.AnswerQuestions) -> None:
    """The speaker answers what nobody has answered yet. Nothing is owed for it; whoever works on the matter is told."""
    known = dict(json.loads(step.matter.answers)) if step.matter.answers else {}
    answers = {code: value.strip() for code, value in given.answers.items() if value.strip()}
    if not answers:
        raise Refused("nothing_answered", _("还没有回答任何一题。"))
    if answers.keys() & known.keys():
        raise Refused("answered_before", _("这一题已经答过了。要改，请写在补充情况里。"))
    check(step.profile, step.matter.category, answers, known)
    step.set(answers=written({**known, **answers}))
    step.say(Audience.PUBLIC, questions=",".join(sorted(answers)))
    step.notify("answered", _whoever_works_on_it(step))


def written(answers: Mapping[str, str]) -> str:
    """Answers as the matter keeps them; "" for none."""
    return json.dumps(dict(answers), ensure_ascii=False, sort_keys=True) if answers else ""


def _whoever_works_on_it(step: Step) -> Told:
    if step.matter.handler_id is not None:
        return Told.HANDLER
    return Told.LEAD if step.matter.lead_unit_id is not None else Told.DISPATCHER


ROWS = (
    Transition(
        action=Action.ANSWER_QUESTIONS,
        source=BY_ITSELF,
        clause="4.3.2",
        allow=policies.speaker,
        when=(guards.has_category,),
        do=answer_questions,
        notify=(Told.HANDLER, Told.LEAD, Told.DISPATCHER),
        resident=True,
    ),
)
