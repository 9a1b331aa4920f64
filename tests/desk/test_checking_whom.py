"""5.3: the registry looks up whom a resident's words speak of, before anything else may be decided."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from shuoshi.matters.models import Matter
from tests.support.village import Place

Desk = Callable[[str], Client]


def test_the_words_stand_beside_the_names_and_nothing_else_goes_first(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(concerns_words="一个姓周的")
    client = at_desk("刘敏")
    page = client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert "还没有核对是谁" in page and f"/desk/matters/{matter.number}/check_concerned/" in page
    assert f'href="/desk/matters/{matter.number}/accept/"' not in page
    form = client.get(f"/desk/matters/{matter.number}/check_concerned/").content.decode()
    assert "说事人写的是：“一个姓周的”" in form and "周建国（城建办）" in form


def test_nobody_chosen_and_nothing_ticked_is_asked_again(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(concerns_words="一个姓周的")
    address = f"/desk/matters/{matter.number}/check_concerned/"
    answer = at_desk("刘敏").post(address, {"turn": matter.turn})
    assert answer.status_code == 422 and "都不是的，勾上“不是”" in answer.content.decode()


def test_a_registrar_who_finds_themself_is_led_away_from_it(town: Place, at_desk: Desk) -> None:
    matter = town.raise_matter(concerns_words="那个女登记员")
    client = at_desk("王芳")
    address = f"/desk/matters/{matter.number}/check_concerned/"
    answer = client.post(address, {"turn": matter.turn, "people": [str(town.persons["王芳"])]}, follow=True)
    assert answer.status_code == 200 and answer.redirect_chain[-1][0] == "/desk/"
    assert not Matter.objects.get(pk=matter.pk).concerns_to_check
    assert client.get(f"/desk/matters/{matter.number}/").status_code == 404
