"""4.2: the same matter said by several is handled once; everybody keeps number, date, reply, rating and end."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import queries, terms
from shuoshi.matters.actions.together import MOST
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries import promises
from shuoshi.matters.queries.together import mains_for
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Audience, DeadlineKind, Naming, Outcome, Status
from shuoshi.organization.roles import Role
from tests.matters.test_clocks_run_out import sweep_until
from tests.support.attempts import sample
from tests.support.looking import fresh, offered, queues_with, running, told, who_may
from tests.support.village import Place

WHY = "都是村口那几盏灯"
HERS = "我是李秀英，手机 13900000088，村口的灯坏了，老人晚上摔了一跤。"


def said_by_another(town: Place, status: Status = Status.ACCEPTED, **said: object) -> Matter:
    given: dict[str, object] = {
        "content": HERS,
        "speaker": PersonSaid(name="李秀英", phone="13900000088"),
        "naming": Naming.CONFIDENTIAL,
    }
    return town.matter_in(status, **given | said)


def merge(town: Place, matter: Matter, main: Matter) -> Matter:
    return town.run("刘敏", terms.Merge(main=main.pk, why=WHY), matter)


def pair(town: Place, status: Status = Status.ACCEPTED, **said: object) -> tuple[Matter, Matter]:
    """The main matter in hand, and the one merged into it."""
    main = town.matter_in(Status.IN_HANDLING)
    merged = merge(town, said_by_another(town, status, **said), main)
    return fresh(main), merged


def promised(matter: Matter) -> datetime:
    assert matter.promised_by is not None
    return matter.promised_by


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_only_the_promise_runs_on_and_both_are_told(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    assert merged.status == Status.MERGED and merged.merged_into == main
    assert running(merged) == {DeadlineKind.PROMISE}
    assert merged.next_due_at == merged.promised_by
    assert queues_with(town, "孙丽", merged) == set()
    page = promises.told(queries.tracking(town.speaker(merged), clock.now()))
    assert any(main.number in line.what for line in page.lines) and page.main == "add"
    theirs = promises.told(queries.tracking(town.speaker(main), clock.now()))
    assert any("还有人说了同一件事" in said.text for said in theirs.words)
    assert merged.number not in str([said.text for said in theirs.words])
    assert told(town, main, "joined") and told(town, merged, "merged")
    assert list(verify()) == []


def test_the_earliest_promise_is_everybodys(town: Place):
    earlier = said_by_another(town, Status.IN_HANDLING)
    with clock.simulated(clock.now() + timedelta(days=4)):
        main = town.matter_in(Status.IN_HANDLING)
        assert promised(main) > promised(earlier)
        was = main.deadlines.get(kind=DeadlineKind.PROMISE)
        merged = merge(town, earlier, main)
        main = fresh(main)
        assert main.promised_by == merged.promised_by == earlier.promised_by
        was.refresh_from_db()
        assert was.outcome == "VOID" and was.successor.due_at == earlier.promised_by
        limit = main.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
        assert limit.due_at <= promised(main)
        theirs = promises.told(queries.tracking(town.speaker(main), clock.now()))
        assert any("提前到" in said.text for said in theirs.words)
        later = said_by_another(town)
        merge(town, later, main)
        assert fresh(main).promised_by == fresh(later).promised_by == earlier.promised_by


def test_what_was_over_already_was_missed_and_moves_nothing(town: Place):
    late = said_by_another(town, Status.IN_HANDLING)
    with clock.simulated(clock.now() + timedelta(days=40)):
        main = town.matter_in(Status.IN_HANDLING)
        merged = merge(town, late, main)
        assert fresh(main).promised_by == main.promised_by
        assert merged.deadlines.get(kind=DeadlineKind.COMPLETION).outcome == "MISSED"
        town.sign(town.prepare(main))
        assert merged.deadlines.get(kind=DeadlineKind.PROMISE).outcome == "MISSED"


@pytest.mark.parametrize("status", [Status.ACCEPTED, Status.ASSIGNED, Status.IN_HANDLING])
def test_the_result_is_everybodys_and_each_rates_alone(town: Place, status: Status):
    main, merged = pair(town, status)
    main = town.sign(town.prepare(main))
    merged = fresh(merged)
    assert (main.status, merged.status) == (Status.IN_FOLLOW_UP, Status.IN_FOLLOW_UP)
    assert merged.merged_into is None and merged.mergings.get().ended_at
    assert merged.deadlines.get(kind=DeadlineKind.PROMISE).outcome == "MET"
    assert {DeadlineKind.FOLLOW_UP, DeadlineKind.RATING} <= running(merged)
    seen = promises.told(queries.tracking(town.speaker(merged), clock.now()))
    assert [reply.reply for reply in seen.replies] == ["路灯已经修好。"] and seen.main == "rate"
    assert [point.outcome for point in seen.seen.points] == [Outcome.SOLVED]
    assert who_may(town, Action.RECORD_FOLLOW_UP, merged) == {"赵红"}
    merged = town.follow_up(merged, 1)
    assert merged.status == Status.ASSIGNED and merged.lead_unit == town.units["城建办"]
    assert merged.round and merged.round.ordinal == 2 and fresh(main).status == Status.IN_FOLLOW_UP
    main = town.follow_up(main, 5)
    assert main.status == Status.CLOSED and main.exit == "SATISFIED" and fresh(merged).status == Status.ASSIGNED
    assert list(verify()) == []


def test_the_reply_names_nobody(town: Place):
    main, merged = pair(town)
    points = tuple(
        terms.PointAnswer(demand=one.pk, outcome=Outcome.PARTLY, text="陈大明家门口的灯换了", because="还差一盏")
        for one in town.demands(main)
    )
    given = sample(town, Action.PREPARE_RESULT, main)
    assert isinstance(given, terms.PrepareResult)
    main = town.run(
        "孙丽",
        terms.PrepareResult(
            points=points, reply="陈大明您好，打 13800000017 找您。", report="更换", proofs=given.proofs
        ),
        main,
    )
    town.sign(main)
    seen = queries.tracking(town.speaker(merged), clock.now())
    words = [str(point.text) for point in seen.points] + [str(point.result.reply) for point in seen.points]
    words += [entry.text for entry in seen.entries]
    assert words and not [text for text in words if "陈大明" in text or "13800000017" in text]
    assert [point.outcome for point in seen.points] == [Outcome.PARTLY]


def test_whoever_handles_the_main_matter_never_learns_who_else_said_it(town: Place):
    main, merged = pair(town)
    merged = town.run(town.speaker(merged), terms.AddInformation(text="我李秀英又去看了，13900000088"), merged)
    merged = town.run(town.speaker(merged), terms.Nudge(text="李秀英催一催"), merged)
    main = fresh(main)
    assert main.unread_words == 2 and merged.unread_words == 0
    assert "words" in queues_with(town, "孙丽", main)
    for name in ("孙丽", "周建国"):
        actor = town.actor(name)
        assert not visible_to(actor).filter(pk=merged.pk).exists()
        for typed in (merged.number, merged.tail, "13900000088", "摔了一跤"):
            assert merged.pk not in {row.pk for row in queries.search_matters(actor, typed).page.rows}
        page = queries.matter_page(actor, main.number, clock.now())
        text = " ".join([str(page.matter.content), *(entry.text for entry in page.entries)])
        assert "李秀英" not in text and "13900000088" not in text and "摔了一跤" in text and "又去看了" in text
    lines = main.entries.filter(action=Action.TELL_MAIN, audience=Audience.PUBLIC)
    assert [line.facts["what"] for line in lines] == ["joined"] and "number" not in lines[0].facts


def test_what_was_corrected_and_added_before_is_read_in_the_main_matter_too(town: Place):
    """Rule 5: the points in force are answered, and the words of the first day are not all that was said."""
    main = town.matter_in(Status.IN_HANDLING)
    matter = said_by_another(town, demands=("灯修好",))
    given = terms.RewordDemands(demands=("村口三盏灯修好", "给李秀英一个说法"))
    matter = town.run(town.speaker(matter), given, matter)
    matter = town.run(town.speaker(matter), terms.AddInformation(text="李秀英再说一句：桥头那盏也灭了"), matter)
    merge(town, matter, main)
    line = main.entries.get(action=Action.TELL_MAIN, audience=Audience.INTERNAL)
    line.matter = main
    assert "老人晚上摔了一跤" in line.text and "村口三盏灯修好；给〔姓名〕一个说法" in line.text
    assert "桥头那盏也灭了" in line.text and "李秀英" not in line.text
    assert fresh(main).unread_words == 2


def test_what_is_raised_once_more_says_in_the_main_matter_why(town: Place):
    main, matter = town.matter_in(Status.IN_HANDLING), said_by_another(town, Status.CLOSED)
    matter = town.run(town.speaker(matter), terms.Reopen(text="修好的灯又不亮了"), matter)
    merge(town, matter, main)
    line = main.entries.get(action=Action.TELL_MAIN, audience=Audience.INTERNAL)
    line.matter = main
    assert "摔了一跤" in line.text and "修好的灯又不亮了" in line.text


def test_whose_points_are_the_own_words_is_not_read_twice(town: Place):
    main = town.matter_in(Status.IN_HANDLING)
    merge(town, said_by_another(town, content="村口的灯坏了，晚上看不见。", demands=("村口的灯坏了",)), main)
    line = main.entries.get(action=Action.TELL_MAIN, audience=Audience.INTERNAL)
    line.matter = main
    assert line.text == "村口的灯坏了，晚上看不见。"


def test_apart_again_it_goes_on_where_it_was_with_the_date_it_had(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    date = merged.promised_by
    assert who_may(town, Action.UNMERGE, merged) == {"刘敏"}
    with pytest.raises(Refused) as refused:
        town.run("刘敏", terms.Unmerge(), merged)
    assert code_of(refused) == "reason_missing"
    merged = town.run("刘敏", terms.Unmerge(why="是另一盏灯"), merged)
    assert merged.status == Status.IN_HANDLING and merged.promised_by == date and merged.merged_into is None
    assert {DeadlineKind.COMPLETION, DeadlineKind.PROGRESS, DeadlineKind.PROMISE} <= running(merged)
    assert merged.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN").due_at <= promised(merged)
    assert told(town, main, "parted") and told(town, merged, "unmerged")
    assert town.sign(town.prepare(merged)).status == Status.IN_FOLLOW_UP
    assert fresh(main).status == Status.IN_HANDLING and list(verify()) == []


def test_no_clock_is_healed_by_merging_and_parting(town: Place):
    plain, matter = town.matter_in(Status.IN_HANDLING), said_by_another(town, Status.IN_HANDLING)
    due = matter.deadlines.get(kind=DeadlineKind.COMPLETION).due_at
    main = town.matter_in(Status.IN_HANDLING)
    with clock.simulated(due - timedelta(hours=2)):
        matter = town.run("刘敏", terms.Unmerge(why="不是同一盏灯"), merge(town, matter, main))
        again = matter.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
        assert again.due_at == due and again.follows is not None
    with clock.simulated(due + timedelta(hours=2)):
        matter = town.run("刘敏", terms.Unmerge(why="不是同一盏灯"), merge(town, fresh(plain), main))
        again = matter.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
        assert again.due_at == due and again.follows.outcome == "MISSED"
        assert town.sign(town.prepare(matter)).deadlines.filter(pk=again.pk, outcome="MISSED").exists()


def test_time_spent_merged_is_not_the_units(town: Place):
    _main, merged = pair(town, Status.IN_HANDLING)
    due = merged.deadlines.get(kind=DeadlineKind.COMPLETION).due_at
    with clock.simulated(clock.now() + timedelta(days=3)):
        merged = town.run("刘敏", terms.Unmerge(why="不是同一盏灯"), merged)
        again = merged.deadlines.get(kind=DeadlineKind.COMPLETION, outcome="OPEN")
        assert due < again.due_at <= promised(merged)


def test_nobody_of_the_main_matters_lead_writes_a_withdrawal_down(town: Place):
    town.person("两头的人", ("城建办", Role.HANDLER), ("受理中心", Role.REGISTRAR))
    _main, merged = pair(town)
    assert who_may(town, Action.WITHDRAW, merged) == {"王芳", "刘敏", "赵红"}


@pytest.mark.parametrize(("status", "clocks"), [(Status.ACCEPTED, {"assign"}), (Status.ASSIGNED, {"sign_for"})])
def test_apart_again_its_own_clocks_begin_anew(town: Place, status: Status, clocks: set[str]):
    merged = town.run("刘敏", terms.Unmerge(why="是另一盏灯"), pair(town, status)[1])
    assert merged.status == status and clocks <= running(merged)


def test_who_left_meanwhile_gets_nothing_back(town: Place):
    from shuoshi.organization.models import Post

    _main, merged = pair(town, Status.IN_HANDLING)
    Post.objects.filter(person=town.persons["孙丽"]).update(until=clock.now())
    merged = town.run("刘敏", terms.Unmerge(why="是另一盏灯"), merged)
    assert merged.status == Status.ASSIGNED and merged.handler_id is None


def test_where_the_main_matter_ends_without_a_reply_nobody_is_lost(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    _other, later = pair(town)
    asked = town.run("周建国", sample(town, Action.REQUEST_EXIT, main), main)
    town.run("刘敏", terms.RuleExit(granted=True, text="说清了"), asked)
    merged = fresh(merged)
    assert merged.status == Status.IN_HANDLING and merged.merged_into is None and told(town, merged, "unmerged")
    assert fresh(later).status == Status.MERGED
    words = promises.told(queries.tracking(town.speaker(merged), clock.now())).words
    assert any("接着单独办" in said.text for said in words)
    town.run(town.speaker(_other), terms.Withdraw(text="不用了"), _other)
    sweep_until(clock.now() + timedelta(days=6))
    assert fresh(_other).exit == "WITHDRAWN" and fresh(later).status == Status.ACCEPTED
    assert list(verify()) == []


def test_who_withdraws_ends_the_own_part_only(town: Place):
    main, merged = pair(town)
    merged = town.run(town.speaker(merged), terms.Withdraw(text="不用了"), merged)
    assert merged.status == Status.MERGED
    sweep_until(clock.now() + timedelta(days=6))
    merged = fresh(merged)
    assert merged.exit == "WITHDRAWN" and merged.merged_into is None
    assert fresh(main).status == Status.IN_HANDLING and told(town, main, "parted")


def test_whom_one_is_kept_from_the_other_is_kept_from(town: Place):
    main = town.matter_in(Status.IN_HANDLING)
    about = said_by_another(town, concerns_people=(town.persons["孙丽"],))
    with pytest.raises(Refused) as refused:
        merge(town, about, main)
    assert code_of(refused) == "kept_from_others"
    plain = merge(town, said_by_another(town), main)
    asked = town.run("刘敏", terms.DeclareConflict(text="是亲戚", person=town.persons["赵红"]), main)
    town.sign(town.prepare(town.run("马镇长", terms.RuleConflict(granted=True, text="查过"), asked)))
    assert not visible_to(town.actor("赵红")).filter(pk=plain.pk).exists()
    assert "赵红" not in who_may(town, Action.RECORD_FOLLOW_UP, fresh(plain))


def test_no_chains(town: Place):
    main, merged = pair(town)
    third = town.matter_in(Status.IN_HANDLING)
    for matter, into, code in (
        (main, third, "nothing_merged_into_it"),
        (third, fresh(merged), "main_not_in_hand"),
        (third, third, "its_own_main"),
    ):
        with pytest.raises(Refused) as refused:
            merge(town, matter, into)
        assert code_of(refused) == code


def test_the_day_both_sides_of_a_mediation_agreed_on_is_moved_by_nobody_who_joins(town: Place):
    main, other = town.mediate(), town.dispute()
    assert promised(other) < promised(main)
    assert main.pk not in {found.pk for found in mains_for(town.actor("刘敏"), other)}
    with pytest.raises(Refused) as refused:
        merge(town, other, main)
    assert code_of(refused) == "main_mediating" and "调解" in refused.value.text
    assert fresh(main).promised_by == main.promised_by and fresh(other).status == Status.IN_HANDLING
    given = sample(town, Action.END_MEDIATION, main)
    main = town.run("孙丽", given, main)
    assert [found.pk for found in mains_for(town.actor("刘敏"), other)] == [main.pk]
    assert merge(town, other, main).status == Status.MERGED


def test_nothing_but_what_is_theirs_may_be_done_to_it(town: Place):
    _main, merged = pair(town)
    assert offered(town, "孙丽", merged) == set()
    assert offered(town, "刘敏", merged) == {
        Action.UNMERGE, Action.ADD_INFORMATION, Action.WITHDRAW, Action.REGISTER_LINKED, Action.CONFIRM_URGENCY,
    }  # fmt: skip
    assert offered(town, town.speaker(merged), merged) == {
        Action.ADD_INFORMATION, Action.NUDGE, Action.WITHDRAW, Action.CONSENT_TO_PUBLICATION,
    }  # fmt: skip


def test_a_merged_matter_that_is_late_is_seen_by_who_merged_it(town: Place):
    main, merged = pair(town)
    assert Action.REQUEST_PARK not in offered(town, "周建国", main), "nobody is parked with somebody else's matter"
    with clock.simulated(promised(merged) + timedelta(hours=2)):
        sweep_until(clock.now())
        assert "over" in queues_with(town, "刘敏", merged)
        assert told(town, merged, "clock_overdue")
        assert queries.overview(town.actor("马镇长"), clock.now()).open.n == Matter.objects.count()


def test_a_main_matter_takes_in_no_more_than_its_signature_can_answer_at_once(town: Place):
    main, _merged = pair(town)
    Matter.objects.filter(pk=main.pk).update(merged_here=MOST - 1)
    merge(town, said_by_another(town), main)
    assert fresh(main).merged_here == MOST
    with pytest.raises(Refused) as refused:
        merge(town, said_by_another(town), main)
    assert code_of(refused) == "main_is_full" and str(MOST) in refused.value.text
