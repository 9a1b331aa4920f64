"""2.2.4, 4.2, 4.3.3: what happens to a main matter reaches those merged into it: a recusal at once, a returned report too."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.kernel import clock, clocks
from shuoshi.kernel.verify import verify
from shuoshi.matters import terms
from shuoshi.matters.models import Exclusion, Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Status
from tests.matters.test_together import pair
from tests.support.looking import fresh, told, who_may
from tests.support.village import Place


def kept(matter: Matter, town: Place, name: str) -> bool:
    return Exclusion.objects.in_force().filter(matter=matter, person=town.persons[name]).exists()


def recused(town: Place, main: Matter, name: str) -> None:
    asked = town.run("刘敏", terms.DeclareConflict(text="两家是亲戚", person=town.persons[name]), main)
    town.run("马镇长", terms.RuleConflict(granted=True, text="属实"), asked)


def test_a_recusal_granted_after_merging_reaches_them(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    recused(town, main, "王芳")
    assert kept(main, town, "王芳") and kept(merged, town, "王芳")
    assert not visible_to(town.actor("王芳")).filter(pk=merged.pk).exists()
    assert list(verify()) == []


def test_a_declaration_reaches_them_when_it_is_upheld_and_not_before(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    town.run("王芳", terms.DeclareConflict(text="是我表哥"), main)
    assert kept(main, town, "王芳") and not kept(merged, town, "王芳")
    town.run("马镇长", terms.RuleConflict(granted=True, text="属实"), fresh(main))
    assert kept(merged, town, "王芳")
    assert not visible_to(town.actor("王芳")).filter(pk=merged.pk).exists()
    assert list(verify()) == []


def test_a_declaration_that_does_not_hold_keeps_nobody(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    declared = town.run("孙丽", terms.DeclareConflict(text="是我表哥"), main)
    town.run("马镇长", terms.RuleConflict(granted=False, text="查无此事"), declared)
    assert not kept(main, town, "孙丽") and not kept(merged, town, "孙丽")


def test_a_declaration_nobody_ruled_on_holds_in_them_too(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    town.run("孙丽", terms.DeclareConflict(text="是我表哥"), main)
    with clock.simulated(clock.now() + timedelta(days=15)):
        clocks.sweep(clock.now())
    assert kept(main, town, "孙丽") and kept(merged, town, "孙丽")
    assert list(verify()) == []


def test_what_was_asked_of_somebody_else_and_not_ruled_on_keeps_nobody(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    town.run("刘敏", terms.DeclareConflict(text="听说是亲戚", person=town.persons["孙丽"]), main)
    with clock.simulated(clock.now() + timedelta(days=15)):
        clocks.sweep(clock.now())
    assert not kept(main, town, "孙丽") and not kept(merged, town, "孙丽")


def test_apart_again_it_stays(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    recused(town, main, "王芳")
    merged = town.run("刘敏", terms.Unmerge(why="是另一盏灯"), fresh(merged))
    assert merged.status == Status.IN_HANDLING and kept(merged, town, "王芳")


def test_one_that_was_parted_before_hears_of_nothing(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    merged = town.run("刘敏", terms.Unmerge(why="是另一盏灯"), merged)
    recused(town, fresh(main), "王芳")
    assert not kept(merged, town, "王芳")


def test_not_granted_nobody_is_kept(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    asked = town.run("刘敏", terms.DeclareConflict(text="听说是亲戚", person=town.persons["王芳"]), main)
    town.run("马镇长", terms.RuleConflict(granted=False, text="查无此事"), asked)
    assert not kept(merged, town, "王芳")


def test_a_returned_report_of_the_main_matter_is_told_where_its_reply_was_shared(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    main = town.sign(town.prepare(main))
    assert fresh(merged).status == Status.IN_FOLLOW_UP
    town.run("王芳", terms.ReturnReport(reason="没有到现场"), main)
    line = merged.entries.get(action=Action.TELL_MERGED)
    assert line.facts == {"what": "returned", "number": main.number}
    assert told(town, merged, "copy_returned")
    assert who_may(town, Action.RETURN_REPORT, fresh(merged)) >= {"王芳"}
    assert list(verify()) == []


def test_one_that_parted_before_the_reply_is_told_nothing(town: Place):
    main, merged = pair(town, Status.IN_HANDLING)
    merged = town.run("刘敏", terms.Unmerge(why="是另一盏灯"), merged)
    main = town.sign(town.prepare(fresh(main)))
    town.run("王芳", terms.ReturnReport(reason="没有到现场"), main)
    assert not merged.entries.filter(action=Action.TELL_MERGED).exists()
