"""Residents' browsers at a real server: they fill in the four pages, press, and press again when the line is cut."""

from __future__ import annotations

import http.client
import re
import secrets
import time
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

PATIENCE = 120  # seconds a resident goes on pressing
CUT = (OSError, http.client.HTTPException)
NUMBER = re.compile(r"SS-QH-\d{8}-\d{4}")
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4} [2-9A-HJ-NP-Z]{4}\b")
_PLAIN = "application/x-www-form-urlencoded"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Phone:
    """A resident's browser: what it keeps are cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, photo: bytes = b"", **typed: str) -> tuple[int, str]:
        """GET, or POST what was typed. Raises one of CUT when the connection ends before the answer does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            body, kind = _multipart(photo, typed) if photo else (urlencode(typed).encode(), _PLAIN)
            if body:
                headers["Content-Type"] = kind
            connection.request("POST" if body else "GET", path, body or None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return answer.status, text
        finally:
            connection.close()

    def fills_in(self, what: str, photo: bytes = b"") -> Press:
        """The four pages up to the last press, with a photo on the first."""
        for page, typed in (("what", {"what": what}), ("where", {"place": "村口"}), ("who", {"naming": "anonymous"})):
            token = TOKEN.search(self.ask(f"/submit/{page}/")[1])
            assert token is not None
            sent = photo if page == "what" else b""
            assert self.ask(f"/submit/{page}/", sent, csrfmiddlewaretoken=token[1], **typed)[0] == 302
        token = TOKEN.search(self.ask("/submit/check/")[1])
        assert token is not None
        return Press(what, self, token[1])


@dataclass(frozen=True)
class Press:
    """One press of 提交, that may be sent many times."""

    what: str
    phone: Phone
    token: str

    def send(self) -> Receipt:
        """Press until it is answered; every refusal of a server that stands is a failure."""
        phone = replace(self.phone, cookies=dict(self.phone.cookies))
        until = time.monotonic() + PATIENCE
        cuts = 0
        while True:
            try:
                status, text = phone.ask("/submit/check/", csrfmiddlewaretoken=self.token)
                assert status == 302, f"{status}: {text[:2000]}"
                break
            except CUT:
                cuts += 1
                assert time.monotonic() < until
                time.sleep(0.1)
        while True:
            try:
                status, text = phone.ask("/submit/done/")
                assert status == 200, f"{status}: {text[:2000]}"
                break
            except CUT:
                cuts += 1
                assert time.monotonic() < until
                time.sleep(0.1)
        number, code = NUMBER.search(text), CODE.search(text)
        assert number is not None and code is not None, text
        return Receipt(self.what, number[0], code[0], cuts)


@dataclass(frozen=True)
class Receipt:
    what: str
    number: str
    code: str
    cuts: int  # how often the connection ended before an answer came


def _multipart(photo: bytes, typed: dict[str, str]) -> tuple[bytes, str]:
    """The body and its type as a browser sends a form with a photo."""
    edge = secrets.token_hex(16)
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in typed.items()
    ]
    head = (
        f'--{edge}\r\nContent-Disposition: form-data; name="photo"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    return b"".join(
        [*parts, head.encode(), photo, f"\r\n--{edge}--\r\n".encode()]
    ), f"multipart/form-data; boundary={edge}"
