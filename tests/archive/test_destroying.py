"""What is destroyed is gone for good, the history still proves itself, and the ledgers count as before."""

from __future__ import annotations

import pytest
from django.db import connection

from shuoshi.archive.models import Listed, State
from shuoshi.kernel import clock, files, search
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.crypto import Erased
from shuoshi.kernel.events import Event
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.verify import verify
from shuoshi.matters import actions, destroying, terms
from shuoshi.matters.models import Attachment, Matter, Party
from shuoshi.matters.papers import PaperKind, Ref, ledger
from shuoshi.matters.vocabulary import Status
from shuoshi.people import queries as people
from tests.support.archived import destroyed, years_later
from tests.support.village import Place, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.matter_in(Status.CLOSED, files=(picture(),))


def again(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_words_names_and_files_are_gone_and_the_rest_stays(
    town: Place, matter: Matter, django_capture_on_commit_callbacks
) -> None:
    stored = list(Attachment.objects.filter(matter=matter).values_list("stored", flat=True))
    person = Party.objects.get(matter=matter).person
    assert stored and all(files.read(name, matter.data_key()) for name in stored)
    assert str(person.name) == "陈大明" and search.matching("matter", "路灯").exists()
    with years_later(12):
        with django_capture_on_commit_callbacks(execute=True):
            row = destroyed(town, matter)
        assert row.state == State.DONE and row.done_at is not None
        after = again(matter)
        assert str(after.content) == "已销毁" and str(after.entries.select_related("matter").first().text) in (
            "",
            "已销毁",
        )
        assert str(Party.objects.get(matter=matter).person.name) == "已删除"
        with pytest.raises(Erased):
            after.data_key()
        for name in stored:
            with pytest.raises(files.FileMissing):
                files.read_sealed(name)
        assert files.named(stored) == set(), "a copy does not miss them"
        assert not search.matching("matter", "路灯").exists()
        assert not people.by_phone("13800000017")
        same = ("number", "registered_at", "closed_at", "kind", "category", "exit", "status", "lead_unit_id", "title")
        assert [getattr(after, name) for name in same] == [getattr(matter, name) for name in same]
        assert list(verify()) == []
        event = Event.objects.get(stream_id=str(matter.pk), action="destroy_matter")
        assert Listed.objects.get(matter=matter).event_hash == event.hash
        assert event.facts()["list"] == row.number and event.facts()["people"] == 1


def test_the_ledger_counts_as_before(town: Place, matter: Matter) -> None:
    other = town.matter_in(Status.CLOSED)
    with years_later(12):
        before = ledger.ledger(Matter.objects.all(), "台账", [], clock.now()).rows
        destroyed(town, matter, other)
        assert ledger.ledger(Matter.objects.all(), "台账", [], clock.now()).rows == before


def test_a_person_whom_another_matter_still_knows_stays(town: Place, matter: Matter) -> None:
    person = Party.objects.get(matter=matter).person
    with years_later(12):
        Party(matter=town.raise_matter(), role="agent", naming="named", person=person).save()
        destroyed(town, matter)
        assert str(Party.objects.filter(matter=matter).get().person.name) == "陈大明"


def test_a_key_that_only_vanished_is_found(town: Place, matter: Matter) -> None:
    """Whoever takes the key away behind the application's back destroys nothing unseen."""
    Matter.objects.filter(pk=matter.pk).update(wrapped_key=None)
    broken = list(verify())
    assert any(one.where.endswith(str(matter.pk)) and one.column == "wrapped_key" for one in broken)
    assert any(one.where.startswith("matters.entry") for one in broken)


def test_a_key_that_came_back_is_found(town: Place, matter: Matter) -> None:
    key = bytes(matter.wrapped_key or b"")
    with years_later(12):
        destroyed(town, matter)
        assert list(verify()) == []
        Matter.objects.filter(pk=matter.pk).update(wrapped_key=key)
        assert [one.column for one in verify()] == ["wrapped_key"]


def test_nothing_more_is_done_to_it(town: Place, matter: Matter) -> None:
    with years_later(12):
        destroyed(town, matter)
        with pytest.raises(Refused) as refused:
            town.run("王芳", terms.Note(text="再看看"), matter)
        assert refused.value.code == "destroyed"
        with pytest.raises(Refused) as refused:
            actions.issue_paper(matter.pk, Ref(PaperKind.REGISTRATION), actor=town.actor("王芳"))
        assert refused.value.code == "not_yours_to_issue"
        assert destroying.destroy(matter.pk, actor=town.actor("王芳")) is None, "gone is gone"


def test_what_is_open_is_not_destroyed(town: Place) -> None:
    with pytest.raises(Refused) as refused:
        destroying.destroy(town.raise_matter().pk, actor=SYSTEM)
    assert refused.value.code == "not_over"


@pytest.mark.once
def test_the_index_is_pressed_out(town: Place, matter: Matter) -> None:
    """FTS5 keeps the terms of deleted rows until its parts are merged; PostgreSQL has no such index."""
    with years_later(12):
        destroyed(town, matter)
        search.press_out()
    with connection.cursor() as cursor:
        cursor.execute("SELECT block FROM kernel_search_fts_data")
        assert not any("路灯".encode() in bytes(block) for (block,) in cursor.fetchall())
