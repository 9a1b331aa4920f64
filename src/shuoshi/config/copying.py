"""`shuoshi backup` and `recovery-sheet`: copies by hand, of the night, and before an upgrade; and what is said of them."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuoshi.config import environment, guard, parent, prepare, restoring
from shuoshi.config.progress import Progress

if TYPE_CHECKING:
    from shuoshi.kernel.copies.record import Copy

_MIB = 1024 * 1024
_STANDARD = Path("-")


def backup(address: str, keys_to: str, *, thin: bool) -> None:
    """Make a copy and say what came of it. Raises ClickException when none stands or files are lost."""
    home = prepare.open_home()
    prepare.lift_limits()
    if not prepare.database_is_used():
        raise click.ClickException("The database holds nothing. Is DATABASE_URL set as it is for the server?")
    from django.conf import settings

    from shuoshi.kernel import clock
    from shuoshi.kernel.copies import schema
    from shuoshi.kernel.copies.record import Copy

    row = Copy(place=environment.absolute(address or settings.COPIES), started_at=clock.now())
    if schema.is_current():  # before an upgrade there may be no table for it
        row.save()
    _copy(home, row, keys_to, thin=thin)
    if row.problem:
        raise click.ClickException(row.problem)


def nightly(record: str) -> None:
    """The night's copy, for the row the worker made; then older ones go, and once a week the new one is proved."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    home = prepare.open_home()
    prepare.lift_limits()
    from shuoshi.kernel import clock, room
    from shuoshi.kernel.copies import nightly, targets
    from shuoshi.kernel.copies.record import Copy

    row = Copy.objects.get(pk=record)
    try:
        _require_begun(home, row.place)
    except targets.CopyProblem as problem:
        row.failed(str(problem))
        return
    _copy(home, row, "", thin=True)
    if nightly.check_is_due(clock.now()) and room.for_copies(home / "tmp"):
        restoring.check(row.place, "")


def _begin_page(file: Path) -> None:
    try:
        file.touch(mode=0o600)
    except OSError as problem:
        raise click.ClickException(f"{file}: {problem.strerror}. Write it elsewhere: --page - > FILE") from problem


def before_upgrade(home: Path) -> Copy:
    """A copy at the nightly place of a home that an earlier version wrote. Raises ClickException when none stands.

    Its row can be saved when the upgrade is done: before, there may be no table for it.
    """
    from django.conf import settings

    from shuoshi.kernel import clock
    from shuoshi.kernel.copies import targets
    from shuoshi.kernel.copies.record import Copy

    row = Copy(place=settings.COPIES, started_at=clock.now())
    click.echo(f"Before the database is brought up to this version, a copy of it goes to {row.place} …")
    try:
        _require_begun(home, row.place)
    except targets.CopyProblem as problem:
        raise click.ClickException(str(problem)) from problem
    _copy(home, row, "", thin=False)
    return row


def recovery_sheet(page: Path | None, *, shares: bool) -> None:
    """Make a recovery key, print it once, and seal the keys at the nightly place for it."""
    home = prepare.open_home()
    from django.conf import settings

    from shuoshi.kernel import clock
    from shuoshi.kernel.copies import making, place, recovery, sheet, targets

    if not prepare.database_is_used():
        raise click.ClickException("The database holds nothing. Is DATABASE_URL set as it is for the server?")
    click.echo(f"A new recovery sheet for {_institution()}, whose home is {home}.", err=True)
    earlier = recovery.known(home)
    if earlier is not None:
        question = f"Sheet {earlier.number} of {clock.local(earlier.made_at):%Y-%m-%d} will open no later copy. Go on?"
        click.confirm(question, abort=True, err=True)
    file = None if page is None or page == _STANDARD else page
    if file is not None:
        _begin_page(file)  # before there is a new key that nobody could print
    made = recovery.make(home, clock.now(), shares=shares)
    if file is not None:
        file.write_text(sheet.as_page(made), "utf-8")
        click.echo(f"Print {file}, then delete it.")
    else:
        click.echo(sheet.as_text(made) if page is None else sheet.as_page(made))
    target = targets.at(settings.COPIES)
    try:
        place.require(target, settings.KEYS)
        making.seal_keys(home, target)
    except (targets.NotThere, targets.CopyProblem):
        click.echo("The next copy carries the keys, sealed for this sheet.", err=True)


def _require_begun(home: Path, address: str) -> None:
    """A place outside the home was begun by hand: what has no mark is a disk that is not plugged in. Raises CopyProblem."""
    from shuoshi.kernel.copies import place, targets

    if address == str(home / "copies"):
        return
    try:
        place.require(targets.at(address), home / "keys")
    except targets.NotThere:
        raise targets.CopyProblem(
            f"{address} has no copies of ours. Is the disk plugged in? For a new one: shuoshi backup"
        ) from None


def _copy(home: Path, row: Copy, keys_to: str, *, thin: bool) -> None:
    """One copy, written down in its row. Raises ClickException when none stands."""
    from shuoshi.kernel.copies import making, targets, thinning

    progress = Progress()
    try:
        target = targets.at(row.place)
        keys_target = targets.at(environment.absolute(keys_to)) if keys_to else None
        made = making.make(target, home, guard.kind_of(home) or "real", progress, keys_target)
        row.good(made)
    except targets.CopyProblem as problem:
        row.failed(str(problem))
        raise click.ClickException(str(problem)) from problem
    except BaseException as problem:
        row.failed(f"{type(problem).__name__}: {problem}")
        raise
    finally:
        progress.end()
    click.echo(
        f"{made.name}: {made.manifest.rows:,} rows in {made.size / _MIB:.1f} MiB, {made.manifest.files.lines:,} files "
        f"({made.sent:,} new), {made.seconds:.1f} s, {made.manifest.rows / made.seconds:,.0f} rows/s."
    )
    if not made.keys:
        click.echo(
            f"The keys are not in it: without {home / 'keys'} nobody can read it. Print a recovery sheet, "
            "and later copies carry the keys: shuoshi recovery-sheet",
            err=True,
        )
    if thin and (gone := thinning.thin(target, home / "keys")):
        click.echo(f"Older copies taken away: {len(gone)}.")


def _end_with_parent() -> None:
    """The worker that started us holds our standard input: when it ends, so do we, and leave no copy."""
    parent.wait()
    os._exit(1)


def _institution() -> str:
    from shuoshi.organization.models import Institution

    return Institution.objects.values_list("name", flat=True).first() or "an institution that is not set up yet"
