"""Every match is found from the first character on, on both databases, as if each text were read through."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuoshi.kernel import search
from shuoshi.kernel.search import SearchEntry
from shuoshi.kernel.search.text import normalise

pytestmark = pytest.mark.django_db

# Few characters, so that random texts and queries meet: common and rare Han, kana, digits, letters, signs, wide forms.
ALPHABET = "路灯坏了不亮水𠮷𠀀䶮あカab1２Ａ-，。% _'\"\\\n"
TEXTS = st.lists(st.text(ALPHABET, max_size=30), min_size=1, max_size=8)


def put_all(texts: Iterable[str]) -> dict[uuid.UUID, str]:
    refs = {uuid.uuid4(): text for text in texts}
    for ref, text in refs.items():
        search.put("matter", ref, text)
    return refs


def found(query: str, kind: str = "matter") -> set[uuid.UUID]:
    return set(search.matching(kind, query).values_list("ref", flat=True))


def scan(refs: dict[uuid.UUID, str], word: str) -> set[uuid.UUID]:
    return {ref for ref, text in refs.items() if normalise(word) in normalise(text)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.text("路灯坏了不亮水𠮷𠀀䶮あカab1２Ａ", min_size=1, max_size=6))
def test_a_word_finds_what_a_scan_finds(texts: list[str], word: str) -> None:
    SearchEntry.objects.all().delete()
    refs = put_all(texts)
    assert found(word) == scan(refs, word)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.integers(0, 7), st.integers(0, 29), st.integers(2, 8))
def test_any_part_of_a_text_finds_it(texts: list[str], which: int, start: int, length: int) -> None:
    """Signs inside count, signs around it do not; nothing in a query is an operator."""
    SearchEntry.objects.all().delete()
    refs = put_all(texts)
    part = texts[which % len(texts)][start : start + length]
    words = [word.strip("-，,。%_'\"\\") for word in normalise(part).split()]
    wanted = [scan(refs, word) for word in words if word]
    assert found(part) == (set.intersection(*wanted) if wanted else set())


def test_several_words_must_all_be_there() -> None:
    refs = put_all(["新民路的路灯坏了三天", "路灯一直亮着", "三天没有水"])
    by_text = {text: ref for ref, text in refs.items()}
    assert found("路灯 三天") == {by_text["新民路的路灯坏了三天"]}
    assert found("路灯\u3000三天") == {by_text["新民路的路灯坏了三天"]}
    assert found("三天") == {by_text["新民路的路灯坏了三天"], by_text["三天没有水"]}


def test_pairs_that_lie_apart_are_no_match() -> None:
    put_all(["路灯旁边，灯坏"])
    assert found("路灯坏") == set()


@pytest.mark.parametrize("query", ["", " ", "，。", '"', "' OR 1=1 --", "NEAR(", "*", "%", "\0", "\ud800", "AND"])
def test_no_query_is_an_error(query: str) -> None:
    put_all(["路灯坏了"])
    assert found(query) == set()
    assert found(query * 400) == set()


def test_a_long_query_is_cut_and_a_long_text_is_found_to_its_end() -> None:
    refs = put_all(["的" * 20_000 + "末尾有坑洞"])
    assert found("坑洞") == set(refs)
    assert found("的" * 5_000) == set(refs)


def test_putting_again_replaces_and_removing_removes() -> None:
    ref = uuid.uuid4()
    search.put("matter", ref, "路灯坏了")
    search.put("matter", ref, "水管漏水")
    assert found("路灯") == set()
    assert found("漏水") == {ref}
    assert found("漏水", kind="answer") == set()
    search.remove("matter", ref)
    search.remove("matter", ref)
    assert found("漏水") == set()


def test_the_words_leave_the_index_with_the_row() -> None:
    """Also when somebody deletes the row past `remove`: a new entry under the same number must not inherit them."""
    search.put("matter", uuid.uuid4(), "路灯坏了")
    SearchEntry.objects.all().delete()
    table = "kernel_searchentry" if connection.vendor == "postgresql" else "kernel_search_fts"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)


def test_the_index_is_asked_before_the_texts_are_read() -> None:
    """Not all entries of the kind first: their number grows with the years, the matches of a word hardly."""
    put_all(f"{chr(0x4E00 + number)}{chr(0x5E00 + number)}路" for number in range(500))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    plan = search.matching("matter", "一帀").explain()
    if connection.vendor == "postgresql":
        assert "kernel_searchentry_tokens" in plan
    else:
        assert "SEARCH kernel_searchentry USING INTEGER PRIMARY KEY" in plan
        assert "SCAN kernel_search_fts VIRTUAL TABLE" in plan


@given(st.text(ALPHABET, max_size=60), st.text(ALPHABET, max_size=8))
def test_highlighted_pieces_are_the_text_again(text: str, query: str) -> None:
    pieces = search.highlight(text, query)
    assert "".join(piece for piece, _ in pieces) == text
    assert all(piece for piece, _ in pieces)


def test_highlighting_marks_what_was_looked_for() -> None:
    assert search.highlight("新民路的路灯坏了", "路灯") == [("新民路的", False), ("路灯", True), ("坏了", False)]
    assert search.highlight("ＡＢ座３楼", "ab 3楼") == [("ＡＢ", True), ("座", False), ("３楼", True)]
    assert search.highlight("<b>路灯</b>", "路灯") == [("<b>", False), ("路灯", True), ("</b>", False)]


@pytest.mark.parametrize(
    "secret",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "１３８００００００００",
        "+8613800000000",
        "0571-88880000",
        "330105194912310026",
        "33010519491231002X",
        "33010519491231002x",
        "6222 0212 0800 1234 567",
        "6222021208001234567",
        "浙A12345",
        "浙A·D12345",
        "浙Ａ１２３４５",
        "一三八零零零零零零零零",
        "一三八 零零零零 零零零零",
        "壹叁捌零零零零零零零零",
        "①③⑧⓪⓪⓪⓪⓪⓪⓪⓪",
        "138/0000/0000",
        "138\u20600000\u200f0000",
        "chen.daming-1970@mail.example.com",
        "Ｃｈｅｎ＠163．com",
    ],
)
def test_numbers_that_lead_to_people_are_scrubbed(secret: str) -> None:
    scrubbed = search.scrub(f"他的号码是{secret}，请联系")
    assert secret not in scrubbed
    assert "〔号码〕" in scrubbed
    assert scrubbed.startswith("他的号码是")
    assert scrubbed.endswith("，请联系")
    assert sum(character.isdigit() for character in scrubbed) == 0


@pytest.mark.parametrize(
    "harmless",
    [
        "2026-11-23 停水",
        "2026/11/23 停水",
        "2026年11月23日",
        "3号楼2单元501室",
        "12345热线",
        "欠了 15000 元",
        "新民路128号",
        "①2026-11-23 停水，②没有人管",
        "星期一 2026-11-23 停水",
        "欠了壹万贰仟叁佰肆拾伍元",
        "微博@青禾发布",
    ],
)
def test_days_houses_and_sums_stay(harmless: str) -> None:
    assert search.scrub(harmless) == harmless


@pytest.mark.parametrize(
    "card",
    [
        "330102197001011234",
        "33010219700101123X",
        "330102 19700101 123x",
        "３３０１０２１９７００１０１１２３Ｘ",
        "330102700101123",
        "三三零一零二一九七零零一零一一二三四",
        "dm.chen@example.com",
    ],
)
def test_identity_cards_are_scrubbed_beside_other_numbers(card: str) -> None:
    said = f"电话13800000017，证件{card}，卡号6222021234567890123"
    assert search.scrub_identities(said) == said.replace(card, "〔号码〕")


@pytest.mark.parametrize(
    "other",
    [
        "13800000017",
        "13800000017 13912345678",
        "008613800000017",
        "0571-88123456",
        "6222 0212 3456 7890 123",
        "330102199913011234",
        "2026-11-23",
    ],
)
def test_what_is_no_identity_card_stays_where_only_they_are_scrubbed(other: str) -> None:
    assert search.scrub_identities(f"请打{other}。") == f"请打{other}。"


def test_scrubbing_takes_time_in_proportion() -> None:
    import time

    for hostile in (
        "1 " * 30_000,
        "浙A" * 30_000,
        "1-" * 30_000 + "x",
        "123456" + "-" * 60_000,
        "2026-1" * 20_000,
        "a@a." * 15_000,
        "a" * 60_000,
    ):
        began = time.perf_counter()
        search.scrub(hostile)
        assert time.perf_counter() - began < 1
