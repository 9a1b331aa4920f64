"""What a main matter hears of those merged into it: what was said for the same, never who said it (4.2)."""

from __future__ import annotations

from datetime import datetime

from shuoshi.kernel.clock import local
from shuoshi.matters import policies, terms, veil
from shuoshi.matters.actions import merged, stopped
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, Hears, Status


def tell_main(step: Step, given: terms.TellMain) -> None:
    """What was said for the same matter, without who said it; its own speaker hears only that others said the same."""
    step.say(Audience.INTERNAL, given.text, what=str(given.what), number=given.number, files=given.files or None)
    if given.what == Hears.JOINED:
        earlier = _earlier(step, datetime.fromisoformat(given.promised)) if given.promised else None
        step.set(merged_here=step.matter.merged_here + 1, unread_words=step.matter.unread_words + given.unread)
        if step.matter.result_in_hand:
            step.turn()  # whoever has the reply open to sign it would sign it for one more person, unseen
        step.say(Audience.PUBLIC, what=str(given.what), until=local(earlier).date().isoformat() if earlier else None)
        step.notify("joined", Told.HANDLER, Told.HEAD)
    elif given.what == Hears.PARTED:
        step.set(merged_here=max(step.matter.merged_here - 1, 0))
        step.notify("parted", Told.HANDLER, Told.HEAD)
    else:
        step.set(unread_words=step.matter.unread_words + 1)
        kind = "information" if given.what == Hears.SAID else "nudged"
        step.notify(kind, *((Told.HANDLER, Told.HEAD) if step.matter.handler_id else (Told.LEAD, Told.REGISTRY)))


def _earlier(step: Step, promised: datetime) -> datetime | None:
    """The earliest promise of all is everybody's; what is over already was missed by that matter, and moves nothing."""
    own = step.matter.promised_by
    if own is None or not step.now < promised < own:
        return None
    moved = stopped.move(step, DeadlineKind.PROMISE, promised, "merged")
    if moved is None:
        return None
    unit = step.clocks.get(DeadlineKind.COMPLETION)
    if unit is not None and unit.due_at > promised:
        stopped.move(step, DeadlineKind.COMPLETION, promised, "merged")
    return promised


def pass_on(step: Step, what: Hears, text: str, *, files: int = 0) -> bool:
    """To whoever handles the main matter, where this one is merged into it; False where it is not."""
    matter = step.matter
    if matter.status != Status.MERGED or matter.merged_into_id is None:
        return False
    said = veil.without_names(text, matter.parties.select_related("person"))
    step.send(matter.merged_into_id, terms.TellMain(what=what, number=matter.number, text=said, files=files))
    return True


ROWS = (
    Transition(
        action=Action.TELL_MAIN,
        source=merged.MAIN,
        clause="4.2",
        allow=policies.system,
        do=tell_main,
        notify=(Told.HANDLER, Told.HEAD),
        resident=True,
        may_turn=True,
    ),
)
