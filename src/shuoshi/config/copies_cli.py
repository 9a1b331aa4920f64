"""Commands about copies and the keys that seal them and personal data. Imports wait until needed, as in cli."""

from __future__ import annotations

from pathlib import Path

import click

from shuoshi.config import prepare
from shuoshi.config.groups import Group


@click.command()
@click.argument("place", required=False, default="")
@click.option("--keys-to", metavar="PLACE", default="", help="Where the sealed keys go, apart from the rest.")
@click.option("--thin", is_flag=True, help="Then older copies go: 7 days, 4 weeks and 12 months stay.")
@click.option("--record", hidden=True, default="", help="Of the worker: which row of it to fill in.")
def backup(place: str, keys_to: str, thin: bool, record: str) -> None:
    """Copy everything to PLACE, sealed, while the server runs.

    PLACE is a folder, also of a USB stick, or s3://bucket/prefix; by default where the nightly copies go.
    """
    from shuoshi.config import copying

    if record:
        copying.nightly(record)
    else:
        copying.backup(place, keys_to, thin=thin)


@click.command()
@click.argument("place")
@click.option(
    "--at", metavar="TIME", default="", help="The newest copy of then or before: 2026-11-24, '2026-11-24 13:30'."
)
@click.option("--check", is_flag=True, help="Bring it back into a scratch place only, and say whether it is good.")
@click.option("--keys-from", metavar="PLACE", default="", help="Where the sealed keys lie, if not at PLACE.")
@click.option("--recovery", "codes", metavar="FILE", default="", help="The recovery key or two shares; - reads them.")
@click.option("--to-check", is_flag=True, hidden=True, help="Of a check: this home is thrown away afterwards.")
def restore(place: str, at: str, check: bool, keys_from: str, codes: str, to_check: bool) -> None:
    """Bring back the copy at PLACE, and prove it.

    Into an empty home and database. Asks for the recovery sheet where the home has no keys. Between SQLite and PostgreSQL as well.
    """
    from shuoshi.config import restoring

    if to_check:
        restoring.restore_to_check(place, at)
    elif check:
        restoring.check(place, at, keys_from=keys_from, codes=codes)
    else:
        restoring.restore(place, at, keys_from=keys_from, codes=codes)


@click.command("recovery-sheet")
@click.option("--shares", is_flag=True, help="Three shares for three people; any two of them are enough.")
@click.option(
    "--page",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write a page to print instead; - writes it to standard output.",
)
def recovery_sheet(shares: bool, page: Path | None) -> None:
    """Print a new recovery key of the copies.

    With it, and only with it, the keys come back from a copy. It is shown once. The one before opens no later copy.
    """
    from shuoshi.config import copying

    copying.recovery_sheet(page, shares=shares)


@click.group("keys", cls=Group)
def keys_() -> None:
    """Exchange the key that seals personal data."""


@keys_.command("rotate")
def keys_rotate() -> None:
    """Make a new field key and seal every data key anew under it. The server may go on meanwhile."""
    home = prepare.open_home()
    from shuoshi.kernel import rewrapping

    click.echo(f"New field key {rewrapping.rotate()}. Copy {home / 'keys'} to where your copies of the keys are kept.")
    _rewrap()


@keys_.command("rewrap")
@click.option("--drop-old", is_flag=True, help="Destroy old field keys nothing here needs. Older backups do need them.")
def keys_rewrap(drop_old: bool) -> None:
    """Go on with a rotation that was broken off, and say which old keys are still needed."""
    prepare.open_home()
    _rewrap()
    from shuoshi.kernel import rewrapping

    for id_ in rewrapping.unneeded():
        if drop_old and click.confirm(f"Destroy the field key {id_}? Backups made under it can never be read again."):
            rewrapping.drop(id_)
            click.echo(f"Destroyed: {id_}")
        elif not drop_old:
            click.echo(f"Nothing here needs the field key {id_}. Backups made before the rotation do.")


def _rewrap() -> None:
    from shuoshi.config.progress import Progress
    from shuoshi.kernel import rewrapping
    from shuoshi.kernel.crypto import CryptoProblem

    progress = Progress()
    try:
        done = rewrapping.rewrap(progress)
    except CryptoProblem as problem:
        raise click.ClickException(f"{problem} Bring it back and run: shuoshi keys rewrap") from None
    finally:
        progress.end()
    click.echo(f"{done} data keys sealed anew. `shuoshi verify` compares every record.")
