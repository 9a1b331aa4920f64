"""Encrypted text: str in Python, sealed in the database, bound to its place and its key (security.md §2.6, D12)."""

from __future__ import annotations

import hashlib
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import connection

from shuoshi.kernel import blind, crypto, keys
from shuoshi.kernel.ids import new_id
from tests.kernel.rows.models import Household, Letter

pytestmark = [pytest.mark.django_db, pytest.mark.once]

NAME = "陈𠮷祥🌾"


def stored(row: Household | Letter, column: str) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {row._meta.db_table} WHERE id = %s", [_pk(row.pk)])
        value = cursor.fetchone()[0]
    return None if value is None else bytes(value)


def put(row: Household | Letter, column: str, value: bytes | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s WHERE id = %s", [value, _pk(row.pk)])


def _pk(pk: UUID) -> UUID | str:
    return pk if connection.vendor == "postgresql" else pk.hex


def test_text_comes_back_and_is_not_in_the_database() -> None:
    row = Household.objects.create(name=NAME, phone="13800000000")
    again = Household.objects.get(pk=row.pk)
    assert again.name == NAME
    assert again.phone == "13800000000"
    sealed = stored(row, "name")
    assert sealed is not None
    assert NAME.encode() not in sealed


def test_text_of_20000_characters_survives() -> None:
    row = Household.objects.create(name="𬱖" * 20_000)
    assert Household.objects.get(pk=row.pk).name == "𬱖" * 20_000


def test_no_text_is_null_and_reads_as_empty() -> None:
    row = Household.objects.create(name=NAME)
    assert stored(row, "phone") is None
    assert Household.objects.get(pk=row.pk).phone == ""
    assert crypto.commitment(Household.objects.get(pk=row.pk), "phone") is None
    assert Household.objects.filter(phone__isnull=True).count() == 1


def test_text_is_sealed_under_the_key_of_its_owner() -> None:
    household = Household.objects.create(name=NAME)
    letter = Letter.objects.create(household=household, event_id=new_id(), text="门口的路灯坏了")
    again = Letter.objects.select_related("household").get(pk=letter.pk)
    assert again.text == "门口的路灯坏了"


def test_reading_costs_no_statement_when_the_owner_is_at_hand(statements) -> None:
    household = Household.objects.create(name=NAME)
    Letter.objects.create(household=household, event_id=new_id(), text="一")
    with statements() as seen:
        assert [letter.text for letter in Letter.objects.select_related("household")] == ["一"]
    assert seen.count == 1, seen


def test_a_value_moved_to_another_row_is_refused() -> None:
    one, two = Household.objects.create(name="甲"), Household.objects.create(name="乙")
    put(two, "wrapped_key", stored(one, "wrapped_key"))  # even with the right key beside it
    put(two, "name", stored(one, "name"))
    with pytest.raises(crypto.CryptoProblem, match="changed or moved"):
        _ = Household.objects.get(pk=two.pk).name


def test_a_value_moved_to_another_column_is_refused() -> None:
    row = Household.objects.create(name="甲", phone="13800000000")
    put(row, "name", stored(row, "phone"))
    with pytest.raises(crypto.CryptoProblem, match="changed or moved"):
        _ = Household.objects.get(pk=row.pk).name


@pytest.mark.parametrize("place", [0, 1, 12, 13, 45, -1])
def test_one_changed_byte_is_refused(place: int) -> None:
    row = Household.objects.create(name=NAME)
    sealed = bytearray(stored(row, "name") or b"")
    sealed[place] ^= 1
    put(row, "name", bytes(sealed))
    with pytest.raises(crypto.CryptoProblem):
        _ = Household.objects.get(pk=row.pk).name


def test_a_destroyed_key_erases_what_it_sealed() -> None:
    row = Household.objects.create(name=NAME)
    put(row, "wrapped_key", None)
    with pytest.raises(crypto.Erased):
        _ = Household.objects.get(pk=row.pk).name


def test_the_commitment_is_of_nonce_and_text_and_does_not_reveal_equal_texts() -> None:
    one, two = Household.objects.create(name=NAME), Household.objects.create(name=NAME)
    plain = crypto.open_(one.data_key(), f"rows_household\0name\0{one.pk}".encode(), stored(one, "name") or b"")
    assert plain[32:].decode() == NAME
    assert crypto.commitment(one, "name") == hashlib.sha256(plain).hexdigest()
    assert crypto.commitment(one, "name") != crypto.commitment(two, "name")


def test_the_same_text_keeps_its_commitment_and_another_gets_a_new_nonce() -> None:
    row = Household.objects.create(name=NAME)
    before = crypto.commitment(row, "name")
    again = Household.objects.get(pk=row.pk)
    again.name = NAME
    again.save()
    assert crypto.commitment(Household.objects.get(pk=row.pk), "name") == before
    again.name = "别的"
    again.name = NAME
    again.save()
    assert Household.objects.get(pk=row.pk).name == NAME
    assert crypto.commitment(Household.objects.get(pk=row.pk), "name") != before


def test_refreshing_a_row_takes_over_what_is_stored() -> None:
    row = Household.objects.create(name=NAME)
    other = Household.objects.get(pk=row.pk)
    other.name = "别的"
    other.save(update_fields=["name"])
    row.refresh_from_db()
    assert row.name == "别的"
    assert crypto.commitment(row, "name") == crypto.commitment(other, "name")


def test_a_deferred_text_is_loaded_when_it_is_read() -> None:
    row = Household.objects.create(name=NAME)
    partly = Household.objects.only("label").get(pk=row.pk)
    assert partly.name == NAME
    assert crypto.commitment(partly, "name") == crypto.commitment(row, "name")


def test_a_copied_row_is_sealed_anew_for_its_own_place() -> None:
    row = Household.objects.create(name=NAME)
    row.pk = new_id()
    row.save(force_insert=True)
    assert [household.name for household in Household.objects.all()] == [NAME, NAME]


def test_a_text_taken_from_another_row_gets_its_own_nonce() -> None:
    one = Household.objects.create(name=NAME)
    two = Household.objects.create(name=one.name)
    assert Household.objects.get(pk=two.pk).name == NAME
    assert crypto.commitment(one, "name") != crypto.commitment(two, "name")


def test_many_rows_at_once_are_sealed_like_one() -> None:
    Household.objects.bulk_create([Household(name=f"第{n}户") for n in range(3)])
    assert sorted(row.name for row in Household.objects.all()) == ["第0户", "第1户", "第2户"]


def test_comparing_in_the_database_is_refused() -> None:
    with pytest.raises(FieldError, match="encrypted"):
        Household.objects.filter(name=NAME).exists()
    with pytest.raises(TypeError, match="encrypted"):
        Household.objects.update(name=NAME)


def test_values_show_nothing() -> None:
    Household.objects.create(name=NAME)
    assert repr(Household.objects.values_list("name", flat=True).get()) == "<encrypted>"


def test_the_wrong_field_key_opens_nothing(tmp_path: Path, settings) -> None:
    row = Household.objects.create(name=NAME)
    keys.create_missing(tmp_path / "keys")
    settings.KEYS = tmp_path / "keys"
    with pytest.raises(crypto.CryptoProblem, match="not here"):
        _ = Household.objects.get(pk=row.pk).name


def test_a_retired_field_key_still_opens_what_it_wrapped(tmp_path: Path, settings) -> None:
    row = Household.objects.create(name=NAME)
    retired = settings.KEYS / "field"
    keys.create_missing(tmp_path / "keys")
    key_id = (stored(row, "wrapped_key") or b"")[:8].hex()
    kept = tmp_path / "keys" / f"field-{key_id}"
    kept.write_bytes(retired.read_bytes())
    kept.chmod(0o600)
    settings.KEYS = tmp_path / "keys"
    assert Household.objects.get(pk=row.pk).name == NAME


def test_sealed_bytes_open_only_in_their_place() -> None:
    key = bytes(32)
    sealed = crypto.seal(key, b"file:1", b"photo")
    assert crypto.open_(key, b"file:1", sealed) == b"photo"
    with pytest.raises(crypto.CryptoProblem):
        crypto.open_(key, b"file:2", sealed)
    with pytest.raises(crypto.CryptoProblem):
        crypto.open_(key, b"file:1", b"")


def test_a_blind_index_depends_on_value_and_field() -> None:
    assert blind.index("phone", "13800000000") == blind.index("phone", "13800000000")
    assert blind.index("phone", "13800000000") != blind.index("phone", "13800000001")
    assert blind.index("phone", "13800000000") != blind.index("id", "13800000000")
    assert blind.index("phone", "13800000000") != hashlib.sha256(b"13800000000").hexdigest()
    assert len(blind.index("phone", "1")) == 64
    assert settings.KEYS.exists()
