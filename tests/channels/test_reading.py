"""What a machine reads off a letter is a first draft beside its picture, gone when the letter is settled (3.2.2)."""

from __future__ import annotations

from uuid import UUID

import pytest

from shuoshi.channels.boxes import actions, reading
from shuoshi.channels.boxes.models import Aside, ReadOff
from shuoshi.kernel import clock, recognising
from shuoshi.matters.terms import FileGiven
from tests.support.boxes import hung, opened
from tests.support.desk import signed_in
from tests.support.sheets import page
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def photographed(town: Place, *lines: str) -> str:
    letter = opened(town, hung(town), 1).letters.get()
    actions.add_photos(letter.pk, [FileGiven("1.jpg", page(*lines), "image/jpeg")], actor=town.actor("王芳"))
    return str(letter.pk)


def test_the_form_begins_with_what_was_read_and_says_so(town: Place):
    letter = photographed(town, "村口的路灯坏了三天")
    empty = signed_in(town, "王芳").get(f"/desk/register/?letter={letter}").content.decode()
    assert "机器从照片上认出来的" not in empty
    assert reading.read_next(clock.now()) and not reading.read_next(clock.now())
    body = signed_in(town, "王芳").get(f"/desk/register/?letter={letter}").content.decode()
    assert "路灯坏了三天" in body and "机器从照片上认出来的" in body


def test_a_page_that_cannot_be_read_is_typed_and_not_tried_again(town: Place, monkeypatch: pytest.MonkeyPatch):
    letter = photographed(town)
    monkeypatch.setattr(recognising, "WALL_SECONDS", 0.01)
    assert reading.read_next(clock.now()) and not reading.read_next(clock.now())
    body = signed_in(town, "王芳").get(f"/desk/register/?letter={letter}").content.decode()
    assert "机器从照片上认出来的" not in body and str(ReadOff.objects.get().text) == ""


def test_what_was_read_goes_when_the_letter_is_settled(town: Place, monkeypatch: pytest.MonkeyPatch):
    letter = photographed(town)
    monkeypatch.setattr(recognising, "WALL_SECONDS", 0.01)
    reading.read_next(clock.now())
    assert reading.forget(clock.now()) == 0
    actions.set_aside(UUID(letter), Aside.EMPTY, actor=town.actor("王芳"))
    assert reading.forget(clock.now()) == 1 and not ReadOff.objects.exists()
