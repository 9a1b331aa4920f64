"""Everybody speaks at once: python -m bench.rush [MORE]. On SQLite and on PostgreSQL, each with the server as it is started.

RUSH intentions at the same moment by every way that has a face, one in five of them sent twice; then MORE (20,000) by
platforms, to see whether memory grows. What was acknowledged is counted: each intention once, none lost.
"""

from __future__ import annotations

import http.client
import json
import secrets
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from bench import processes
from bench.client import Client
from bench.installation import ROOT, Installation, Server
from bench.registering import _form
from tests.support import postgres

RUSH, AGAIN = 500, 5  # intentions, and of how many one is sent twice
_CLIENTS = 8
_PLATFORMS = 20  # one alone may send 3,000 in an hour
_MIB = 1024 * 1024
_SAID = "柳湾村三组的自来水，最近半个月每天傍晚都没有水，希望早点修好。"
_BY_STAFF = ("hotline", "visit", "meeting", "point", "representative", "box")

_busy: list[str] = []  # addresses whose answer was to ask again

Send = Callable[[], str]  # sends an intention and returns what was acknowledged; again, it must be the same


@dataclass(frozen=True)
class Rush:
    """What came of it: seconds for all, per way how many were acknowledged, and what went wrong."""

    seconds: float
    acknowledged: Counter[str]
    wrong: list[str]


def main() -> None:
    more = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    sys.path.insert(0, str(ROOT / "src"))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="shuoshi-rush-")))
        address, _pid = stack.enter_context(postgres.durable_cluster())
        well = [_one(folder / "sqlite", "", more), _one(folder / "postgres", address, more)]
    sys.exit(0 if all(well) else 1)


def _one(home: Path, database: str, more: int) -> bool:
    """One database; whether nothing was lost, doubled or refused."""
    town = Installation(home, database)
    town.run("shuoshi", "generate", "--matters", "100")
    keys = town.ask("platforms", str(_PLATFORMS))["keys"]
    before = town.ask("matters")["count"]
    with town.serving("shuoshi", "run", SHUOSHI_PROXY="127.0.0.1") as server:
        rush = _rush(_intentions(server, keys, town.ask("sessions")["registrars"]))
        first = _memory(server)
        grown = _go_on(server, keys, more)
        last = _memory(server)
    after = town.ask("matters")["count"]
    town.run("shuoshi", "verify")  # fails where a row and its events differ
    lost = RUSH + grown - (after - before)
    print(
        f"{'PostgreSQL' if database else 'SQLite'}: {RUSH} at once and {RUSH // AGAIN} again in {rush.seconds:.1f} s;"
    )
    print(f"  {dict(rush.acknowledged)}; wrong: {rush.wrong[:5] or 'nothing'}; lost or doubled: {lost}")
    print(f"  asked to come again: {len(_busy)}")
    _busy.clear()
    print(f"  memory {first:.0f} MiB, after {grown} more {last:.0f} MiB", flush=True)
    return not rush.wrong and not lost


def _intentions(server: Server, keys: Sequence[str], sessions: Sequence[str]) -> list[tuple[str, Send]]:
    """RUSH of them, by each way in turn; residents' forms are filled in up to the last press."""
    desks = [Client(server.port, session) for session in sessions]
    tokens = [_token(desk) for desk in desks]
    found: list[tuple[str, Send]] = []
    ways = ("online", "rest", "open311", *_BY_STAFF)
    for n in range(RUSH):
        way, key = ways[n % len(ways)], keys[n % len(keys)]
        if way == "rest":
            found.append((way, _by_rest(server.port, key)))
        elif way == "open311":
            found.append((way, _by_open311(server.port, key)))
        elif way == "online":
            found.append((way, _online(server.port, n)))
        else:
            found.append((way, _at_the_desk(server.port, tokens[n % len(tokens)], way)))
    return found


def _rush(intentions: Sequence[tuple[str, Send]]) -> Rush:
    """All at the same moment."""
    sends = [(n, way, send) for n, (way, send) in enumerate(intentions)]
    sends += sends[::AGAIN]
    gate, answers, wrong = threading.Barrier(len(sends) + 1), dict[int, set[str]](), list[str]()
    lock = threading.Lock()

    def go(n: int, way: str, send: Send) -> None:
        gate.wait()
        try:
            said = send()
        except Exception as problem:
            with lock:
                wrong.append(f"{way}: {problem}")
            return
        with lock:
            answers.setdefault(n, set()).add(said)

    threads = [threading.Thread(target=go, args=one) for one in sends]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    wrong += [f"two answers for one intention: {said}" for said in answers.values() if len(said) > 1]
    return Rush(took, Counter(intentions[n][0] for n in answers), wrong)


