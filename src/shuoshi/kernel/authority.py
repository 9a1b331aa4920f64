"""The authority of an installation and the certificate of its server (3.2.3: phones record offline only under https).

`tls/` in the home holds both. Whoever trusts the authority trusts it for the names of this server alone: name constraints
keep a stolen key from speaking for any other site. `at` is always an aware moment.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY, AUTHORITY_KEY = "authority.crt", "authority.key"
SERVER = "server.pem"  # certificate and key in one file, so that they change together
_TRUSTED_FOR = timedelta(days=3650)
_VALID = timedelta(days=397)  # phones refuse a server's certificate of more than 825 days, public ones of more than 398
RENEWED_BEFORE = timedelta(days=60)
_EARLIER = timedelta(days=2)  # for phones whose clock is behind
_ALWAYS = ("localhost", "127.0.0.1")
_NOWHERE = ("0.0.0.0/0", "::/0")

Host = x509.DNSName | x509.IPAddress


class NoHosts(Exception):
    """Nothing is known that a phone could type."""


@dataclass(frozen=True)
class Certificate:
    """What a certificate says: the names it holds for, until when, and its SHA-256 as people compare it."""

    hosts: tuple[str, ...]
    until: datetime
    fingerprint: str


def make(folder: Path, hosts: list[str], at: datetime, name: str) -> None:
    """A new authority and certificate in `folder`, in place of what is there. Raises NoHosts, ValueError for a bad name.

    `name` is what phones show in their list of authorities.
    """
    if not hosts:
        raise NoHosts
    every = [_host(one) for one in dict.fromkeys([*hosts, *_ALWAYS])]
    key, called = ec.generate_private_key(ec.SECP256R1()), _named(f"{name} {at:%Y-%m-%d}")
    authority = (
        _begun(called, called, key.public_key(), at, _TRUSTED_FOR)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(_permitted(every), _excluded(every)), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    made, earlier = folder.with_suffix(".new"), folder.with_suffix(".old")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    _put(made / AUTHORITY_KEY, _sealed_nowhere(key))
    _put(made / AUTHORITY, authority.public_bytes(serialization.Encoding.PEM))
    _issue(made, key, authority, every, at)
    shutil.rmtree(earlier, ignore_errors=True)
    if folder.exists():
        folder.rename(earlier)
    made.rename(folder)  # the three belong together
    shutil.rmtree(earlier, ignore_errors=True)


def renew(folder: Path, at: datetime, *, ahead: timedelta = RENEWED_BEFORE) -> bool:
    """Another certificate by the same authority once the present one ends within `ahead`; phones notice nothing.

    False where it lasts longer, or where the authority itself has ended.
    """
    server, authority = _read(folder / SERVER), _read(folder / AUTHORITY)
    if server.not_valid_after_utc - at > ahead or authority.not_valid_after_utc <= at:
        return False
    key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    names = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    _issue(folder, key, authority, [one for one in names if isinstance(one, Host)], at)
    return True


def of_server(folder: Path) -> Certificate:
    """Raises FileNotFoundError where there is none."""
    return _said(_read(folder / SERVER))


def of_authority(folder: Path) -> Certificate:
    """What phones are to trust. Raises FileNotFoundError where there is none."""
    return _said(_read(folder / AUTHORITY))


def as_phones_take_it(folder: Path) -> bytes:
    """The authority's certificate, DER. Raises FileNotFoundError where there is none."""
    return _read(folder / AUTHORITY).public_bytes(serialization.Encoding.DER)


def _issue(
    folder: Path,
    authority_key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    hosts: list[Host],
    at: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    lasts = min(_VALID, authority.not_valid_after_utc - at)
    signer = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    certificate = (
        _begun(_named(_text(hosts[0])), authority.subject, key.public_key(), at, lasts)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(signer), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _put(folder / SERVER, certificate.public_bytes(serialization.Encoding.PEM) + _sealed_nowhere(key))


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    begun = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    begun = begun.serial_number(x509.random_serial_number())
    return begun.not_valid_before(at - _EARLIER).not_valid_after(at + lasts)


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=signs, crl_sign=signs, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _permitted(hosts: list[Host]) -> list[x509.GeneralName]:
    """These names and addresses, each for itself."""
    return [
        x509.IPAddress(ipaddress.ip_network(str(one.value))) if isinstance(one, x509.IPAddress) else one
        for one in hosts
    ]


def _excluded(hosts: list[Host]) -> list[x509.GeneralName] | None:
    """Of a kind of which nothing is permitted everything would be: IPv6, where only IPv4 is named."""
    kinds = {ipaddress.ip_address(str(one.value)).version for one in hosts if isinstance(one, x509.IPAddress)}
    nets = [ipaddress.ip_network(one) for one in _NOWHERE]
    return [x509.IPAddress(net) for net in nets if net.version not in kinds] or None


def _host(text: str) -> Host:
    text = text.strip("[]")
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text.encode("idna").decode("ascii"))


def _text(host: Host) -> str:
    return str(host.value)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _sealed_nowhere(key: ec.EllipticCurvePrivateKey) -> bytes:
    """The server must read it without anybody there, as the other keys of the home."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all, and only ours to read."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def _said(certificate: x509.Certificate) -> Certificate:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        names = x509.SubjectAlternativeName([])
    digest = certificate.fingerprint(hashes.SHA256()).hex().upper()
    return Certificate(
        hosts=tuple(_text(one) for one in names if isinstance(one, Host)),
        until=certificate.not_valid_after_utc,
        fingerprint=" ".join(digest[at : at + 4] for at in range(0, len(digest), 4)),
    )
