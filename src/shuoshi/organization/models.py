"""Rows of the institution: units and posts, places and opening times, who answers for what, versions of the profile.

No rule of the procedure lives here, and no person's data: a post points to a person, `people` keeps the name.
Trees are found by `path` ("/3/12/"), made of the short numbers of the nodes, so that a subtree is one prefix.
"""

from __future__ import annotations

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.history import History
from shuoshi.kernel.ids import new_id
from shuoshi.organization.roles import Role

PATH_LENGTH = 120  # ten levels and more


class UnitKind(models.TextChoices):
    COUNTY = "COUNTY", _("县（市、区）")
    TOWN = "TOWN", _("乡镇（街道）")
    VILLAGE = "VILLAGE", _("村")
    COMMUNITY = "COMMUNITY", _("社区")
    INSTITUTION = "INSTITUTION", _("单位")
    COMPANY = "COMPANY", _("公司")
    REGISTRY = "REGISTRY", _("受理中心")
    DEPARTMENT = "DEPARTMENT", _("部门")
    TEAM = "TEAM", _("班组")
    OVERSIGHT = "OVERSIGHT", _("监督委员会")


TIERS = frozenset(
    {
        UnitKind.COUNTY,
        UnitKind.TOWN,
        UnitKind.VILLAGE,
        UnitKind.COMMUNITY,
        UnitKind.INSTITUTION,
        UnitKind.COMPANY,
    }
)


class Unit(models.Model):
    """A node of the institution's tree: a tier (town, village, company) or a part of one (registry, department)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    node = models.PositiveIntegerField(unique=True)  # short number, the building block of paths
    path = models.CharField(max_length=PATH_LENGTH, unique=True)  # "/3/12/": all nodes from the root to this one
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    kind = models.CharField(max_length=12, choices=UnitKind)
    level = models.CharField(max_length=20, blank=True)  # code of a level named in the profile
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20)
    code = models.CharField(max_length=20, unique=True)
    phone = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=120, blank=True)
    morning_from = models.TimeField(null=True, blank=True)  # null: as the unit above
    morning_to = models.TimeField(null=True, blank=True)
    afternoon_from = models.TimeField(null=True, blank=True)
    afternoon_to = models.TimeField(null=True, blank=True)
    designated = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, blank=True, related_name="designated_at"
    )  # the one who answers for matters of this unit (4.3.1)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            CheckConstraint(name="unit_kind_known", condition=Q(kind__in=UnitKind.values)),
            CheckConstraint(name="unit_has_names", condition=~Q(name="") & ~Q(short_name="") & ~Q(code="")),
            CheckConstraint(
                name="unit_path_is_a_path", condition=Q(path__startswith="/") & Q(path__endswith="/") & ~Q(path="/")
            ),
            CheckConstraint(name="unit_not_its_own_parent", condition=Q(parent__isnull=True) | ~Q(parent=F("id"))),
            CheckConstraint(
                name="unit_hours_all_or_none",
                condition=Q(
                    morning_from__isnull=True,
                    morning_to__isnull=True,
                    afternoon_from__isnull=True,
                    afternoon_to__isnull=True,
                )
                | Q(  # null compares as unknown, which a check lets pass: said in full
                    morning_from__isnull=False,
                    morning_to__isnull=False,
                    afternoon_from__isnull=False,
                    afternoon_to__isnull=False,
                    morning_from__lt=F("morning_to"),
                    morning_to__lte=F("afternoon_from"),
                    afternoon_from__lt=F("afternoon_to"),
                ),
            ),
        ]
        indexes = [
            Index(name="unit_by_parent", fields=["parent", "node"]),  # the tree in settings, children of a unit
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def is_tier(self) -> bool:
        return self.kind in TIERS


class Post(models.Model):
    """That a person holds a role at a unit for a time. Ended by a date, never deleted: who could act when is proof."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=24, choices=Role)
    title = models.CharField(max_length=40, blank=True)  # 站长, 村支书: as people call it
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # the first moment without the post
    acting_for = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="deputies")

    class Meta:
        constraints = [
            CheckConstraint(name="post_role_known", condition=Q(role__in=Role.values)),
            CheckConstraint(name="post_ends_after_start", condition=Q(until__isnull=True) | Q(until__gt=F("since"))),
            CheckConstraint(
                name="post_not_acting_for_itself", condition=Q(acting_for__isnull=True) | ~Q(acting_for=F("id"))
            ),
            UniqueConstraint(name="post_held_once", fields=["person", "unit", "role"], condition=Q(until__isnull=True)),
        ]
        indexes = [
            Index(name="post_by_person", fields=["person", "until"]),  # actors.of at every request of staff
            Index(name="post_by_unit_role", fields=["unit", "role", "until"]),  # people_with
        ]

    def __str__(self) -> str:
        return f"{self.title or Role(self.role).label}"


