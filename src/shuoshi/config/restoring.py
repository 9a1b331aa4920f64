"""`shuoshi restore`: keys first, then a copy into an empty home; and the check, a restore into a home that is thrown away.

Django reads its keys once, when it starts. So keys are fetched in a home for that alone, and a child does the rest.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shuoshi.config import environment, guard, prepare
from shuoshi.config.progress import Progress
from shuoshi.kernel import clock
from shuoshi.kernel.clock import INSTITUTION_ZONE

if TYPE_CHECKING:
    from shuoshi.kernel.copies.form import Reader
    from shuoshi.kernel.copies.recovery import Secret

_SCRATCH = "check-"
_FOUND = "found"  # where the child of a check writes which copy it was, and what is wrong with it


def restore(address: str, at: str, *, keys_from: str = "", codes: str = "") -> None:
    """Bring a copy into the empty home. Raises ClickException with what is wrong."""
    home = environment.read().home
    when(at)
    if guard.kind_of(home) is not None or _is_filled(home / "files"):
        raise click.ClickException(
            f"{home} is not empty, and nothing is ever overwritten. Set SHUOSHI_HOME to a new folder."
        )
    guard.check_whole(home)
    if not (home / "keys").is_dir():
        _fetch_keys(home, environment.absolute(keys_from or address), codes)
        sys.exit(_child(home, environment.absolute(address), at))
    copy = _open(home, environment.absolute(address), at)
    said = _load(home, copy, keep_files=True)
    _become(home, copy)
    click.echo(f"{copy.name}: {said} Home: {home}. Start it with: shuoshi run")


def check(address: str, at: str, *, keys_from: str = "", codes: str = "") -> None:
    """Prove a copy in a scratch home, and note it where there is a home. Raises ClickException with what is wrong."""
    home = environment.read().home
    when(at)
    with _scratch_home(home) as scratch:
        if (home / "keys").is_dir():
            shutil.copytree(home / "keys", scratch / "keys")
        else:
            _fetch_keys(scratch, environment.absolute(keys_from or address), codes)
        _child(scratch, environment.absolute(address), at, "--to-check")
        note = scratch / _FOUND
        broken_off = {"name": "", "problem": "The check was broken off."}
        found = json.loads(note.read_text("utf-8")) if note.exists() else broken_off
    if found["name"] and guard.kind_of(home) is not None:
        prepare.open_home(make=True)
        from shuoshi.kernel.copies import record

        record.checked(found["name"], found["problem"])
    if found["problem"]:
        raise click.ClickException(f"{found['name'] or environment.absolute(address)} is not good. {found['problem']}")
    click.echo(f"{found['name']} is good: {found['said']}")


def restore_to_check(address: str, at: str) -> None:
    """What the child of a check does in its scratch home, which has nothing but keys: it leaves a note of what it found."""
    home = environment.read().home
    found = {"name": "", "problem": "", "said": ""}
    try:
        copy = _open(home, address, at)
        found["name"] = copy.name
        found["said"] = _load(home, copy, keep_files=False)
    except click.ClickException as problem:
        found["problem"] = problem.message
    (home / _FOUND).write_text(json.dumps(found), "utf-8")


def when(text: str) -> datetime | None:
    """A time as it was typed, on the institution's clock unless it says another; a day alone means its end."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise click.ClickException(f"{text!r} is no time. Write 2026-11-24 or '2026-11-24 13:30'.") from None
    if len(text) <= len("2026-11-24"):
        at = datetime.combine(at, time.max)
    return at if at.tzinfo else at.replace(tzinfo=INSTITUTION_ZONE)


def _open(home: Path, address: str, at: str) -> Reader:
    """The copy that was asked for, opened with the keys of the home; nothing is written yet."""
    prepare.open_home(make=True)
    prepare.lift_limits()
    from shuoshi.kernel.copies import place, restoring, targets
    from shuoshi.kernel.copies.form import Reader

    try:
        target = targets.at(address)
        place.require(target, home / "keys")
        return Reader(target, home / "keys", restoring.newest(target, when(at)))
    except targets.NotThere:
        raise click.ClickException(f"{address} has no copies of ours.") from None
    except targets.CopyProblem as problem:
        raise click.ClickException(str(problem)) from problem


def _load(home: Path, copy: Reader, *, keep_files: bool) -> str:
    """Load and prove it; what is said of that. The home is marked from here on, until it is whole."""
    from shuoshi.kernel.copies import restoring, targets

    (home / "restoring").touch()
    if prepare.database_is_used():
        (home / "restoring").unlink()
        raise click.ClickException("The database at DATABASE_URL is not empty. Give a new one.")
    progress = Progress()
    try:
        done = restoring.restore(copy, progress, keep_files=keep_files)
    except targets.CopyProblem as problem:
        raise click.ClickException(str(problem)) from problem
    finally:
        progress.end()
    return f"{done.rows:,} rows and {done.files:,} files came back, and the history agrees."


