"""How long what is kept, and who says when that is over: never one person, never who had a part in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from shuoshi.archive import appraising, carrying_out, reckoning
from shuoshi.archive.models import Basis, Destruction, Extended, Listed, Retention, State
from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Involvement, Matter
from shuoshi.matters.vocabulary import Bond, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.profile import check
from shuoshi.organization.roles import Role
from tests.support.archived import approved, destroyed, listed, reckoned, years_later
from tests.support.village import Place, default_profile, group

pytestmark = pytest.mark.django_db


def kept(matter: Matter) -> reckoning.Kept:
    return reckoning.kept([Matter.objects.get(pk=matter.pk)], default_profile().retention)[matter.pk]


def end_of(years: int, matter: Matter) -> date:
    assert matter.closed_at is not None
    return date(clock.local(matter.closed_at).year + years, 12, 31)


def refuses(code: str, function: Callable[..., object], *args: object) -> None:
    with pytest.raises(Refused) as refused:
        function(*args)
    assert refused.value.code == code


# ── how long ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_runs_from_the_end_of_the_year_by_kind(town: Place) -> None:
    claim = town.matter_in(Status.CLOSED)
    assert kept(claim) == reckoning.Kept(claim.closed_at, end_of(10, claim), Basis.KIND)
    screened = town.matter_in(Status.SCREENED_OUT)
    year = clock.local(screened.registered_at).year
    assert kept(screened).until == date(year + 3, 12, 31)
    assert reckoning.kept([town.raise_matter()], default_profile().retention) == {}


def test_a_group_an_instruction_and_an_agreement_are_kept_for_thirty(town: Place) -> None:
    several = town.raise_matter(by="王芳", group=group())
    instructed = town.matter_in(Status.IN_HANDLING)
    day = clock.local(clock.now()).date() + timedelta(days=9)
    instructed = town.run("马镇长", terms.Instruct(text="抓紧办", until=day), instructed)
    agreed = town.agree(town.mediate())
    for matter, basis in ((several, Basis.GROUP), (instructed, Basis.INSTRUCTION), (agreed, Basis.AGREEMENT)):
        ended = {"status": Status.CLOSED, "exit": "ANSWERED", "closed_at": clock.now(), "papers_out": 0}
        Matter.objects.filter(pk=matter.pk).update(**ended)
        matter.refresh_from_db()
        assert (kept(matter).until, kept(matter).basis) == (end_of(30, matter), basis)


def test_a_schedule_that_changes_is_reckoned_anew(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    reckoned()
    assert Retention.objects.get(matter=matter).until == end_of(10, matter)
    longer = default_profile().retention.model_copy(
        update={"kinds": {**default_profile().retention.kinds, "INTEREST_CLAIM": 15}}
    )
    organization.publish_profile(default_profile().model_copy(update={"retention": longer}), actor=SYSTEM)
    reckoned()
    assert Retention.objects.get(matter=matter).until == end_of(15, matter)


def test_on_its_last_day_it_is_still_kept(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    last = end_of(10, matter)
    assert not kept(matter).is_over(last) and kept(matter).is_over(last + timedelta(days=1))


# ── who ────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_kept_still_or_open_goes_on_no_list(town: Place) -> None:
    matter, fresh = town.matter_in(Status.CLOSED), town.raise_matter()
    actor = town.actor("王芳")
    for one in (matter, fresh):
        refuses("kept_still", lambda pk=one.pk: appraising.put_on_list([pk], actor=actor))
    refuses("nothing_chosen", lambda: appraising.put_on_list([], actor=actor))
    assert not Destruction.objects.exists()


def test_only_the_registry_of_the_matter_appraises(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    with years_later(12):
        for name in ("孙丽", "马镇长", "赵红"):
            refuses("not_yours_to_appraise", lambda n=name: appraising.put_on_list([matter.pk], actor=town.actor(n)))
        with pytest.raises(Matter.DoesNotExist):
            appraising.put_on_list([matter.pk], actor=town.actor("县水务"))


def test_one_natural_person_never_does_both(town: Place) -> None:
    """Under two posts, and whoever put a single line on it."""
    matter, other = town.matter_in(Status.CLOSED), town.matter_in(Status.CLOSED)
    organization.appoint(town.persons["王芳"], town.units["青禾镇"].pk, Role.LEADER, actor=SYSTEM)
    with years_later(12):
        row = listed(town, matter, by="王芳")
        appraising.put_on_list([other.pk], actor=town.actor("刘敏"))
        appraising.propose(row.pk, actor=town.actor("刘敏"))
        refuses("same_hand", lambda: appraising.approve(row.pk, actor=town.actor("王芳")))
        refuses("not_yours_to_approve", lambda: appraising.approve(row.pk, actor=town.actor("刘敏")))
        assert appraising.approve(row.pk, actor=town.actor("马镇长")).state == State.APPROVED


def test_who_had_a_part_in_one_of_them_approves_none(town: Place) -> None:
    matter, other = town.matter_in(Status.CLOSED), town.matter_in(Status.CLOSED)
    Involvement(matter=other, person_id=town.persons["马镇长"], bond=Bond.RULED, at=clock.now()).save()
    with years_later(12):
        row = listed(town, matter, other)
        appraising.propose(row.pk, actor=town.actor("王芳"))
        refuses("handled_by_you", lambda: appraising.approve(row.pk, actor=town.actor("马镇长")))
        town.person("县长", ("青禾县", Role.LEADER))
        assert appraising.approve(row.pk, actor=town.actor("县长")).state == State.APPROVED


def test_the_database_refuses_one_hand_too(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    with years_later(12):
        row = listed(town, matter)
        appraising.propose(row.pk, actor=town.actor("王芳"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Destruction.objects.filter(pk=row.pk).update(approved_by=town.persons["王芳"])


def test_nothing_is_added_once_it_is_put_forward(town: Place) -> None:
    matter, other = town.matter_in(Status.CLOSED), town.matter_in(Status.CLOSED)
    with years_later(12):
        row = listed(town, matter)
        assert appraising.put_on_list([matter.pk], actor=town.actor("王芳")).pk == row.pk, "a second press"
        assert row.lines.count() == 1
        appraising.propose(row.pk, actor=town.actor("王芳"))
        refuses("list_state", lambda: appraising.propose(row.pk, actor=town.actor("王芳")))
        second = appraising.put_on_list([other.pk], actor=town.actor("王芳"))
        assert second.pk != row.pk and second.number != row.number
        refuses("listed_before", lambda: appraising.put_on_list([matter.pk], actor=town.actor("王芳")))
        refuses("another_open", lambda: appraising.send_back(row.pk, "再看", actor=town.actor("马镇长")))
        appraising.leave_out(second.lines.get().pk, actor=town.actor("王芳"))
        refuses("list_empty", lambda: appraising.propose(second.pk, actor=town.actor("王芳")))
        assert list(verify()) == []


# ── keeping longer, and what changes meanwhile ─────────────────────────────────────────────────────────────────────────


def test_what_is_kept_longer_is_due_again_after_that(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    with years_later(12):
        actor, today = town.actor("王芳"), clock.local(clock.now()).date()
        refuses("reason_missing", lambda: appraising.keep_longer([matter.pk], None, " ", actor=actor))
        refuses("until_past", lambda: appraising.keep_longer([matter.pk], today, "村史", actor=actor))
        appraising.keep_longer([matter.pk], today + timedelta(days=30), "村史", actor=actor)
        assert kept(matter).basis == Basis.EXTENDED
        refuses("kept_still", lambda: appraising.put_on_list([matter.pk], actor=actor))
    with years_later(14):
        assert listed(town, matter).lines.get().basis == Basis.EXTENDED
    assert list(verify()) == []


def test_for_ever_is_for_ever(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    with years_later(12):
        appraising.keep_longer([matter.pk], None, "村史", actor=town.actor("王芳"))
    with years_later(90):
        refuses("kept_still", lambda: appraising.put_on_list([matter.pk], actor=town.actor("王芳")))
    assert Extended.objects.get().until is None


def test_what_is_no_longer_to_be_destroyed_is_left_out_at_the_last_moment(town: Place) -> None:
    """Approved, and before its turn the schedule became longer."""
    matter = town.matter_in(Status.CLOSED)
    with years_later(12):
        row = approved(town, matter)
        longer = default_profile().retention.model_copy(
            update={"kinds": {**default_profile().retention.kinds, "INTEREST_CLAIM": 30}}
        )
        organization.publish_profile(default_profile().model_copy(update={"retention": longer}), actor=SYSTEM)
        while carrying_out.carry_on(clock.now()):
            pass
        assert Destruction.objects.get(pk=row.pk).state == State.DONE
        assert Listed.objects.get().left_out and not Matter.objects.get(pk=matter.pk).is_erased
    assert list(verify()) == []


def test_a_worker_that_died_between_two_goes_on(town: Place) -> None:
    several = [town.matter_in(Status.CLOSED) for _ in range(3)]
    with years_later(12):
        row = approved(town, *several)
        assert carrying_out.carry_on(clock.now(), batch=2) == 2
        assert Destruction.objects.get(pk=row.pk).state == State.APPROVED
        assert carrying_out.carry_on(clock.now(), batch=2) == 1
        assert Destruction.objects.get(pk=row.pk).state == State.DONE
        assert all(one.is_erased for one in Matter.objects.filter(pk__in=[one.pk for one in several]))


def test_a_list_that_is_done_tells_who_and_when(town: Place) -> None:
    matter = town.matter_in(Status.CLOSED)
    with years_later(12):
        row = destroyed(town, matter)
        assert (row.proposed_by_id, row.approved_by_id) == (town.persons["王芳"], town.persons["马镇长"])
        assert row.number.startswith("XH-QH-") and row.done_at is not None


def faults_of(**changed: object) -> list[str]:
    rules = default_profile().retention.model_copy(update=changed)
    profile = default_profile().model_copy(update={"retention": rules})
    return [text for place, text in check.faults(profile) if place[0] == "retention"]


def test_a_schedule_is_checked_where_it_is_laid_down() -> None:
    kinds = default_profile().retention.kinds
    assert faults_of() == []
    assert any("3 到 100 年" in text for text in faults_of(no_kind=1)), "nobody makes this year's matters vanish"
    assert faults_of(group=2) and faults_of(talk=101)
    assert any("NOWHERE" in text for text in faults_of(kinds={**kinds, "NOWHERE": 10}))
    assert any("DISPUTE" in text for text in faults_of(kinds={k: v for k, v in kinds.items() if k != "DISPUTE"}))
    assert faults_of(kinds={**kinds, "DISPUTE": "permanent"}) == []


def test_before_an_institution_is_set_up_nothing_is_reckoned() -> None:
    assert reckoning.reckon(clock.now()) == 0
