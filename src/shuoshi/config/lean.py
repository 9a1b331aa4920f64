"""What libraries import for nobody here, left out before they do."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

_PREPARES_TYPES = "django_stubs_ext"


def without_admin() -> None:
    """Spare each process 2 MiB: Django's admin, its forms and views, which no page of ours uses. Before Django is set up.

    The queue's library has all of Django's generic classes prepared for type checkers, and the package that does so
    imports what they stand in. At run time one class is needed. Where that package is loaded already, nothing happens.
    """
    light = ModuleType(_PREPARES_TYPES, "Only what django_tasks needs of it at run time.")
    light.monkeypatch = _one_class  # type: ignore[attr-defined]  # the one name it asks for
    sys.modules.setdefault(_PREPARES_TYPES, light)


def _one_class(*_args: Any, **_kwargs: Any) -> None:
    from django.utils.connection import BaseConnectionHandler

    if not hasattr(BaseConnectionHandler, "__class_getitem__"):
        BaseConnectionHandler.__class_getitem__ = classmethod(lambda cls, _of: cls)  # type: ignore[attr-defined]  # not there yet
