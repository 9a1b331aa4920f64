"""What residents say into a microphone instead of writing it (3.1.1, 3.1.3): taken in as a recording, typed by the registry.

The recording stays as it came. Until it is typed nothing is decided on it; every clock runs from when it came.
"""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.kernel.refusal import Refused
from shuoshi.matters import policies, recording_guards, terms
from shuoshi.matters.actions import told_main, whole_and_parts
from shuoshi.matters.intake import Intake
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Transition
from shuoshi.matters.vocabulary import OPEN, Action, Audience, Hears, Shared, Spoken, Status


def say_it(intake: Intake) -> bool:
    """Whether a recording says what it is about."""
    return intake.spoken or any(given.is_sound for given in intake.files)


def worded(intake: Intake) -> tuple[Intake, str]:
    """What was raised, with words in the language of the institution where only a recording has them; and as what."""
    if intake.content.strip():
        return intake, ""
    with translation.override(settings.LANGUAGE_CODE):
        return replace(intake, content=_("要说的话在录音里，还没有记成文字。")), Spoken.WAITING


def type_out(step: Step, given: terms.TypeOut) -> None:
    """The words of the recordings, for everybody who may read the matter. They become its words where it had none.

    A slip is mended by typing it anew before it is accepted; both versions stay in the timeline.
    """
    matter, text = step.matter, given.text.strip()
    if not matter.untyped and text == str(matter.content).strip():
        raise Refused("nothing_changed", _("没有改动任何一项。"))
    first = matter.spoken == Spoken.WAITING
    again = not matter.untyped and matter.spoken == Spoken.TYPED and matter.status == Status.REGISTERED
    if first or again:
        _say_instead(step, text)
    elif not told_main.pass_on(step, Hears.SAID, text):
        whole_and_parts.pass_on(step, Shared.SAID, text)
    if given.concerns.strip() and matter.status == Status.REGISTERED:
        known = (str(matter.concerns_words).strip(), given.concerns.strip())
        step.set(concerns_words=_("；").join(filter(None, known)), concerns_to_check=True)
    step.set(untyped=False)
    step.say(Audience.PUBLIC, text, again=again)


def _say_instead(step: Step, text: str) -> None:
    """Its words, and what is asked for as far as nobody summed that up in words of their own."""
    stood = str(step.matter.content).strip()
    step.set(content=text, spoken=Spoken.TYPED)
    for row in step.matter.demands.order_by("ordinal"):
        if str(row.text).strip() == stood:
            step.change(row, text=text)


ROWS = (
    Transition(
        action=Action.TYPE_OUT,
        source=OPEN,
        clause="4.1.1",
        allow=policies.takes_down | policies.leader_stands_in,
        when=(recording_guards.recording_to_type,),
        do=type_out,
        resident=True,
        turns=True,
    ),
)
