"""Keys in people's own devices (WebAuthn): what a browser is asked to sign, and whether what it signed is right.

A question is kept here and not by the browser, belongs to one session and to one purpose, and is answered once, within
minutes. Devices bind a key to the name of a site, so there is one such name: that of the configured address. Who may sign
in with a right answer is sign_in's.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.cose import COSEAlgorithmIdentifier as Algorithm
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shuoshi.kernel import clock
from shuoshi.people.models import Account, Ceremony, CeremonyFor, Passkey

LASTS = timedelta(minutes=5)

_ASKED = "asked"  # in the session: the key of the question
_LONGEST = 1400  # of a device's name for a key, base64url; the standard allows 1023 bytes
_MOST_SAID = 20_000  # characters of an answer; with a certificate of the maker some thousand
_DEFAULT_PORTS = {"http": 80, "https": 443}
_ALGORITHMS = [Algorithm.ECDSA_SHA_256, Algorithm.EDDSA, Algorithm.RSASSA_PKCS1_v1_5_SHA_256]


@dataclass(frozen=True)
class NewKey:
    """A key that a device made for us and proved to hold."""

    credential: str
    public_key: str
    counter: int
    synced: bool
    backed_up: bool


@dataclass(frozen=True)
class Signed:
    """What else a right answer says: how often the device has signed, and whether the key was copied meanwhile."""

    counter: int
    backed_up: bool


def why_not(request: HttpRequest) -> str:
    """Why browsers refuse passkeys on the address this page was opened under, in words; "" where they do not."""
    home = urlsplit(settings.PUBLIC_ADDRESS)
    name = home.hostname or ""
    if _is_number(name):
        return _(
            "这里的网址是一串数字，浏览器不让用通行密钥。请系统管理员给服务器起一个名称、装上证书，再用这个名称打开。"
        )
    if home.scheme != "https" and name != "localhost":
        return _("这里的网址不是 https 开头，浏览器不让用通行密钥。请系统管理员给服务器装上证书，再用 https 打开。")
    if _origin(f"{request.scheme}://{request.get_host()}") != _origin(settings.PUBLIC_ADDRESS):
        return _("通行密钥只认一个网址：%(address)s。请用它打开，再登录。") % {"address": settings.PUBLIC_ADDRESS}
    return ""


def ask(request: HttpRequest, purpose: CeremonyFor, account: Account | None = None) -> dict[str, Any]:
    """The question for the browser, as navigator.credentials takes it. A new one voids the one before.

    Before the sign-in it names no key: whose there are, the device knows and strangers do not learn.
    """
    challenge = secrets.token_bytes(64)
    _drop(request)
    row = Ceremony.objects.create(
        purpose=purpose,
        account=account,
        challenge=bytes_to_base64url(challenge),
        expires_at=clock.now() + LASTS,
    )
    request.session[_ASKED] = str(row.pk)
    known = [] if account is None else list(Passkey.objects.filter(account=account).order_by("created_at", "id"))
    if purpose != CeremonyFor.ADD or account is None:
        return options_to_json_dict(
            webauthn.generate_authentication_options(
                rp_id=_rp_id(),
                challenge=challenge,
                timeout=_milliseconds(),
                allow_credentials=_named(known),
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )
    return options_to_json_dict(
        webauthn.generate_registration_options(
            rp_id=_rp_id(),
            rp_name=_rp_id(),
            user_id=account.pk.bytes,
            user_name=account.username,
            challenge=challenge,
            timeout=_milliseconds(),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_named(known),
            supported_pub_key_algs=_ALGORITHMS,
        )
    )


def taken(request: HttpRequest, purpose: CeremonyFor, account: Account | None = None) -> bytes | None:
    """What this session was asked for this purpose, once: None when it was nothing, is over, or was taken before.

    Call it outside a transaction: one that is rolled back would ask the question again.
    """
    key = request.session.pop(_ASKED, None)
    row = Ceremony.objects.filter(pk=UUID(key)).first() if key else None
    if row is None or not Ceremony.objects.filter(pk=row.pk).delete()[0]:
        return None
    fits = row.purpose == purpose and row.account_id == (account.pk if account else None)
    return base64url_to_bytes(row.challenge) if fits and clock.now() < row.expires_at else None


def credential_of(said: str) -> str:
    """The name of the key an answer claims to be of; "" of what is no answer."""
    found = _read(said).get("id")
    return found if isinstance(found, str) and 0 < len(found) <= _LONGEST else ""


def names_its_owner(said: str, account: Account) -> bool:
    """Whether the device says, with a key it chose itself, that it belongs to this account."""
    response = _read(said).get("response")
    handle = response.get("userHandle") if isinstance(response, dict) else None
    return handle == bytes_to_base64url(account.pk.bytes)


def right(said: str, asked: bytes, passkey: Passkey) -> Signed | None:
    """What an answer of this key says, when it is signed by it for our site, and the device made sure of its owner.

    Whether its counter rose is for the caller to ask: that a key was copied is worth telling.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=_read(said),
            expected_challenge=asked,
            expected_rp_id=_rp_id(),
            expected_origin=_origin(settings.PUBLIC_ADDRESS),
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # what strangers post breaks a parser in many ways; each is an answer that is not right
        return None
    return Signed(found.new_sign_count, found.credential_backed_up)


def made(said: str, asked: bytes) -> NewKey | None:
    """The key a device made for our site, its owner being there; None when the answer is not right."""
    try:
        found = webauthn.verify_registration_response(
            credential=_read(said),
            expected_challenge=asked,
            expected_rp_id=_rp_id(),
            expected_origin=_origin(settings.PUBLIC_ADDRESS),
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except Exception:  # as above
        return None
    credential = bytes_to_base64url(found.credential_id)
    if len(credential) > _LONGEST:
        return None
    return NewKey(
        credential=credential,
        public_key=bytes_to_base64url(found.credential_public_key),
        counter=found.sign_count,
        synced=found.credential_device_type == CredentialDeviceType.MULTI_DEVICE,
        backed_up=found.credential_backed_up,
    )


def prune(now: datetime, batch: int = 1000) -> int:
    """Delete questions nobody answered; how many."""
    over = Ceremony.objects.filter(expires_at__lte=now).values_list("pk", flat=True)
    return Ceremony.objects.filter(pk__in=list(over[:batch])).delete()[0]


def _drop(request: HttpRequest) -> None:
    key = request.session.pop(_ASKED, None)
    if key:
        Ceremony.objects.filter(pk=UUID(key)).delete()


def _read(said: str) -> dict[str, Any]:
    try:
        found = json.loads(said) if len(said) <= _MOST_SAID else None
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _named(keys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in keys]


def _rp_id() -> str:
    return urlsplit(settings.PUBLIC_ADDRESS).hostname or ""


def _milliseconds() -> int:
    return int(LASTS.total_seconds()) * 1000


def _origin(address: str) -> str:
    """As browsers write it: small letters, and no port where it is the usual one."""
    parts = urlsplit(address)
    port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def _is_number(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
