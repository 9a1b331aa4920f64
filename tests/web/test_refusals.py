"""What did not happen is a page in the person's language, with the way on, and with everything that was typed."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import KeyReused, Refused, Stale
from shuoshi.kernel.web import page, public
from shuoshi.kernel.web.forms import Form, Text, posted
from shuoshi.kernel.web.refusals import handler500 as handler_of_faults
from shuoshi.portal import institution
from tests.support.village import Place

TYPED = "村口的井盖又坏了，车轮陷进去 𠮷😀"


class Say(Form):
    text = Text(label="内容")


@page(access=public)
def refuse(request: HttpRequest) -> HttpResponse:
    form = Say(posted(request), turn=7)
    if form.is_valid():
        match request.POST.get("why"):
            case "stale":
                raise Stale("签收了这件事", "王芳", clock.now())
            case "key":
                raise KeyReused("act", "k")
            case "broken":
                raise RuntimeError("no")
        raise Refused("not_yours", "受理中心回访后才能办结。", who_could="刘敏")
    return HttpResponse(str(form))


urlpatterns = [path("refuse/", refuse)]
handler404 = "shuoshi.kernel.web.refusals.handler404"
handler500 = "shuoshi.kernel.web.refusals.handler500"


@pytest.fixture
def browser(db):
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False, headers={"accept-language": "zh-CN"})


def test_a_refusal_says_why_and_who_could_and_keeps_the_text(browser: Client):
    answer = browser.post("/refuse/", {"text": TYPED})
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "受理中心回访后才能办结。" in said
    assert "可找：刘敏。" in said
    assert said.count(TYPED) == 2  # to read, and to send back


def test_a_stale_form_says_who_did_what_and_when(browser: Client):
    said = browser.post("/refuse/", {"text": TYPED, "why": "stale"}).content.decode()
    assert "您填写时，王芳已于" in said
    assert "签收了这件事。" in said
    assert TYPED in said


def test_going_back_fills_the_form_and_does_nothing(browser: Client):
    answer = browser.post("/refuse/", {"text": TYPED, "again": "1", "turn": "3", "key": "old"})
    said = answer.content.decode()
    assert answer.status_code == 200
    assert TYPED in said
    assert 'value="7"' in said
    assert 'value="old"' not in said


def test_a_reused_key_is_told(browser: Client):
    answer = browser.post("/refuse/", {"text": TYPED, "why": "key"})
    assert answer.status_code == 409
    assert "这份表已经交过了" in answer.content.decode()


def test_a_fault_has_a_number_and_keeps_the_text(browser: Client, caplog):
    answer = browser.post("/refuse/", {"text": TYPED, "why": "broken"})
    said = answer.content.decode()
    assert answer.status_code == 500
    number = next(record.fault for record in caplog.records if hasattr(record, "fault"))
    assert number in said
    assert TYPED in said
    assert "RuntimeError" not in said
    assert TYPED not in caplog.text


def test_a_fault_of_the_database_is_told_in_three_languages_without_it(caplog):
    """No database here: the page with the institution's name cannot be made."""
    institution.forget()
    answer = handler_of_faults(RequestFactory().post("/submit/", {"text": TYPED}, headers={"accept-language": "en"}))
    said = answer.content.decode()
    number = next(record.fault for record in caplog.records if hasattr(record, "fault"))
    assert answer.status_code == 500
    assert said.count(number) == 3
    for words in ("不是您的问题", "不是您的問題", "It was not your fault"):
        assert words in said
    assert said.count(TYPED) == 2 and 'name="csrfmiddlewaretoken" value=""' not in said


def test_while_the_database_is_away_the_hotline_is_named_and_the_text_is_kept(town: Place, monkeypatch):
    resident = Client(raise_request_exception=False, headers={"accept-language": "zh-CN"})
    monkeypatch.setattr(institution, "_FRESH", 0.0)  # it is read anew for every page
    resident.get("/points/")
    with connection.execute_wrapper(_away):
        answer = resident.post("/submit/what/", {"what": TYPED})
    said = answer.content.decode()
    assert answer.status_code == 500
    assert said.count(TYPED) == 2
    assert said.count("000-8812 6600") >= 1 and "000-8812 6699" in said


def _away(*query: object) -> object:
    raise OperationalError("could not connect to server: Connection refused")


def test_an_unknown_page_leads_on(browser: Client):
    answer = browser.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到这一页" in answer.content.decode()


def test_a_form_that_waited_too_long_keeps_its_text(db):
    with override_settings(ROOT_URLCONF=__name__):
        browser = Client(enforce_csrf_checks=True)
        answer = browser.post("/refuse/", {"text": TYPED, "password": "secret words"})
    said = answer.content.decode()
    assert answer.status_code == 403
    assert TYPED in said
    assert "secret words" not in said


def test_a_flood_of_fields_is_too_large(browser: Client):
    answer = browser.post("/refuse/", {f"f{n}": "x" for n in range(300)})
    assert answer.status_code == 413
    assert "这次交的内容太大" in answer.content.decode()


def test_other_methods_are_refused(browser: Client):
    assert browser.put("/refuse/").status_code == 405


@pytest.mark.parametrize("address", ["//example.org/?lang=en", "//example.org//?size=large"])
def test_a_choice_never_leads_to_another_host(address: str):
    from shuoshi.kernel.web.choices import ChoiceMiddleware

    request = RequestFactory().get("/")
    request.path = address.partition("?")[0]
    request.GET = request.GET.copy()
    request.GET["lang"] = "en"
    answer = ChoiceMiddleware(lambda request: HttpResponse())(request)
    assert answer.headers["Location"].startswith("/e")
