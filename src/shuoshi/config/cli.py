"""The command line `shuoshi`. A command parses, calls and prints; what it does lives beside it. Imports wait until needed."""

from __future__ import annotations

import socket
import sys
import time
from pathlib import Path
from typing import Any

import click

from shuoshi.config import copies_cli, environment, guard, playing_cli, prepare, simulating_cli, tls_cli
from shuoshi.config.environment import own_certificate
from shuoshi.config.groups import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="shuoshi", prog_name="shuoshi")
def main() -> None:
    """说事: residents raise matters, and follow them until they are solved.

    `shuoshi run` is all it needs: it makes what is missing and serves.
    """


@main.command()
@click.option("--demo", is_flag=True, help="Make an empty home a demo institution without asking.")
def run(demo: bool) -> None:
    """Serve, with the worker.

    In an empty home the first page asks what it shall become: a demo, or a real institution.
    """
    began = time.monotonic()
    host, port = _listening_at()
    _check_free(host, port)
    fresh = guard.kind_of(environment.read().home) is None
    home = prepare.open_home(make=True)
    if fresh:
        guard.note_kind(home, "demo" if demo else "new")
    prepare.bring_up_to_date(home, click.echo)
    _warn_of_losses()
    _have_demo(home)
    tls_cli.look_at_certificate()
    _serve(home, host, port, began, _first_run_code(home))


@main.command()
def init() -> None:
    """Make an empty home for a real institution.

    Directory, keys and database; never a demo.
    """
    home = environment.read().home
    if (home / "prepared").exists() or guard.kind_of(home) == "demo":
        raise click.ClickException(f"{home} already holds an installation; nothing was changed.")
    home = prepare.open_home(make=True)
    guard.note_kind(home, "real")
    prepare.bring_up_to_date(home, click.echo)
    click.echo(f"Ready: {home}. Keep a copy of {home / 'keys'} apart from every backup of the database.")
    click.echo("Next: shuoshi run, then open the first page. It asks for the code that `shuoshi run` prints.")


@main.command()
@click.option("--attached", is_flag=True, hidden=True, help="Ends when standard input does.")
def worker(attached: bool) -> None:
    """Do the background work.

    Deadlines, notices, expired drafts. `shuoshi run` starts one by itself.
    """
    home = prepare.open_home()
    from shuoshi.config import working

    working.work(home, attached=attached)


@main.command()
@click.option("--user", default="shuoshi", show_default=True, help="Whom the service runs as; made when missing.")
@click.option("--print", "print_", is_flag=True, help="Only show what would be installed.")
def install(user: str, print_: bool) -> None:
    """Start with the machine.

    A systemd unit, on Windows a scheduled start. It keeps the settings of this call: SHUOSHI_HOME, PORT and so on.
    On Linux `shuoshi` then runs any command with them. Install again to change one.
    """
    from shuoshi.config import service as services

    service = services.Service.of_this_installation(user)
    if print_:
        if sys.platform == "win32":
            click.echo(" ".join(services.windows_command(service)))
        else:
            click.echo(f"# {services.UNIT}\n{services.systemd_unit(service)}")
            click.echo(f"# {services.SETTINGS}\n{services.settings_file(service)}")
            click.echo(f"# {services.COMMAND}\n{services.command_script(service)}", nl=False)
        return
    try:
        for line in services.install(service):
            click.echo(line)
    except services.NotInstalled as problem:
        raise click.ClickException(str(problem)) from problem


@main.command(hidden=True)
@click.option("--socket", "handle", type=int, required=True)
def web(handle: int) -> None:
    """Serve beside the process that started this one, at its socket."""
    prepare.open_home()
    from django.conf import settings

    from shuoshi.config.serve import serve_beside

    serve_beside(
        handle,
        proxy=environment.read()["SHUOSHI_PROXY"],
        body_limit=settings.BODY_LIMIT,
        certificate=settings.CERTIFICATE,
    )


@main.command()
@click.option("--without-copy", is_flag=True, help="Do not copy a real home before; nothing brings it back then.")
def migrate(without_copy: bool) -> None:
    """Bring the database up to this version.

    A real home is copied before, to where the nightly copies go. `shuoshi run` does the same.
    """
    home = prepare.open_home()
    (home / "prepared").unlink(missing_ok=True)
    prepare.bring_up_to_date(home, click.echo, copy_first=not without_copy)


@main.command()
def check() -> None:
    """Say whether this installation is fit to serve.

    Settings, keys, modes, database and its durability, demo accounts.
    """
    home = prepare.open_home()
    from django.core.management import call_command

    from shuoshi.config import demo_home
    from shuoshi.kernel import database

    guard.check_schema()
    call_command("check", deploy=True, fail_level="WARNING")
    if losing := database.problems():
        raise click.ClickException("\n".join(losing))
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


