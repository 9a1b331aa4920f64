"""1.3.1: nobody's matter ends on the word of staff alone; what was withdrawn by mistake goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import policies, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Audience, Exit, Naming, Status, WishShown
from shuoshi.organization.roles import Role
from tests.support.village import Place

SIGNED = terms.Withdraw(text="修好了，不用办了", shown_by=WishShown.SIGNED, proof_ref="签字件 8 号")


def refusal(town: Place, who: str, given: terms.Terms, matter: Matter) -> str:
    with pytest.raises(Refused) as refused:
        town.run(who, given, matter)
    return refused.value.code


def test_an_anonymous_matter_is_withdrawn_by_the_holder_of_its_code_only(town: Place):
    matter = town.matter_in(Status.IN_HANDLING, naming=Naming.ANONYMOUS)
    assert refusal(town, "王芳", SIGNED, matter) == "known_or_own"
    assert town.run(town.speaker(matter), terms.Withdraw(), matter).withdrawal_asked_at is not None


def test_what_shows_the_wish_is_kept_for_colleagues_and_named_for_the_resident(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    assert refusal(town, "王芳", terms.Withdraw(text="不用了"), matter) == "wish_not_shown"
    assert refusal(town, "王芳", terms.Withdraw(shown_by=WishShown.SIGNED, proof_ref=" "), matter) == "wish_not_shown"
    matter = town.run("王芳", SIGNED, matter)
    said = {one.audience: one for one in matter.entries.filter(action=Action.WITHDRAW)}
    assert said[Audience.INTERNAL].text == "签字件 8 号"
    public = said[Audience.PUBLIC]
    assert public.text == "修好了，不用办了"
    assert public.facts["shown_by"] == WishShown.SIGNED


def test_the_registry_takes_a_wrong_withdrawal_back_with_its_reason_before_it_takes_effect(town: Place):
    matter = town.run("王芳", SIGNED, town.matter_in(Status.IN_HANDLING))
    assert refusal(town, "王芳", terms.RevokeWithdrawal(), matter) == "reason_missing"
    matter = town.run("刘敏", terms.RevokeWithdrawal(text="记错了件"), matter)
    assert matter.withdrawal_asked_at is None
    assert matter.entries.get(action=Action.REVOKE_WITHDRAWAL).text == "记错了件"
    with time_machine.travel(clock.now() + timedelta(days=10)):
        clocks.sweep(clock.now())
        assert Matter.objects.get(pk=matter.pk).exit != Exit.WITHDRAWN


def test_what_the_speaker_withdrew_nobody_of_the_staff_takes_back(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    matter = town.run(town.speaker(matter), terms.Withdraw(text="不用办了"), matter)
    for who in ("王芳", "刘敏"):
        given = terms.RevokeWithdrawal(text="还没办完")
        assert refusal(town, who, given, matter) == "own_or_entered_withdrawal"
    assert town.run(town.speaker(matter), terms.RevokeWithdrawal(), matter).withdrawal_asked_at is None


def test_the_speaker_takes_back_what_staff_wrote_down(town: Place):
    matter = town.run("王芳", SIGNED, town.matter_in(Status.IN_HANDLING))
    assert town.run(town.speaker(matter), terms.RevokeWithdrawal(), matter).withdrawal_asked_at is None


def test_who_handles_neither_withdraws_nor_takes_back(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    assert refusal(town, "孙丽", SIGNED, matter) == "policy"
    matter = town.run(town.speaker(matter), terms.Withdraw(), matter)
    assert refusal(town, "孙丽", terms.RevokeWithdrawal(text="还没办完"), matter) == "policy"


@pytest.mark.parametrize("status", [Status.ASSIGNED, Status.IN_HANDLING, Status.IN_FOLLOW_UP])
def test_who_works_for_the_lead_writes_no_withdrawal_down_for_the_speaker(town: Place, status: Status):
    """Whoever is rid of the work when it ends, also before anybody signed for it and under a second post."""
    town.person("村文书", ("城建办", Role.HANDLER), ("受理中心", Role.REGISTRAR))
    matter = town.matter_in(status)
    assert refusal(town, "村文书", SIGNED, matter) == "policy"
    assert town.run("王芳", SIGNED, matter).withdrawal_asked_at is not None
    lamp = town.matter_in(status)
    assert town.run(town.speaker(lamp), terms.Withdraw(), lamp).withdrawal_asked_at is not None


def test_a_refusal_without_words_is_a_refusal():
    never = policies.Policy("never", lambda case: False, "")
    always = policies.Policy("always", lambda case: True, "")
    assert (never & always).refusal(None) is not None  # type: ignore[arg-type]  # neither looks at the case
    assert (always & never).refusal(None) is not None  # type: ignore[arg-type]
