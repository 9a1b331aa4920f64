"""One effect per intention, one number per taker: also when two come at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from shuoshi.kernel import idempotency, numbering
from shuoshi.kernel.idempotency import IdempotencyKey
from shuoshi.kernel.refusal import KeyReused, NotDone
from tests.kernel.rows.models import Jotting


def register(key: str = "k1", fingerprint: str = "f1", words: str = "路灯坏了") -> tuple[bool, int]:
    """A verb that writes one row: whether it was the first time, and the row it answers with."""
    with transaction.atomic(), idempotency.once("portal", key, fingerprint) as once:
        if once.first:
            once.keep({"row": Jotting.objects.create(words=words).pk})
        return once.first, once.answer["row"]


def at_once(count: int, call: Callable[[int], object]) -> list[object]:
    """Call in so many threads that start together; exceptions are answers, too."""
    together = threading.Barrier(count)

    def one(number: int) -> object:
        try:
            together.wait(10)
            return call(number)
        except Exception as problem:
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db
def test_a_repetition_gets_the_first_answer_and_changes_nothing() -> None:
    first, row = register()
    assert first
    assert register() == (False, row)
    assert Jotting.objects.count() == 1


@pytest.mark.django_db
def test_other_content_under_the_same_key_is_refused() -> None:
    register()
    with pytest.raises(KeyReused) as refused:
        register(fingerprint="f2")
    assert isinstance(refused.value, NotDone)
    assert (refused.value.scope, refused.value.key) == ("portal", "k1")
    assert Jotting.objects.count() == 1


@pytest.mark.django_db
def test_keys_of_two_ways_in_do_not_meet() -> None:
    register()
    with transaction.atomic(), idempotency.once("desk", "k1", "f9") as once:
        assert once.first


@pytest.mark.django_db(transaction=True)
def test_work_that_failed_may_be_tried_again_under_its_key() -> None:
    with pytest.raises(ValueError, match="power"), transaction.atomic(), idempotency.once("portal", "k1", "f1"):
        raise ValueError("power")
    assert not IdempotencyKey.objects.exists()
    assert register()[0]


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_it_refuses_to_guard() -> None:
    with pytest.raises(transaction.TransactionManagementError), idempotency.once("portal", "k1", "f1"):
        pass


@pytest.mark.django_db(transaction=True)
def test_of_eight_at_once_one_works_and_all_get_its_answer() -> None:
    answers = at_once(8, lambda n: register())
    rows = {answer[1] for answer in answers if isinstance(answer, tuple)}
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert sorted(answer[0] for answer in answers if isinstance(answer, tuple)) == [False] * 7 + [True]
    assert len(rows) == 1
    assert Jotting.objects.count() == 1


@pytest.mark.django_db
def test_series_count_from_1_each_for_itself() -> None:
    assert [numbering.take("QH-20261123") for _ in range(3)] == [1, 2, 3]
    assert numbering.take("QH-20261124") == 1


@pytest.mark.django_db(transaction=True)
def test_a_transaction_rolled_back_gives_its_number_back() -> None:
    assert numbering.take("s") == 1
    with transaction.atomic():
        assert numbering.take("s") == 2
        transaction.set_rollback(True)
    assert numbering.take("s") == 2


@pytest.mark.django_db(transaction=True)
def test_takers_at_once_get_every_number_once() -> None:
    def take_five(n: int) -> list[int]:
        return [numbering.take("s") for _ in range(5)]

    taken = at_once(6, take_five)
    assert [answer for answer in taken if isinstance(answer, Exception)] == []
    assert sorted(n for numbers in taken if isinstance(numbers, list) for n in numbers) == list(range(1, 31))
