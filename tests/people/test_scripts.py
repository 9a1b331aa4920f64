"""A name is known in either script."""

from __future__ import annotations

import re

from opencc import OpenCC

from shuoshi.people import scripts


def test_each_character_is_known_as_the_dictionary_has_it() -> None:
    dictionary = OpenCC("t2s")
    for place in range(0x4E00, 0xA000):
        plain = dictionary.convert(dictionary.convert(chr(place)))  # 薴, 苧, 苎
        if len(plain) == 1 and "\u4e00" <= plain < "\ua000":
            assert scripts.simplified(chr(place)) == plain
            assert re.fullmatch(scripts.either(plain), chr(place))


def test_a_name_is_found_in_the_other_script() -> None:
    assert scripts.simplified("歐陽鍾華 Li") == "欧阳钟华 Li"
    assert re.fullmatch(scripts.either("鍾"), "钟") and re.fullmatch(scripts.either("钟"), "鍾")
    assert not re.fullmatch(scripts.either("."), "a")
