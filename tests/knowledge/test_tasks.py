"""An enquiry that no entry answered becomes a task of whoever answers for its category; the same kind counts as one."""

from __future__ import annotations

from datetime import timedelta

from shuoshi.kernel import clock
from shuoshi.kernel.events import Event
from shuoshi.kernel.verify import verify
from shuoshi.knowledge import actions, queries
from shuoshi.knowledge.models import KnowledgeTask
from shuoshi.matters.models import Unanswered
from shuoshi.matters.queries import answers
from shuoshi.matters.vocabulary import Kind, Status
from tests.knowledge.written import answered, cite, duty, given, propose, published, refused, spot, today
from tests.support.village import Place


def task() -> KnowledgeTask:
    return KnowledgeTask.objects.get()


def test_an_answer_without_an_entry_asks_its_unit_for_one(town: Place):
    duty(town)
    matter = answered(town)
    assert (task().category, task().unit) == ("A101", town.units["城建办"])
    assert list(queries.open_tasks(town.actor("孙丽"))) == [task()]
    assert not queries.open_tasks(town.actor("李国强")).exists()
    assert [one.title for one in answers.asked(town.actor("孙丽"), task())] == [matter.title]


def test_an_answer_that_cites_asks_nothing(town: Place):
    duty(town)
    answered(town, cite(published(town)))
    assert not KnowledgeTask.objects.exists()


def test_other_kinds_ask_nothing(town: Place):
    answered(town, kind=Kind.INTEREST_CLAIM, category="B604")
    town.sign(town.prepare(town.matter_in(Status.IN_HANDLING)))
    assert not KnowledgeTask.objects.exists()


def test_questions_of_one_category_are_one_task_that_counts_matters(town: Place):
    duty(town)
    for _time in range(3):
        answered(town)
    answered(town, category="A102")
    first = KnowledgeTask.objects.get(category="A101")
    assert KnowledgeTask.objects.count() == 2
    assert answers.how_many_asked([first.pk]) == {first.pk: 3}


def test_a_matter_counts_once_however_often_it_is_answered(town: Place):
    duty(town)
    matter = town.raise_matter(by="王芳", knowledge_missing=True, kind=Kind.POLICY_ENQUIRY, category="A101")
    town.run("王芳", spot(), matter)
    assert Unanswered.objects.count() == 1 == KnowledgeTask.objects.count()


def test_what_the_registrar_marks_is_asked_for_even_before_it_is_classified(town: Place):
    duty(town)
    town.raise_matter(by="王芳", knowledge_missing=True, category="A101", kind=Kind.POLICY_ENQUIRY)
    town.raise_matter(by="王芳", knowledge_missing=True)
    found = {(one.category, one.unit.name) for one in KnowledgeTask.objects.select_related("unit")}
    assert found == {("A101", "城建办"), ("", "受理中心")}


def test_an_enquiry_answered_by_its_unit_asks_when_it_is_signed(town: Place):
    duty(town)
    matter = town.accept(town.raise_matter(), Kind.POLICY_ENQUIRY)
    matter = town.classify(matter, "A101", Kind.POLICY_ENQUIRY)
    matter = town.prepare(town.sign_for(town.assign(matter)))
    assert not KnowledgeTask.objects.exists()
    town.sign(matter)
    assert answers.how_many_asked([task().pk]) == {task().pk: 1}


def test_what_is_kept_from_somebody_makes_no_task(town: Place):
    duty(town)
    matter = town.raise_matter(by="王芳", concerns_units=(town.units["城建办"].pk,), knowledge_missing=True)
    town.run("王芳", spot(), matter)
    assert not KnowledgeTask.objects.exists()


def test_titles_of_a_sensitive_category_are_said_to_those_who_see_the_matter(town: Place):
    duty(town, "A1")
    matter = answered(town, category="A103")
    assert matter.sensitive
    out_of_sight, in_sight = (answers.asked(town.actor(name), task())[0] for name in ("孙丽", "王芳"))
    assert (out_of_sight.title, out_of_sight.matter, out_of_sight.hidden) == ("", None, True)
    assert (in_sight.title, in_sight.matter, in_sight.hidden) == (matter.title, matter, False)


def test_an_entry_written_for_it_settles_it_when_it_is_published(town: Place):
    duty(town)
    answered(town)
    entry = actions.propose(given(), town.units["城建办"].pk, actor=town.actor("孙丽"), task_id=task().pk)
    assert task().is_open
    actions.publish(entry.pk, 1, actor=town.actor("周建国"))
    assert (task().is_open, task().entry) == (False, entry)
    answered(town)
    assert KnowledgeTask.objects.filter(settled_at__isnull=True).count() == 1, "asked again, it is open again"
    assert list(verify()) == []


def test_an_entry_that_is_there_settles_it_too(town: Place):
    duty(town)
    answered(town)
    draft = propose(town)
    with refused("not_in_force"):
        actions.settle_with(task().pk, draft.pk, actor=town.actor("孙丽"))
    actions.publish(draft.pk, 1, actor=town.actor("周建国"))
    actions.settle_with(task().pk, draft.pk, actor=town.actor("孙丽"))
    with refused("settled_already"):
        actions.no_entry_needed(task().pk, "问一次", actor=town.actor("孙丽"))


def test_why_none_is_needed_is_said_by_the_unit_itself(town: Place):
    duty(town)
    answered(town)
    for name in ("李国强", "王芳"):
        with refused("not_keeper"):
            actions.no_entry_needed(task().pk, "不归我们", actor=town.actor(name))
    with refused("why_missing"):
        actions.no_entry_needed(task().pk, " ", actor=town.actor("孙丽"))
    actions.no_entry_needed(task().pk, "只问他家一户", actor=town.actor("孙丽"))
    assert task().because == "只问他家一户"
    assert Event.objects.filter(stream_kind="knowledge_task").count() == 1
    assert list(verify()) == []


def test_an_entry_past_its_review_is_asked_for_as_well(town: Place):
    entry = published(town, review_on=today() + timedelta(days=5))
    actor = town.actor("孙丽")
    assert not queries.to_review(actor, today()).exists()
    with clock.simulated(clock.now() + timedelta(days=5)):
        asked = queries.waiting(actor, today())
        assert list(asked["knowledge_review"]) == [entry]
        assert queries.waiting(town.actor("何勇"), today()) == {}


def test_a_rework_of_an_enquiry_asks_no_second_time(town: Place):
    duty(town)
    matter = town.run("王芳", spot(clear=False), town.raise_matter(by="王芳"))
    assert matter.status == Status.IN_FOLLOW_UP
    town.follow_up(matter, 1)
    assert Unanswered.objects.count() == 1
