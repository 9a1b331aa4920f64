"""The tables as a set of migrations makes them: a copy is of that state, and is loaded into it before it goes on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.apps import apps
from django.apps.registry import Apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

Names = Sequence[Sequence[str]]  # app and name of each migration


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
    loader = MigrationLoader(connection)
    return loader.project_state(_last(loader, names)).apps


def migrate_to(names: Names) -> None:
    """Make the tables of an empty database as these migrations make them."""
    executor = MigrationExecutor(connection)
    executor.migrate(_last(executor.loader, names))


def _last(loader: MigrationLoader, names: Names) -> list[tuple[str, str]]:
    """Of each app those on which no other of them builds."""
    there = {(app, name) for app, name in names} & set(loader.disk_migrations)
    return sorted(key for key in there if not any(child in there for child in _next(loader, key)))


def _next(loader: MigrationLoader, key: tuple[str, str]) -> Iterable[tuple[str, str]]:
    children = (node.key for node in loader.graph.node_map[key].children)
    return ((app, name) for app, name in children if app == key[0])
