"""5.3, 2.2.4: a resident names somebody in words: it is kept from them at once, and looked up before anybody decides."""

from __future__ import annotations

import pytest
from django.utils import translation

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Exclusion, Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, ExcludedBecause, Status
from tests.support.attempts import sample
from tests.support.village import Place

DECISIONS = (Action.ACCEPT, Action.SCREEN_OUT, Action.ANSWER_ON_THE_SPOT)


def sees(town: Place, who: str, matter: Matter) -> bool:
    return visible_to(town.actor(who)).filter(pk=matter.pk).exists()


def test_a_registrar_named_in_words_never_sees_it(town: Place):
    matter = town.raise_matter(concerns_words="登记员王芳，态度很差")
    assert not sees(town, "王芳", matter) and sees(town, "刘敏", matter)
    assert Exclusion.objects.get(matter=matter).why == ExcludedBecause.CONCERNED


def test_a_unit_named_in_words_is_given_nothing_of_it(town: Place):
    matter = town.raise_matter(concerns_words="城建办的人")
    matter = town.classify(town.accept(matter))
    with pytest.raises(Refused) as refused:
        town.assign(matter, "城建办")
    assert refused.value.code == "unit_concerned"
    town.assign(matter, "水利站")


def test_words_and_choices_are_kept_away_together(town: Place):
    matter = town.raise_matter(concerns_words="孙丽", concerns_units=(town.units["水利站"].pk,))
    assert {row.person_id or row.unit_id for row in matter.exclusions.all()} == {
        town.persons["孙丽"],
        town.units["水利站"].pk,
    }


@pytest.mark.parametrize("words", ["一个姓周的", "登记员王芳，还有一个姓周的"])
@pytest.mark.parametrize("action", DECISIONS)
def test_nobody_decides_before_the_words_are_looked_up(town: Place, words: str, action: Action):
    matter = town.raise_matter(concerns_words=words)
    with pytest.raises(Refused) as refused:
        town.run("刘敏", sample(town, action, matter), matter)
    assert refused.value.code == "concerns_checked"
    matter = town.run("刘敏", terms.CheckConcerned(nobody=True), matter)
    town.run("刘敏", sample(town, action, matter), matter)


def test_whoever_is_looked_up_is_kept_away_and_the_resident_is_told(town: Place):
    matter = town.raise_matter(concerns_words="城建办那个姓周的头头")
    given = terms.CheckConcerned(people=(town.persons["周建国"],), units=(town.units["水利站"].pk,))
    matter = town.run("王芳", given, matter)
    assert not sees(town, "周建国", town.assign(town.classify(town.accept(matter)), "柳湾村"))
    with translation.override("zh-hans"):
        texts = [one.text for one in promises.told(queries.tracking(town.speaker(matter), clock.now())).words]
    assert "核对过了，这件事不给水利站、1 位工作人员看，也不交给他们办。" in texts
    assert not any("周建国" in text for text in texts)


def test_a_check_says_whom_or_that_it_is_nobody(town: Place):
    with pytest.raises(Refused):
        terms.CheckConcerned()
    with pytest.raises(Refused):
        terms.CheckConcerned(people=(town.persons["王芳"],), nobody=True)


def test_a_registrar_may_find_themself(town: Place):
    matter = town.raise_matter(concerns_words="那个女登记员")
    matter = town.run("王芳", terms.CheckConcerned(people=(town.persons["王芳"],)), matter)
    assert not sees(town, "王芳", matter) and matter.status == Status.REGISTERED


def test_what_staff_wrote_down_they_have_looked_up(town: Place):
    matter = town.raise_matter(by="刘敏", concerns_words="开饭店的老王，和王芳是亲戚")
    assert not matter.concerns_to_check
    assert not sees(town, "王芳", matter)
    assert not any(
        offer.action == Action.CHECK_CONCERNED for offer in queries.offers(town.actor("刘敏"), matter, clock.now())
    )


def test_a_whole_registry_named_in_words_hands_it_to_the_tier_above(town: Place):
    matter = town.raise_matter(concerns_words="受理中心的人")
    assert not any(sees(town, who, matter) for who in ("王芳", "刘敏", "赵红"))
    assert matter.home_path == town.units["青禾县"].path and sees(town, "县分办", matter)
