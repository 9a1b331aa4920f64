"""Until an institution has begun, its people are told so before they type, and whoever can begin is led there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.organization.models import Institution
from tests.support.village import Place

Desk = Callable[[str], Client]
BEGIN = 'href="/desk/settings/start/"'


@pytest.fixture
def not_begun(town: Place) -> None:
    Institution.objects.update(opened_at=None)


@pytest.mark.usefixtures("not_begun")
def test_the_administrator_lands_on_what_is_still_missing(at_desk: Desk) -> None:
    body = at_desk("管理员").get("/desk/").content.decode()
    assert "还没有开始受理" in body and BEGIN in body
    assert "还没有开始受理" not in at_desk("王芳").get("/desk/").content.decode(), "she cannot begin"


def test_once_it_has_begun_nothing_is_said_of_it(at_desk: Desk) -> None:
    assert BEGIN not in at_desk("管理员").get("/desk/").content.decode()


@pytest.mark.usefixtures("not_begun")
def test_who_registers_reads_that_it_has_not_begun_before_typing(at_desk: Desk) -> None:
    body = at_desk("王芳").get("/desk/register/").content.decode()
    assert "这里还没有开始受理说事，还不能登记。" in body and "可找：系统管理员。" in body
    assert 'id="register"' not in body
    assert BEGIN in at_desk("管理员").get("/desk/register/").content.decode()


def test_whose_post_registers_nothing_gets_no_form_to_fill_in(at_desk: Desk) -> None:
    body = at_desk("管理员").get("/desk/register/").content.decode()
    assert "您的岗位不能登记说事。" in body and "可找：受理中心登记员。" in body
    assert 'id="register"' not in body and BEGIN not in body
    assert 'id="register"' in at_desk("王芳").get("/desk/register/").content.decode()
