"""`shuoshi simulate`: a year of the institution in a scratch place, and what of its promises the system kept."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import click

from shuoshi.config import guard, prepare

PROMISES = (
    "clocks_late",
    "warnings_missed",
    "dates_wrong",
    "callbacks_missed",
    "escalations_missed",
    "notices_lost",
    "notices_doubled",
    "history_breaks",
)


@click.command()
@click.option("--matters", type=click.IntRange(1), default=1000, show_default=True, help="How many are raised.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, another year.")
@click.option(
    "--json", "file", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures there as well."
)
@click.option(
    "--database", metavar="URL", default="", help="An empty PostgreSQL database; by default SQLite, thrown away."
)
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Keep the home in this new folder.")
def simulate(matters: int, seed: int, file: Path | None, database: str, keep: Path | None) -> None:
    """Live through a year of an invented town, with holidays, night emergencies and a worker that dies.

    In a scratch place: nothing of your own home is touched. Ends with 1 where a promise of the system was not kept.
    """
    with tempfile.TemporaryDirectory(prefix="shuoshi-year-") as scratch:
        home = _scratch_home(keep or Path(scratch) / "home", database)
        figures = _lived(home, matters, seed)
    written = json.dumps(figures, ensure_ascii=False, indent=2)
    click.echo(written)
    if file is not None:
        file.write_text(written + "\n", "utf-8")
    if any(figures[promise] for promise in PROMISES):
        click.echo("Not every promise was kept: see `examples`.", err=True)
        sys.exit(1)


def _scratch_home(home: Path, database: str) -> Path:
    """An empty home of its own, whatever the environment says about ours."""
    if home.exists() and any(home.iterdir()):
        raise click.ClickException(f"{home} is not empty.")
    os.environ["SHUOSHI_HOME"], os.environ["DATABASE_URL"] = str(home), database
    home = prepare.open_home(make=True)
    if prepare.database_is_used():
        raise click.ClickException("The database is not empty. A year is simulated in an empty one only.")
    guard.note_kind(home, "demo")
    prepare.bring_up_to_date(home, lambda text: click.echo(text, err=True))
    return home


def _lived(home: Path, matters: int, seed: int) -> dict[str, object]:
    from django.db import connection

    from shuoshi.config.progress import Progress
    from shuoshi.demo.simulating.year import simulate as live

    with connection.cursor() as cursor:  # thrown away afterwards: nothing waits for the disk
        sqlite = connection.vendor == "sqlite"
        cursor.execute("PRAGMA synchronous = OFF" if sqlite else "SET synchronous_commit = off")
    progress = Progress()
    try:
        return live(matters, seed, progress)
    finally:
        progress.end()
        connection.close()
