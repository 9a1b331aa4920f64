"""What may never be false of a matter is refused by the database itself: every constraint is broken once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from shuoshi.kernel import clock
from shuoshi.matters import actions, terms
from shuoshi.matters.models import (
    Adoption,
    Agreement,
    AnswerText,
    Assignment,
    Attachment,
    CoUnit,
    Demand,
    Document,
    DutyAnswer,
    Exclusion,
    FollowUp,
    Instruction,
    Involvement,
    Matter,
    Mediation,
    Merging,
    Obligation,
    OtherRating,
    PaperTaken,
    Party,
    Rating,
    Reissue,
    ReissuedBy,
    Request,
    Result,
    ResultPoint,
    Resumption,
    Review,
    Round,
    Spokesperson,
    Supervision,
)
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.vocabulary import (
    Action,
    Audience,
    EmergencyReportKind,
    Kind,
    Mediated,
    Naming,
    Performed,
    Proof,
    Status,
    Urgency,
)
from tests.matters import divided
from tests.matters.breaking import (
    Scene,
    a_deadline,
    a_sample,
    again,
    agreed_twice,
    asked_twice,
    called_about,
    called_twice,
    card,
    change,
    cited_twice,
    co_unit_twice,
    entrusted,
    entry_of,
    file_twice,
    first,
    letter,
    many,
    opened_twice,
    ordered,
    prepared_twice,
    relate,
    related_twice,
    reported_twice,
    request_of,
    seated_again,
    successor_twice,
    talk,
    update,
    update_deadline,
)
from tests.support.attempts import sample
from tests.support.village import Place


@pytest.fixture
def scene(town: Place) -> Scene:
    rated = town.follow_up(town.matter_in(Status.IN_FOLLOW_UP), 2)
    handled = town.matter_in(Status.IN_HANDLING, concerns_units=(town.units["水利站"].pk,))
    handled = town.run("周建国", sample(town, Action.REQUEST_EXIT, handled), handled)
    handled = town.run("刘敏", sample(town, Action.ORDER_SUPERVISION, handled), handled)
    handled = town.run("马镇长", sample(town, Action.INSTRUCT, handled), handled)
    handled = town.run(
        "孙丽", terms.Note(text="备注", files=(terms.FileGiven("a.jpg", b"\xff\xd8\xff", "image/jpeg"),)), handled
    )
    actions.issue_paper(rated.pk, Ref(PaperKind.REGISTRATION), actor=town.actor("赵红"))
    fresh = town.raise_matter(concerns_people=(town.persons["刘敏"],))
    merged = town.matter_in(Status.ACCEPTED)
    merged = town.run("刘敏", sample(town, Action.MERGE, merged), merged)
    agreed = town.sign(town.prepare(town.agree(town.mediate())))
    agreed = town.run("赵红", sample(town, Action.ASK_OTHER_SIDE, agreed), agreed)
    adopted = town.accept(town.raise_matter(), Kind.SUGGESTION)
    adopted = town.clear(town.sign_for(town.assign(town.classify(adopted, "C101", Kind.SUGGESTION))))
    return Scene(town, rated, handled, fresh, town.matter_in(Status.UNDER_REVIEW), merged, agreed, adopted)


BREAKS: dict[str, Callable[[Scene], object]] = {
    "matter_divided_has_open_parts": lambda s: change(s.fresh, parts_open=1),
    "matter_part_has_whole": lambda s: change(s.fresh, part=1),
    "matter_part_is_only_worked_on": lambda s: change(s.handled, status=Status.PART_OVER),
    "matter_not_its_own_whole": lambda s: change(s.handled, part_of=s.handled, part=1),
    "matter_part_once": lambda s: change(divided.part(divided.divide(s.town), 2), part=1),
    "matter_sampled_somewhere": lambda s: change(s.handled, sample_by="registry"),
    "resumption_not_before_its_end": lambda s: Resumption.objects.create(
        matter=s.rated, ended_at=clock.now(), back_at=clock.now() - timedelta(hours=1)
    ),
    "sample_once_a_round": lambda s: again(a_sample(s)),
    "sample_one_to_look_at": lambda s: again(a_sample(s), round=s.rated.round),
    "sample_of_facts": lambda s: update(a_sample(s), exit="SATISFIED"),
    "sample_drawn_has_who_asks": lambda s: update(a_sample(s), asked_by=""),
    "sample_found_when_drawn": lambda s: update(a_sample(s), found="confirmed"),
    "samplecall_says_what_was_found": lambda s: called_about(s, reached=True),
    "samplecall_word_has_proof": lambda s: called_about(s, reached=True, found="confirmed"),
    "answer_text_once": lambda s: [AnswerText.objects.create(sender="县信访局", text="已答复") for _each in range(2)],
    "talk_with_another": lambda s: talk(s, by_id=s.town.persons["周建国"]),
    "Talk.card": lambda s: talk(s, times=2),
    "talk_before_it_is_recorded": lambda s: talk(s, talked_at=clock.now() + timedelta(days=1)),
    "card_once": lambda s: card(s, 2),
    "card_one_talk_a_quarter": lambda s: card(s, 2, colour="talk", cause="often", quarter="2026Q4", reds=3, given=9),
    "card_cause_fits_colour": lambda s: card(s, colour="red"),
    "card_quarter_has_counts": lambda s: card(s, colour="talk", cause="often", quarter="2026Q4"),
    "emergency_ordinal_once": lambda s: file_twice(s, stood_down_at=clock.now()),
    "emergency_one_open": lambda s: file_twice(s, ordinal=2),
    "emergency_dispatched_by_somebody": lambda s: file_twice(
        s, ordinal=2, stood_down_at=clock.now(), dispatched_at=clock.now()
    ),
    "emergency_report_ordinal_once": lambda s: reported_twice(s, kind=EmergencyReportKind.FOLLOW),
    "emergency_report_first_and_last_once": lambda s: reported_twice(s, ordinal=2),
    "duty_call_once": called_twice,
    "matter_closed_owes_nothing": lambda s: change(s.town.matter_in(Status.CLOSED), papers_out=1),
    "order_reported_whole": lambda s: update(ordered(s), reported_at=clock.now()),
    "order_answered_by_another": lambda s: update(
        ordered(s), answered_at=clock.now(), answered_by=s.town.persons["刘敏"]
    ),
    "OutsideOrder.matter": lambda s: again(ordered(s)),
    "agency_ordinal_once": lambda s: again(entrusted(s), ended_at=clock.now(), ended_because="done"),
    "agency_one_open": lambda s: again(entrusted(s), ordinal=2),
    "agency_end_has_reason": lambda s: update(entrusted(s), ended_at=clock.now()),
    "paper_taken_ordinal_once": lambda s: again(first(PaperTaken, agency=entrusted(s))),
    "paper_taken_accounted_by_somebody": lambda s: update(first(PaperTaken, agency=entrusted(s)), became="returned"),
    "hand_over_ordinal_once": lambda s: again(letter(s)),
    "hand_over_gives_data_on_a_ground": lambda s: update(letter(s), given="name"),
    "hand_over_answered_by_somebody": lambda s: update(letter(s), answered_at=clock.now()),
    "matter_spoken_known": lambda s: change(s.handled, spoken="sung"),
    "matter_drill_of_nobody": lambda s: change(s.handled, drill=True),
    "matter_undone_is_void": lambda s: change(s.handled, undone=True),
    "matter_drill_has_exit_of_its_own": lambda s: change(s.rated, exit="DRILL", status="CLOSED", closed_at=clock.now()),
    "matter_closed_has_exit": lambda s: change(s.handled, exit="SATISFIED"),
    "matter_closed_has_time": lambda s: change(s.handled, closed_at=clock.now()),
    "matter_under_review_has_body": lambda s: change(s.handled, review_path="/1/"),
    "co_unit_answers_what_it_was_asked": lambda s: CoUnit.objects.create(
        matter=s.handled, assignment=s.handled.assignment, unit=s.town.units["柳湾村"], answered_at=clock.now()
    ),
    "instruction_ordinal_once": lambda s: again(first(Instruction, matter=s.handled)),
    "instruction_answered_by_somebody": lambda s: Instruction.objects.filter(matter=s.handled).update(
        answered_at=clock.now()
    ),
    "review_ordinal_once": lambda s: again(
        first(Review, matter=s.reviewed), decided_at=clock.now(), decided_by=s.handled.handler, upheld=True
    ),
    "review_one_open": lambda s: again(first(Review, matter=s.reviewed), ordinal=2),
    "review_decided_whole": lambda s: Review.objects.filter(matter=s.reviewed).update(upheld=True),
    "matter_worked_on_has_lead": lambda s: change(s.handled, lead_unit=None),
    "matter_in_handling_has_handler": lambda s: change(s.handled, handler=None),
    "matter_accepted_has_title_and_kind": lambda s: change(s.handled, title=""),
    "Matter.number": lambda s: again(first(Matter, pk=s.fresh.pk)),
    "party_one_of_each_role": lambda s: again(first(Party, matter=s.rated)),
    "party_anonymous_is_no_row": lambda s: Party.objects.filter(matter=s.rated).update(naming=Naming.ANONYMOUS),
    "demand_ordinal_once": lambda s: again(first(Demand, matter=s.fresh)),
    "exclusion_of_unit_or_person": lambda s: again(first(Exclusion, matter=s.fresh), unit=s.town.units["城建办"]),
    "exclusion_unit_once": lambda s: again(first(Exclusion, matter=s.handled)),
    "exclusion_person_once": lambda s: again(first(Exclusion, matter=s.fresh)),
    "involvement_once": lambda s: again(first(Involvement, matter=s.rated)),
    "entry_audience_known": lambda s: entry_of(s, audience="everyone"),
    "entry_note_is_internal": lambda s: entry_of(s, action=Action.NOTE, audience=Audience.PUBLIC),
    "entry_word_is_public": lambda s: entry_of(s, action=Action.WRITE_TO_SPEAKER, audience=Audience.INTERNAL),
    "entry_of_speaker_has_no_staff": lambda s: entry_of(s, by_speaker=True, person_id=s.town.persons["王芳"]),
    "entry_in_place_of_another": lambda s: entry_of(s, in_place_of_id=s.town.persons["王芳"]),
    "Attachment.stored": lambda s: again(first(Attachment, matter=s.handled)),
    "document_edition_once": lambda s: again(first(Document, matter=s.rated), number="SS-1"),
    "document_edition_from_one": lambda s: Document.objects.filter(matter=s.rated).update(edition=0),
    "Document.number": lambda s: again(first(Document, matter=s.rated), edition=2),
    "round_ordinal_once": lambda s: again(first(Round, matter=s.rated, ordinal=1)),
    "round_one_open": lambda s: again(first(Round, matter=s.fresh), ordinal=2),
    "assignment_one_current": lambda s: again(first(Assignment, matter=s.handled), ordinal=7),
    "assignment_ordinal_once": lambda s: again(first(Assignment, matter=s.rated, ordinal=1)),
    "assignment_end_has_reason": lambda s: Assignment.objects.filter(matter=s.handled).update(ended_at=clock.now()),
    "co_unit_once": co_unit_twice,
    "request_one_pending_of_a_kind": lambda s: again(request_of(s)),
    "request_decided_by_another": lambda s: Request.objects.filter(pk=request_of(s).pk).update(
        decided_by=request_of(s).requester_id
    ),
    "request_not_decided_by_whose_place": lambda s: Request.objects.filter(pk=request_of(s).pk).update(
        in_place_of=s.town.persons["马镇长"], decided_by=s.town.persons["马镇长"]
    ),
    "deadline_due_after_start": lambda s: update_deadline(s, due_at=a_deadline(s).started_at),
    "deadline_open_or_settled": lambda s: update_deadline(s, settled_at=clock.now()),
    "Deadline.follows": successor_twice,
    "deadline_one_open_per_kind": lambda s: again(a_deadline(s)),
    "result_ordinal_once": lambda s: again(first(Result, matter=s.rated)),
    "result_one_in_hand": prepared_twice,
    "result_signed_has_issuer": lambda s: Result.objects.filter(matter=s.rated).update(issuer=None),
    "result_overlap_is_told": lambda s: Result.objects.filter(matter=s.rated).update(
        issuer=first(Result, matter=s.rated).prepared_by_id
    ),
    "result_point_once": lambda s: again(first(ResultPoint, matter=s.rated)),
    "citation_once": cited_twice,
    "unanswered_once": asked_twice,
    "followup_declined_was_reached": lambda s: FollowUp.objects.filter(matter=s.rated).update(
        declined=True, reached=False
    ),
    "rating_taken_by_staff_has_follow_up": lambda s: Rating.objects.filter(matter=s.rated).update(follow_up=None),
    "matter_merged_has_main": lambda s: change(s.handled, merged_into=s.fresh),
    "matter_not_its_own_main": lambda s: change(s.merged, merged_into=s.merged),
    "merging_one_open": lambda s: again(first(Merging, matter=s.merged)),
    "merging_not_into_itself": lambda s: Merging.objects.filter(matter=s.merged).update(main=s.merged),
    "reissue_by_staff_says_what_was_shown": lambda s: Reissue.objects.create(
        matter=s.handled, way=ReissuedBy.COUNTER, by_id=s.town.persons["王芳"], at=clock.now()
    ),
    "matter_group_of_several": lambda s: change(s.handled, headcount=1, urgency=Urgency.U3),
    "matter_group_is_known_and_pressing": lambda s: change(s.handled, headcount=20, urgency=Urgency.U4),
    "party_speaks_once": lambda s: again(first(Party, matter=many(s))),
    "spokesperson_seat_once": lambda s: seated_again(s),
    "spokesperson_seat_known": lambda s: Spokesperson.objects.filter(matter=many(s), seat=1).update(seat=6),
    "Spokesperson.party": lambda s: again(first(Spokesperson, matter=many(s)), seat=5),
    "relation_not_to_itself": lambda s: relate(s, s.fresh, s.fresh),
    "Relation.matter": related_twice,
    "supervision_ordinal_once": lambda s: again(first(Supervision, matter=s.handled)),
    "supervision_answered_by_somebody": lambda s: Supervision.objects.update(answered_at=clock.now()),
    "matter_mediated_has_mediator": lambda s: change(s.agreed, mediator=None),
    "duty_found_is_reported": lambda s: DutyAnswer.objects.filter(matter=s.agreed).update(found=True),
    "mediation_one_open": lambda s: opened_twice(s),
    "mediation_open_or_ended": lambda s: Mediation.objects.filter(matter=s.agreed).update(outcome=Mediated.OPEN),
    "mediation_failed_has_reason": lambda s: Mediation.objects.filter(matter=s.agreed).update(because="refused"),
    "Agreement.mediation": lambda s: again(first(Agreement, matter=s.agreed), ordinal=2),
    "agreement_ordinal_once": lambda s: agreed_twice(s),
    "agreement_of_a_form": lambda s: Agreement.objects.filter(matter=s.agreed).update(form="failed"),
    "agreement_written_is_signed": lambda s: Agreement.objects.filter(matter=s.agreed).update(proof=Proof.WITNESS),
    "agreement_confirmed_after": lambda s: Agreement.objects.filter(matter=s.agreed).update(
        confirm_until=models.F("concluded_on")
    ),
    "obligation_ordinal_once": lambda s: again(first(Obligation, matter=s.agreed)),
    "obligation_looked_at_by_somebody": lambda s: Obligation.objects.filter(matter=s.agreed).update(
        performed=Performed.YES
    ),
    "other_rating_once": lambda s: again(first(OtherRating, matter=s.agreed)),
    "adoption_ordinal_once": lambda s: again(first(Adoption, matter=s.adopted), round=first(Round, matter=s.rated)),
    "adoption_one_in_a_round": lambda s: again(first(Adoption, matter=s.adopted), ordinal=2),
    "adoption_adopted_has_date": lambda s: Adoption.objects.filter(matter=s.adopted).update(due_at=None),
    "adoption_carried_out_by_somebody": lambda s: Adoption.objects.filter(matter=s.adopted).update(
        carried_out_at=clock.now()
    ),
    "Rating.follow_up": lambda s: again(first(Rating, matter=s.rated)),
}


def in_the_models() -> set[str]:
    """Every constraint of the app by its name, every unique column by its model's."""
    found = set()
    for model in apps.get_app_config("matters").get_models():
        found |= {constraint.name for constraint in model._meta.constraints}
        found |= {
            f"{model.__name__}.{field.name}" for field in model._meta.fields if field.unique and not field.primary_key
        }
    return found


def test_every_constraint_of_the_models_is_broken_here():
    assert in_the_models() == set(BREAKS)


def test_the_database_says_no(scene: Scene):
    answers = {name: answer_to(broken, scene) for name, broken in BREAKS.items()}
    assert not {name: said for name, said in answers.items() if not meant(name, said)}


def meant(name: str, said: str) -> bool:
    """Whether the answer is about this constraint; SQLite names the columns of a unique one."""
    _, _, column = name.partition(".")
    if column:
        return column in said
    return name in said or (connection.vendor == "sqlite" and said.startswith("UNIQUE"))


def answer_to(broken: Callable[[Scene], object], scene: Scene) -> str:
    """What the database said to this; empty when it let it through."""
    try:
        with transaction.atomic():
            broken(scene)
            transaction.set_rollback(True)
    except IntegrityError as refused:
        return str(refused)
    return ""
