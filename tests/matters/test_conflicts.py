"""2.2.4: a conflict declared of oneself holds at once and is ruled on; of somebody else it holds when granted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Audience, ExcludedBecause, RequestKind, RequestState, Status
from tests.support.attempts import sample
from tests.support.village import Place

MINE = terms.DeclareConflict(text="说事人是我舅舅")
UPHELD = terms.RuleConflict(granted=True, text="查过，是亲戚")
NOT_UPHELD = terms.RuleConflict(granted=False, text="查过，没有关系")


def about(town: Place, name: str, **more: bool) -> terms.DeclareConflict:
    return terms.DeclareConflict(text="是亲戚", person=town.persons[name], **more)


def sees(town: Place, name: str, matter: Matter) -> bool:
    return visible_to(town.actor(name)).filter(pk=matter.pk).exists()


def test_a_declared_conflict_holds_at_once_and_waits_for_its_ruling(town: Place):
    matter = town.run("孙丽", MINE, town.matter_in(Status.IN_HANDLING))
    assert not sees(town, "孙丽", matter)
    request = matter.requests.get(kind=RequestKind.RECUSAL)
    assert (request.state, request.requester_id) == (RequestState.PENDING, town.persons["孙丽"])
    waiting = queries.in_queue(town.actor("刘敏"), "to_sign", clock.now())
    assert matter in list(waiting)


def test_upheld_it_stays(town: Place):
    matter = town.run("刘敏", UPHELD, town.run("孙丽", MINE, town.matter_in(Status.IN_HANDLING)))
    assert not sees(town, "孙丽", matter)
    assert matter.exclusions.in_force().exists()


def test_not_upheld_it_is_lifted_and_the_reason_is_kept(town: Place):
    matter = town.run("刘敏", NOT_UPHELD, town.run("孙丽", MINE, town.matter_in(Status.IN_HANDLING)))
    assert sees(town, "孙丽", matter)
    assert not matter.exclusions.in_force().exists()
    request = matter.requests.get(kind=RequestKind.RECUSAL)
    request.matter = matter
    assert request.decision == "查过，没有关系"
    assert town.sign_for(matter, handler="孙丽").status == Status.IN_HANDLING


def test_silence_lifts_nothing(town: Place):
    with clock.simulated(clock.now()) as simulation:
        matter = town.run("孙丽", MINE, town.matter_in(Status.IN_HANDLING))
        simulation.move_to(clock.now() + timedelta(days=15))
        clocks.sweep(clock.now())
        assert matter.requests.get(kind=RequestKind.RECUSAL).state == RequestState.REFUSED
        assert not sees(town, "孙丽", matter)


def gave_it_up(town: Place) -> Matter:
    """陈书记 is the whole village: it gives the matter up by a conflict."""
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)), unit="柳湾村")
    return town.run("陈书记", MINE, matter)


def test_a_unit_that_leaves_by_a_conflict_has_returned_the_matter_until_it_is_upheld(town: Place):
    matter = gave_it_up(town)
    assert (matter.status, matter.returns) == (Status.ACCEPTED, 1)
    assert town.run("刘敏", UPHELD, matter).returns == 0


def test_not_upheld_it_stays_counted_and_the_unit_has_used_its_return(town: Place):
    matter = town.run("刘敏", NOT_UPHELD, gave_it_up(town))
    assert matter.returns == 1
    matter = town.assign(matter, unit="柳湾村")
    with pytest.raises(Refused) as refused:
        town.run("陈书记", sample(town, Action.REQUEST_RETURN, matter), matter)
    assert refused.value.code == "returned_before"


def test_two_conflicts_in_a_row_are_both_ruled_on(town: Place):
    matter = town.run("孙丽", MINE, town.matter_in(Status.IN_HANDLING))
    matter = town.run("赵红", MINE, matter)
    assert not sees(town, "赵红", matter)
    matter = town.run("刘敏", UPHELD, matter)
    pending = matter.requests.get(kind=RequestKind.RECUSAL, state=RequestState.PENDING)
    assert pending.about_person_id == town.persons["赵红"]
    matter = town.run("刘敏", NOT_UPHELD, matter)
    assert sees(town, "赵红", matter) and not sees(town, "孙丽", matter)


def test_a_queued_conflict_by_which_the_unit_gave_up_is_uncounted_when_upheld(town: Place):
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)), unit="柳湾村")
    matter = town.run("赵红", MINE, matter)
    matter = town.run("陈书记", MINE, matter)
    assert matter.returns == 1
    matter = town.run("刘敏", NOT_UPHELD, matter)
    assert matter.returns == 1
    assert town.run("刘敏", UPHELD, matter).returns == 0


@pytest.mark.parametrize(("ruling", "counted"), [(UPHELD, 0), (NOT_UPHELD, 1)])
def test_a_ruling_that_was_asked_for_before_the_unit_gave_up_counts_like_one_on_it(
    town: Place, ruling: terms.RuleConflict, counted: int
):
    matter = town.assign(town.classify(town.matter_in(Status.ACCEPTED)), unit="柳湾村")
    matter = town.run("刘敏", about(town, "陈书记"), matter)
    matter = town.run("陈书记", MINE, matter)
    assert (matter.status, matter.returns) == (Status.ACCEPTED, 1)
    assert town.run("马镇长", ruling, matter).returns == counted


def test_somebody_else_keeps_the_matter_until_the_ruling(town: Place):
    matter = town.run("刘敏", about(town, "孙丽"), town.matter_in(Status.IN_HANDLING))
    assert sees(town, "孙丽", matter)
    matter = town.run("马镇长", UPHELD, matter)
    assert not sees(town, "孙丽", matter)
    assert matter.status == Status.ASSIGNED


def test_a_granted_recusal_is_not_lifted_by_the_ruling_on_a_declaration(town: Place):
    matter = town.run("刘敏", about(town, "孙丽"), town.matter_in(Status.IN_HANDLING))
    matter = town.run("孙丽", MINE, matter)
    matter = town.run("马镇长", UPHELD, matter)
    assert not matter.requests.filter(kind=RequestKind.RECUSAL, state=RequestState.PENDING).exists()
    assert matter.exclusions.in_force().get().why == ExcludedBecause.RECUSED
    assert not sees(town, "孙丽", matter)


def test_the_registry_asks_for_the_speaker_and_does_not_rule_itself(town: Place):
    matter = town.run("刘敏", about(town, "孙丽", for_speaker=True), town.matter_in(Status.IN_HANDLING))
    offers = {offer.action for offer in queries.offers(town.actor("刘敏"), matter, clock.now()) if offer.allowed}
    assert Action.RULE_CONFLICT not in offers
    assert town.run("马镇长", UPHELD, matter).handler_id is None


def test_a_whole_unit_stays_away_when_that_is_granted(town: Place):
    given = terms.DeclareConflict(text="路是他们自己挖断的", unit=town.units["城建办"].pk)
    matter = town.run("王芳", given, town.matter_in(Status.IN_HANDLING))
    matter = town.run("马镇长", UPHELD, matter)
    assert matter.status == Status.ACCEPTED
    assert matter.returns == 0
    assert not sees(town, "周建国", matter) and not sees(town, "孙丽", matter)


def test_the_speaker_reads_the_ruling_on_their_own_request(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run(town.speaker(matter), about(town, "孙丽"), matter)
    matter = town.run("刘敏", NOT_UPHELD, matter)
    read = [entry.text for entry in queries.timeline(matter, public_only=True)]
    assert "查过，没有关系" in read


def test_the_speakers_reasons_are_for_whoever_rules_and_not_for_whom_they_name(town: Place):
    for who in (None, "王芳"):
        matter = town.matter_in(Status.IN_HANDLING)
        actor = who or town.speaker(matter)
        matter = town.run(actor, about(town, "孙丽", for_speaker=who is not None), matter)
        said = matter.entries.get(action=Action.DECLARE_CONFLICT)
        assert (said.audience, said.text) == (Audience.PUBLIC, "")
        assert matter.requests.get(kind=RequestKind.RECUSAL).text == "是亲戚"


def test_what_the_registry_asked_for_the_speaker_is_answered_to_the_speaker(town: Place):
    matter = town.run("王芳", about(town, "孙丽", for_speaker=True), town.matter_in(Status.IN_HANDLING))
    matter = town.run("刘敏", NOT_UPHELD, matter)
    assert matter.entries.get(action=Action.RULE_CONFLICT).audience == Audience.PUBLIC
