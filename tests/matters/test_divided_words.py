"""4.2.2: what the speaker said and showed before a matter was divided, and after, reaches every unit that works on it."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.kernel.verify import verify
from shuoshi.matters import papers, queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.vocabulary import Action, Naming
from tests.matters.divided import ASKED, answer, divide, part, take_on, to_divide
from tests.support import sounds as made
from tests.support.attempts import sample, shares
from tests.support.looking import fresh, queues_with
from tests.support.village import Place, picture

TREE = "渠边还有一棵倒树"


def cut(town: Place, matter: Matter) -> Matter:
    return town.run("刘敏", shares(town, matter, "城建办", "水利站", "柳湾村"), matter)


def opening(matter: Matter) -> str:
    """The words of the line with which a part begins."""
    line = matter.entries.get(action=Action.OPEN_PART)
    line.matter = matter
    return str(line.text)


def test_what_was_recorded_is_read_in_every_part_and_on_its_order(town: Place):
    """Beside written words, and instead of them: then it is their words and is not said twice."""
    for content in ("", "路灯坏了，详细的在录音里"):
        matter = town.raise_matter(by="", content=content, demands=ASKED, files=(made.spoken(),))
        matter = town.run("王芳", terms.TypeOut(text="第三盏灯坏了"), matter)
        matter = town.run("王芳", terms.TypeOut(text=TREE), matter) if not content else matter
        whole = cut(town, town.classify(town.accept(matter)))
        said = TREE if not content else f"{content}\n第三盏灯坏了"
        for one in whole.parts.order_by("part"):
            assert one.spoken == ("" if content else "typed")
            assert ("第三盏灯坏了" in opening(one)) is bool(content) and TREE not in opening(one)
            assert papers.content_of(one, Ref(PaperKind.ORDER, 1))["原话"] == said
        assert papers.content_of(whole, Ref(PaperKind.REGISTRATION))["原话"] == said


def test_what_is_recorded_later_is_read_in_every_part_once_it_is_typed(town: Place):
    whole = cut(town, to_divide(town))
    whole = town.run(town.speaker(whole), terms.AddInformation(text="补充", files=(made.spoken(),)), whole)
    whole = town.run("王芳", terms.TypeOut(text=TREE), whole)
    for one in whole.parts.order_by("part"):
        lines = one.entries.filter(action=Action.TELL_PART).order_by("at", "id")
        assert [str(line.text) for line in lines] == ["补充", TREE]
        assert papers.content_of(one, Ref(PaperKind.ORDER, 1))["原话"] == str(one.content), "it came after the order"


def test_what_was_added_before_is_read_in_every_part_and_is_unread_there(town: Place):
    matter = to_divide(town)
    matter = town.run(town.speaker(matter), terms.AddInformation(text=TREE, files=(picture(),)), matter)
    matter = town.run("王芳", terms.AddInformation(text="来电说水又漫了"), matter)
    matter = town.run(town.speaker(matter), terms.Nudge(), matter)
    assert matter.unread_words == 3
    whole = cut(town, matter)
    assert whole.unread_words == 0
    for one in whole.parts.order_by("part"):
        lines = opening(one).splitlines()
        assert [line.split("：", 1)[1] for line in lines] == [TREE, "来电说水又漫了"]
        assert all("补充情况" in line for line in lines)
        assert (one.attachments.count(), one.unread_words) == (1, 3)
    first = take_on(town, part(whole, 1))
    assert "words" in queues_with(town, "孙丽", first)
    assert town.run("孙丽", terms.WriteToSpeaker(text="看到了"), first).unread_words == 0
    assert list(verify()) == []


def test_what_nobody_added_is_no_words(town: Place):
    first = part(divide(town), 1)
    assert (opening(first), first.unread_words) == ("", 0)


def test_what_was_shown_while_another_unit_had_it_goes_along_and_what_that_unit_wrote_does_not(town: Place):
    matter = town.sign_for(town.assign(to_divide(town)))
    matter = town.run(town.speaker(matter), terms.AddInformation(text=TREE, files=(picture(),)), matter)
    matter = town.run("孙丽", terms.WriteToSpeaker(text="不归我们", files=(picture(),)), matter)
    matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, matter), matter)
    matter = town.run("刘敏", terms.RuleReturn(granted=True, text="分开办"), matter)
    first = part(cut(town, matter), 1)
    assert opening(first).endswith(TREE) and first.attachments.count() == 1
    assert first.unread_words == 0, "the unit that had it answered"


def test_what_is_shown_afterwards_lies_in_the_parts_that_are_worked_on(town: Place):
    whole = divide(town)
    answer(town, part(whole, 3))
    given = terms.AddInformation(text=TREE, files=(picture(),))
    whole = town.run(town.speaker(whole), given, fresh(whole))
    for place, files in ((1, 1), (2, 1), (3, 0)):
        lines = part(whole, place).entries.filter(action=Action.TELL_PART)
        assert sum(line.attachments.count() for line in lines) == files
    assert list(verify()) == []


def test_who_said_it_in_confidence_is_not_named_there(town: Place):
    matter = to_divide(town, naming=Naming.CONFIDENTIAL)
    given = terms.AddInformation(text=f"我是陈大明，13800000017，{TREE}", files=(picture(),))
    matter = town.run("王芳", given, matter)
    whole = cut(town, matter)
    view = queries.matter_page(town.actor("孙丽"), part(whole, 1).number, clock.now())
    line = next(entry for entry in view.entries if entry.action == Action.OPEN_PART)
    assert TREE in line.text and "陈大明" not in line.text and "13800000017" not in line.text
    assert all(file.covered for file in view.attachments) and view.attachments
    assert TREE in opening(part(whole, 1)) and "陈大明" in opening(part(whole, 1))
