"""Numbers come to one form however they are written; masks show enough to recognise and no more."""

from __future__ import annotations

import pytest

from shuoshi.people import id_numbers, phones
from shuoshi.people.masks import masked_address, masked_email, masked_id_number, masked_name, masked_phone


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13812340017", "13812340017"),
        ("138 1234 0017", "13812340017"),
        ("138-1234-0017", "13812340017"),
        ("+86 138 1234 0017", "13812340017"),
        ("0086-13812340017", "13812340017"),
        ("8613812340017", "13812340017"),
        ("１３８１２３４００１７", "13812340017"),
        ("（0571）8888 0000", "057188880000"),
        ("0571-88880000", "057188880000"),
        ("+86 571 8888 0000", "057188880000"),
        ("010 62345678", "01062345678"),
        ("400 810 0000", "4008100000"),
        ("110", "110"),
        ("12345", "12345"),
        ("95598", "95598"),
        ("000-1234 5678", "00012345678"),
        ("+852 2345 6789", "+85223456789"),
    ],
)
def test_one_number_has_one_form(written: str, number: str) -> None:
    assert phones.normalise(written) == number
    assert phones.normalise(number) == number


@pytest.mark.parametrize(
    "written", ["", "没有", "1381234001", "138123400177", "88880000", "0000", "13812340017 转 2", "1", "123"]
)
def test_what_is_no_number_is_told_so(written: str) -> None:
    with pytest.raises(phones.BadNumber, match="11 位"):
        phones.normalise(written)


def test_an_identity_card_number_proves_itself() -> None:
    assert id_numbers.normalise("11010519491231002x") == "11010519491231002X"
    assert id_numbers.normalise("１１０１０５ 19491231 002X") == "11010519491231002X"
    for wrong in ("110105194912310021", "11010519491231002", "abc", ""):
        with pytest.raises(id_numbers.BadIdNumber, match="18 位"):
            id_numbers.normalise(wrong)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("陈小明", "陈某某"),
        ("王强", "王某某"),
        ("欧阳娜娜", "欧阳某某"),
        ("欧阳", "欧某某"),
        ("𠮷野太郎", "𠮷某某"),
        ("Anna", "A***"),
        ("", ""),
    ],
)
def test_a_masked_name_keeps_the_surname_and_hides_how_long_the_rest_is(name: str, masked: str) -> None:
    assert masked_name(name) == masked


def test_masked_numbers() -> None:
    assert masked_phone("13812340017") == "138****0017"
    assert masked_phone("057188880000") == "057*****0000"
    assert masked_phone("12345") == "12345"
    assert masked_id_number("11010519491231002X") == "110105**********2X"
    assert masked_address("柳湾村三组 12 号") == "柳湾村三组 …"
    assert masked_email("chen@example.com") == "c***@example.com" and masked_email("") == ""
