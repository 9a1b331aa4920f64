"""What is printed can be typed: slips are named by their group, two shares of three are enough, one says nothing."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shuoshi.kernel import keys
from shuoshi.kernel.copies import bundle, recovery, sharing, sheet, typed
from shuoshi.kernel.crypto import CryptoProblem, open_with, public_of, seal_to

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_the_published_vector_of_threshold_secret_sharing() -> None:
    """draft-mcgrew-tss-03, 10: the secret 7465737400 in two shares; and FIPS 197, 4.2: {57}·{83} = {c1}."""
    secret, first, second = (bytes.fromhex(text) for text in ("7465737400", "b9fa07e185", "f5409b4511"))
    assert sharing.join({1: first, 2: second}) == sharing.join({2: second, 1: first}) == secret
    slope = bytes(a ^ b for a, b in zip(secret, first, strict=True))
    assert sharing.share(secret, slope)[2] == second
    assert sharing.times(0x57, 0x83) == 0xC1


def test_any_two_shares_bring_every_byte_back() -> None:
    secret = bytes(range(256))
    shares = sharing.split(secret)
    for pair in itertools.permutations(shares, 2):
        assert sharing.join({place: shares[place] for place in pair}) == secret


def test_one_share_is_as_random_as_the_slope() -> None:
    """For each byte of a share there is exactly one slope that leads to it from each byte of the secret."""
    for place in sharing.PLACES:
        for secret in (0, 7, 255):
            assert {sharing.share(bytes([secret]), bytes([slope]))[place][0] for slope in range(256)} == set(range(256))


def test_groups_are_read_however_they_were_typed() -> None:
    data = random.Random(1).randbytes(20)
    text = typed.written(data)
    assert [len(group) for group in text.split("-")] == [5] * 8
    assert not set(text) & set("01IO")
    full_width = "".join(chr(ord(one) + 0xFEE0) if one.isalnum() else "　" for one in text)
    for given in (text, text.lower(), text.replace("-", " "), text.replace("-", ""), f" {text}\n", full_width):
        assert typed.read(given, 20) == data


def test_every_slip_and_every_exchange_is_named_by_its_group() -> None:
    text = typed.written(random.Random(2).randbytes(20))
    for at, symbol in enumerate(text):
        for other in typed.SYMBOLS if symbol != "-" else "":
            if other != symbol:
                with pytest.raises(typed.Mistyped, match=f"Group {at // 6 + 1} "):
                    typed.read(text[:at] + other + text[at + 1 :], 20)
    groups = text.split("-")
    for n, group in enumerate(groups):
        for a, b in itertools.combinations(range(5), 2):
            if group[a] != group[b]:
                slipped = "-".join([*groups[:n], exchanged(group, a, b), *groups[n + 1 :]])
                with pytest.raises(typed.Mistyped, match=f"Group {n + 1} "):
                    typed.read(slipped, 20)
    for a, b in itertools.combinations(range(8), 2):
        with pytest.raises(typed.Mistyped):
            typed.read(exchanged(groups, a, b, "-"), 20)


def exchanged(parts: Sequence[str], one: int, other: int, between: str = "") -> str:
    """The same with two of them in each other's place."""
    mixed = list(parts)
    mixed[one], mixed[other] = mixed[other], mixed[one]
    return between.join(mixed)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2O222", "Group 1 has 'O'"),
        (typed.written(bytes(5))[:5] + " 1", "Group 2 has '1'"),
        ("汉", "Group 1 has"),
        ("", "0 symbols were typed"),
    ],
)
def test_what_is_no_symbol_or_too_short_is_said(given: str, said: str) -> None:
    with pytest.raises(typed.Mistyped, match=said):
        typed.read(given, 20)


