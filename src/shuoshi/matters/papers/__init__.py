"""The papers of a matter: which there are, what stands on them, and how they are made. Laying them out is kernel.papers'.

A paper is official Chinese whatever language the desk speaks. Persons stand on it masked, a confidential speaker never.
"""

from shuoshi.matters.papers.kinds import KNOWN, PaperKind, Ref, newest_reply
from shuoshi.matters.papers.listed import ref, refs
from shuoshi.matters.papers.making import builtin, of_document, of_draft, sample
from shuoshi.matters.papers.subject import Content
from shuoshi.matters.papers.values import content_of, in_clear, parties_of

__all__ = [
    "KNOWN",
    "Content",
    "PaperKind",
    "Ref",
    "builtin",
    "content_of",
    "in_clear",
    "newest_reply",
    "of_document",
    "of_draft",
    "parties_of",
    "ref",
    "refs",
    "sample",
]
