"""Who takes in sheets: the registry and administrators, by an own post. Pure."""

from __future__ import annotations

from shuoshi.channels.spreadsheets.models import Run, Spreadsheet
from shuoshi.kernel.actors import Actor
from shuoshi.organization.roles import Role

IMPORTERS = frozenset({Role.REGISTRAR, Role.DISPATCHER, Role.ADMINISTRATOR})


def may_import(actor: Actor) -> bool:
    return any(actor.holds(role) for role in IMPORTERS)


def may_open(actor: Actor, sheet: Spreadsheet) -> bool:
    """What somebody gave holds names and telephones: it is theirs alone."""
    return may_import(actor) and actor.person_id == sheet.by_id


def may_see(actor: Actor, run: Run) -> bool:
    """That it was, and how it went: whoever began it, the same registry, and administrators."""
    return may_import(actor) and (
        actor.person_id == run.by_id
        or actor.holds(Role.ADMINISTRATOR)
        or any(post.unit_id == run.registry_id for post in actor.posts)
    )


def may_undo(actor: Actor, run: Run) -> bool:
    """Take back what it registered: whoever began it knows best that it was a mistake."""
    return may_steer(actor, run)


def may_agree(actor: Actor, run: Run) -> bool:
    """The second person: somebody else who takes in for the same registry, or an administrator."""
    return may_see(actor, run) and actor.person_id not in (None, run.undo_asked_by_id)


def may_steer(actor: Actor, run: Run) -> bool:
    """Stop it, or let it go on."""
    return may_import(actor) and (actor.person_id == run.by_id or actor.holds(Role.ADMINISTRATOR))