def _go_on(server: Server, keys: Sequence[str], more: int) -> int:
    """So many more by platforms, one in five sent twice; how many intentions."""

    def send(n: int) -> int:
        one = _by_rest(server.port, keys[n % len(keys)])
        said = {one() for _each in range(2 if n % AGAIN == 0 else 1)}
        assert len(said) == 1, said
        return 1

    with ThreadPoolExecutor(_CLIENTS) as pool:
        return sum(pool.map(send, range(more)))


def _memory(server: Server) -> float:
    return sum(processes.memory(pid) for pid in processes.family(server.pid)) / _MIB


def _by_rest(port: int, key: str) -> Send:
    body = json.dumps({"content": f"{_SAID}{secrets.randbelow(10**9)}", "place": "村口", "speaker": _speaker()})
    headers = {
        "Authorization": f"Bearer {key}",
        "Idempotency-Key": uuid4().hex,
        "Content-Type": "application/json",
    }
    return lambda: str(json.loads(_ask(port, "/api/v1/matters", body, headers, 201))["id"])


def _by_open311(port: int, key: str) -> Send:
    said = {"api_key": key, "service_code": "general", "address_string": "村口", "description": _SAID}
    form = {"Content-Type": "application/x-www-form-urlencoded", "Idempotency-Key": uuid4().hex}
    body = urlencode(said | {"phone": _speaker()["phone"]})
    return lambda: str(json.loads(_ask(port, "/open311/v2/requests.json", body, form, 200))[0]["service_request_id"])


def _online(port: int, n: int) -> Send:
    """Somebody at the residents' pages, from a network of their own."""
    headers = {"X-Forwarded-For": f"203.0.{113 + n // 200}.{n % 200 + 1}"}
    resident = Client(port, headers=headers)
    for page, said in (("what", {"what": _SAID}), ("where", {"place": "村口"}), ("who", {"naming": "anonymous"})):
        answer = resident.post(f"/submit/{page}/", said)
        assert answer.status == 302, (page, answer.status)
    resident.close()
    body = urlencode({"csrfmiddlewaretoken": resident.token})
    form = {"Cookie": resident.cookies, "Content-Type": "application/x-www-form-urlencoded", **headers}
    return lambda: _ask(port, "/submit/check/", body, form, 302)


def _at_the_desk(port: int, token: tuple[str, str], way: str) -> Send:
    cookies, hidden = token
    body = urlencode({**_form(), "channel": way, "key": secrets.token_urlsafe(16), "csrfmiddlewaretoken": hidden})
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    return lambda: _ask(port, "/desk/register/", body, headers, 302)


def _token(desk: Client) -> tuple[str, str]:
    """The cookie of forms and what stands hidden in one."""
    desk.open_form("/desk/register/")
    return desk.cookies, desk.token


def _speaker() -> dict[str, str]:
    return {"name": "陈大明", "phone": f"139{secrets.randbelow(10**8):08d}"}


def _ask(port: int, path: str, body: str, headers: dict[str, str], wanted: int) -> str:
    """The answer's body, or where it leads. Raises AssertionError for any other answer.

    What the database had no time for was not done, and is asked again after the pause the answer names; it is counted.
    """
    while True:
        status, content, leads, pause = _asked(port, path, body, headers)
        if status != 503 or not pause:
            break
        _busy.append(path)
        time.sleep(float(pause))
    assert status == wanted, (status, content[:200])
    return content if wanted != 302 else leads


def _asked(port: int, path: str, body: str, headers: dict[str, str]) -> tuple[int, str, str, str]:
    """Status, content, where it leads, and after how many seconds to ask again."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        line.request("POST", path, body.encode(), headers | {"Connection": "close"})
        answer = line.getresponse()
        content = answer.read().decode("utf-8", errors="replace")
    finally:
        line.close()
    return answer.status, content, answer.getheader("Location") or "", answer.getheader("Retry-After") or ""


if __name__ == "__main__":
    main()
