"""How far a model's rows are proved by events: every model of ours declares it. The proof itself is in verify."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from django.apps import apps
from django.db import models


class History(StrEnum):
    """The class of a model's rows; a model sets `history = History.X`, and may set `unverified = {"column"}`."""

    RECORD = "record"  # inserted once, never changed; its columns stand in its event
    PROJECTION = "projection"  # folded from events; recomputed and compared
    WORKING = "working"  # drafts, outbox, sessions: not proved, listed as unverified


def of(model: type[models.Model]) -> History | None:
    """What the model declares; None for Django's own tables and for a model that forgot (a test finds it)."""
    declared = getattr(model, "history", None)
    return declared if isinstance(declared, History) else None


def unverified(model: type[models.Model]) -> frozenset[str]:
    """Columns (attnames) no event tells of, gathered from the model and all it inherits from."""
    return frozenset().union(*(vars(base).get("unverified", ()) for base in model.__mro__))


def digested(model: type[models.Model]) -> frozenset[str]:
    """Columns (attnames) of which events tell the SHA-256 only: a password's hash is proved without lying in the log."""
    return frozenset().union(*(vars(base).get("digested", ()) for base in model.__mro__))


def our_models() -> Iterator[type[models.Model]]:
    """Every concrete model of our packages, in the order of the installed apps."""
    for config in apps.get_app_configs():
        if not config.name.startswith(("django.", "django_tasks")):
            yield from config.get_models()


def foreign_models() -> Iterator[type[models.Model]]:
    """Tables of the libraries: their rows are listed as unverified."""
    for config in apps.get_app_configs():
        if config.name.startswith(("django.", "django_tasks")):
            yield from config.get_models(include_auto_created=True)
