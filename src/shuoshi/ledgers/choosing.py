"""Which source an export has, and what writes it: by what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shuoshi.kernel.actors import Actor
from shuoshi.ledgers.asked import Asked, NoSuchList
from shuoshi.ledgers.filling import FormSource, FormWriter
from shuoshi.ledgers.models import Export, ReportFormVersion
from shuoshi.ledgers.registers import REGISTERS, RegisterSource
from shuoshi.ledgers.sources import ListSource, Source
from shuoshi.ledgers.writing import Writer, writer


def source(asked: Asked) -> Source:
    """Raises NoSuchList for a form that is none."""
    if asked.form:
        return FormSource(asked, _version(asked.form))
    if asked.sort == "register" and asked.name in REGISTERS:
        return RegisterSource(asked)
    return ListSource(asked)


def writer_of(export: Export, made_of: Source, actor: Actor, notes: Sequence[str], at: datetime) -> Writer:
    """A form of others bears no mark of ours: who took it stands in the event."""
    if isinstance(made_of, FormSource):
        return FormWriter(made_of, actor, export.by.name)
    return writer(export.kind, made_of.title, made_of.columns(), notes, at)


def _version(key: str) -> ReportFormVersion:
    try:
        return ReportFormVersion.objects.select_related("form").get(pk=UUID(key), form__active=True)
    except (ValueError, ReportFormVersion.DoesNotExist):
        raise NoSuchList from None
