"""Whether the matter and its result may be made public without the person in it: theirs to say, at any time (1.3.3)."""

from __future__ import annotations

from shuoshi.matters import group_guards, guards, policies, terms
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import Action, Audience, Status


def consent_to_publication(step: Step, given: terms.ConsentToPublication) -> None:
    step.set(consent_to_publication=True)
    step.say(Audience.PUBLIC)


def withdraw_consent(step: Step, given: terms.WithdrawConsent) -> None:
    """It holds at once: whoever publishes asks the matter, not what was said of it before."""
    step.set(consent_to_publication=False)
    step.say(Audience.PUBLIC)


ROWS = (
    Transition(
        action=Action.CONSENT_TO_PUBLICATION,
        source=frozenset(Status),
        clause="1.3.3",
        allow=policies.speaker,
        when=(guards.not_consented, group_guards.nobody_consents_for_all),
        do=consent_to_publication,
        resident=True,
    ),
    Transition(
        action=Action.WITHDRAW_CONSENT,
        source=frozenset(Status),
        clause="1.3.3",
        allow=policies.speaker,
        when=(guards.consented,),
        do=withdraw_consent,
        resident=True,
    ),
)
