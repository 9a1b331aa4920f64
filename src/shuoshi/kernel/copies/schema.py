"""The tables as a set of migrations makes them: a copy is of that state, and is loaded into it before it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.apps import apps
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

Names = Sequence[Sequence[str]]  # app and name of each migration
Key = tuple[str, str]


def applied() -> list[list[str]]:
    """The migrations of this database."""
    return sorted(map(list, MigrationLoader(connection).applied_migrations))


def is_current() -> bool:
    """Whether the database has the tables of this version."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def unknown(names: Names) -> list[str]:
    """Those of our packages that this version does not have."""
    known = MigrationLoader(connection).disk_migrations
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("shuoshi.")}
    return sorted(f"{app}.{name}" for app, name in names if app in ours and (app, name) not in known)


def models_at(names: Names) -> Apps:
    """The models as they were when these migrations were the last."""
    loader, there = _step_by_step(names)
    return loader.project_state(_last(loader, there)).apps


def migrate_to(names: Names) -> None:
    """Make the tables of an empty database as these migrations make them."""
    executor = MigrationExecutor(connection)
    executor.loader, there = _step_by_step(names)
    executor.migrate(_last(executor.loader, there))


def _step_by_step(names: Names) -> tuple[MigrationLoader, set[Key]]:
    """The migrations as a graph, and which nodes of it these are.

    One that replaces others stands for them where all of them are there; where only some are, they are taken singly.
    """
    loader = MigrationLoader(connection)
    there = {(app, name) for app, name in names} & set(loader.disk_migrations)
    partly = False
    for key, whole in loader.replacements.items():
        replaced = set(whole.replaces)
        if replaced <= there or key in there:
            there = there - replaced | {key}
        partly = partly or bool(replaced & there)
    return MigrationLoader(connection, replace_migrations=False) if partly else loader, there


def _last(loader: MigrationLoader, there: set[Key]) -> list[Key]:
    """Of each app those on which no other of them builds."""
    return sorted(key for key in there if not any(child in there for child in _next(loader, key)))


def _next(loader: MigrationLoader, key: Key) -> Iterable[Key]:
    children = (node.key for node in loader.graph.node_map[key].children)
    return ((app, name) for app, name in children if app == key[0])
