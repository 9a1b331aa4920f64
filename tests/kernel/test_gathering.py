"""Rows that are made one after another and written together: all of them, in one statement a model, or none."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from shuoshi.kernel import gathering, numbering, rows
from shuoshi.kernel.numbering import Counter
from shuoshi.kernel.outbox import Notice
from tests.kernel.rows.models import Household
from tests.kernel.test_rows import notice
from tests.support.statements import Statements

pytestmark = pytest.mark.django_db


def kinds(about: UUID) -> list[str]:
    return list(Notice.objects.filter(about_id=about).order_by("pk").values_list("kind", flat=True))


def test_many_rows_are_one_statement_and_are_there_for_whoever_asks(
    statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    about = uuid4()
    with statements() as seen, transaction.atomic(), gathering.gathered():
        for kind in "abc":
            rows.insert(notice(about, kind))
        assert kinds(about) == ["a", "b", "c"]
        rows.insert(notice(about, "d"))
    assert kinds(about) == ["a", "b", "c", "d"]
    assert seen.count <= 6, seen


def test_a_part_that_fails_leaves_neither_rows_nor_numbers() -> None:
    about = uuid4()
    with transaction.atomic(), gathering.gathered() as whole:
        with whole.part():
            rows.insert(notice(about, "a"))
            assert numbering.take("s") == 1
        with pytest.raises(LookupError), whole.part():
            rows.insert(notice(about, "b"))
            assert numbering.take("s") == 2
            raise LookupError
        with whole.part():
            assert numbering.take("s") == 2
        whole.write()
        numbering.settle(whole)
    assert kinds(about) == ["a"] and Counter.objects.get(series="s").last == 2
    assert numbering.take("s") == 3


def test_a_part_of_which_some_was_written_spoils_the_whole() -> None:
    about = uuid4()
    with pytest.raises(gathering.Spoilt), transaction.atomic(), gathering.gathered() as whole, whole.part():
        rows.insert(notice(about, "a"))
        assert kinds(about) == ["a"]
        raise LookupError
    assert kinds(about) == [] and gathering.current() is None


def test_what_the_database_refuses_takes_everything_with_it() -> None:
    about, twice = uuid4(), notice(uuid4())
    with pytest.raises(IntegrityError), transaction.atomic(), gathering.gathered():
        rows.insert(notice(about, "a"))
        rows.insert(twice)
        rows.insert(twice)
    assert kinds(about) == [] and gathering.current() is None


def test_who_expects_to_be_contradicted_writes_apart() -> None:
    about = uuid4()
    with transaction.atomic(), gathering.gathered():
        rows.insert(notice(about, "a"))
        with rows.apart():
            rows.insert(notice(about, "b"))
            assert kinds(about) == ["a", "b"]
        assert gathering.current() is not None


def test_a_question_is_asked_once_only_while_something_is_gathered() -> None:
    answers = iter(range(9))
    with transaction.atomic(), gathering.gathered():
        assert [gathering.asked("a", lambda: next(answers)) for _each in range(3)] == [0, 0, 0]
    assert [gathering.asked("a", lambda: next(answers)) for _each in range(2)] == [1, 2]


def test_a_new_row_is_what_the_model_makes() -> None:
    ours, theirs = rows.new(Household, name="陈大明", members=3), Household(name="陈大明", members=3)
    assert ours.pk != rows.new(Household).pk
    for field in Household._meta.concrete_fields:
        if field.attname not in ("id", "wrapped_key"):
            assert getattr(ours, field.attname) == getattr(theirs, field.attname), field
    rows.insert(ours)
    assert Household.objects.get(pk=ours.pk).name == "陈大明"
