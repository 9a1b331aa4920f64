"""The rows of the heart, by stage. Facts and what may never be false; no verb lives here."""

from shuoshi.matters.models.answers import Citation, Unanswered
from shuoshi.matters.models.card import Card, Talk
from shuoshi.matters.models.documents import Document
from shuoshi.matters.models.emergency import DutyCall, Emergency, EmergencyReport
from shuoshi.matters.models.entries import Attachment, Entry
from shuoshi.matters.models.group import SEATS, Spokesperson
from shuoshi.matters.models.instruction import Instruction
from shuoshi.matters.models.matter import Demand, Matter, Party
from shuoshi.matters.models.mediation import Agreement, DutyAnswer, Mediation, Obligation, OtherRating
from shuoshi.matters.models.outside import Agency, AnswerText, HandOver, OutsideOrder, PaperTaken
from shuoshi.matters.models.reissue import KnownFact, Reissue, ReissuedBy, ShownDocument
from shuoshi.matters.models.results import FollowUp, Rating, Result, ResultPoint
from shuoshi.matters.models.resumption import Resumption
from shuoshi.matters.models.review import Review
from shuoshi.matters.models.rounds import Assignment, CoUnit, Deadline, Request, Round
from shuoshi.matters.models.sample import Sample, SampleCall
from shuoshi.matters.models.standing import Exclusion, Involvement
from shuoshi.matters.models.suggestion import Adoption
from shuoshi.matters.models.supervision import Supervision
from shuoshi.matters.models.together import Merging, Relation

__all__ = [
    "SEATS",
    "Adoption",
    "Agency",
    "Agreement",
    "AnswerText",
    "Assignment",
    "Attachment",
    "Card",
    "Citation",
    "CoUnit",
    "Deadline",
    "Demand",
    "Document",
    "DutyAnswer",
    "DutyCall",
    "Emergency",
    "EmergencyReport",
    "Entry",
    "Exclusion",
    "FollowUp",
    "HandOver",
    "Instruction",
    "Involvement",
    "KnownFact",
    "Matter",
    "Mediation",
    "Merging",
    "Obligation",
    "OtherRating",
    "OutsideOrder",
    "PaperTaken",
    "Party",
    "Rating",
    "Reissue",
    "ReissuedBy",
    "Relation",
    "Request",
    "Result",
    "ResultPoint",
    "Resumption",
    "Review",
    "Round",
    "Sample",
    "SampleCall",
    "ShownDocument",
    "Spokesperson",
    "Supervision",
    "Talk",
    "Unanswered",
]
