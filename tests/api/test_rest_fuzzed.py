"""The specification of the REST interface holds for whatever is sent: a property-based client of others reads it and tries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from ninja.responses import NinjaJSONEncoder
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from shuoshi.api.rest.operations import described
from tests.support.platforms import let_in
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.drill(3)]
PROMISED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
schema = schemathesis.openapi.from_dict(json.loads(json.dumps(described(), cls=NinjaJSONEncoder)))
schema.app = WSGIHandler()


@pytest.fixture
def key(town: Place) -> Iterator[str]:
    """Of a platform; the connection of the test outlives the requests that are answered on it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield let_in()[1]
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_whatever_is_sent_is_answered_as_the_specification_says(case: schemathesis.Case, key: str):
    headers = {"Authorization": f"Bearer {key}"}
    if case.headers.get("Idempotency-Key"):
        headers["Idempotency-Key"] = uuid4().hex  # else the second matter is refused for the key of the first
    case.call_and_validate(headers=headers, checks=PROMISED)
