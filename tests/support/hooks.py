"""A platform that is told of changes: a real https server on this machine, its certificate by an authority of the test's."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Receiver:
    """What it got, in order; `answer` decides the status of the next, `drip` lets it answer a letter at a time."""

    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answer: Callable[[int], int] = lambda _nth: 204
    drip: bool = False
    sends: bytes = b""

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}/told"

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    @property
    def said(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _headers, body in self.got]


@contextmanager
def receiver(folder: Path) -> Iterator[Receiver]:
    """Serve until the end; whoever connects must trust `authority(folder)`."""
    kept = Receiver()

    class Told(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if kept.drip:
                self._drip()
                return
            status = kept.answer(len(kept.got))
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", f"https://localhost:{kept.port}/elsewhere")
            self.send_header("Content-Length", str(len(kept.sends)))
            self.end_headers()
            self.wfile.write(kept.sends)

        def _drip(self) -> None:
            try:
                for letter in b"HTTP/1.1 204 No Content\r\nX-Slow: " + b"a" * 600:
                    self.wfile.write(bytes([letter]))
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                pass  # cut, as it should be

        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    server.daemon_threads = True
    kept.port = server.server_address[1]
    server.socket = _tls(folder).wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *args: None  # type: ignore[method-assign]  # who hangs up is no fault of the test
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()


def authority(folder: Path) -> Path:
    """The certificate that is to be trusted."""
    _write(folder)
    return folder / "authority.pem"


def silent_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _tls(folder: Path) -> ssl.SSLContext:
    _write(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    return context


def _write(folder: Path) -> None:
    for name, content in _made().items():
        (folder / name).write_bytes(content)


@cache
def _made() -> dict[str, bytes]:
    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root_name, now = _named("Test authority"), datetime.now(UTC)
    root = _certificate(root_name, root_name, root_key.public_key(), now, authority=True).sign(
        root_key, hashes.SHA256()
    )
    leaf = (
        _certificate(_named("localhost"), root_name, key.public_key(), now, authority=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    form = serialization.Encoding.PEM
    unsealed = serialization.NoEncryption()
    return {
        "authority.pem": root.public_bytes(form),
        "server.pem": leaf.public_bytes(form),
        "server.key": key.private_bytes(form, serialization.PrivateFormat.PKCS8, unsealed),
    }


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: Any, now: datetime, *, authority: bool
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9000))  # OpenSSL keeps to the real day, whatever day the tests have
        .not_valid_after(now + timedelta(days=9000))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
