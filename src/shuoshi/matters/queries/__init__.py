"""Questions about matters. `scope.visible_to` is the only door to them for every face."""

from shuoshi.matters.queries.emergency import FileView, file_of
from shuoshi.matters.queries.find import alike, by_number, earlier_of_phone, gave_number, names_somebody, search_matters
from shuoshi.matters.queries.matter import MatterView, matter_page, offers, timeline
from shuoshi.matters.queries.overview import overview
from shuoshi.matters.queries.queues import QUEUES, Filters, counts, in_queue, mark_places, queue
from shuoshi.matters.queries.tracking import TrackingView, as_resident, tracking
from shuoshi.matters.scope import standing, visible_to

__all__ = [
    "QUEUES",
    "FileView",
    "Filters",
    "MatterView",
    "TrackingView",
    "alike",
    "as_resident",
    "by_number",
    "counts",
    "earlier_of_phone",
    "file_of",
    "gave_number",
    "in_queue",
    "mark_places",
    "matter_page",
    "names_somebody",
    "offers",
    "overview",
    "queue",
    "search_matters",
    "standing",
    "timeline",
    "tracking",
    "visible_to",
]
