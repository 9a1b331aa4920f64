"""The authority of an office network vouches for one server and for nobody else, and its certificate ends unseen by nobody."""

from __future__ import annotations

import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from shuoshi.kernel import authority
from tests.support.tls import shake_hands

pytestmark = pytest.mark.once

NOW = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
HOSTS = ["192.168.1.20", "shuoshi.lan"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority.make(tmp_path / "tls", HOSTS, NOW, "青禾镇群众说事")
    return tmp_path / "tls"


def met(folder: Path, name: str) -> ssl.SSLObject:
    return shake_hands(folder / authority.AUTHORITY, folder / authority.SERVER, name)


@pytest.mark.parametrize("name", [*HOSTS, "localhost", "127.0.0.1"])
def test_a_phone_that_trusts_it_arrives_by_each_name(folder: Path, name: str):
    assert met(folder, name).version() == "TLSv1.3"


def test_by_another_name_it_does_not(folder: Path):
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        met(folder, "elsewhere.lan")


@pytest.mark.parametrize("name", ["bank.example", "192.168.1.21", "sub.elsewhere.lan", "fd00::1"])
def test_whoever_steals_its_key_can_speak_for_no_other_site(folder: Path, name: str):
    key = serialization.load_pem_private_key((folder / authority.AUTHORITY_KEY).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    root = x509.load_pem_x509_certificate((folder / authority.AUTHORITY).read_bytes())
    authority._issue(folder, key, root, [authority._host(name)], NOW)
    with pytest.raises(ssl.SSLCertVerificationError, match=r"permitted subtree|excluded subtree"):
        met(folder, name)


def test_it_is_renewed_before_its_end_by_the_same_authority(folder: Path):
    before, trusted = authority.of_server(folder), authority.of_authority(folder)
    assert not authority.renew(folder, before.until - authority.RENEWED_BEFORE - timedelta(days=1))
    assert authority.renew(folder, before.until - authority.RENEWED_BEFORE + timedelta(days=1))
    after = authority.of_server(folder)
    assert after.until > before.until and after.hosts == before.hosts == (*HOSTS, "localhost", "127.0.0.1")
    assert authority.of_authority(folder) == trusted
    assert met(folder, HOSTS[0]).version()


def test_it_never_lasts_longer_than_the_authority(folder: Path):
    ends = authority.of_authority(folder).until
    assert authority.renew(folder, ends - timedelta(days=90))
    assert authority.of_server(folder).until == ends
    assert not authority.renew(folder, ends)


def test_phones_accept_how_long_it_lasts(folder: Path):
    assert authority.of_server(folder).until - NOW <= timedelta(days=398)


def test_only_we_read_its_keys(folder: Path):
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_name_there_is_none(tmp_path: Path):
    with pytest.raises(authority.NoHosts):
        authority.make(tmp_path / "tls", [], NOW, "青禾镇")
    assert not (tmp_path / "tls").exists()
