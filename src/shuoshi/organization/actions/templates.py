"""Verbs on the institution's own paper templates. Two administrators put one in force; one takes it out again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from shuoshi.kernel import clock, files
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.organization.actions.changes import Deed
from shuoshi.organization.paper_templates import PaperTemplate
from shuoshi.organization.policies import require_arranger
from shuoshi.people import actions as people
from shuoshi.people.models import PrivilegedDeed
from shuoshi.people.policies import ADMINISTRATOR


@dataclass(frozen=True)
class TemplateGiven:
    """A template that passed its check, with the codes of what its PDF will not show."""

    paper: str
    data: bytes
    left_out: tuple[str, ...] = ()


def upload_template(given: TemplateGiven, *, actor: Actor) -> PaperTemplate:
    """Keep a version, used for nothing yet."""
    now = clock.now()
    require_arranger(actor)
    row = PaperTemplate(paper=given.paper, size=len(given.data), left_out=",".join(given.left_out))
    row.uploaded_by_id, row.uploaded_at = actor.person_id, now  # type: ignore[assignment]  # administrators are persons
    kept = files.store(given.data, row.data_key())
    row.stored, row.sha256 = kept.name, kept.sha256
    with transaction.atomic():
        newest = _locked(given.paper).order_by("-number").values_list("number", flat=True).first()
        row.number = (newest or 0) + 1
        story = Story(Stream("paper", given.paper), Deed.UPLOAD_TEMPLATE, by=actor, at=now)
        story.add(row)
        story.tell()
    return row


def use_template(template_id: UUID, *, actor: Actor) -> PaperTemplate:
    """Put a version in force. The first time a second administrator has to agree: raises SecondNeeded."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        row = PaperTemplate.objects.select_for_update().get(pk=template_id)
        story = Story(Stream("paper", row.paper), Deed.USE_TEMPLATE, by=actor, at=now)
        if row.approved_at is None:
            facts = people.seconded(
                PrivilegedDeed.USE_TEMPLATE,
                row.uploaded_by_id,
                row.pk,
                actor=actor,
                at=now,
                detail=f"{row.paper}:{row.number}",
                role=ADMINISTRATOR,
            )
            story.fact(**facts)
            story.change(row, approved_at=now)
        if not row.in_force:
            _take_out(row.paper, story)
            story.change(row, in_force=True)
            story.tell()
    return row


def use_builtin(paper: str, *, actor: Actor) -> None:
    """Go back to the template that comes with us. What was issued stays as it is."""
    now = clock.now()
    with transaction.atomic():
        require_arranger(actor)
        story = Story(Stream("paper", paper), Deed.USE_BUILTIN, by=actor, at=now)
        if _take_out(paper, story):
            story.tell()


def _take_out(paper: str, story: Story) -> bool:
    standing = [row for row in _locked(paper) if row.in_force]
    for row in standing:
        story.change(row, in_force=False)
    return bool(standing)


def _locked(paper: str) -> QuerySet[PaperTemplate]:
    return PaperTemplate.objects.select_for_update().filter(paper=paper)
