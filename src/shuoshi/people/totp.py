"""Codes of an authenticator (RFC 6238, 30 seconds, six digits) and codes on paper for when it is lost."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import datetime
from uuid import UUID

import pyotp

STEP = 30  # seconds
RECOVERY_CODES = 10

_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 characters without 0 O 1 I: five bits each
_WINDOW = (0, -1, 1)  # this step, and one either side for a clock that is off


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, username: str, institution: str) -> str:
    """The otpauth:// address behind the picture that an authenticator reads."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=institution)


def code_at(secret: str, at: datetime) -> str:
    """The code an authenticator shows at a moment."""
    return pyotp.TOTP(secret).at(at)


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The step this code belongs to, now or one either side; None when to none of them."""
    code = plain(code)
    if not re.fullmatch(r"\d{6}", code):
        return None
    now = int(at.timestamp()) // STEP
    generator = pyotp.TOTP(secret)
    found = None
    for offset in _WINDOW:
        if secrets.compare_digest(generator.generate_otp(now + offset), code) and found is None:
            found = now + offset
    return found


def plain(code: str) -> str:
    """A typed code without spaces and dashes, full-width characters made narrow, letters in capitals."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", code)).upper()


def new_recovery_code() -> str:
    """Sixteen characters in fours: 80 bits."""
    characters = "".join(secrets.choice(_ALPHABET) for _place in range(16))
    return "-".join(characters[start : start + 4] for start in range(0, 16, 4))


def recovery_digest(account_id: UUID, code: str) -> str:
    return hashlib.sha256(account_id.bytes + plain(code).encode()).hexdigest()
