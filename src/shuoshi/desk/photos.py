"""Photos that wait with a form of the desk: taken in before the form is looked at, there again after an error, given once."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.http import QueryDict

from shuoshi.desk.frame import DeskRequest
from shuoshi.kernel import drafts
from shuoshi.kernel.web import uploads
from shuoshi.matters import waiting as at_rest
from shuoshi.matters.terms import FileGiven

MOST = 5


@dataclass
class Waiting:
    """What waits behind the token of one form, and a sentence for each picture that was not taken."""

    token: str
    owner: UUID
    any: bool  # whether there may be some: behind a token no draft was kept under there are none
    refused: list[str] = field(default_factory=list)

    @cached_property
    def files(self) -> list[drafts.DraftFile]:
        return drafts.files(self.token) if self.any else []

    def given(self) -> tuple[FileGiven, ...]:
        """As actions take them. Raises FileMissing when the disk lost one."""
        return at_rest.given(self.token) if self.any else ()

    def settle(self) -> None:
        """The form has passed."""
        if self.files:
            uploads.settle(self.token, self.owner)


def waiting(request: DeskRequest, data: QueryDict | None) -> Waiting:
    """What waits with the form of this request, those taken in that came with it, and without those ticked to go.

    `data` is what the form is filled in from: posted now, or kept in a draft. A form that is opened gets a fresh token.
    """
    owner = request.account.pk
    token, known = _own(str(data.get(uploads.TOKEN, "")) if data is not None else "", owner)
    if request.method == "POST":
        for ticked in request.POST.getlist(uploads.REMOVE):
            _remove(token, ticked)
        sent = uploads.sent(request)
        return Waiting(token, owner, known or bool(sent), uploads.keep(token, sent, MOST, owner=owner))
    return Waiting(token, owner, known)


def _own(token: str, owner: UUID) -> tuple[str, bool]:
    """The token, if nobody else's draft is behind it, and whether one is there at all.

    What was sent before a sign-in belongs to whoever holds it.
    """
    draft = drafts.load(token) if token else None
    if draft is None:
        return token or drafts.new_token(), False
    if draft.form != uploads.FORM or draft.owner not in (None, owner):
        return drafts.new_token(), False
    if draft.owner is None:
        drafts.save(token, draft.form, draft.body, owner=owner)
    return token, True


def _remove(token: str, ticked: str) -> None:
    try:
        drafts.detach(token, UUID(ticked))
    except ValueError:  # no key, which no page of ours sends
        return
