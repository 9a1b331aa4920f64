"""A third person asks whether an end that nobody decided was as it was written down (1.3.1, 4.4.1).

Never a rating: the end, its code and what was rated stay as they are. A contradiction is a signal to whoever leads.
"""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import policies, sample_policies, terms
from shuoshi.matters.actions.performance import EVER_SINCE
from shuoshi.matters.models import Sample, SampleCall, Spokesperson
from shuoshi.matters.step import Step
from shuoshi.matters.transition import Told, Transition
from shuoshi.matters.vocabulary import Action, Audience, Bond, DeadlineKind, Drawn, FollowUpBy, Looked


def record_sample(step: Step, given: terms.RecordSample) -> None:
    """One attempt. Reached, or not so often that the profile's rule is fulfilled, it is over; asked again is nobody."""
    sample = _to_look_at(step)
    whom = _whom(step, given.spokesperson)
    step.add(
        SampleCall(
            matter=step.matter,
            sample=sample,
            asked_by_id=step.actor.person_id,  # type: ignore[misc]  # staff are persons
            at=step.now,
            way=given.way,
            reached=given.found is not None,
            found=given.found or "",
            words=given.words,
            proof=given.proof or "",
            proof_ref=given.proof_ref,
            spokesperson=whom,
        )
    )
    step.involve(step.actor.person_id, Bond.SAMPLED)
    if given.found is None and not _used_up(step, sample):
        step.say(Audience.INTERNAL, given.words, way=str(given.way), reached=False, part=_part(whom))
        return
    found = given.found or Looked.UNREACHED
    way = str(given.way)
    step.say(Audience.PUBLIC, given.words, way=way, sampled=str(found), as_ended=str(sample.exit), part=_part(whom))
    _over(step, sample, found)


def _to_look_at(step: Step) -> Sample:
    waiting = step.matter.samples.filter(found="").exclude(drawn=Drawn.NOT).exclude(asked_by=FollowUpBy.SPEAKER)
    sample = waiting.select_related("unit").get()
    sample.matter = step.matter
    return sample


def _whom(step: Step, chosen: UUID | None) -> Spokesperson | None:
    """Who was asked for a group: also one who withdrew, for that may be what is looked at."""
    if not step.matter.is_group:
        return None
    found = step.matter.spokespersons.filter(pk=chosen).first() if chosen else None
    if found is None:
        raise Refused("which_spokesperson", _("请选是哪一位代表。"))
    return found


def _part(whom: Spokesperson | None) -> str | None:
    return whom.pk.hex if whom else None


def _used_up(step: Step, sample: Sample) -> bool:
    """The same rule as after a reply: so many calls, on so many days, one in each band of hours."""
    rule = step.profile.attempts
    missed = SampleCall.objects.filter(sample=sample, reached=False).values_list("at", flat=True)
    times = [clock.local(at) for at in missed]
    in_bands = all(any(band.start <= f"{at:%H:%M}" <= band.end for at in times) for band in rule.bands)
    return len(times) >= rule.calls and len({at.date() for at in times}) >= rule.days and in_bands


def _over(step: Step, sample: Sample, found: Looked) -> None:
    """Nothing moves but the look itself; where the word goes against the record, whoever leads hears of it."""
    by = step.matter.sample_by
    step.change(sample, found=found, found_at=step.now)
    step.settle(DeadlineKind.SAMPLE)
    step.set(sample_by="", sample_path="")
    if by == FollowUpBy.OVERSIGHT:
        step.fall_back("sampled_by_oversight", "nobody_uninvolved_in_registry")
    elif by == FollowUpBy.ABOVE:
        step.fall_back("sampled_above", "nobody_uninvolved_at_home")
    if found == Looked.CONTRADICTED:
        further = (Told.ABOVE,) if by == FollowUpBy.ABOVE else ()
        step.notify("sample_contradicted", Told.LEADER, Told.REGISTRY_HEAD, *further)


ROWS = (
    Transition(
        action=Action.RECORD_SAMPLE,
        source=EVER_SINCE,
        clause="4.4.1",
        allow=sample_policies.sampler
        & ~policies.involved
        & ~policies.entered_it
        & ~policies.subordinate_of_handler
        & ~sample_policies.knows_it,
        do=record_sample,
        notify=(Told.LEADER, Told.REGISTRY_HEAD),
        resident=True,
        unseen=True,
    ),
)
