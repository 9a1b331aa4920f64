"""How a run of the tests is set up: database, home, date, and what this machine lacks. Fixtures live in tests/support."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support import lacking, postgres

pytest_plugins = ["tests.support.statements", "tests.support.browser"]
_AFTER_DJANGO = tuple(
    f"tests.support.{one}" for one in ("migrated", "forgotten", "village", "papers", "house", "post", "handset", "tls")
)  # import models

_RUN = pytest.StashKey[ExitStack]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("shuoshi")
    group.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="where the rows lie")
    group.addoption("--today", metavar="YYYY-MM-DD", default="", help="run as if today were this day")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Prepare the surroundings before Django reads them; workers of xdist inherit database and keys."""
    config.addinivalue_line("markers", "drill(number): a drill of security.md, paragraph 7")
    config.addinivalue_line("markers", "browser: drives a real Chromium")
    config.addinivalue_line("markers", "slow: the full length of a drill or property, minutes; in a run of its own")
    config.addinivalue_line("markers", "long: takes seconds, or there are many of it; not in the quick run")
    config.addinivalue_line("markers", "minute: takes half a minute or more, alone; begun before the others")
    config.addinivalue_line("markers", "once: on SQLite only; long, and the same on any database")
    config.addinivalue_line("markers", "server_clock: compares with the clock of the database, which does not travel")
    run = config.stash[_RUN] = ExitStack()
    os.umask(0o077)
    if not hasattr(config, "workerinput"):
        _prepare_surroundings(config, run)
    else:
        _move_in(str(config.workerinput["workerid"]))  # type: ignore[attr-defined]  # of a worker of xdist
    if config.getoption("--today"):
        _travel(str(config.getoption("--today")), run)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.support.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in the thread of the test
    import django

    django.setup()
    for name in _AFTER_DJANGO:
        config.pluginmanager.import_plugin(name)


def _prepare_surroundings(config: pytest.Config, run: ExitStack) -> None:
    from shuoshi.config import catalogues
    from shuoshi.kernel import keys

    catalogues.compile_stale()
    for name in [name for name in os.environ if name.startswith("SHUOSHI_")]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="shuoshi-test-"))
    run.callback(shutil.rmtree, home, ignore_errors=True)
    keys.create_missing(home / "keys")
    (home / "tmp").mkdir()
    os.environ["SHUOSHI_HOME"] = str(home)
    os.environ["DATABASE_URL"] = ""
    if config.getoption("--database") == "postgres":
        if postgres.programs() is None:
            pytest.exit(postgres.REMEDY, returncode=3)
        os.environ["DATABASE_URL"] = run.enter_context(postgres.cluster())


def _move_in(worker: str) -> None:
    """A home of its own within that of the run: a test that looks at the disk sees nothing of its neighbours."""
    shared = Path(os.environ["SHUOSHI_HOME"])
    shutil.copytree(shared / "keys", shared / worker / "keys")
    (shared / worker / "tmp").mkdir()
    os.environ["SHUOSHI_HOME"] = str(shared / worker)


def _travel(day: str, run: ExitStack) -> None:
    import time_machine

    morning = datetime.fromisoformat(day).replace(hour=9, minute=30, tzinfo=ZoneInfo("Asia/Shanghai"))
    run.enter_context(time_machine.travel(morning, tick=True))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first, so that no worker is alone at the end.

    On PostgreSQL only what a database can tell apart; where today is another day, a server's clock is not ours.
    """
    items.sort(key=lambda item: item.get_closest_marker("minute") is None)
    if config.getoption("--database") != "postgres":
        return
    travels = bool(config.getoption("--today"))
    away = {
        item for item in items if not _asks_a_database(item) or (travels and item.get_closest_marker("server_clock"))
    }
    items[:] = [item for item in items if item not in away]
    config.hook.pytest_deselected(items=list(away))


def _asks_a_database(item: pytest.Item) -> bool:
    """What works on values, files or the command line of a home on SQLite is the same there: it was run already."""
    if item.get_closest_marker("once"):
        return False
    uses = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    used = vars(item.module).values() if isinstance(item, pytest.Function) else ()
    starts = any(getattr(one, "__module__", getattr(one, "__name__", "")) == "tests.support.elsewhere" for one in used)
    return bool(uses or starts or item.get_closest_marker("django_db") or item.get_closest_marker("browser"))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _RUN in config.stash:
        config.stash[_RUN].close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing = lacking.named_in(terminalreporter.stats.get("skipped", []))
    if missing:
        terminalreporter.section("what this machine lacks")
        for remedy in missing:
            terminalreporter.write_line(remedy)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """On a build machine nothing may be left out: a skip is a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"left out on the build machine: {report.longrepr}"
