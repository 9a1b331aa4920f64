"""What every answer carries, and every address that says who may open it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver


def every_route(resolver: URLResolver | None = None, prefix: str = "/") -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        here = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from every_route(entry, here)
        else:
            yield here, entry


@pytest.mark.parametrize(("address", "route"), list(every_route()), ids=[address for address, _ in every_route()])
def test_every_page_says_who_may_see_it(address: str, route: URLPattern) -> None:
    assert getattr(route.callback, "access", None), f"{address}: add @page(access=…)"


def directives(policy: str) -> dict[str, str]:
    """The order differs between processes, so it is read, not compared."""
    return {name: value for name, _, value in (part.strip().partition(" ") for part in policy.split(";"))}


def test_every_answer_carries_the_headers(client: Client, db: None) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    policy = directives(answer["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert not any("unsafe" in value or "data:" in value for value in policy.values())
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=(self)" in answer["Permissions-Policy"]
    assert answer["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer


def test_a_body_over_the_limit_is_refused_with_a_page(client: Client, db: None) -> None:
    answer = client.post("/submit/", data=b"", content_type="text/plain", CONTENT_LENGTH=str(61 * 1024 * 1024))
    assert answer.status_code == 413
    assert "这次交的内容太大" in answer.content.decode()


def test_readyz_names_what_is_missing(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"database": "ok", "migrations": "ok", "keys": "ok", "worker": "failing"}
