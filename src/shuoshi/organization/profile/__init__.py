"""What the institution decides for itself: the typed profile, its files and its stored versions."""

from shuoshi.organization.profile.asked import Category, Kind, Question, Words
from shuoshi.organization.profile.public_numbers import PublicNumber
from shuoshi.organization.profile.schema import Exit, Outcome, PauseCause, Profile, Rework, Step, Urgency
from shuoshi.organization.profile.stored import NoProfile, current, current_id, version

__all__ = [
    "Category",
    "Exit",
    "Kind",
    "NoProfile",
    "Outcome",
    "PauseCause",
    "Profile",
    "PublicNumber",
    "Question",
    "Rework",
    "Step",
    "Urgency",
    "Words",
    "current",
    "current_id",
    "version",
]
