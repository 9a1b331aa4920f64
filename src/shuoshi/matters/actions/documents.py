"""Issuing a paper: its content is fixed, sealed and numbered. No rule of the procedure: nothing moves, no clock starts."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import outside_policies, policies
from shuoshi.matters.case import Case
from shuoshi.matters.models import Document, Matter
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.subject import Content, number_of
from shuoshi.matters.papers.values import content_of
from shuoshi.matters.queries.matter import RELATED
from shuoshi.matters.scope import standing
from shuoshi.organization.paper_templates import in_force
from shuoshi.organization.profile import stored

_CLAUSES = {
    PaperKind.REGISTRATION: "4.1.1",
    PaperKind.ORDER: "4.2.2",
    PaperKind.REPLY: "4.3.3",
    PaperKind.REPORT: "4.3.3",
    PaperKind.FOLLOW_UP: "4.4.1",
    PaperKind.HAND_OVER: "4.3.1",
    PaperKind.AGREEMENT: "2.2.4",
    PaperKind.RETURN: "4.2.2",
    PaperKind.EXTENSION: "4.2.2",
    PaperKind.PARKING: "4.4.2",
    PaperKind.ESCALATION: "4.2.2",
    PaperKind.REMINDER: "6.1.1",
    PaperKind.SUPERVISION: "6.1.1",
    PaperKind.REWORK: "4.4.2",
    PaperKind.REVIEW: "4.4.2",
    PaperKind.EXIT: "4.4.2",
    PaperKind.ORDER_ANSWER: "3.1.3",
}
_RULED_ON = (
    PaperKind.RETURN,
    PaperKind.EXTENSION,
    PaperKind.PARKING,
    PaperKind.ESCALATION,
    PaperKind.REVIEW,
    PaperKind.EXIT,
)
_SIDE: Mapping[PaperKind, policies.Policy] = {  # who issues it; what rules on or urges a unit, not that unit
    PaperKind.REGISTRATION: policies.keeps_records,
    PaperKind.ORDER: policies.keeps_records | policies.lead,
    PaperKind.REPLY: policies.keeps_records | policies.lead,
    PaperKind.REPORT: policies.keeps_records | policies.lead,
    PaperKind.FOLLOW_UP: policies.keeps_records & ~policies.handling_side,
    PaperKind.HAND_OVER: policies.keeps_records | policies.lead,
    PaperKind.AGREEMENT: policies.keeps_records | policies.lead | policies.mediator,
    **dict.fromkeys(_RULED_ON, policies.keeps_records_or_ruled & ~policies.their_own_work),
    PaperKind.REMINDER: (policies.keeps_records | policies.supervises) & ~policies.their_own_work,
    PaperKind.SUPERVISION: (policies.keeps_records | policies.orders) & ~policies.their_own_work,
    PaperKind.REWORK: policies.keeps_records & ~policies.their_own_work,
    PaperKind.ORDER_ANSWER: outside_policies.answers_the_superior,
}
_OF_THE_FOLLOW_UP = frozenset({PaperKind.FOLLOW_UP, PaperKind.ORDER_ANSWER})  # they say how satisfied the speaker is


def may_read_paper(case: Case, kind: PaperKind) -> bool:
    """Whoever sees the matter, but what came of a follow-up is kept from those whose work it is about (4.4.1)."""
    if kind not in _OF_THE_FOLLOW_UP:
        return True
    own = case.standing.excluded or not policies.keeps_records(case)
    return not any(policies.handling_side(one) for one in (case.capacities if own else (case,)))


def may_not_issue(case: Case, kind: PaperKind) -> str:
    """Why this person does not issue this paper, in words; "" when they may."""
    if policies.excluded(case):
        return str(policies.excluded.denies)
    refusals = [_SIDE[kind].refusal(one) for one in case.capacities]
    return "" if None in refusals else str(refusals[0] or "")


def issue_paper(matter_id: UUID, ref: Ref, *, actor: Actor) -> Document:
    """Issue a paper with what it says now. The same content gives the document that stands; other content an edition.

    Raises Refused to whoever may not issue it. The matter must be one the actor may know of.
    """
    now = clock.now()
    with transaction.atomic():
        matter = Matter.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=matter_id)
        case = Case(actor=actor, matter=matter, standing=standing(actor, matter), now=now)
        why = may_not_issue(case, ref.kind)
        if why:
            raise Refused("not_yours_to_issue", why, who_could=str(_("受理中心登记员")))
        content = content_of(matter, ref)
        written = canonical(content)
        last = last_document(matter, ref)
        if last is not None and says(last, content):
            return last
        assert actor.person_id is not None
        edition = last.edition + 1 if last else 1
        story = Story(Stream("matter", str(matter.pk)), "issue_paper", by=actor, at=now, clause=_CLAUSES[ref.kind])
        row = Document(matter=matter, event_id=story.event_id, kind=ref.kind, ordinal=ref.ordinal, edition=edition)
        row.number = number_of(matter, stored.version(matter.profile_id), ref, edition)
        row.issuer, row.issued_at, row.by_id = str(content["落款"]), now, actor.person_id
        row.content = written
        row.digest = hmac.new(matter.data_key(), written.encode(), hashlib.sha256).hexdigest()
        row.template = in_force(ref.kind)
        story.add(row)
        story.tell()
    return row


def canonical(content: Content) -> str:
    """JSON in which the same content has the same characters."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def last_document(matter: Matter, ref: Ref) -> Document | None:
    """The newest edition of a paper that was issued; None before."""
    same = matter.documents.filter(kind=ref.kind, ordinal=ref.ordinal).select_related("template", "by")
    found = same.order_by("-edition").first()
    if found is not None:
        found.matter = matter
    return found


def newest_documents(matters: Iterable[Matter], kind: PaperKind) -> list[Document]:
    """What was issued last of this kind for each of these matters that has one, in their order; one statement."""
    known = {matter.pk: matter for matter in matters}
    rows = Document.objects.filter(matter__in=known, kind=kind).select_related("template", "by")
    newest: dict[UUID, Document] = {}
    for row in rows.order_by("ordinal", "edition"):
        row.matter = known[row.matter_id]
        newest[row.matter_id] = row
    return [newest[key] for key in known if key in newest]


def says(document: Document, content: Content) -> bool:
    """Whether the document says this. What one of the two does not know — a later version may tell more — is no change."""
    said = json.loads(document.content)
    return all(content[name] == value for name, value in said.items() if name in content)
