"""Every verb on people and their accounts. Secrets never enter an event."""

from shuoshi.people.actions.accounts import (
    confirm_totp,
    create_account,
    disable,
    drop_totp,
    enable,
    end_own_sessions,
    end_sessions,
    enrol_totp,
    folded,
    new_recovery_codes,
    open_account,
    reset_password,
    set_by_code,
    set_password,
)
from shuoshi.people.actions.persons import keep, mark_contact, reveal, reveal_all, take_on
from shuoshi.people.actions.seconds import SecondNeeded, decline, propose, seconded, waiting, waits_for_another

__all__ = [
    "SecondNeeded",
    "confirm_totp",
    "create_account",
    "decline",
    "disable",
    "drop_totp",
    "enable",
    "end_own_sessions",
    "end_sessions",
    "enrol_totp",
    "folded",
    "keep",
    "mark_contact",
    "new_recovery_codes",
    "open_account",
    "propose",
    "reset_password",
    "reveal",
    "reveal_all",
    "seconded",
    "set_by_code",
    "set_password",
    "take_on",
    "waiting",
    "waits_for_another",
]
