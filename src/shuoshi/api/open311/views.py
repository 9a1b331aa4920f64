"""The addresses of GeoReport v2: services, their definitions, requests, tokens, and where all this is found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shuoshi.api.faults import Fault
from shuoshi.api.open311 import photos, reading
from shuoshi.api.open311.door import Answer, open311, platform_of
from shuoshi.api.open311.services import as_defined, as_listed
from shuoshi.api.open311.written import Format, Value
from shuoshi.api.services import GENERAL, Service, service, services
from shuoshi.channels.platforms import posting, queries
from shuoshi.channels.platforms.models import Platform
from shuoshi.channels.platforms.queries import State
from shuoshi.kernel import clock
from shuoshi.kernel.web import uploads
from shuoshi.organization import profile
from shuoshi.organization import queries as organization
from shuoshi.organization.profile import stored

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@open311("GET")
def listed(request: HttpRequest) -> Answer:
    """GET services."""
    return "services", [as_listed(one) for one in services(profile.current())]


@open311("GET")
def defined(request: HttpRequest, code: str) -> Answer:
    """GET services/<service_code>."""
    found = service(profile.current(), code)
    if found is None:
        raise Fault(404, _("没有这类事（service_code）。"))
    return "service_definition", as_defined(found)


@open311("GET", "POST")
def requests(request: HttpRequest) -> Answer:
    """GET requests, POST requests."""
    return _posted(request) if request.method == "POST" else _found(request)


@open311("GET")
def one(request: HttpRequest, name: str) -> Answer:
    """GET requests/<service_request_id>."""
    found = queries.by_names([name], platform_of(request))
    if not found:
        raise Fault(404, _("没有这个 service_request_id。"))
    return "service_requests", _shown(found)


@open311("GET")
def token(request: HttpRequest, name: str) -> Answer:
    """GET tokens/<token>: a request has its name at once here, so that the name is its own token."""
    if not queries.by_names([name]):
        raise Fault(404, _("没有这个 token。"))
    return "service_requests", [{"service_request_id": name, "token": name}]


@open311("GET")
def discovery(request: HttpRequest) -> Answer:
    """GET discovery: who this is, how to get a key, and where everything else is."""
    institution = organization.institution()
    changed = clock.local(stored.published_at()).strftime("%Y-%m-%d %H:%M")
    contact = _("%(name)s，电话 %(phone)s") % {"name": institution.name, "phone": institution.hotline}
    endpoint: dict[str, Value] = {
        "specification": SPECIFICATION,
        "url": settings.PUBLIC_ADDRESS + reverse("open311:requests").rpartition("/")[0],
        "changeset": changed,
        "type": "test" if institution.demo else "production",
        "formats": [one.media_type for one in Format],
    }
    asked = _("要接入，请打电话联系：%(contact)s。") % {"contact": contact}
    return "discovery", {"changeset": changed, "contact": contact, "key_service": asked, "endpoints": [endpoint]}


@open311("GET", "POST", "PUT", "PATCH", "DELETE")
def nothing(request: HttpRequest, rest: str) -> Answer:
    """An address that is none of the standard's."""
    raise Fault(404, _("没有这个地址。"))


def _posted(request: HttpRequest) -> Answer:
    platform = platform_of(request, to_post=True)
    assert platform is not None
    sent = reading.sent(request, profile.current())
    posting.count(platform)
    files, refused = photos.clean(uploads.sent(request))
    posted = posting.post(platform, replace(sent, files=files))
    notice = _(
        "已经登记。办到哪一步，在原来的平台上看；答复会告诉留了电话或邮箱的人，也可以到受理中心领回执，自己上网查。"
    )
    told = " ".join([notice, *refused])
    return "service_requests", [{"service_request_id": posted.name, "service_notice": told, "account_id": None}]


def _found(request: HttpRequest) -> Answer:
    platform, asked = platform_of(request), reading.filters(request.GET, clock.now())
    if asked.names:
        return "service_requests", _shown(queries.by_names(asked.names, platform))
    if platform is None:  # nothing is published yet that everybody may list
        return "service_requests", []
    return "service_requests", _shown(_of_span(platform, asked))


def _of_span(platform: Platform, asked: reading.Filters) -> list[State]:
    return queries.sent(platform, asked.begins, asked.ends, services=asked.services, over=asked.over, most=asked.most)


def _shown(found: list[State]) -> list[Value]:
    known = {one.code: one for one in services(profile.current())}
    return [_request(state, known) for state in found]


def _request(state: State, known: Mapping[str, Service]) -> dict[str, Value]:
    """Without words, contacts and places: whoever sent them has them, and for others they are not.

    A sensitive category is told only to the key it was sent by.
    """
    asked = known.get(state.service)
    if asked is not None and asked.category is not None and asked.category.sensitive and not state.own:
        asked = known[GENERAL]
    return {
        "service_request_id": state.name,
        "status": "closed" if state.over else "open",
        "status_notes": str(state.status.label),
        "service_name": asked.name if asked else None,
        "service_code": asked.code if asked else state.service,
        "description": None,
        "agency_responsible": state.unit or None,
        "service_notice": None,
        "requested_datetime": _w3(state.registered_at),
        "updated_datetime": _w3(state.changed_at),
        "expected_datetime": _w3(state.promised_by) if state.promised_by else None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _w3(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
