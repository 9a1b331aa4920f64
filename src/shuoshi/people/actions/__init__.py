"""Every verb on people and their accounts. Secrets never enter an event."""

from shuoshi.people.actions.accounts import (
    confirm_totp,
    create_account,
    disable,
    drop_totp,
    enable,
    end_sessions,
    enrol_totp,
    new_recovery_codes,
    reset_password,
    set_password,
)
from shuoshi.people.actions.persons import correct, keep, mark_contact, reveal

__all__ = [
    "confirm_totp",
    "correct",
    "create_account",
    "disable",
    "drop_totp",
    "enable",
    "end_sessions",
    "enrol_totp",
    "keep",
    "mark_contact",
    "new_recovery_codes",
    "reset_password",
    "reveal",
    "set_password",
]
