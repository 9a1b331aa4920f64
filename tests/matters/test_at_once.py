"""Many matters registered at once are what they are when each is registered alone, row for row and event for event."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from shuoshi.kernel import clock, crypto, idempotency, verify
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.idempotency import IdempotencyKey
from shuoshi.kernel.numbering import Counter
from shuoshi.kernel.outbox import Notice
from shuoshi.matters import actions as matters
from shuoshi.matters.actions import Receipt
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Channel, Kind, Naming
from shuoshi.organization import profile
from tests.support.statements import Statements
from tests.support.village import Place

pytestmark = pytest.mark.django_db

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HASH = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|\+00:00)")


def intake(key: str, content: str = "村口的路灯坏了三盏。", **more: Any) -> Intake:
    more = {"naming": Naming.ANONYMOUS, **more}
    return Intake(channel=Channel.IMPORT, key=key, content=content, **more)


def of_every_kind(town: Place, prefix: str) -> list[Intake]:
    """Named and anonymous, long and rare, with everything a row of a ledger can say, and with what it cannot."""
    category = next(one.code for _kind, _group, one in profile.current().every_category())
    kind = Kind(profile.current().kind_of(category).code)
    who = PersonSaid(name="陈大明𠮷", phone="13800000017")
    said = clock.now() - timedelta(days=400)
    return [
        intake(f"{prefix}1"),
        intake(f"{prefix}2", "水管漏了。\n\t“一直漏”\\n;--" + "𠮷" * 500, naming=Naming.NAMED, speaker=who, happened_at=said),
        intake(f"{prefix}3", naming=Naming.CONFIDENTIAL, speaker=PersonSaid(phone="13900000018"), place="东头", said_place="编号 1"),
        intake(f"{prefix}4", area=town.area.pk, latitude="30.100000", longitude="120.200000", kind=kind, category=category),
        intake(f"{prefix}5", entered_by=town.persons["王芳"], demands=("修好路灯", "补种树")),
        intake(f"{prefix}6", concerns_words="县水务局的人", concerns_units=(town.units["县水务局"].pk,)),
    ]  # fmt: skip


def alone(several: Sequence[Intake]) -> list[Receipt]:
    return [matters.register(one, actor=SYSTEM) for one in several]


def told(receipt: Receipt) -> dict[str, list[Any]]:
    """Every row that registration wrote of one matter, without keys, times, number, and what is random."""
    matter = Matter.objects.get(pk=receipt.matter_id)
    [event] = Event.objects.filter(stream_kind="matter", stream_id=str(matter.pk))
    names = [note["row"] for note in json.loads(event.payload)["rows"]]
    rows: list[models.Model] = [event]
    rows += [apps.get_model(name.split(":")[0])._base_manager.get(pk=name.split(":")[1]) for name in names]
    rows += list(Notice.objects.filter(about_id=matter.pk).order_by("pk"))
    rows += list(IdempotencyKey.objects.filter(answer__contains=str(matter.pk)))
    found: dict[str, list[Any]] = {}
    for row in rows:
        values = {field.attname: plain(getattr(row, field.attname), receipt) for field in row._meta.concrete_fields}
        sealed = [bytes(f.cell(row).sealed) for f in row._meta.concrete_fields if isinstance(f, crypto.EncryptedText) and f.cell(row)]  # type: ignore[union-attr]  # fmt: skip
        assert all(sealed) and all(one[0] == 1 for one in sealed)
        values.pop("wrapped_key", None)
        found.setdefault(row._meta.label, []).append(values)
    return found


def plain(value: Any, receipt: Receipt) -> Any:
    text = _TIME.sub("TIME", _HASH.sub("HASH", _UUID.sub("UUID", str(value))))
    tail = f"{clock.local(receipt.registered_at):%m%d}{receipt.number[-4:]}"
    return re.sub(r"\b[ab][1-6]\b", "KEY", text.replace(receipt.number, "NUMBER").replace(tail, "TAIL"))


def test_row_for_row_they_are_the_same(town: Place):
    now = clock.now().replace(microsecond=250)
    with clock.simulated(now):
        one_by_one = alone(of_every_kind(town, "a"))
        together = matters.register_all(of_every_kind(town, "b"), actor=SYSTEM)
    for ours, theirs in zip(together, one_by_one, strict=True):
        assert isinstance(ours, Receipt)
        found, expected = told(ours), told(theirs)
        assert found.keys() == expected.keys() and len(found) > 5
        for label, rows in expected.items():
            for mine, other in zip(found[label], rows, strict=True):
                differing = {column for column in other if mine[column] != other[column]} - {"fingerprint"}
                assert not differing, (label, {column: (mine[column], other[column]) for column in differing})
        assert (ours.promised, ours.registered_at) == (theirs.promised, theirs.registered_at)
    assert not list(verify.verify())
    assert [one.number[-4:] for one in together if isinstance(one, Receipt)] == [f"{n:04d}" for n in range(7, 13)]
    assert Counter.objects.get(series__startswith="matter:").last == 12


def test_a_number_comes_after_the_last_whoever_registers_next(town: Place):
    matters.register_all([intake("a1"), intake("a2")], actor=SYSTEM)
    assert matters.register(intake("a3"), actor=SYSTEM).number.endswith("0003")


def test_one_that_is_refused_leaves_nothing_and_no_gap(town: Place):
    wrong = PersonSaid(name="陈大明", phone="12")
    several = [intake("a1"), intake("a2", naming=Naming.NAMED, speaker=wrong), intake("a3", " "), intake("a4")]
    first, bad, empty, last = matters.register_all(several, actor=SYSTEM)
    assert isinstance(first, Receipt) and isinstance(last, Receipt)
    assert (first.number[-4:], last.number[-4:]) == ("0001", "0002")
    assert "电话" in str(bad) or "号码" in str(bad)
    assert "写下" in str(empty)
    assert Matter.objects.count() == 2 and IdempotencyKey.objects.count() == 2
    assert not list(verify.verify())
    again = matters.register(intake("a2"), actor=SYSTEM)
    assert again.number.endswith("0003"), "its key is as if nobody had used it"


def test_the_same_key_gets_the_first_receipt_and_other_words_under_it_do_not(town: Place):
    before = matters.register(intake("a1"), actor=SYSTEM)
    several = [intake("a1"), intake("a1", "别的事"), intake("a2"), intake("a2"), intake("a2", "又一件")]
    same, other, new, twice, third = matters.register_all(several, actor=SYSTEM)
    assert same == before and isinstance(new, Receipt) and twice == new
    assert isinstance(other, str) and isinstance(third, str)
    assert Matter.objects.count() == 2


def test_what_the_database_contradicts_is_registered_one_by_one(town: Place, monkeypatch: pytest.MonkeyPatch):
    """Somebody else uses a key between the question and the writing; a character no text may hold."""
    earlier = matters.register(intake("a1"), actor=SYSTEM)
    monkeypatch.setattr(idempotency, "used", lambda scope, keys: set())
    found = matters.register_all([intake("a1"), intake("a2")], actor=SYSTEM)
    assert found[0] == earlier and isinstance(found[1], Receipt)
    assert Matter.objects.count() == 2 and not list(verify.verify())


def test_statements_do_not_grow_with_what_is_registered(
    town: Place, statements: Callable[[], AbstractContextManager[Statements]]
):
    counts = []
    for batch, many in enumerate((1, 5, 40)):  # the first time a process asks some of it
        with statements() as seen:
            matters.register_all([intake(f"{batch}-{n}", f"第 {n} 盏路灯坏了。") for n in range(many)], actor=SYSTEM)
        counts.append(seen.count)
    assert counts[1] == counts[2], counts
