"""A town with its county, registry, departments and a village, built through the real actions. Tests tell stories in it.

`town.run(who, terms, matter)` acts as a person by name; `town.matter_in(status)` walks the shortest lawful way.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.kernel.ids import new_id
from shuoshi.matters import actions, terms
from shuoshi.matters.intake import GroupSaid, Intake, PersonSaid, SpokespersonSaid
from shuoshi.matters.models import Demand, Matter
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import (
    Adopted,
    Channel,
    Complexity,
    EmergencyReportKind,
    Kind,
    Mediated,
    Naming,
    Outcome,
    Proof,
    Satisfaction,
    Solved,
    Status,
    Way,
)
from shuoshi.organization import actions as organization
from shuoshi.organization import actors
from shuoshi.organization.absence import Absence, AwayBecause
from shuoshi.organization.actions import InstitutionGiven, TransferGiven, UnitGiven
from shuoshi.organization.models import Area, Unit, UnitKind
from shuoshi.organization.profile import Profile, load
from shuoshi.organization.profile.sampling import Sampling
from shuoshi.organization.roles import Role
from shuoshi.organization.transfer import DutyTransfer
from shuoshi.people import actions as people
from shuoshi.people.given import PersonGiven
from shuoshi.people.models import Account
from tests.support import remembered
from tests.support.kinds import agreement, no_duties
from tests.support.kinds import picture as picture

ONLINE = Actor(ActorKind.SPEAKER)
_numbers = itertools.count(1)


NOBODY = Sampling(of=())  # no test depends on a lot; who wants an end looked at asks for it
EVERYBODY = Sampling(share=100)


@functools.cache
def default_profile() -> Profile:
    """Read from its files once a run: it is frozen, and reading takes half a second."""
    return load.load()


@dataclass
class Place:
    """An institution under test: its units by short name, its people by name."""

    units: dict[str, Unit] = field(default_factory=dict)
    persons: dict[str, UUID] = field(default_factory=dict)
    area: Area | None = None
    other: Matter | None = None  # a second matter, where a test needs one
    mains: list[Matter] = field(default_factory=list)  # in hand, so that others may be merged into them

    # ── building ───────────────────────────────────────────────────────────────────────────────────────────────────

    def unit(self, name: str, kind: UnitKind, parent: str | None = None) -> Unit:
        code = f"U{len(self.units) + 1}"
        above = self.units[parent].pk if parent else None
        given = UnitGiven(name=name, short_name=name, code=code)
        self.units[name] = organization.create_unit(given, kind, above, actor=SYSTEM)
        return self.units[name]

    def person(self, name: str, *posts: tuple[str, Role]) -> UUID:
        pk = new_id()
        with transaction.atomic():
            story = Story(Stream("person", str(pk)), "create_person", by=SYSTEM, at=clock.now())
            kept = people.keep(story, PersonGiven(name=name))
            story.tell()
        self.persons[name] = kept.person.pk
        for unit, role in posts:
            organization.appoint(kept.person.pk, self.units[unit].pk, role, actor=SYSTEM)
        people.create_account(
            kept.person.pk, f"user{next(_numbers)}", actor=SYSTEM, password="lantern orchard 47 river"
        )
        return kept.person.pk

    def away(self, name: str, deputy: str | None, hours: float = 8, after: float = 0) -> Absence:
        """Somebody is away for so many hours, from now or later."""
        begins = clock.now() + timedelta(hours=after)
        by = self.persons[deputy] if deputy else None
        until = begins + timedelta(hours=hours)
        return organization.enter_absence(self.persons[name], by, begins, until, AwayBecause.LEAVE, actor=SYSTEM)

    def transfer(self, to: str = "水利站") -> DutyTransfer:
        """The duties of 城建办 move to another unit from today on; the same one while it is not carried out."""
        known = DutyTransfer.objects.filter(finished_at__isnull=True, from_unit=self.units["城建办"]).first()
        today = clock.local(clock.now()).date()
        return known or organization.enter_transfer(
            TransferGiven(
                from_unit=self.units["城建办"].pk,
                to_unit=self.units[to].pk,
                from_day=today,
                document_number="青政发〔2026〕12 号",
                document_date=today,
                document_name="通知.pdf",
                document=b"%PDF",
                reason="道路照明改由水利站管",
            ),
            actor=SYSTEM,
        )

    def bind_factor(self, name: str) -> None:
        """As if an authenticator had been bound: behind the back of the events."""
        account = Account.objects.get(person=self.persons[name])
        account.totp_secret, account.totp_confirmed = "JBSWY3DPEHPK3PXP", True
        account.save(update_fields=["totp_secret", "totp_confirmed"])

    # ── acting ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def actor(self, name: str) -> Actor:
        return actors.of(Account.objects.filter(person=self.persons[name]).order_by("pk")[0])

    def speaker(self, matter: Matter) -> Actor:
        """Who holds the code; of a group its first spokesperson."""
        parts = matter.spokespersons.filter(left_at__isnull=True).order_by("seat") if matter.is_group else None
        part = parts.values_list("pk", flat=True).first() if parts is not None else None
        return Actor(ActorKind.SPEAKER, matter_id=matter.pk, part=part)

    def look_at_ends(self, rules: Sampling = EVERYBODY) -> None:
        """Of what is registered from now on ends that nobody decides are looked at by a third person, usually all."""
        organization.publish_profile(default_profile().model_copy(update={"sampling": rules}), actor=SYSTEM)

    def raise_matter(self, by: str | None = None, **said: object) -> Matter:
        """Register something: online by a resident, or at the desk by a member of staff."""
        given: dict[str, object] = {
            "channel": Channel.HOTLINE if by else Channel.ONLINE,
            "key": uuid4().hex,
            "content": "村口到小学的路灯坏了三盏，晚上孩子放学看不清路，希望早点修好。",
            "naming": Naming.NAMED,
            "speaker": PersonSaid(name="陈大明", phone="13800000017"),
            "demands": ("修好路灯",),
            "area": self.area.pk if self.area else None,
            "place": "村口",
        }
        given |= said
        if given.get("group"):
            given["speaker"] = None
        if given["naming"] == Naming.ANONYMOUS:
            given["speaker"] = None
        receipt = actions.register(Intake(**given), actor=self.actor(by) if by else ONLINE)  # type: ignore[arg-type]
        return Matter.objects.get(pk=receipt.matter_id)

    def run(self, who: str | Actor, given: Terms, matter: Matter, *, turn: int | None = None, key: str = "") -> Matter:
        actor = who if isinstance(who, Actor) else self.actor(who)
        actions.run(given.action, matter.pk, given, actor=actor, turn=turn, key=key)
        return Matter.objects.get(pk=matter.pk)

    def demands(self, matter: Matter) -> Iterable[Demand]:
        return matter.demands.filter(dropped=False, settled=False).order_by("ordinal")

    # ── the straight way ───────────────────────────────────────────────────────────────────────────────────────────

    def accept(self, matter: Matter, kind: Kind = Kind.INTEREST_CLAIM) -> Matter:
        if matter.concerns_to_check:
            matter = self.run("王芳", terms.CheckConcerned(nobody=True), matter)
        return self.run("王芳", terms.Accept(kind=kind, title="村口路灯不亮"), matter)

    def classify(
        self,
        matter: Matter,
        category: str = "B604",
        kind: Kind = Kind.INTEREST_CLAIM,
        complexity: Complexity = Complexity.STANDARD,
    ) -> Matter:
        return self.run("刘敏", terms.Classify(kind=kind, category=category, complexity=complexity), matter)

    def assign(self, matter: Matter, unit: str = "城建办") -> Matter:
        given = terms.Assign(unit=self.units[unit].pk, reason="道路照明由城建办管")
        return self.run("刘敏", given, matter)

    def sign_for(self, matter: Matter, handler: str = "孙丽", by: str = "") -> Matter:
        return self.run(by or handler, terms.SignFor(handler=self.persons[handler]), matter)

    def clear(self, matter: Matter, by: str = "孙丽") -> Matter:
        """Whatever its kind asks for before it is answered: duties to report of a dispute, a decision on a suggestion."""
        if matter.kind == Kind.DISPUTE and matter.duties_answered_at is None:
            matter = self.run(by, no_duties(), matter)
        if matter.kind == Kind.SUGGESTION and not matter.adoption:
            until = clock.local(clock.now()).date() + timedelta(days=20)
            matter = self.run(by, terms.Adopt(extent=Adopted.WHOLE, text="下月起实行", until=until), matter)
        return matter

    def dispute(self, category: str = "D101", **said: object) -> Matter:
        """A dispute in hand, its duties answered and its other side known."""
        given = {"content": "邻居把水管改到我家墙边，墙泡坏了，说了几次不管。", "demands": ("把水管改回去",)} | said
        matter = self.accept(self.raise_matter(**given), Kind.DISPUTE)
        matter = self.sign_for(self.assign(self.classify(matter, category, Kind.DISPUTE)))
        return self.run("孙丽", terms.NameOtherSide(name="周立", phone="13900000021"), self.clear(matter))

    def mediate(self, matter: Matter | None = None, days: int = 20, mediator: str = "孙丽") -> Matter:
        """A dispute in mediation, both having said yes today."""
        today = clock.local(clock.now()).date()
        both = terms.Consent(by=Way.FACE_TO_FACE, on=today)
        given = terms.OpenMediation(
            mediator=self.persons[mediator],
            speaker=both,
            other=both,
            until=today + timedelta(days=days),
            no_conflict=True,
        )
        return self.run("孙丽", given, matter or self.dispute())

    def agree(self, matter: Matter, form: Mediated = Mediated.SIGNED, days: int = 10) -> Matter:
        return self.run("孙丽", agreement(form, days), matter)

    def prepare(self, matter: Matter, by: str = "孙丽", cites: tuple[terms.Cite, ...] = ()) -> Matter:
        matter = self.clear(matter, by)
        points = tuple(
            terms.PointAnswer(demand=demand.pk, outcome=Outcome.SOLVED, text="三盏路灯已经换好。")
            for demand in self.demands(matter)
        )
        given = terms.PrepareResult(
            points=points,
            reply="路灯已经修好。",
            report="经查，灯泡老化，已更换三盏。",
            remedies="还可以向人民法院起诉",
            proofs=(picture(),),
            cites=cites,
        )
        return self.run(by, given, matter)

    def sign(self, matter: Matter, by: str = "周建国") -> Matter:
        today = clock.local(clock.now()).date()
        return self.run(by, terms.SignResult(delivered_by=Way.CALL, delivered_on=today), matter)

    def report(self, matter: Matter, kind: EmergencyReportKind, by: str = "何勇") -> Matter:
        known = terms.Known(happened="电线垂下来了", measures="断了电，封了路", losses="无", advice="换新线")
        return self.run(by, terms.ReportEmergency(kind=kind, known=known), matter)

    def calm(self, matter: Matter, by: str = "何勇") -> Matter:
        """An emergency to its end: first report, last report, stood down."""
        for kind in (EmergencyReportKind.INITIAL, EmergencyReportKind.FINAL):
            matter = self.report(matter, kind, by)
        return self.run(by, terms.StandDown(text="电线接好了"), matter)

    def follow_up(
        self, matter: Matter, result: int, by: str = "赵红", solved: Solved | None = None, whom: UUID | None = None
    ) -> Matter:
        solved = solved or (Solved.YES if result >= 3 else Solved.NO)
        answers = terms.Answers(
            contacted=True,
            solved=solved,
            result=Satisfaction(str(result)),
            attitude=Satisfaction.GOOD,
            words="晚上还是黑的" if result < 3 else "修好了，谢谢",
        )
        given = terms.RecordFollowUp(
            way=Way.CALL,
            reached=True,
            answers=answers,
            proof=Proof.RECORDING,
            proof_ref="录音 0012",
            spokesperson=whom,
        )
        return self.run(by, given, matter)

    def matter_in(self, status: Status, **said: object) -> Matter:
        """A matter that came to `status` by the straight way, with its events, clocks and notices."""
        matter = self.raise_matter(**said)
        if status == Status.SCREENED_OUT:
            given = terms.ScreenOut(reason=default_profile().screening_reasons[0].code, text="请向法院反映。")
            return self.run("王芳", given, matter)
        if status == Status.UNDER_REVIEW:
            matter = self.matter_in(Status.CLOSED, **said)
            return self.run(self.speaker(matter), terms.RequestReview(text="灯只换了一盏，不能算办好"), matter)
        if status in (Status.PAUSED, Status.PARKED):
            return self.stands_still(self.matter_in(Status.IN_HANDLING, **said), status)
        for reached, go in (
            (Status.REGISTERED, self.accept),
            (Status.ACCEPTED, lambda m: self.assign(self.classify(m))),
            (Status.ASSIGNED, self.sign_for),
            (Status.IN_HANDLING, lambda m: self.sign(self.prepare(m))),
            (Status.IN_FOLLOW_UP, lambda m: self.follow_up(m, 5)),
        ):
            if matter.status == status:
                return matter
            assert matter.status == reached
            matter = go(matter)
        return matter

    def stands_still(self, matter: Matter, status: Status) -> Matter:
        """Paused for the speaker's papers for five days, or parked for want of money for ninety."""
        today, profile = clock.local(clock.now()).date(), default_profile()
        if status == Status.PAUSED:
            until, cause = today + timedelta(days=5), profile.pause_causes[0].code
            matter = self.run("孙丽", terms.RequestPause(cause=cause, text="等他拿来产权证", until=until), matter)
            return self.run("刘敏", terms.RulePause(granted=True, text="没有产权证办不了"), matter)
        until, reason = today + timedelta(days=90), profile.park_reasons[0].code
        given = terms.RequestPark(reason=reason, text="改造资金明年才有", measures="先装临时灯", until=until)
        return self.run("马镇长", terms.RulePark(granted=True, text="列入明年计划"), self.run("周建国", given, matter))


