"""How a phone on the office network comes to trust this server's own certificate, and what it is to trust (3.2.3).

Reached by plain http: whoever reads it does not trust us yet. So nothing on it can prove anything; the fingerprint is
compared with the printed sheet, which the administrator makes at the server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from shuoshi.kernel import clock
from shuoshi.kernel.web import PageData, page, public, qr, show


@dataclass(frozen=True)
class GuidePage(PageData):
    """One sheet of A4. `code` leads to `address`, this page; `secure` is the same server by https."""

    template: ClassVar[str] = "portal/certificate.html"
    code: SafeString
    address: str
    secure: str
    fingerprint: str
    hosts: tuple[str, ...]
    until: date


@page(access=public, methods=("GET",))
def guide(request: HttpRequest) -> HttpResponse:
    """What to do on each kind of phone. Raises Http404 where this server has no certificate of its own."""
    _must_have_one()
    from shuoshi.kernel import authority as certificates

    root, server = certificates.of_authority(settings.AUTHORITY), certificates.of_server(settings.AUTHORITY)
    here = _as_phones_type(request.get_host(), server.hosts)
    address = f"http://{here}{reverse('portal:certificate')}"
    shown = GuidePage(
        code=qr.drawn(address),
        address=address,
        secure=f"https://{here}/",
        fingerprint=root.fingerprint,
        hosts=server.hosts,
        until=clock.local(root.until).date(),
    )
    return show(request, shown)


@page(access=public, methods=("GET",))
def authority(request: HttpRequest) -> HttpResponse:
    """The authority's certificate, as phones take it. Raises Http404 where there is none."""
    _must_have_one()
    from shuoshi.kernel import authority as certificates

    content = certificates.as_phones_take_it(settings.AUTHORITY)
    answer = HttpResponse(content, content_type="application/x-x509-ca-cert")
    answer["Content-Disposition"] = 'attachment; filename="shuoshi.crt"'
    return answer


def _as_phones_type(host: str, hosts: tuple[str, ...]) -> str:
    """This address with its port; printed at the server itself, the first name it is known by."""
    name, _sep, port = host.rpartition(":") if host.rpartition(":")[2].isdecimal() else (host, "", "")
    if name not in ("localhost", "127.0.0.1", "[::1]"):
        return host
    first = f"[{hosts[0]}]" if ":" in hosts[0] else hosts[0]
    return f"{first}:{port}" if port else first


def _must_have_one() -> None:
    if settings.CERTIFICATE is None or not settings.CERTIFICATE.exists():  # it may have been taken away while we serve
        raise Http404
