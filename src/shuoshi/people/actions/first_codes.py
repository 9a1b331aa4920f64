"""Codes on paper for who has not begun: slips that were lost are made anew for all at once, and the old ones die."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.people import passwords, totp
from shuoshi.people.actions.accounts import FIRST_LASTS
from shuoshi.people.models import Account, PasswordReset, Person
from shuoshi.people.policies import PRIVILEGED, arranging, require_account_arranger

MOST = 1000  # slips at once; a larger house prints the rest afterwards


def not_begun(actor: Actor) -> tuple[list[Account], list[Account]]:
    """Accounts nobody has signed in to yet that this administrator may give a new code to, and those of privileged
    people, who are given theirs by two (reset_password). Three statements."""
    return _sorted_out(actor, _unused())


def new_first_codes(*, actor: Actor) -> list[tuple[Account, str]]:
    """A new code for each of `not_begun`, MOST at once; what was handed out before sets no password any more.

    Raises Refused unless an administrator acts.
    """
    now = clock.now()
    with transaction.atomic():
        require_account_arranger(actor)
        given: list[tuple[Account, str]] = []
        mine, _privileged = _sorted_out(actor, _unused().select_for_update(of=("self",)))
        accounts = mine[:MOST]
        PasswordReset.objects.filter(account__in=accounts).delete()
        for account in accounts:
            code = totp.new_recovery_code()
            given.append((account, code))
            story = Story(Stream.of("account", account), "new_first_code", by=actor, at=now)
            story.change(account, password=passwords.nobodys(), epoch=account.epoch + 1)
            story.tell()
        PasswordReset.objects.bulk_create(
            PasswordReset(account=account, digest=totp.recovery_digest(account.pk, code), expires_at=now + FIRST_LASTS)
            for account, code in given
        )
    return given


def _unused() -> QuerySet[Account]:
    found = Account.objects.filter(is_active=True, must_change_password=True, last_seen__isnull=True)
    return found.select_related("person").order_by(F("reset__expires_at").asc(nulls_first=True), "created_at", "id")


def _sorted_out(actor: Actor, found: QuerySet[Account]) -> tuple[list[Account], list[Account]]:
    accounts = list(found)
    held: dict[UUID, list[str]] = defaultdict(list)
    privileged: set[UUID] = set()
    posts = Person.objects.filter(
        pk__in={one.person_id for one in accounts}, posts__isnull=False, posts__until__isnull=True
    )
    for key, path, role in posts.values_list("pk", "posts__unit__path", "posts__role"):
        held[key].append(path)
        if role in PRIVILEGED:
            privileged.add(key)
    reached = arranging(actor)
    mine = [one for one in accounts if reached(held[one.person_id])]
    return (
        [one for one in mine if one.person_id not in privileged],
        [one for one in mine if one.person_id in privileged],
    )
