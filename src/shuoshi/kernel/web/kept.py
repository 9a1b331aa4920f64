"""What somebody typed, carried over a refusal, a time-out or a sign-in. Drafts as rows are kernel.drafts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from shuoshi.kernel import clock, drafts, throttle
from shuoshi.kernel.web.network import network_of

AGAIN = "again"  # a posted form that comes back to be looked at, not to be carried out
DRAFT = "draft"
_LASTS = timedelta(days=1)
SECRETS = frozenset(
    {"password", "new_password", "password_again", "otp", "code", "old", "new", "repeat"}
    | {"key_secret", "webhook", "secret", "api_key", "message_token", "aes_key"}  # of gateways, robots, programs
)  # every PasswordInput is among them, by test
_NEVER = SECRETS | {"csrfmiddlewaretoken", "turn", "key", "passkey", "proof", AGAIN}


def posted(request: HttpRequest) -> QueryDict | None:
    """The data a form of this request is made from: what was posted, what a draft in the address kept, or None."""
    if request.method == "POST":
        return request.POST
    token = request.GET.get(DRAFT, "")
    return _from_draft(token, request.path) if token else None


def unsent(request: HttpRequest) -> QueryDict:
    """What was posted, for a form that is shown again as it was typed: neither checked nor carried out yet."""
    data = request.POST.copy()
    data[AGAIN] = "1"
    return data


def fields(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, as name and value in their order, without secrets and without what belongs to the machinery.

    Nothing at all on an address that takes secrets (`page(secret=True)`), whatever its fields are called.
    """
    if request.method != "POST" or _takes_secrets(request):
        return []
    try:
        typed = request.POST.lists()
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):  # too much of it, or cut off on the way
        return []
    return [(name, value) for name, values in typed if name not in _NEVER for value in values if value != ""]


def texts(request: HttpRequest) -> list[str]:
    """The part of it that a person would miss: words of more than a few characters."""
    return [value for _, value in fields(request) if is_wordy(value)]


def address_with_draft(request: HttpRequest, rule: throttle.Rule = throttle.SUBMIT_BY_NETWORK) -> str:
    """The address of this page with a draft of what was posted to it; opened again, the form is filled in.

    Anybody can make one, so they are counted by network; beyond that the address comes without a draft.
    """
    typed = fields(request)
    if not typed or throttle.take(rule.scope, network_of(request), clock.now()) is not None:
        return request.path
    token = drafts.new_token()
    drafts.save(token, request.path[:200], [list(pair) for pair in typed], lasts=_LASTS)
    return f"{request.path}?{urlencode({DRAFT: token})}"


def _takes_secrets(request: HttpRequest) -> bool:
    return bool(request.resolver_match and getattr(request.resolver_match.func, "secret", False))


def is_wordy(value: str) -> bool:
    """Four characters of which one is Chinese, or several words in letters; no code, date or number."""
    chinese = any(character >= "\u3400" for character in value)
    words = " " in value.strip() and any(character.isalpha() for character in value)
    return len(value) >= 4 and (chinese or words)


def _from_draft(token: str, path: str) -> QueryDict | None:
    """What `address_with_draft` kept of this very page; nothing of drafts that other pages keep in other shapes."""
    draft = drafts.load(token)
    if draft is None or draft.form != path[:200]:
        return None
    data = QueryDict(mutable=True)
    for name, value in draft.body:
        data.appendlist(str(name), str(value))
    data[AGAIN] = "1"
    return data
