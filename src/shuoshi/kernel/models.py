"""The rows of the kernel, gathered for Django; each is defined beside the functions that use it."""

from shuoshi.kernel.calendars import CalendarYear
from shuoshi.kernel.copies.record import Copy
from shuoshi.kernel.drafts import Draft, DraftFile
from shuoshi.kernel.events import Event
from shuoshi.kernel.idempotency import IdempotencyKey
from shuoshi.kernel.jobs import JobRun
from shuoshi.kernel.numbering import Counter
from shuoshi.kernel.outbox import Notice
from shuoshi.kernel.search import SearchEntry
from shuoshi.kernel.steady import Raised, WorkerBeat
from shuoshi.kernel.throttle import Tally

__all__ = [
    "CalendarYear",
    "Copy",
    "Counter",
    "Draft",
    "DraftFile",
    "Event",
    "IdempotencyKey",
    "JobRun",
    "Notice",
    "Raised",
    "SearchEntry",
    "Tally",
    "WorkerBeat",
]
