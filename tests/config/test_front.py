"""Https and plain http at one port: who came is known behind it, and whoever dawdles or talks nonsense holds up nobody."""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from waitress.server import create_server

from shuoshi.config.front import Front
from shuoshi.kernel import authority
from tests.support.tls import trusting

pytestmark = pytest.mark.once
MIB = 2**20


def _says(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """How the request came, or as many bytes as its path says, or as many as it carried."""
    body = environ["wsgi.input"].read()
    wanted = environ["PATH_INFO"].strip("/")
    start_response("200 OK", [("Content-Type", "text/plain")])
    if wanted.isdecimal():
        return (b"x" * MIB for _each in range(int(wanted)))
    return [f"{environ['wsgi.url_scheme']} {environ['REMOTE_ADDR']} {len(body)}".encode()]


@pytest.fixture
def front(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port, and the folder of the certificate."""
    folder = tmp_path / "tls"
    authority.make(folder, ["127.0.0.1"], datetime.now(UTC), "测试")
    door, behind = socket.create_server(("0.0.0.0", 0)), socket.create_server(("127.0.0.1", 0))
    made = Front(door, behind.getsockname(), folder / authority.SERVER)
    server = create_server(made.told(_says), sockets=[behind], threads=4)
    made.start()
    threading.Thread(target=_run, args=(server,), daemon=True).start()
    yield door.getsockname()[1], folder
    server.close()


def _run(server: Any) -> None:
    with suppress(OSError):  # it was closed
        server.run()


def asked(port: int, folder: Path | None, path: str = "/", body: bytes | None = None) -> bytes:
    connection = (
        http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trusting(folder / authority.AUTHORITY))
        if folder
        else http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    )
    with closing(connection):
        connection.request("POST" if body else "GET", path, body)
        return connection.getresponse().read()


def test_both_arrive_at_one_port_and_it_is_known_how(front: tuple[int, Path]):
    port, folder = front
    assert asked(port, folder) == b"https 127.0.0.1 0"
    assert asked(port, None) == b"http 127.0.0.1 0"


def test_the_address_of_the_caller_is_known_and_nobody_can_claim_another(front: tuple[int, Path]):
    port, _folder = front
    with socket.create_connection(("127.0.0.1", port), source_address=("127.0.0.9", 0)) as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n")
        assert b"http 127.0.0.9 0" in caller.recv(4096)


def test_large_answers_and_bodies_come_through_whole(front: tuple[int, Path]):
    port, folder = front
    assert len(asked(port, folder, "/20")) == 20 * MIB
    assert asked(port, folder, "/", b"y" * (20 * MIB)).endswith(str(20 * MIB).encode())


def test_whoever_dawdles_holds_up_nobody(front: tuple[int, Path]):
    port, folder = front
    silent = [socket.create_connection(("127.0.0.1", port)) for _each in range(30)]
    for one in silent[10:]:
        one.sendall(b"\x16\x03\x01")  # a handshake that does not go on
    greedy = socket.create_connection(("127.0.0.1", port))
    greedy.sendall(b"GET /50 HTTP/1.1\r\nHost: x\r\n\r\n")  # and never takes the answer
    began = time.monotonic()
    assert asked(port, folder).startswith(b"https")
    assert time.monotonic() - began < 5
    for one in [*silent, greedy]:
        one.close()


@pytest.mark.parametrize("leaves", [False, True], ids=["stays", "leaves"])
def test_whoever_takes_nothing_is_let_go(front: tuple[int, Path], monkeypatch: pytest.MonkeyPatch, *, leaves: bool):
    """Three are all who have room; they ask for much, take nothing, and stay or are gone without a word."""
    port, folder = front
    monkeypatch.setattr("shuoshi.config.front.FROM_ONE", 3)
    monkeypatch.setattr("shuoshi.config.front.TAKEN_WITHIN", 1)
    monkeypatch.setattr("shuoshi.config.front.PATIENCE", 1)
    greedy = [socket.create_connection(("127.0.0.1", port)) for _each in range(3)]
    for one in greedy:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.sendall(b"GET /50 HTTP/1.1\r\nHost: x\r\n\r\n")
    time.sleep(0.3)
    with pytest.raises((OSError, http.client.HTTPException)):
        asked(port, folder)
    if leaves:
        for one in greedy:
            one.close()
    until = time.monotonic() + 15
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException):
            assert asked(port, folder).startswith(b"https")
            break
        time.sleep(0.2)
    else:
        pytest.fail("the door stayed shut")
    for one in greedy:
        one.close()


def test_nonsense_ends_with_its_own_connection(front: tuple[int, Path]):
    port, folder = front
    for said in (b"\x16" + os.urandom(300), b"\x16\x03\x01\x02\x00\x01", b"\x00\r\n\r\n", b""):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as caller:
            caller.sendall(said)
            caller.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while caller.recv(4096):  # until it is closed; a timeout fails the test
                    pass
    assert asked(port, folder).startswith(b"https")


def test_whoever_does_not_trust_it_is_told_nothing(front: tuple[int, Path]):
    port, _folder = front
    with socket.create_connection(("127.0.0.1", port)) as caller, pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(caller, server_hostname="127.0.0.1")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_protocols_are_refused(front: tuple[int, Path]):
    port, folder = front
    old = trusting(folder / authority.AUTHORITY)
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_connection(("127.0.0.1", port)) as caller, pytest.raises((ssl.SSLError, ConnectionError)):
        old.wrap_socket(caller, server_hostname="127.0.0.1")


def test_a_renewed_certificate_is_served_without_a_new_start(front: tuple[int, Path]):
    port, folder = front

    def served() -> bytes | None:
        with (
            socket.create_connection(("127.0.0.1", port)) as caller,
            trusting(folder / authority.AUTHORITY).wrap_socket(caller, server_hostname="127.0.0.1") as phone,
        ):
            return phone.getpeercert(binary_form=True)

    before = served()
    assert served() == before
    assert authority.renew(folder, datetime.now(UTC), ahead=timedelta(days=1000))
    assert served() not in (before, None)
