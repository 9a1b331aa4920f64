"""Every address that shows a page, found from the resolver, as whoever may open it: at both widths nothing for axe to
say, nothing on the console, nothing sideways. An address that nobody reaches fails, so that a new page cannot be left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Route

from shuoshi.channels.boxes.actions import add_photos
from shuoshi.channels.hotline import voicemail
from shuoshi.channels.points.models import Ticket
from shuoshi.kernel import clock, sounds
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import answer_texts, query_code
from shuoshi.matters.actions import issue_paper
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.papers import PaperKind, Ref
from shuoshi.matters.vocabulary import Action, Status, TellBy
from shuoshi.meetings import door
from shuoshi.meetings.models import Meeting, Topic
from shuoshi.meetings.vocabulary import State
from shuoshi.notices import actions as notices
from shuoshi.notices import carrying, codes
from shuoshi.notices.models import LostCode, Message, Provider, Way
from shuoshi.organization import actions as organization
from shuoshi.organization.actions import OpeningGiven, PointGiven
from shuoshi.organization.queries import points
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people import totp
from shuoshi.people.models import ChangeKind
from shuoshi.portal.views.meetings import kept_at
from tests.browser import addresses
from tests.browser.addresses import Shape, name_of, one_of_each
from tests.browser.people import PASSWORD, SAID, fill
from tests.knowledge.written import published
from tests.matters import divided, outside
from tests.matters.cells import manned, situations
from tests.support.archived import listed, over_long_ago
from tests.support.attempts import sample
from tests.support.boxes import hung, page_of
from tests.support.boxes import opened as box_opened
from tests.support.browser import DESK, PHONE, Window
from tests.support.calls import connected, push, rang
from tests.support.desk import signed_in
from tests.support.exports import exported
from tests.support.meetings import every_kind
from tests.support.platforms import let_in
from tests.support.post import mail, taken, waits
from tests.support.rota import everything_at
from tests.support.sounds import wav
from tests.support.tables import begun, carried_through, confirmed, given, workbook
from tests.support.village import Place, build_town
from tests.support.visits import phone_of, photo, planned
from tests.workbench.own import kept

pytestmark = pytest.mark.browser

ROLES = ("王芳", "刘敏", "赵红", "何勇", "周建国", "孙丽", "马镇长", "钱监督", "一肩挑", "管理员")
MY_DAY = ("desk:my_day",)
SUBMITTED = {  # the four pages, and what is answered on each
    "what": {"what": SAID},
    "where": {"place": "村口到小学的路上"},
    "who": {"naming": "named", "name": "陈大明", "phone": "138 0000 0017", "tell_by": "call"},
    "check": {},
}
ARGUMENTS = {
    "desk:export_file": (uuid4(),),
    "desk:composed": ("SS-QH-20261117-0001", "note"),
    "desk:draft_drop": (uuid4(),),
    "desk:notice_read": (uuid4(),),
    "desk:reminder_done": (uuid4(),),
    "desk:queue_changes": ("accept",),
    "desk:set_template_use": ("reply",),
}
Open = Callable[..., Window]


def look(shown: Window) -> None:
    """The page as it stands, wide and narrow."""
    for width in (PHONE, DESK):
        shown.page.set_viewport_size({"width": width, "height": 812 if width == PHONE else 900})
        shown.check()


def at_the_desk(window: Open, client: Client) -> Window:
    """A window of the real browser with the session of this client."""
    shown = window()
    address = {"name": "session", "value": client.cookies["session"].value, "domain": "127.0.0.1", "path": "/"}
    shown.page.context.add_cookies([address])
    return still(shown)


def still(shown: Window) -> Window:
    """The screen at a point asks again every few seconds: not while somebody looks at it here."""

    def once(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={k: v for k, v in answer.headers.items() if k != "refresh"})

    shown.page.route("**/display/**", once)
    return shown


@pytest.fixture
def town(transactional_db: None) -> Place:
    """A demo: its banner stands on every page."""
    town = manned(build_town(demo=True))
    town.person("一肩挑", ("受理中心", Role.REGISTRAR), ("受理中心", Role.DISPATCHER), ("城建办", Role.HANDLER))
    return town


@pytest.fixture
def matters(town: Place) -> list[Matter]:
    """One in every situation there is, and something in every list of the settings."""
    unit = town.units["柳湾村"].pk
    organization.add_duty_line("B604", town.units["城建办"].pk, actor=SYSTEM)
    opening = OpeningGiven(time(8, 30), time(11, 30), weekday=1)
    point = PointGiven(
        "柳湾村说事室", unit, town.area.pk, "柳湾村 1 号", phone="000-8812 6631", opening_times=(opening,)
    )
    everything_at(town, organization.create_point(point, actor=SYSTEM))
    published(town)
    letter = box_opened(town, hung(town), 2).letters.first()
    assert letter is not None
    add_photos(letter.pk, [page_of(letter)], actor=town.actor("王芳"))
    let_in()
    answer_texts.write("县信访局", "{上级单号}", actor=SYSTEM)
    begun(town, given(town, workbook(), "台账.xlsx"), "街道台账")
    carried_through()
    confirmed(town, given(town))
    waits()
    taken(mail("请不要回。", Auto_Submitted="auto-replied"))
    _exchange, key = connected()
    rang(key, "missed")
    rang(key, "answered", answered=True)
    heard = sounds.clean(wav())
    voicemail.bring_in(heard, caller="13800000017", left_at=clock.now() - timedelta(hours=1), actor=town.actor("王芳"))
    push(key, "newCall", "rings")
    planned(town, "王芳")
    phone = phone_of(town, "王芳")
    visit = phone.record({}, files=[photo()])
    phone.sends(visit)
    phone.sends(visit | {"household": "三组 13 号"})
    every_kind(town)
    kept(town, "王芳")
    exported(town)
    listed(town, over_long_ago(town.matter_in(Status.CLOSED)))
    made = [corrected_and_joined(town), *(made() for made in situations(town).values())]
    made.append(town.raise_matter(by="一肩挑"))
    silent = PersonSaid(name="李桂兰")
    town.accept(town.raise_matter(by="王芳", tell_by=TellBy.SMS, speaker=silent))  # a letter is owed
    town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))
    while carrying.carry(clock.now()):
        pass
    issue_paper(made[0].pk, Ref(PaperKind.REGISTRATION), actor=town.actor("王芳"))
    return made


def corrected_and_joined(town: Place) -> Matter:
    """A telephone that waits for a second person; whoever holds a joined record, beside others who may be the same."""
    one, other, _third = (town.raise_matter().parties.get() for _each in range(3))
    actor = town.actor("王芳")
    people.correct(one.person_id, ChangeKind.PHONE, "13900000021", "new", "换了号", actor=actor)
    people.join(one.person_id, other.person_id, "said_so", "都是他说的", actor=actor)
    return other.matter


def test_every_page_of_the_desk(town: Place, matters: list[Matter], window: Open) -> None:
    seen: set[Shape] = {("desk:sign_in",), ("desk:reset",)}
    stranger = window()
    for path in ("/desk/sign-in/", "/desk/reset/", "/desk/nowhere/"):
        stranger.go(path)
        look(stranger)
    for name in ROLES:
        client = signed_in(town, name)
        client.post("/desk/settings/profile/", {"do": "edit"})  # an administrator has a draft of the rules
        phones = "/desk/visits/phones/"  # where an administrator finds more than who visits
        gathered = (f"/desk/meetings/{one}/" for one in Meeting.objects.values_list("pk", flat=True))
        starts = (
            "/desk/",
            "/desk/me/passkeys/add/",
            phones,
            *(f"/desk/matters/{one.number}/" for one in matters),
            *gathered,
        )
        found = one_of_each(client, *starts, known=seen)
        shown = at_the_desk(window, client)
        for shape, address in found.items():
            if shape not in seen or shape == MY_DAY:  # everybody's day is another page
                shown.go(address)
                look(shown)
        seen |= set(found)
    shown = at_the_desk(window, signed_in(town, "周建国"))  # led to where somebody who leaves holds open work
    shown.go(f"/desk/hand-over/{town.persons['孙丽']}/")
    look(shown)
    seen.add(("desk:hand_over",))
    seen |= look_at_several(town, window)
    assert addresses.names("desk") - {shape[0] for shape in seen} == set()


def look_at_several(town: Place, window: Open) -> set[Shape]:
    """Pages that come after a button in a list: what will be done to those ticked, what came of it, a list to be kept."""
    client = signed_in(town, "刘敏")
    shown = at_the_desk(window, client)
    rows = [f"{one.pk.hex}.{one.turn}" for one in Matter.objects.all()[:60]]
    for deed, data in (("remind", {"text": "请抓紧"}), ("assign", {}), ("registration", {})):
        address = client.post("/desk/selection/", {"do": deed, "rows": rows})["Location"]
        shown.go(address)
        look(shown)
        if data:
            client.post(address, data)
            shown.go(address)
            look(shown)
    address = "/desk/views/new/?list=queue.over&channel=online"
    shown.go(address)
    look(shown)
    client.post(address, {"name": "网上来的"})
    shown.go("/desk/views/")
    look(shown)
    return {("desk:selection",), ("desk:view_new",)}


def test_what_the_desk_answers_to_a_button(town: Place, window: Open) -> None:
    """Pages without an address of their own: full data, the slip, the question who one is, codes shown once, refusals."""
    matter = town.raise_matter(by="王芳")
    client = signed_in(town, "王芳")
    shown = at_the_desk(window, client)
    page = shown.go(f"/desk/matters/{matter.number}/parties/{matter.parties.get(role='speaker').pk}/")
    page.locator("main form button.main").click()
    page.get_by_text("13800000017").wait_for()
    look(shown)
    shown.go(f"/desk/matters/{matter.number}/receipt/")
    page.locator("main form button.main").click()
    page.locator(".receipt-slip").wait_for()
    look(shown)
    shown.go(f"/desk/matters/{matter.number}/assign/")
    look(shown)
    shown.go("/desk/me/second-factor/")
    secret = re.search(r"(?:[A-Z2-7]{4}\s+){7}[A-Z2-7]{4}", page.locator("main").inner_text())
    assert secret is not None
    fill(page, "main", otp=totp.code_at(re.sub(r"\s", "", secret[0]), clock.now()))
    onward(shown)
    page.locator("ol.codes li.code").nth(9).wait_for()
    look(shown)
    shown.go("/desk/register/")
    page.locator("main button.main:visible").first.click()
    page.locator("[aria-invalid=true]").first.wait_for()
    look(shown)

    client = signed_in(town, "管理员")
    session = SessionStore(client.cookies["session"].value)
    session["proved"] = 0
    session.save()
    shown = at_the_desk(window, client)
    page = shown.go(f"/desk/settings/people/{town.persons['孙丽']}/")
    page.locator("button[name=do][value=reset]").click()
    page.locator("main [name=password]").wait_for()
    look(shown)
    fill(page, "main", password=PASSWORD)
    page.locator("main form button.main").click()
    page.locator(".receipt-slip").wait_for()
    look(shown)


def test_whether_the_speaker_was_told_is_opened_on_the_page_of_the_matter(town: Place, window: Open) -> None:
    matter = town.accept(town.raise_matter(by="王芳", tell_by=TellBy.CALL))
    carrying.carry(clock.now())
    shown = at_the_desk(window, signed_in(town, "王芳"))
    page = shown.go(f"/desk/matters/{matter.number}/")
    page.get_by_text("告知到了没有").click()
    page.locator("#told li").first.wait_for()
    assert "等着告知" in page.locator("#told").inner_text()
    look(shown)


def test_every_page_of_the_residents(town: Place, matters: list[Matter], certified: Path, window: Open) -> None:
    shown = still(window())
    seen: set[str] = set()

    def visit(address: str = "") -> None:
        """Where one is, or this address."""
        if address:
            shown.go(address)
        look(shown)
        seen.add(name_of(shown.page.url))

    for address in one_of_each(Client(), "/", "/track/", "/submit/what/", "/paper/").values():
        visit(address)
    visit(f"/n/{Message.objects.filter(to='speaker')[0].token}/")
    visit(f"/kiosk/{points()[0].pk}/")
    notices.set_gateway(Way.SMS, Provider.FILE, {}, active=True, actor=SYSTEM)
    visit("/track/lost/")
    fill(shown.page, "main", phone="13800000017")
    onward(shown)
    visit()
    fill(shown.page, "main", code=codes.code_of(LostCode.objects.get().pk))
    onward(shown)
    visit()
    visit("/certificate/")  # where plain http is, its banner leads there
    visit(f"/kiosk/number/{Ticket.objects.values_list('pk', flat=True)[0]}/")
    held = Meeting.objects.get(state=State.OPEN)
    visit(f"/meetings/{held.pk}/here/{door.code(held, clock.now())}/")
    visit(kept_at(Topic.objects.get()))
    for matter in tracked(town):
        code = query_code.code_of(matter)
        shown.go("/track/")
        fill(shown.page, "main", number=matter.number, code=code)
        onward(shown)
        beside = Client()
        beside.post("/track/", {"number": matter.number, "code": code})
        for shape, address in one_of_each(beside, f"/track/{matter.number}/").items():
            if matter.number in address and (shape[0] not in seen or shape[0] == "portal:matter"):
                visit(address)
    for path, answers in SUBMITTED.items():
        visit(f"/submit/{path}/")
        if path == "what":
            onward(shown)  # with nothing written: what is missing is said
            visit()
        fill(shown.page, "main", **answers)
        onward(shown)
    visit()
    assert addresses.names("portal") - seen == set()


def onward(shown: Window) -> None:
    with shown.page.expect_navigation():
        shown.page.locator("main form button.main:visible").first.click()


def tracked(town: Place) -> list[Matter]:
    """In hand with open questions, to be rated, closed, withdrawn, merged, entrusted, divided, mediated, not accepted."""
    asked = town.sign_for(
        town.assign(town.classify(town.matter_in(Status.ACCEPTED, demands=("换三盏灯", "以后有人管")), category="B301"))
    )
    withdrawn = town.matter_in(Status.IN_HANDLING)
    withdrawn = town.run(town.speaker(withdrawn), sample(town, Action.WITHDRAW, withdrawn), withdrawn)
    merged = town.matter_in(Status.ACCEPTED)
    merged = town.run("刘敏", sample(town, Action.MERGE, merged), merged)
    entrusted = outside.after(town, outside.entrusted(town, Action.TAKE_PAPERS), ("周建国", Action.HAND_OVER_OUTSIDE))
    others = (Status.IN_FOLLOW_UP, Status.CLOSED, Status.PAUSED, Status.UNDER_REVIEW, Status.SCREENED_OUT)
    shared = divided.divide(town)
    return [asked, withdrawn, merged, entrusted, shared, town.mediate(), *(town.matter_in(status) for status in others)]


def test_what_has_no_page_is_a_button_or_something_else(town: Place) -> None:
    """The exceptions are true: a button refuses to be asked for, and the rest sends no page."""
    staff = signed_in(town, "管理员")
    for name in addresses.POSTED:
        place = reverse(name, args=ARGUMENTS.get(name, ()))
        assert staff.get(place).status_code == 405, name
    for name in addresses.NO_PAGE:
        assert name in addresses.all_names(), name
    answers = [staff.get("/healthz"), staff.get("/readyz"), staff.get("/submit/")]
    assert not [answer for answer in answers if answer.status_code == 200 and "html" in answer["Content-Type"]]
