"""The command line `shuoshi`. A command parses, calls and prints; what it does lives beside it. Imports wait until needed."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path
from typing import Any

import click

from shuoshi.config import environment, guard, prepare

_SETTINGS_HELP = "\n".join(f"  {setting.name:<15} {setting.help}" for setting in environment.SETTINGS)


class Group(click.Group):
    """Commands in the order one meets them, and the settings below."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if ctx.parent is None:
            formatter.write(f"\nSettings (from the environment):\n{_SETTINGS_HELP}\n")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="shuoshi", prog_name="shuoshi")
def main() -> None:
    """说事: residents raise matters, and follow them until they are solved.

    `shuoshi run` is all it needs: it makes what is missing and serves.
    """


@main.command()
def run() -> None:
    """Serve, with the worker.

    An empty home becomes a demo institution first.
    """
    began = time.monotonic()
    host, port = _listening_at()
    _check_free(host, port)
    fresh = guard.kind_of(environment.read().home) is None
    home = prepare.open_home()
    if fresh:
        guard.note_kind(home, "demo")
    prepare.bring_up_to_date(home, click.echo)
    _have_demo(home)
    _serve(home, host, port, began)


@main.command()
def init() -> None:
    """Make an empty home for a real institution.

    Directory, keys and database; never a demo.
    """
    home = environment.read().home
    if (home / "prepared").exists() or guard.kind_of(home) == "demo":
        raise click.ClickException(f"{home} already holds an installation; nothing was changed.")
    home = prepare.open_home()
    guard.note_kind(home, "real")
    prepare.bring_up_to_date(home, click.echo)
    click.echo(f"Ready: {home}. Keep a copy of {home / 'keys'} apart from every backup of the database.")


@main.command()
@click.option("--attached", is_flag=True, hidden=True, help="Ends when standard input does.")
def worker(attached: bool) -> None:
    """Do the background work.

    Deadlines, notices, expired drafts. `shuoshi run` starts one by itself.
    """
    prepare.open_home()
    from shuoshi.config import working

    working.work(attached=attached)


@main.command(hidden=True)
@click.option("--socket", "handle", type=int, required=True)
def web(handle: int) -> None:
    """Serve beside the process that started this one, at its socket."""
    prepare.open_home()
    from django.conf import settings

    from shuoshi.config.serve import serve_beside

    serve_beside(handle, proxy=environment.read()["SHUOSHI_PROXY"], body_limit=settings.BODY_LIMIT)


@main.command()
def migrate() -> None:
    """Bring the database up to this version."""
    home = prepare.open_home()
    (home / "prepared").unlink(missing_ok=True)
    prepare.bring_up_to_date(home, click.echo)


@main.command()
def check() -> None:
    """Say whether this installation is fit to serve.

    Settings, keys, modes, database, demo accounts.
    """
    home = prepare.open_home()
    from django.core.management import call_command

    from shuoshi.config import demo_home

    guard.check_schema()
    call_command("check", deploy=True, fail_level="WARNING")
    demo_home.check(home)
    click.echo(f"Home       {home} ({guard.kind_of(home) or 'empty'})")
    click.echo("Keys, modes, database and accounts are as they should be.")


@main.command()
def verify() -> None:
    """Recompute the history and compare every record.

    Ends with 1 and the first broken row if something was changed behind the program's back.
    """
    prepare.open_home()
    from shuoshi.config.progress import Progress
    from shuoshi.kernel.verify import verify as broken_rows

    progress = Progress()
    broken = next(iter(broken_rows(progress)), None)
    progress.end()
    if broken is not None:
        click.echo(f"BROKEN  {broken.where}  {broken.column}: {broken.what}", err=True)
        sys.exit(1)
    click.echo("The history is whole, and every record agrees with it.")


@main.group("keys", cls=Group)
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