for _command in (copies_cli.backup, copies_cli.restore, copies_cli.recovery_sheet, copies_cli.keys_):
    main.add_command(_command)


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
    home = prepare.open_home(make=True)
    from shuoshi.config import demo_home

    demo_home.wipe(home)
    guard.note_kind(home, "demo")
    prepare.bring_up_to_date(home, click.echo)
    _have_demo(home)


@main.command("build-demo", hidden=True)
def build_demo() -> None:
    """Build the demo beside a running server, for its first page."""
    home = prepare.open_home()
    from shuoshi.config import demo_home
    from shuoshi.config.first_run import code, progress

    teller = progress.Teller(home)
    try:
        demo_home.build(home, teller)
    except BaseException:
        teller.failed()
        raise
    code.forget(home)


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
    home = prepare.open_home(make=True)
    if fresh:
        guard.note_kind(home, "demo")
    prepare.bring_up_to_date(home, click.echo)
    _have_demo(home)
    return home


main.add_command(simulating_cli.simulate)
main.add_command(playing_cli.simulate_channel)
main.add_command(tls_cli.tls)


@main.command("sign-in")
def sign_in() -> None:
    """Print how to sign in to the demo, with codes."""
    home = prepare.open_home()
    if guard.kind_of(home) != "demo":
        raise click.ClickException("Only a demo prints how to sign in.")
    from shuoshi.config import sheet

    click.echo(sheet.drawn())


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


def _listening_at() -> tuple[str, int]:
    """Loopback, unless the operator opened the server to a network or a proxy elsewhere."""
    values = environment.read()
    open_to_network = values.switch("SHUOSHI_LAN") or values["SHUOSHI_PROXY"] not in {"", "127.0.0.1", "::1"}
    open_to_network |= values.switch("SHUOSHI_HTTPS") and own_certificate(values) is not None
    return ("0.0.0.0" if open_to_network else "127.0.0.1"), values.number("PORT")  # noqa: S104 - asked for by its name


def _check_free(host: str, port: int) -> None:
    """Before any long work: is the port ours to take?"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise click.ClickException(
                f"Port {port} is taken. Stop the other server, or write another port before the command: PORT={port + 1}"
            ) from None


def _warn_of_losses() -> None:
    from shuoshi.kernel import database

    for problem in database.problems():
        click.echo(f"Warning: {problem}", err=True)


def _have_demo(home: Path) -> None:
    from shuoshi.config import demo_home
    from shuoshi.config.progress import Progress

    if guard.kind_of(home) == "demo" and not demo_home.complete(home):
        click.echo("Building the demo institution …")
        progress = Progress()
        demo_home.build(home, progress)
        progress.end()
    demo_home.check(home)


def _first_run_code(home: Path) -> str:
    """The code the first page asks for, while there is no institution; "" when there is one."""
    from shuoshi.config.first_run import code
    from shuoshi.organization import queries as organization

    if organization.is_set_up():
        code.forget(home)
        return ""
    return code.printed(home)


def _serve(home: Path, host: str, port: int, began: float, first_run: str) -> None:
    from django.conf import settings

    from shuoshi.config import working
    from shuoshi.config.serve import serve

    def ready() -> None:
        address = f"{'https' if settings.HTTPS and settings.CERTIFICATE else 'http'}://localhost:{port}"
        click.echo(f"\n说事 is ready after {time.monotonic() - began:.1f} s. Home: {home}")
        if first_run:
            click.echo(f"  打开网页    {address}/start/   (set it up there)")
            click.echo(f"  设置码      {first_run}   (the page asks for this code)")
        else:
            click.echo(f"  Residents  {address}/")
            click.echo(f"  Staff      {address}/desk/")
        if guard.kind_of(home) == "demo":
            from shuoshi.config import sheet

            click.echo(sheet.drawn())
        click.echo("Ctrl-C stops everything.", nl=True)
        sys.stdout.flush()

    values = environment.read()
    serve(
        host,
        port,
        proxy=values["SHUOSHI_PROXY"],
        body_limit=settings.BODY_LIMIT,
        certificate=settings.CERTIFICATE,
        ready=ready,
        worker=lambda: working.work(home, attached=True),
        processes=_processes(values),
    )
    click.echo("Stopped.")


def _processes(values: environment.Values) -> int:
    """How many web processes; Windows hands no socket on to another program."""
    wanted = max(1, values.number("SHUOSHI_PROCESSES"))
    if wanted > 1 and sys.platform == "win32":
        raise click.ClickException("SHUOSHI_PROCESSES above 1 does not work on Windows. Leave it out.")
    return wanted
