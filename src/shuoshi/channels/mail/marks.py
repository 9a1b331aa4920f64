"""Keyed digests of mails, and what headers say of who wrote one: a program, a list, we ourselves."""

from __future__ import annotations

import hashlib
import hmac
import json
import re

from django.conf import settings

from shuoshi.channels.mail.models import Because
from shuoshi.channels.mail.reading import Head
from shuoshi.kernel import keys

_NOBODY = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?|listserv|majordomo|.+-(?:request|owner|bounces?))(?:[+_.-].*)?"
)
_ROBOTS = frozenset({"bulk", "list", "junk", "auto_reply"})


def digest(kind: str, *parts: str) -> str:
    """Under our own key: whoever holds the database cannot try addresses or words."""
    key = keys.read(settings.KEYS, "network")
    return hmac.new(key, json.dumps(["mail", kind, *parts]).encode(), hashlib.sha256).hexdigest()


def ignored(head: Head, own: frozenset[str]) -> Because | None:
    """Why nobody wrote this (RFC 3834, RFC 3464, RFC 2919); None for what a person wrote. `own`: our addresses."""
    said = head.marks
    if head.sender in own or "x-shuoshi" in said.get("x-loop", "").lower():
        return Because.OWN
    if said.get("return-path", "").replace(" ", "") == "<>" or head.media_type == "multipart/report":
        return Because.BOUNCE
    if "x-failed-recipients" in said:
        return Because.BOUNCE
    if any(one in said for one in ("list-id", "list-post", "list-unsubscribe")):
        return Because.LIST
    submitted = said.get("auto-submitted", "no").partition(";")[0].strip().lower()
    by_program = submitted not in ("", "no") or "x-autoreply" in said or "x-autorespond" in said
    if by_program or said.get("precedence", "").strip().lower() in _ROBOTS:
        return Because.AUTOMATIC
    return Because.AUTOMATIC if _NOBODY.fullmatch(head.sender.partition("@")[0]) else None


def may_be_answered(head: Head) -> bool:
    """Whether the sender wants no answer of a program."""
    wish = head.marks.get("x-auto-response-suppress", "").lower()
    return bool(head.sender) and not any(one in wish for one in ("all", "autoreply", "oof"))


def is_spam(head: Head) -> bool:
    """What the mail server found; it is shown to a person, not thrown away."""
    flag, status = (head.marks.get(name, "").strip().lower() for name in ("x-spam-flag", "x-spam-status"))
    return flag.startswith("yes") or status.startswith("yes")