@main.command("demo-reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
def demo_reset(yes: bool) -> None:
    """Build the demo institution again, from today."""
    home = environment.read().home
    if guard.kind_of(home) == "real":
        raise click.ClickException(f"{home} holds a real institution. Only a demo can be reset.")
    if not yes:
        click.confirm(f"Delete everything in the demo {home}?", abort=True)
    _check_free(*_listening_at())
    home = prepare.open_home()
    from shuoshi.config import demo_home

    demo_home.wipe(home)
    guard.note_kind(home, "demo")
    prepare.bring_up_to_date(home, click.echo)
    _have_demo(home)


@main.command()
@click.option("--matters", type=click.IntRange(1), required=True, help="How many to add.")
@click.option("--days", type=click.IntRange(126), help="Over how many working days. Default: 80 matters a day.")
@click.option("--seed", type=int, default=1, help="Another seed, another spread.")
def generate(matters: int, days: int | None, seed: int) -> None:
    """Fill a demo with very many invented matters, for measuring and for trying it at full size.

    In an empty home it builds the demo first. Stop the server before. Never in a real home.
    """
    home = _demo_home()
    from shuoshi.config import demo_home
    from shuoshi.config.progress import Progress

    progress, began = Progress(), time.monotonic()
    done = demo_home.fill(home, matters, days, seed, progress)
    progress.end()
    click.echo(f"{done} matters in {time.monotonic() - began:.0f} s. `shuoshi verify` recomputes their history.")


def _demo_home() -> Path:
    """The home of a complete demo; made where there is nothing yet."""
    home = environment.read().home
    if guard.kind_of(home) == "real":
        raise click.ClickException(f"{home} holds a real institution. Only a demo is filled with invented matters.")
    fresh = guard.kind_of(home) is None
    home = prepare.open_home()
    if fresh:
        guard.note_kind(home, "demo")
    prepare.bring_up_to_date(home, click.echo)
    _have_demo(home)
    return home


@main.command("sign-in")
def sign_in() -> None:
    """Print how to sign in to the demo, with codes."""
    home = prepare.open_home()
    if guard.kind_of(home) != "demo":
        raise click.ClickException("Only a demo prints how to sign in.")
    _print_sheet()


@main.group("import", cls=Group)
def import_() -> None:
    """Bring in what was raised elsewhere."""


@import_.command("messages")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--columns", help="Which column is what: content=留言内容,said_at=时间,… Found by itself for known headings."
)
@click.option(
    "--rejects", type=click.Path(path_type=Path), help="Where refused rows go, with reasons. Default: beside FILE."
)
@click.option("--limit", type=int, help="Stop after so many rows.")
def import_messages(file: Path, **options: Any) -> None:
    """Register the messages of FILE (JSONL or CSV). Safe to run again: what is there already is counted, not doubled."""
    prepare.open_home()
    from shuoshi.config import importing

    importing.messages(file, **options)


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


def _listening_at() -> tuple[str, int]:
    """Loopback, unless the operator opened the server to a network or a proxy elsewhere."""
    values = environment.read()
    open_to_network = values.switch("SHUOSHI_LAN") or values["SHUOSHI_PROXY"] not in {"", "127.0.0.1", "::1"}
    return ("0.0.0.0" if open_to_network else "127.0.0.1"), values.number("PORT")  # noqa: S104 - asked for by its name


def _check_free(host: str, port: int) -> None:
    """Before any long work: is the port ours to take?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is taken. Stop the other server, or choose another port: PORT={port + 1} make run"
            ) from None


def _have_demo(home: Path) -> None:
    from shuoshi.config import demo_home
    from shuoshi.config.progress import Progress

    if guard.kind_of(home) == "demo" and not demo_home.complete(home):
        click.echo("Building the demo institution …")
        progress = Progress()
        demo_home.build(home, progress)
        progress.end()
    demo_home.check(home)


def _serve(home: Path, host: str, port: int, began: float) -> None:
    from django.conf import settings

    from shuoshi.config.serve import serve

    def ready() -> None:
        address = f"http://localhost:{port}"
        click.echo(f"\n说事 is ready after {time.monotonic() - began:.1f} s. Home: {home}")
        click.echo(f"  Residents  {address}/")
        click.echo(f"  Staff      {address}/desk/")
        if guard.kind_of(home) == "demo":
            _print_sheet()
        click.echo("Ctrl-C stops everything.", nl=True)
        sys.stdout.flush()

    values = environment.read()
    serve(
        host,
        port,
        proxy=values["SHUOSHI_PROXY"],
        body_limit=settings.BODY_LIMIT,
        ready=ready,
        processes=_processes(values),
    )
    click.echo("Stopped.")


def _processes(values: environment.Values) -> int:
    """How many web processes; Windows hands no socket on to another program."""
    wanted = max(1, values.number("SHUOSHI_PROCESSES"))
    if wanted > 1 and sys.platform == "win32":
        raise click.ClickException("SHUOSHI_PROCESSES above 1 does not work on Windows. Leave it out.")
    return wanted


def _print_sheet() -> None:
    from shuoshi.demo.accounts import sign_in_sheet

    click.echo("\nSign in at /desk/ (demo; the code changes every 30 s, `shuoshi sign-in` prints fresh ones):")
    rows = [tuple(str(cell) for cell in row) for row in sign_in_sheet()]
    widths = [max(_cells(row[column]) for row in rows) for column in range(len(rows[0]))] if rows else []
    for row in rows:
        line = "  ".join(cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo(f"  {line.rstrip()}")


def _cells(text: str) -> int:
    """Width on a terminal: a Chinese character takes two cells."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)