def _become(home: Path, copy: Reader) -> None:
    """A home like any other, of the kind the copy is of: a demo never turns real."""
    kind = copy.manifest.kind
    guard.note_kind(home, "demo" if kind == "demo" else "real")
    if kind == "demo":
        (home / "demo-complete").touch()
    prepare.bring_up_to_date(home, click.echo)
    _erase_again(home, copy)
    _pass_over_lost_numbers(copy)
    _send_nothing_twice()
    (home / "restoring").unlink()


def _erase_again(home: Path, copy: Reader) -> None:
    """What was destroyed since the copy was made comes back with it, and goes again before anybody is served."""
    from shuoshi.archive import replaying
    from shuoshi.kernel.copies import erasures, targets

    try:
        known = erasures.read(copy.target, home / "keys")
    except targets.CopyProblem as problem:
        raise click.ClickException(str(problem)) from problem
    if gone := replaying.again(known):
        click.echo(f"{gone} rows had been destroyed after the copy was made. They are destroyed again.")


def _pass_over_lost_numbers(copy: Reader) -> None:
    """What was registered after the copy has left numbers with residents: nobody else gets one of them."""
    from shuoshi.matters import actions

    copied_at = datetime.fromisoformat(copy.manifest.made_at)
    if number := actions.pass_over_lost_numbers(copy.name, copied_at):
        click.echo(
            f"What was registered after {clock.local(copied_at):%Y-%m-%d %H:%M} is not in the copy, and its numbers are "
            f"with residents. So that none is given twice, the next matter is {number}."
        )


def _send_nothing_twice() -> None:
    """What waited to be sent when the copy was made may have been sent since."""
    from shuoshi.notices import delivering

    if held := delivering.after_a_restore(clock.now()):
        click.echo(
            f"{held} messages that may have left since the copy was made are not sent; residents are told by hand."
        )


def _child(home: Path, address: str, at: str, *more: str) -> int:
    """Load in another process, whose home has the keys; its exit code. A check never touches the real database."""
    environ = {**os.environ, "SHUOSHI_HOME": str(home)}
    if more:
        environ["DATABASE_URL"] = ""
    command = [sys.executable, "-m", "shuoshi", "restore", address, *(["--at", at] if at else []), *more]
    return subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, check=False).returncode


@contextmanager
def _scratch_home(home: Path) -> Iterator[Path]:
    """A home for once. Below the real one where there is one: the copy's rows go to no other disk."""
    below = home / "tmp" if (home / "tmp").is_dir() else None
    for left in below.glob(f"{_SCRATCH}*") if below else ():
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=below) as made:
        yield Path(made)


def _fetch_keys(home: Path, address: str, codes: str) -> None:
    """Bring the keys into `home` with the recovery key: from a file, or as it is typed."""
    with tempfile.TemporaryDirectory(prefix="shuoshi-keys-") as waiting:
        _set_up_for_keys(Path(waiting))
        from shuoshi.kernel.copies import bundle, recovery, targets
        from shuoshi.kernel.crypto import CryptoProblem

        try:
            sealed = targets.at(address).get(bundle.NAME)
            click.echo(f"The keys are sealed for recovery sheet {bundle.number(sealed)}.", err=True)
            secret = _ask(codes)
            found = bundle.opened(sealed, secret)
        except targets.NotThere:
            raise click.ClickException(
                f"{address} has no keys. Lay the folder `keys` of the old home into {home}, or name the place that has "
                "them: --keys-from"
            ) from None
        except (targets.CopyProblem, CryptoProblem) as problem:
            raise click.ClickException(str(problem)) from problem
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        bundle.bring_back(found, home / "keys")
        recovery.adopt(home, secret.value, clock.now(), shares=secret.shared)


def _set_up_for_keys(waiting: Path) -> None:
    """Django in a home of its own: what fetches keys must not need them."""
    kept = dict(os.environ)
    os.environ |= {"SHUOSHI_HOME": str(waiting), "DATABASE_URL": ""}
    try:
        prepare.open_home(make=True)
    finally:
        os.environ.clear()
        os.environ |= kept


def _ask(codes: str) -> Secret:
    """The recovery key, or shares until there are enough: lines of a file, of standard input (-), or typed."""
    from shuoshi.kernel.copies import recovery

    if codes:
        lines = [line for line in _lines(codes) if line.strip()]
        try:
            return recovery.secret_of(lines)
        except (recovery.Mistyped, recovery.OneMore) as problem:
            raise click.ClickException(str(problem)) from problem
    given: list[str] = []
    while True:
        typed = click.prompt("Another share" if given else "Recovery key, or a share", err=True)
        try:
            return recovery.secret_of([*given, typed])
        except recovery.OneMore as problem:
            given = [*given, typed]
            click.echo(str(problem), err=True)
        except recovery.Mistyped as problem:
            click.echo(str(problem), err=True)


def _lines(codes: str) -> list[str]:
    if codes == "-":
        return sys.stdin.read().splitlines()
    try:
        return Path(codes).read_text("utf-8").splitlines()
    except OSError as problem:
        raise click.ClickException(f"{codes}: {problem.strerror}") from problem


def _is_filled(folder: Path) -> bool:
    return folder.is_dir() and any(folder.iterdir())