def group(*names: str, headcount: int = 30, quiet: str = "") -> GroupSaid:
    """So many people, and who speaks for them; `quiet` asks to be kept from the unit."""
    several = tuple(
        SpokespersonSaid(
            name=name,
            phone=f"1380000020{place}",
            naming=Naming.CONFIDENTIAL if name == quiet else Naming.NAMED,
        )
        for place, name in enumerate(names or ("陈大明", "李秀英", "王水生"))
    )
    return GroupSaid(headcount=headcount, spokespersons=several)


def build_town(*, demo: bool = False) -> Place:
    """County → town with registry, two departments, a village and an oversight committee; twelve people."""
    return remembered.built(("town", demo), lambda: _built(demo))


def _built(demo: bool) -> Place:
    town = Place()
    organization.publish_profile(default_profile().model_copy(update={"sampling": NOBODY}), actor=SYSTEM)
    town.unit("青禾县", UnitKind.COUNTY)
    town.unit("县受理中心", UnitKind.REGISTRY, "青禾县")
    town.unit("县水务局", UnitKind.DEPARTMENT, "青禾县")
    root = town.unit("青禾镇", UnitKind.TOWN, "青禾县")
    town.unit("受理中心", UnitKind.REGISTRY, "青禾镇")
    town.unit("城建办", UnitKind.DEPARTMENT, "青禾镇")
    town.unit("水利站", UnitKind.DEPARTMENT, "青禾镇")
    town.unit("柳湾村", UnitKind.VILLAGE, "青禾镇")
    town.unit("监督委员会", UnitKind.OVERSIGHT, "青禾镇")
    given = InstitutionGiven(
        name="青禾镇群众说事受理中心",
        short_name="青禾镇",
        code="QH",
        hotline="000-8812 6600",
        address="青禾镇民安路 8 号",
        night_number="000-8812 6699",
    )
    organization.set_up_institution(given, root_id=root.pk, demo=demo, actor=SYSTEM)
    organization.open_institution(actor=SYSTEM)
    town.area = organization.create_area("柳湾村", None, actor=SYSTEM, unit_id=town.units["柳湾村"].pk)
    for name, posts in {
        "王芳": [("受理中心", Role.REGISTRAR)],
        "刘敏": [("受理中心", Role.DISPATCHER)],
        "赵红": [("受理中心", Role.FOLLOW_UP_AGENT)],
        "何勇": [("受理中心", Role.DUTY_OFFICER)],
        "周建国": [("城建办", Role.DEPARTMENT_HEAD)],
        "孙丽": [("城建办", Role.HANDLER)],
        "赵立新": [("水利站", Role.DEPARTMENT_HEAD)],
        "李国强": [("水利站", Role.HANDLER)],
        "陈书记": [("柳湾村", Role.DEPARTMENT_HEAD)],
        "马镇长": [("青禾镇", Role.LEADER)],
        "钱监督": [("监督委员会", Role.OVERSIGHT_MEMBER)],
        "县分办": [("县受理中心", Role.DISPATCHER)],
        "县回访": [("县受理中心", Role.FOLLOW_UP_AGENT)],
        "县水务": [("县水务局", Role.DEPARTMENT_HEAD)],
        "管理员": [("青禾镇", Role.ADMINISTRATOR)],
    }.items():
        town.person(name, *posts)
    return town


@pytest.fixture
def town(db: None) -> Place:
    """The town, fresh for a test."""
    return build_town()
