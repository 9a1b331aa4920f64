"""Verbs of matters. `register` and `run` are the two doors; the stages behind them hold what each row does."""

from shuoshi.matters.actions.come_back import pass_over_lost_numbers
from shuoshi.matters.actions.documents import (
    issue_paper,
    last_document,
    may_not_issue,
    may_read_paper,
    newest_documents,
    says,
)
from shuoshi.matters.actions.handing_over import HandedOver, hand_over
from shuoshi.matters.actions.intake import TAKES_IN, Receipt, refusal, register, registered_before
from shuoshi.matters.actions.looks import look_at_deadline, rearrange, recount
from shuoshi.matters.actions.run import Done, done_before, run, run_all
from shuoshi.matters.actions.slip import print_slip, printed
from shuoshi.matters.actions.talks import record_talk
from shuoshi.matters.actions.telling import choose_notices, stop_notices, told_by_hand
from shuoshi.matters.actions.transfers import carry_out_transfers

__all__ = [
    "TAKES_IN",
    "Done",
    "HandedOver",
    "Receipt",
    "carry_out_transfers",
    "choose_notices",
    "done_before",
    "hand_over",
    "issue_paper",
    "last_document",
    "look_at_deadline",
    "may_not_issue",
    "may_read_paper",
    "newest_documents",
    "pass_over_lost_numbers",
    "print_slip",
    "printed",
    "rearrange",
    "record_talk",
    "recount",
    "refusal",
    "register",
    "registered_before",
    "run",
    "run_all",
    "says",
    "stop_notices",
    "told_by_hand",
]
