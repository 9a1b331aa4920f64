"""The rows of the kernel, gathered for Django; each is defined beside the functions that use it."""

from shuoshi.kernel.calendars import CalendarYear
from shuoshi.kernel.events import Event
from shuoshi.kernel.idempotency import IdempotencyKey
from shuoshi.kernel.numbering import Counter

__all__ = ["CalendarYear", "Counter", "Event", "IdempotencyKey"]
