"""Recordings of strangers: known by what is in them, as long as they may be, without what stood beside the sound."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from contextlib import suppress
from random import Random

import pytest
from django.test import RequestFactory

from shuoshi.kernel import sounds
from shuoshi.kernel.web.sound import sound
from tests.support import sounds as made

pytestmark = pytest.mark.once

KINDS: dict[str, Callable[[float], bytes]] = {
    "audio/wav": made.wav,
    "audio/amr": made.amr,
    "audio/mpeg": made.mp3,
    "audio/ogg": made.ogg,
    "audio/webm": made.webm,
    "audio/mp4": made.mp4,
}


@pytest.mark.parametrize("media_type", KINDS)
def test_each_kind_is_known_by_its_content_and_measured(media_type: str):
    found = sounds.clean(KINDS[media_type](2))
    assert (found.media_type, found.seconds) == (media_type, 2)
    assert sounds.clean(found.data) == found, "what was kept is fit as it is"


@pytest.mark.parametrize("media_type", KINDS)
def test_nothing_that_stood_beside_the_sound_is_kept(media_type: str):
    found = sounds.clean(KINDS[media_type](2))
    assert made.HIDDEN not in found.data and b"Chrome" not in found.data


@pytest.mark.parametrize("media_type", KINDS)
def test_what_is_longer_than_three_minutes_is_refused(media_type: str):
    with pytest.raises(sounds.BadSound) as bad:
        sounds.clean(KINDS[media_type](185))
    assert bad.value.reason == sounds.Reason.TOO_LONG and "3 分钟" in str(bad.value)


def test_a_recorder_that_stops_by_itself_may_be_a_moment_late():
    assert sounds.clean(made.amr(180.6)).seconds == 181


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "wrong_type"),
        (b"<html><script>alert(1)</script>", "wrong_type"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "wrong_type"),
        (b"\xff\xfb\x14\xc4" + bytes(92) + b"<script>" * 40, "broken"),
        (b"RIFF\0\0\0\0WAVEfmt ", "broken"),
        (made.wav(0), "broken"),
        (made.mp4(codec=b"avc1", handler=b"vide"), "wrong_type"),
        (made.webm(kind=1), "wrong_type"),
        (made.webm(codec=b"V_VP9"), "wrong_type"),
        (made.ogg(head=b"\x01vorbis" + bytes(20)), "wrong_type"),
        (made.webm(0), "silent"),
        (b"#!AMR\n", "broken"),
        (bytes(sounds.LARGEST + 1), "too_big"),
        (made.webm().replace(b"\x2a\xd7\xb1\x40\x03", b"\x2a\xd7\xb1\x40\xcb" + b"\xff" * 200, 1), "broken"),
        (made.ogg(comments=5), "broken"),
    ],
)
def test_what_is_no_sound_is_refused_with_the_reason(data: bytes, reason: str):
    with pytest.raises(sounds.BadSound) as bad:
        sounds.clean(data)
    assert bad.value.reason == reason and str(bad.value)


def test_safari_tells_how_long_it_is_piece_by_piece():
    assert sounds.clean(made.mp4(2, parts=True)).seconds == 2


def test_a_recording_of_chromium_learns_how_long_it_is():
    found = sounds.clean(made.webm(3))
    assert b"\x44\x89\x88" + struct.pack(">d", 3000.0) in found.data


def test_what_a_telephone_keeps_as_3gp_is_taken_and_not_played():
    found = sounds.clean(made.mp4(codec=b"samr"))
    assert found.media_type in sounds.NOT_PLAYED


def test_what_stands_behind_the_sound_is_cut_off():
    page = b"<script>alert(1)</script>"
    for make in (made.wav, made.amr, made.mp3, made.ogg):
        assert page not in sounds.clean(make(1) + page).data


@pytest.mark.parametrize("media_type", KINDS)
def test_what_was_damaged_on_the_way_is_taken_or_refused_and_nothing_else(media_type: str):
    whole, dice = KINDS[media_type](1), Random(os.environ.get("SEED", "7"))
    for _turn in range(150):
        data = bytearray(whole[: dice.randrange(1, len(whole) + 1)])
        for _byte in range(dice.randrange(4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        with suppress(sounds.BadSound):
            assert sounds.clean(bytes(data), longest=10**9).seconds >= 1


# ── parts of it ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "status", "body", "said"),
    [
        ("", 200, b"0123456789", None),
        ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=3-5", 206, b"345", "bytes 3-5/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=-4", 206, b"6789", "bytes 6-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=5-3", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=0-1,4-5", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_a_player_can_begin_in_the_middle(asked: str, status: int, body: bytes, said: str | None):
    answer = sound(RequestFactory().get("/", headers={"range": asked}), b"0123456789", "audio/webm")
    assert (answer.status_code, answer.content, answer.headers.get("Content-Range")) == (status, body, said)
    assert answer["Accept-Ranges"] == "bytes" and answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "private, no-store"
