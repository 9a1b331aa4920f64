"""What goes wrong for a program of others, as status, name and sentence. Each face writes it in its own form."""

from __future__ import annotations

import logging
from math import ceil

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from shuoshi.channels.platforms.posting import TooMany
from shuoshi.kernel import busy, room
from shuoshi.kernel.refusal import KeyReused, NotDone
from shuoshi.people.actions import BadAddress
from shuoshi.people.phones import BadNumber

_TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
_log = logging.getLogger("shuoshi.web")


class Fault(Exception):
    """The answer is an error: `status`, and a sentence for the person behind the program.

    `code` names it for the program itself; `wait`: seconds after which the same may go, 0 where waiting helps nobody;
    `at`: a JSON pointer to what is wrong in a body of JSON.
    """

    def __init__(self, status: int, sentence: str, *, code: str = "", wait: int = 0, at: str = "") -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.code = code
        self.wait = wait
        self.at = at


def fault_of(problem: Exception) -> Fault:
    """Any exception as the fault it is, also one that nobody foresaw: that is logged, and nothing of it is told."""
    if isinstance(problem, Fault):
        return problem
    if isinstance(problem, TooMany):
        wait = max(1, ceil(problem.wait.total_seconds()))
        return Fault(429, _("发得太多了，请过一会儿再发。"), code="too_many", wait=wait)
    if isinstance(problem, KeyReused):
        return Fault(409, _("这个 Idempotency-Key 用过了，内容和这次不一样。这次没有记下。"), code="key_reused")
    if isinstance(problem, NotDone):
        return Fault(400, problem.text, code=problem.code)
    if isinstance(problem, BadNumber):
        return Fault(400, str(problem), code="bad_number")
    if isinstance(problem, BadAddress):
        return Fault(400, str(problem), code="bad_address")
    if isinstance(problem, _TOO_MUCH):
        return Fault(413, _("内容太大，没有收下。"), code="too_large")
    if room.is_full(problem) or busy.is_busy(problem):
        sentence = _("现在太忙，没有记下。请过一会儿原样再发，不会重复登记。")
        return Fault(503, sentence, code="busy", wait=5)
    if isinstance(problem, MultiPartParserError | UnreadablePostError | SuspiciousOperation):
        return Fault(400, _("表单没有传完整，什么都没有记下。"), code="incomplete")
    _log.error("fault at an address for programs", exc_info=problem)
    return Fault(500, _("服务器出了错，不知道记下没有。请过一会儿原样再发，不会重复登记。"), code="broken")
