"""Two people act on one matter in the same moment: exactly one wins, the other is told. On both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import KeyReused, NotDone, Refused, Stale
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, terms
from shuoshi.matters.actions import Done, Receipt
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Assignment, Attachment, Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import Channel, Naming, Status, Way
from shuoshi.organization import actions as organization
from shuoshi.organization.roles import Role
from tests.support.attempts import sample
from tests.support.village import ONLINE, Place, picture

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """All calls in threads that start together; what was raised is an answer, too."""
    together = threading.Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        try:
            together.wait(30)
            return call()
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def both_act(matter: Matter, *deeds: tuple[Actor, Terms]) -> list[object]:
    """The same open form in two hands: both send it with the turn they read."""

    def deed(actor: Actor, given: Terms) -> Callable[[], object]:
        return lambda: actions.run(given.action, matter.pk, given, actor=actor, turn=matter.turn)

    return at_once(*(deed(*each) for each in deeds))


def one_won(answers: list[object]) -> NotDone:
    """That one got through and the other was told; returns what the other was told."""
    assert sorted(isinstance(answer, Done) for answer in answers) == [False, True], answers
    lost = next(answer for answer in answers if not isinstance(answer, Done))
    assert isinstance(lost, Stale | Refused), lost
    return lost


def events_of(matter: Matter, action: str) -> int:
    return Event.objects.filter(stream_id=str(matter.pk), action=action).count()


def test_of_two_who_sign_for_one_has_it_and_the_other_reads_who(town: Place):
    matter = town.matter_in(Status.ASSIGNED)
    lost = one_won(
        both_act(
            matter,
            (town.actor("孙丽"), terms.SignFor(handler=town.persons["孙丽"])),
            (town.actor("周建国"), terms.SignFor(handler=town.persons["周建国"])),
        )
    )
    assert isinstance(lost, Stale)
    assert lost.by in ("孙丽", "周建国")
    assert events_of(matter, "sign_for") == 1
    assert Matter.objects.get(pk=matter.pk).turn == matter.turn + 1
    assert list(verify()) == []


def test_of_two_who_assign_one_gives_it_away(town: Place):
    organization.appoint(town.persons["王芳"], town.units["受理中心"].pk, Role.DISPATCHER, actor=SYSTEM)
    matter = town.classify(town.matter_in(Status.ACCEPTED))
    one_won(
        both_act(
            matter,
            (town.actor("刘敏"), terms.Assign(unit=town.units["城建办"].pk, reason="归城建办")),
            (town.actor("王芳"), terms.Assign(unit=town.units["水利站"].pk, reason="归水利站")),
        )
    )
    assert Assignment.objects.filter(matter=matter).count() == 1
    assert list(verify()) == []


def test_of_two_who_sign_a_result_one_has_issued_it(town: Place):
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    given = sample(town, terms.SignResult.action, matter)
    one_won(both_act(matter, (town.actor("周建国"), given), (town.actor("马镇长"), given)))
    result = matter.results.get()
    assert events_of(matter, "sign_result") == 1
    assert result.issuer_id in (town.persons["周建国"], town.persons["马镇长"])
    assert list(verify()) == []


def test_a_call_and_the_residents_own_rating_do_not_both_count(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    given = sample(town, terms.RecordFollowUp.action, matter)
    one_won(
        both_act(
            matter,
            (town.actor("赵红"), given),
            (town.speaker(matter), sample(town, terms.Rate.action, matter)),
        )
    )
    assert matter.ratings.count() == 1
    assert list(verify()) == []


def test_the_same_key_sent_by_two_hands_at_once_acts_once(town: Place):
    matter = town.matter_in(Status.IN_HANDLING)
    actor, given = town.actor("孙丽"), terms.RecordFirstContact(way=Way.CALL, reached=True, text="明天上门")

    def send() -> object:
        return actions.run(given.action, matter.pk, given, actor=actor, turn=matter.turn, key="one intention")

    answers = at_once(*[send] * 4)
    assert len({answer.event_hash for answer in answers if isinstance(answer, Done)}) == 1, answers
    assert all(isinstance(answer, Done) for answer in answers)
    assert events_of(matter, "record_first_contact") == 1


def said(town: Place, key: str, content: str = "村口的路灯坏了三盏。") -> Intake:
    return Intake(
        channel=Channel.ONLINE,
        key=key,
        content=content,
        naming=Naming.NAMED,
        speaker=PersonSaid(name="陈大明", phone="13800000017"),
        area=town.area.pk if town.area else None,
    )


def test_eight_copies_of_one_form_are_one_matter_with_one_receipt(town: Place):
    intake = said(town, "the same form")
    answers = at_once(*[lambda: actions.register(intake, actor=ONLINE)] * 8)
    receipts = {(r.matter_id, r.number, r.code, r.event_hash) for r in answers if isinstance(r, Receipt)}
    assert all(isinstance(answer, Receipt) for answer in answers), answers
    assert len(receipts) == 1
    assert Matter.objects.count() == 1
    assert list(verify()) == []


def test_two_forms_at_once_get_two_numbers_in_a_row(town: Place):
    answers = at_once(
        lambda: actions.register(said(town, "a"), actor=ONLINE),
        lambda: actions.register(said(town, "b"), actor=ONLINE),
    )
    assert all(isinstance(answer, Receipt) for answer in answers), answers
    taken = sorted(int(r.number.rpartition("-")[2]) for r in answers if isinstance(r, Receipt))
    assert taken[1] == taken[0] + 1


def test_one_key_for_two_contents_registers_one_and_refuses_the_other(town: Place):
    answers = at_once(
        lambda: actions.register(said(town, "k"), actor=ONLINE),
        lambda: actions.register(said(town, "k", content="水管漏了。"), actor=ONLINE),
    )
    assert {type(answer) for answer in answers} == {Receipt, KeyReused}, answers
    assert Matter.objects.count() == 1


def test_pictures_lie_on_the_disk_before_the_number_is_taken_that_others_wait_for(town: Place):
    lying: list[set[str]] = []

    def look(execute, sql, params, many, context):
        if "kernel_counter" in sql:
            lying.append({path.name for path in Path(settings.FILES).rglob("*")})
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        matter = town.raise_matter(files=(picture(), picture()))
    taken = set(Attachment.objects.filter(matter=matter).values_list("stored", flat=True))
    assert len(taken) == 2
    assert lying and all(taken <= names for names in lying)


def test_merged_and_answered_in_one_moment_nobody_is_lost(town: Place):
    main, merged = town.prepare(town.matter_in(Status.IN_HANDLING)), town.matter_in(Status.ACCEPTED)
    today = clock.local(clock.now()).date()
    into = terms.Merge(main=main.pk, why="是同一盏灯")
    signing = terms.SignResult(delivered_by=Way.CALL, delivered_on=today)
    dispatcher, head = town.actor("刘敏"), town.actor("周建国")
    answers = at_once(
        lambda: actions.run(into.action, merged.pk, into, actor=dispatcher),
        lambda: actions.run(signing.action, main.pk, signing, actor=head),
    )
    refused = [answer for answer in answers if not isinstance(answer, Done)]
    merged = Matter.objects.get(pk=merged.pk)
    assert Matter.objects.get(pk=main.pk).status == Status.IN_FOLLOW_UP
    if refused:
        assert isinstance(refused[0], Refused) and refused[0].code == "main_not_in_hand"
        assert merged.status == Status.ACCEPTED
    else:
        assert merged.status == Status.IN_FOLLOW_UP
    assert list(verify()) == []


def test_two_into_each_other_in_one_moment_one_is_the_main_matter(town: Place):
    one, other = town.matter_in(Status.IN_HANDLING), town.matter_in(Status.IN_HANDLING)
    actor = town.actor("刘敏")

    def into(matter: Matter, main: Matter) -> Callable[[], object]:
        given = terms.Merge(main=main.pk, why="是同一盏灯")
        return lambda: actions.run(given.action, matter.pk, given, actor=actor)

    lost = one_won(at_once(into(one, other), into(other, one)))
    assert isinstance(lost, Refused)
    assert sorted(Matter.objects.values_list("status", flat=True)) == [Status.IN_HANDLING, Status.MERGED]
    assert list(verify()) == []


def test_apart_and_answered_in_one_moment_it_is_one_of_both(town: Place):
    main, merged = town.prepare(town.matter_in(Status.IN_HANDLING)), town.matter_in(Status.ACCEPTED)
    merged = town.run("刘敏", terms.Merge(main=main.pk, why="是同一盏灯"), merged)
    today = clock.local(clock.now()).date()
    apart, dispatcher, head = terms.Unmerge(why="不是"), town.actor("刘敏"), town.actor("周建国")
    signing = terms.SignResult(delivered_by=Way.CALL, delivered_on=today)
    said = terms.AddInformation(text="又坏了一盏")
    answers = at_once(
        lambda: actions.run(signing.action, main.pk, signing, actor=head),
        lambda: actions.run(apart.action, merged.pk, apart, actor=dispatcher),
        lambda: actions.run(said.action, merged.pk, said, actor=town.speaker(merged)),
    )
    assert all(isinstance(answer, Done | Refused) for answer in answers), answers
    assert Matter.objects.get(pk=main.pk).status == Status.IN_FOLLOW_UP
    assert Matter.objects.get(pk=merged.pk).status in (Status.ACCEPTED, Status.IN_FOLLOW_UP)
    assert list(verify()) == []