@pytest.mark.parametrize("shares", [False, True])
def test_a_sheet_brings_its_secret_back_and_the_home_keeps_none(tmp_path: Path, shares: bool) -> None:
    made = recovery.make(tmp_path, NOW, shares=shares)
    known = recovery.known(tmp_path)
    assert known is not None and (known.number, known.shared, known.made_at) == (made.number, shares, NOW)
    if not shares:
        secret = recovery.secret_of(made.codes)
        assert not secret.shared
        kept = [secret.value]
    else:
        assert len(made.codes) == 3
        kept = [recovery.secret_of(pair).value for pair in itertools.permutations(made.codes, 2)]
        assert len(set(kept)) == 1
    assert public_of(kept[0]) == known.public
    lying = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert kept[0] not in lying and kept[0].hex().encode() not in lying


def test_one_share_asks_for_another_and_shares_of_two_sheets_are_refused(tmp_path: Path) -> None:
    one, other = (recovery.make(tmp_path, NOW, shares=True) for _ in range(2))
    with pytest.raises(recovery.OneMore, match=f"share 1 of sheet {one.number}"):
        recovery.secret_of(one.codes[:1])
    with pytest.raises(recovery.OneMore, match="share 2 again"):
        recovery.secret_of([one.codes[1], one.codes[1]])
    with pytest.raises(recovery.Mistyped, match="different sheets"):
        recovery.secret_of([one.codes[0], other.codes[1]])


def test_slips_that_hide_each_other_in_a_group_are_found_by_the_whole(tmp_path: Path) -> None:
    code = recovery.make(tmp_path, NOW, shares=False).codes[0]
    found = 0
    for pair in itertools.product(typed.SYMBOLS, repeat=2):
        slipped = code[:30] + "".join(pair) + code[32:]
        if slipped == code:
            continue
        try:
            recovery.secret_of([slipped])
        except recovery.Mistyped as problem:
            found += "all groups" in str(problem)
        else:
            pytest.fail(f"{slipped} passed for {code}")
    assert found, "some pairs must pass the check of their group, or this test says nothing"


def test_the_keys_come_back_whole_and_only_with_their_sheet(tmp_path: Path) -> None:
    directory = tmp_path / "keys"
    keys.create_missing(directory)
    keys.create(directory, "field-0011223344556677", bytes(32))  # kept from before a rotation
    other, right = (recovery.make(tmp_path, NOW, shares=shares) for shares in (False, True))
    known = recovery.known(tmp_path)
    assert known is not None
    sealed = bundle.sealed(directory, known.public)
    for path in directory.iterdir():
        assert path.read_bytes() not in sealed and path.read_bytes().hex().encode() not in sealed
    with pytest.raises(bundle.WrongSheet, match=f"{right.number}.*{other.number}"):
        bundle.opened(sealed, recovery.secret_of(other.codes))
    secret = recovery.secret_of(right.codes[1:])
    bundle.bring_back(bundle.opened(sealed, secret), tmp_path / "back" / "keys")
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == {
        path.name: path.read_bytes() for path in (tmp_path / "back" / "keys").iterdir()
    }
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with pytest.raises(CryptoProblem):
        bundle.opened(changed, secret)
    with pytest.raises(bundle.WrongSheet):
        bundle.number(b"something else\n")


def test_what_is_sealed_for_a_secret_opens_with_no_other_and_in_no_other_place() -> None:
    sealed = seal_to(public_of(bytes(16)), b"here", b"words")
    assert open_with(bytes(16), b"here", sealed) == b"words"
    for secret, place, changed in (
        (bytes(15) + b"\1", b"here", sealed),
        (bytes(16), b"there", sealed),
        (bytes(16), b"here", b"\1" + sealed[1:]),
    ):
        with pytest.raises(CryptoProblem):
            open_with(secret, place, changed)


@pytest.mark.django_db
def test_the_paper_carries_every_group_and_says_who_keeps_it(tmp_path: Path) -> None:
    whole, shared = (recovery.make(tmp_path, NOW, shares=shares) for shares in (False, True))
    assert len(sheet.papers(whole)) == 1 and len(sheet.papers(shared)) == 3
    for made in (whole, shared):
        text, page = sheet.as_text(made), sheet.as_page(made)
        for code in made.codes:
            assert all(group in text and group in page for group in code.split("-"))
        assert made.number in text and made.number in page
        assert page.count("<svg") == len(made.codes)
    assert "保险柜" in sheet.as_text(whole) and "任意两份" in sheet.as_text(shared)
