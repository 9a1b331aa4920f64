"""What holds for every page: who may see it is said, no inline script or style, language and size by plain links."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.portal.resident import Resident

TEMPLATES = sorted(Path(settings.PACKAGE).glob("*/templates/**/*.html"))
INLINE = re.compile(r"""<style|\sstyle=|\son[a-z]+=["']|<script(?![^>]*\ssrc=)|javascript:""", re.I)


def every_route(resolver=None, prefix=""):
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLPattern):
            yield prefix + str(one.pattern), one.callback
        else:
            yield from every_route(one, prefix + str(one.pattern))


def test_every_page_says_who_may_see_it():
    watchdogs = {"healthz", "readyz"}
    silent = [route for route, view in every_route() if route not in watchdogs and not hasattr(view, "access")]
    assert silent == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.PACKAGE)))
def test_no_template_holds_inline_script_or_style(template: Path):
    found = INLINE.findall(template.read_text("utf-8"))
    assert found == []
    get_template(str(template).partition("templates/")[2])


def test_language_and_size_are_kept_and_the_address_stays(town):
    browser = Client(headers={"accept-language": "zh-CN"})
    answer = browser.get("/points/?lang=en&x=1")
    assert answer.headers["Location"] == "/points/?x=1"
    assert '<html lang="en"' in browser.get("/points/").content.decode()
    browser.get("/?size=large&lang=zh-hans")
    page = browser.get("/").content.decode()
    assert 'data-size="large"' in page
    assert "普通版" in page
    assert browser.get("/?lang=xx").headers["Location"] == "/"
    assert '<html lang="zh-Hans"' in browser.get("/").content.decode()


def test_the_first_page_is_small(town):
    page = Client().get("/").content
    css = (Path(settings.PACKAGE) / "kernel/static/shuoshi/app.css").read_bytes()
    script = (Path(settings.PACKAGE) / "kernel/static/shuoshi/js/site.js").read_bytes()
    icons = (Path(settings.PACKAGE) / "kernel/static/shuoshi/icons.svg").read_bytes()
    sizes = [len(gzip.compress(part)) for part in (page, css, script, icons)]
    assert sizes[0] <= 8_000
    assert sizes[1] <= 10_000
    assert sizes[2] <= 5_000
    assert sum(sizes) <= 60_000


def test_the_page_for_reports_sets_and_asks_nothing(town):
    answer = Client().get("/sealed/")
    page = answer.content.decode()
    assert answer.cookies == {}
    assert "<script" not in page
    assert "<form" not in page
    assert "12388" in page
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_pages_that_only_inform_set_no_cookie(town):
    for address in ("/", "/points/", "/procedure/", "/privacy/", "/accessibility/", "/knowledge/", "/submit/"):
        assert Client().get(address).cookies == {}, address


def test_a_page_before_the_institution_is_set_up_still_answers(db):
    assert Client().get("/privacy/").status_code == 200


def test_every_icon_that_is_named_exists():
    sprite = (Path(settings.PACKAGE) / "kernel/static/shuoshi/icons.svg").read_text("utf-8")
    known = set(re.findall(r'symbol id="([^"]+)"', sprite))
    used = {name for template in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', template.read_text("utf-8"))}
    assert used - known == set()


def test_the_start_page_counts_the_points_open_today(town):
    page = Resident(Client(headers={"accept-language": "zh-CN"})).page("/")
    assert "9 个工作日内答复" in page
    assert "咨询 2 个工作日" in page