class Area(models.Model):
    """A piece of ground: town, village, group or grid; where a matter lies, whoever handles it."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    node = models.PositiveIntegerField(unique=True)
    path = models.CharField(max_length=PATH_LENGTH, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="areas")  # who governs it
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="area_has_name", condition=~Q(name="")),
            CheckConstraint(
                name="area_path_is_a_path", condition=Q(path__startswith="/") & Q(path__endswith="/") & ~Q(path="/")
            ),
            UniqueConstraint(
                name="area_name_once_per_parent",
                fields=["parent", "name"],
                condition=Q(active=True, parent__isnull=False),
            ),
            UniqueConstraint(
                name="area_name_once_at_top", fields=["name"], condition=Q(active=True, parent__isnull=True)
            ),
        ]
        indexes = [
            Index(name="area_by_parent", fields=["parent", "node"]),  # the two selects of the residents' place page
        ]

    def __str__(self) -> str:
        return self.name


class PointTier(models.TextChoices):
    POINT = "POINT", _("说事点")
    ROOM = "ROOM", _("说事室")
    CENTRE = "CENTRE", _("说事中心")


class Point(models.Model):
    """A place where people are heard (3.1): point, room or centre."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=60)
    tier = models.CharField(max_length=8, choices=PointTier, default=PointTier.POINT)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="points")  # who keeps it open
    area = models.ForeignKey(Area, models.PROTECT, related_name="points")
    address = models.CharField(max_length=120)
    phone = models.CharField(max_length=30, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="point_tier_known", condition=Q(tier__in=PointTier.values)),
            CheckConstraint(name="point_has_name_and_address", condition=~Q(name="") & ~Q(address="")),
            UniqueConstraint(name="point_name_once_per_unit", fields=["unit", "name"], condition=Q(active=True)),
        ]
        indexes = [
            Index(name="point_by_area", fields=["area"]),  # /points/, the table residents read
        ]

    def __str__(self) -> str:
        return self.name


class OpeningTime(models.Model):
    """When a point is open: every week on a day, or on one date, which is a matter day (说事日)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    point = models.ForeignKey(Point, models.PROTECT, related_name="opening_times")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)  # 1 Monday … 7 Sunday, as ISO counts
    matter_day = models.DateField(null=True, blank=True)
    opens = models.TimeField()
    closes = models.TimeField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="opening_closes_after_opens", condition=Q(closes__gt=F("opens"))),
            CheckConstraint(
                name="opening_weekday_or_date",
                condition=Q(weekday__isnull=False, weekday__gte=1, weekday__lte=7, matter_day__isnull=True)
                | Q(weekday__isnull=True, matter_day__isnull=False),
            ),
        ]
        indexes = [
            Index(name="opening_by_point", fields=["point", "weekday"]),  # points open today, on `/`
        ]


class DutyLine(models.Model):
    """One line of the duty list (职责清单): which unit answers for a category, everywhere or in one area (4.2.2)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    category = models.CharField(max_length=8)  # code of the profile: a kind's letter, a group or a category
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="duty_lines")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="duty_lines")
    note = models.CharField(max_length=120, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="duty_line_has_category", condition=~Q(category="")),
            UniqueConstraint(
                name="duty_line_once",
                fields=["category", "area", "unit"],
                condition=Q(active=True, area__isnull=False),
            ),
            UniqueConstraint(
                name="duty_line_once_everywhere",
                fields=["category", "unit"],
                condition=Q(active=True, area__isnull=True),
            ),
        ]
        indexes = [
            Index(name="duty_line_by_category", fields=["category"], condition=Q(active=True)),  # queries.duty
        ]


class DutyRoster(models.Model):
    """Who is on duty at a unit from when to when; without a line for a moment every duty officer is (4.1.2)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roster")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="on_roster")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            CheckConstraint(name="roster_ends_after_start", condition=Q(ends_at__gt=F("starts_at"))),
        ]
        indexes = [
            Index(name="roster_by_unit", fields=["unit", "ends_at"], condition=Q(active=True)),  # duty.on_duty
        ]


class Institution(models.Model):
    """The institution of this installation: exactly one row. A demo stays a demo for ever (trigger in 0002)."""

    history = History.PROJECTION

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    only = models.BooleanField(default=True, unique=True, editable=False)  # with its check: one row, never two
    root = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=20)
    code = models.CharField(max_length=8)  # QH: stands in every number of a matter
    hotline = models.CharField(max_length=30)
    night_number = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=120)
    postcode = models.CharField(max_length=10, blank=True)
    demo = models.BooleanField(default=False)
    opened_at = models.DateTimeField(
        null=True, blank=True
    )  # from when on matters are taken in; null while it is set up

    class Meta:
        constraints = [
            CheckConstraint(name="institution_is_one", condition=Q(only=True)),
            CheckConstraint(
                name="institution_has_names",
                condition=~Q(name="") & ~Q(short_name="") & ~Q(code="") & ~Q(hotline="") & ~Q(address=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProfileVersion(models.Model):
    """The institution's rules as they stood from one moment on; a matter keeps the version it was registered under."""

    history = History.RECORD

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)  # 1, 2, 3 …; the highest is in force
    content = models.TextField()  # canonical JSON of the whole profile
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            CheckConstraint(name="profile_number_from_one", condition=Q(number__gte=1)),
            CheckConstraint(name="profile_has_content", condition=~Q(content="") & ~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return str(self.number)


def prefixes(path: str) -> tuple[str, ...]:
    """All paths from the root down to `path` itself: "/3/12/" gives ("/3/", "/3/12/")."""
    parts = [part for part in path.split("/") if part]
    return tuple("/" + "/".join(parts[: end + 1]) + "/" for end in range(len(parts)))


from shuoshi.organization.absence import Absence  # noqa: E402, F401 Django finds models here
from shuoshi.organization.paper_templates import PaperTemplate  # noqa: E402, F401
from shuoshi.organization.transfer import DutyTransfer  # noqa: E402, F401
