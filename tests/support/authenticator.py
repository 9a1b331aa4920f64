"""A device with a passkey, in software: it answers as browsers do, or as somebody would who does not play fair."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

RP, ORIGIN = "localhost", "http://localhost"
_PRESENT, _VERIFIED, _ELIGIBLE, _BACKED_UP, _WITH_KEY = 0x01, 0x04, 0x08, 0x10, 0x40


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def data(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Device:
    """Counts its signatures from one unless `counter` is None, as keys that are synced do."""

    counter: int | None = 0
    synced: bool = False
    handle: bytes = b""
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def creates(self, asked: dict[str, Any], *, origin: str = ORIGIN, rp: str = RP, verified: bool = True) -> str:
        """What navigator.credentials.create answers."""
        self.handle = data(asked["user"]["id"])
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        length = len(self.credential).to_bytes(2, "big")
        about = self._about(rp, verified, more=_WITH_KEY) + bytes(16) + length + self.credential + public
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})
        client = self._client("webauthn.create", asked["challenge"], origin)
        return self._said({"clientDataJSON": text(client), "attestationObject": text(attestation)})

    def signs(
        self,
        asked: dict[str, Any],
        *,
        origin: str = ORIGIN,
        rp: str = RP,
        verified: bool = True,
        kind: str = "webauthn.get",
        handle: bytes | None = None,
    ) -> str:
        """What navigator.credentials.get answers."""
        if self.counter is not None:
            self.counter += 1
        about = self._about(rp, verified)
        client = self._client(kind, asked["challenge"], origin)
        signature = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._said(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(about),
                "signature": text(signature),
                "userHandle": text(self.handle if handle is None else handle),
            }
        )

    def _about(self, rp: str, verified: bool, more: int = 0) -> bytes:
        flags = _PRESENT | more | (_VERIFIED if verified else 0) | (_ELIGIBLE | _BACKED_UP if self.synced else 0)
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + (self.counter or 0).to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()

    def _said(self, response: dict[str, str]) -> str:
        name = text(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
