"""A handshake without a network: what a phone that trusts an authority says to a server's certificate."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import pytest

from shuoshi.kernel import authority, clock

_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)  # OpenSSL keeps to the machine's day, whatever day a test has


def trusting(authority: Path) -> ssl.SSLContext:
    """As a phone after it was told to trust this one."""
    context = ssl.create_default_context(cafile=str(authority))
    context.verify_flags |= _NO_CHECK_TIME
    return context


def shake_hands(authority: Path, server: Path, name: str) -> ssl.SSLObject:
    """The phone's side after the handshake. Raises ssl.SSLCertVerificationError."""
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.load_cert_chain(server)
    to_server, to_phone = ssl.MemoryBIO(), ssl.MemoryBIO()
    phone = trusting(authority).wrap_bio(to_phone, to_server, server_hostname=name)
    behind = there.wrap_bio(to_server, to_phone, server_side=True)
    for side in (phone, behind, phone, behind, phone):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return phone


@pytest.fixture
def certified(tmp_path: Path, settings: Any) -> Path:
    """The server has a certificate of its own; the folder in which it lies."""
    folder = tmp_path / "tls"
    authority.make(folder, ["shuoshi.lan", "192.168.1.20"], clock.now(), "青禾镇群众说事")
    settings.AUTHORITY, settings.CERTIFICATE = folder, folder / authority.SERVER
    return folder
