"""Who acts, as events write it and as policies ask it."""

from __future__ import annotations

from uuid import UUID

from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind, PostHeld

PERSON, ACCOUNT, UNIT, MATTER = (UUID(int=n) for n in range(1, 5))
HEAD = PostHeld(UNIT, "/3/12/", "department", "head")


def test_the_ref_says_who_and_as_what() -> None:
    staff = Actor(ActorKind.STAFF, person_id=PERSON, account_id=ACCOUNT)
    assert staff.ref == f"staff:{PERSON}:{ACCOUNT}"
    assert Actor(ActorKind.SPEAKER, matter_id=MATTER).ref == f"speaker:{MATTER}"
    assert SYSTEM.ref == "system"


def test_a_role_reaches_down_the_tree_and_not_sideways() -> None:
    head = Actor(ActorKind.STAFF, person_id=PERSON, account_id=ACCOUNT, posts=(HEAD,))
    assert head.holds("head")
    assert head.holds("head", "/3/12/")
    assert head.holds("head", "/3/12/7/")
    assert not head.holds("head", "/3/")
    assert not head.holds("head", "/3/120/")
    assert not head.holds("handler", "/3/12/")
