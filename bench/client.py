"""A browser of the bench: one connection that stays, one session, loopback only."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    statements: int
    seconds: float
    location: str


class Client:
    """Asks one server as one person, or as nobody the server knows; `headers` go with every request."""

    def __init__(self, port: int, session: str = "", headers: Mapping[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies = {"language": "zh-hans"} | ({"session": session} if session else {})
        self._headers = dict(headers or {})
        self.token = ""  # of its forms

    @property
    def cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, data: dict[str, str]) -> Answer:
        """With the token of the form at `path`, which is opened once; what it says afterwards counts as shown."""
        self.open_form(path)
        self._cookies.pop("messages", None)
        return self._ask("POST", path, urlencode({**data, "csrfmiddlewaretoken": self.token}))

    def open_form(self, path: str) -> None:
        """Open it once, for the token of forms."""
        if not self.token:
            found = _TOKEN.search(self.get(path).body)
            assert found is not None, f"{path} has no form"
            self.token = found[1]

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": self.cookies, **self._headers}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _sep, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        return Answer(
            answer.status,
            content.decode("utf-8", errors="replace"),
            int(answer.getheader("X-Statements") or 0),
            took,
            answer.getheader("Location") or "",
        )
