"""Home visits (3.2.3): what a phone sends becomes matters once, whatever is sent twice, broken off, revoked or differs."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.channels import keys
from shuoshi.channels.visits import keeping, queries, records
from shuoshi.channels.visits.models import Differing, FromVisit, Held, Visit, VisitFile
from shuoshi.kernel import clock, crypto, files, verify
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.kernel.idempotency import IdempotencyKey
from shuoshi.kernel.refusal import Refused
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.vocabulary import Channel, Naming, TellBy
from shuoshi.organization import actions as organization
from tests.support.desk import signed_in
from tests.support.village import Place
from tests.support.visits import SAID, Phone, digest, phone_of, photo, planned, sealed_file, sealed_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(town: Place) -> Phone:
    return phone_of(town)


def test_a_visit_becomes_its_matters_with_the_last_picture(town: Place, phone: Phone):
    pictures = [photo("teal"), photo("orange")]
    record = phone.record(
        {},
        {"content": "想申请高龄补贴。", "naming": "anonymous", "name": "", "phone": ""},
        files=pictures,
        signed="陈大明",
    )
    assert phone.sends(record).status_code == 200
    assert not Matter.objects.exists(), "its pictures are still on the phone"
    for one in pictures:
        answer = phone.sends_file(record["visit"], one).json()
        kept = VisitFile.objects.get(sent=answer["sha256"])
        assert answer["stored"] == kept.sha256 == _digest_of(kept), "told is what lies on the disk"
    first, second = Matter.objects.order_by("number")
    assert (str(first.content), first.channel, first.naming) == (SAID, Channel.VISIT, Naming.NAMED)
    assert (str(first.said_place), str(first.place), first.area) == ("三组 12 号", "三组 12 号", town.area)
    assert (first.tell_by, second.naming) == (TellBy.CALL, Naming.ANONYMOUS)
    assert first.happened_at < first.registered_at
    assert first.read_back == "", "a name that was typed is no signature"
    attached = set(Attachment.objects.filter(matter=first).values_list("sha256", flat=True))
    assert attached == set(VisitFile.objects.values_list("sha256", flat=True)) and len(attached) == 2
    row = Visit.objects.get()
    assert (row.held, row.by_id, row.unit.name) == ("", town.persons["陈书记"], "柳湾村")
    assert {one.matter for one in FromVisit.objects.all()} == {first, second}
    assert not list(verify.verify())


@pytest.mark.parametrize("naming", ["anonymous", "confidential"])
def test_a_home_and_a_signature_go_only_where_the_name_goes(town: Place, phone: Phone, naming: str):
    other = {"content": "想申请高龄补贴。", "naming": naming, "name": "" if naming == "anonymous" else "陈大明"}
    picture, signature = photo("teal"), photo("black")
    record = phone.record({}, other | {"phone": ""}, files=[picture], signed="陈大明")
    record["files"].append({"sha256": digest(signature), "kind": "signature"})
    phone.sends(record)
    for one in (picture, signature):
        phone.sends_file(record["visit"], one)
    first, second = Matter.objects.order_by("number")
    assert (str(first.said_place), first.read_back, first.attachments.count()) == ("三组 12 号", "signature", 2)
    assert (str(second.said_place), str(second.place), second.read_back) == ("", "", "")
    assert second.attachments.count() == 0
    assert "陈大明" not in "".join(str(one.payload) for one in Event.objects.all()), "an event holds no name"


def _digest_of(kept: VisitFile) -> str:
    return hashlib.sha256(files.read(kept.stored, kept.visit.data_key())).hexdigest()


def test_whatever_is_sent_again_changes_nothing(phone: Phone):
    picture = photo()
    record = phone.record({}, files=[picture])
    sealed = sealed_record(record)
    for _ in range(2):
        assert phone.sends_sealed(record["visit"], sealed).json()["sealed"] == hashlib.sha256(sealed).hexdigest()
    for _ in range(2):
        assert phone.sends_file(record["visit"], picture).status_code == 200
    events = Event.objects.count()
    assert phone.sends(record).json()["differs"] is False, "sealed anew it is still the same"
    assert phone.sends_file(record["visit"], picture).status_code == 200
    assert (Matter.objects.count(), VisitFile.objects.count(), Event.objects.count()) == (1, 1, events)


def test_the_key_of_a_visit_is_kept_for_ever(phone: Phone):
    record = phone.record({})
    phone.sends(record)
    [key] = IdempotencyKey.objects.filter(scope="register:visit")
    assert (key.key, key.expires_at) == (f"{record['visit']}:0", None)


def test_a_door_that_nobody_opened_is_a_visit(town: Place, phone: Phone):
    assert phone.sends(phone.record(met=False)).status_code == 200
    row = Visit.objects.get()
    assert row.settled_at is not None and not Matter.objects.exists()
    [area] = queries.coverage(clock.now() - timedelta(days=90), clock.now())
    assert (area.area, area.visits, area.met, area.days, area.long) == (town.area, 1, 0, 0, False)


def test_what_a_representative_collects_comes_in_by_their_way(phone: Phone):
    phone.sends(phone.record({}, book=True))
    assert Matter.objects.get().channel == Channel.REPRESENTATIVE
    assert IdempotencyKey.objects.get(scope="register:representative").expires_at is None


def test_the_same_visit_with_other_words_is_kept_beside_it_and_a_person_settles_it(town: Place, phone: Phone):
    record = phone.record({})
    phone.sends(record)
    other = record | {"said": [record["said"][0] | {"content": "三组的桥板松了。"}]}
    for _ in range(2):
        assert phone.sends(other).json()["differs"] is True
    [differs] = Differing.objects.all()
    assert Matter.objects.count() == 1
    page = f"/desk/visits/{record['visit']}/"
    desk = signed_in(town, "王芳")
    assert "三组的桥板松了。" in desk.get(page).content.decode()
    assert "同一次走访传了两份" in desk.get("/desk/visits/").content.decode()
    assert desk.post(page, {"do": "more", "row": str(differs.pk)}).status_code == 302
    assert {str(one.content) for one in Matter.objects.all()} == {SAID, "三组的桥板松了。"}
    assert desk.post(page, {"do": "same", "row": str(differs.pk)}).status_code == 409, "settled once"
    assert not list(verify.verify())


@pytest.mark.drill(24)
def test_a_revoked_phone_sends_no_more_and_its_file_is_brought_in_by_an_administrator(town: Place, phone: Phone):
    picture = photo()
    record = phone.record({}, files=[picture])
    keeping.revoke(UUID(phone.id), actor=town.actor("管理员"))
    assert phone.sends(record).status_code == 401, "whoever has the phone has no session in it either"
    asked = "/desk/visits/phone/standing/?device="
    assert Client().get(f"{asked}{phone.id}", headers={"X-Phone-Key": phone.key}).json() == {"device": "revoked"}
    assert Client().get(f"{asked}{phone.id}", headers={"X-Phone-Key": "a" * 32}).json() == {"device": "unknown"}
    phone = Phone(town, signed_in(town, "陈书记"), phone.id, phone.key)
    answer = phone.sends(record)
    assert (answer.status_code, answer.json()["code"]) == (409, "phone_revoked")
    assert not Visit.objects.exists()
    rescued = _rescue_file(record, picture)
    desk = signed_in(town, "管理员")
    for _ in range(2):
        page = desk.post("/desk/visits/rescue/", {"file": SimpleUploadedFile("r.json", rescued)}).content.decode()
        assert "走访 1 次，照片 1 张，都在这里了。" in page
    row = Visit.objects.get()
    assert (row.held, Matter.objects.count()) == (Held.RESCUED, 0)
    registrar = signed_in(town, "王芳")
    assert SAID in registrar.get(f"/desk/visits/{row.pk}/").content.decode()
    assert registrar.post(f"/desk/visits/{row.pk}/", {"do": "register"}).status_code == 302
    assert Attachment.objects.filter(matter=Matter.objects.get()).count() == 1
    assert not list(verify.verify())


def _rescue_file(record: dict[str, Any], picture: bytes) -> bytes:
    visit = record["visit"]
    sealed = [(0, "", sealed_record(record)), (1, hashlib.sha256(picture).hexdigest(), sealed_file(visit, picture))]
    items = [
        {"visit": visit, "place": place, "sha256": name, "sealed": base64.b64encode(one).decode()}
        for place, name, one in reversed(sealed)
    ]
    return json.dumps({"shuoshi": "visits", "version": 1, "items": items}).encode()


def test_only_its_holder_sends_from_a_phone(town: Place, phone: Phone):
    record = phone.record({})
    stranger = Phone(town, signed_in(town, "王芳"), phone.id, phone.key)
    assert stranger.sends(record).json()["code"] == "phone_of_another"
    guessed = Phone(town, phone.browser, phone.id, "a" * 32)
    assert guessed.sends(guessed.record({})).json()["code"] == "phone_unknown"
    assert guessed.sends(record).json()["code"] == "record_unreadable", "a record tells which phone wrote it"
    phone.browser.logout()
    phone.browser.cookies.clear()
    assert phone.sends(record).status_code == 401
    assert not Visit.objects.exists()


def test_what_cannot_be_registered_waits_for_a_person(town: Place, phone: Phone):
    assert phone.sends(phone.record({"phone": "12"})).status_code == 200, "the phone lets go: it is here"
    row = Visit.objects.get()
    assert (row.held, Matter.objects.count()) == (Held.REFUSED, 0)
    desk = signed_in(town, "王芳")
    assert desk.get("/desk/visits/").content.decode().count(f"/desk/visits/{row.pk}/") == 2, "and is asked for"
    assert "电话号码不对" in desk.post(f"/desk/visits/{row.pk}/", {"do": "register"}, follow=True).content.decode()
    assert desk.post(f"/desk/visits/{row.pk}/", {"do": "by_hand"}).status_code == 302
    row.refresh_from_db()
    assert row.settled_at is not None
    assert SAID in desk.get(f"/desk/visits/{row.pk}/").content.decode(), "no matter of it says it, so it stays readable"
    assert not list(verify.verify())


def test_a_person_need_not_wait_for_pictures_that_never_come(town: Place, phone: Phone):
    record = phone.record({}, files=[photo()])
    with clock.simulated(clock.now() - timedelta(hours=2)):
        phone.sends(record)
    desk, page = signed_in(town, "王芳"), f"/desk/visits/{record['visit']}/"
    assert "还有 1 张照片没有传到" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "register"}).status_code == 302
    assert phone.sends_file(record["visit"], photo()).status_code == 200, "it came after all, and is kept"
    assert Matter.objects.count() == VisitFile.objects.count() == 1


@pytest.mark.parametrize("broken", [{"device": "7"}, {"area": "柳湾"}, {"visit": str(UUID(int=7))}])
def test_a_record_that_does_not_say_whose_it_is_stays_on_the_phone(phone: Phone, broken: dict[str, Any]):
    whole = phone.record({})
    sealed = crypto.seal_as_phone(
        records.public_key(), records.place_of_record(UUID(whole["visit"])), json.dumps(whole | broken).encode()
    )
    assert phone.sends_sealed(whole["visit"], sealed).json()["code"] == "record_unreadable"
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"met": "yes"},
        {"begun": "2026-05-01"},
        {"household": 12},
        {"said": [{"content": "井盖破了。", "naming": "nobody"}]},
        {"files": 3},
    ],
)
def test_a_record_the_phone_cannot_mend_waits_for_a_person(town: Place, phone: Phone, broken: dict[str, Any]):
    record = phone.record({"content": "井盖破了。"}, files=[photo()]) | broken
    assert phone.sends(record).status_code == 200, "the phone lets go: it is here"
    assert phone.sends_file(record["visit"], photo()).status_code == 200
    row = Visit.objects.get()
    assert (row.held, Matter.objects.count()) == (Held.REFUSED, 0)
    desk, page = signed_in(town, "王芳"), f"/desk/visits/{row.pk}/"
    assert "井盖破了。" in desk.get(page).content.decode()
    assert desk.post(page, {"do": "register"}).status_code == 409
    assert desk.post(page, {"do": "by_hand"}).status_code == 302
    assert not list(verify.verify())


def test_a_line_that_is_too_long_is_cut_and_kept_whole_in_the_record(phone: Phone):
    assert phone.sends(phone.record({}, household="三组" * 120)).json()["differs"] is False
    row = Visit.objects.get()
    assert (len(str(row.household)), "三组" * 120 in str(row.said)) == (records.LINE, True)
    assert str(Matter.objects.get().said_place) == str(row.household)


def test_a_visit_counts_only_for_a_plan_of_whoever_went(town: Place, phone: Phone):
    own, others = planned(town), planned(town, "孙丽")
    for plan in (own, others):
        phone.sends(phone.record(met=False, plan=str(plan.pk)))
    long_ago = (clock.now() - timedelta(days=40)).isoformat()
    phone.sends(phone.record(met=False, plan=str(own.pk), begun=long_ago, ended=long_ago))
    assert (own.visits.count(), others.visits.count()) == (1, 0)


def test_what_a_forgotten_phone_holds_is_brought_in_once_somebody_says_whose_it_was(town: Place):
    forgotten = Phone(town, Client(), str(uuid4()), keys.new_key())  # the copy that was restored is older than it
    rescued = _rescue_file(forgotten.record({}, files=[photo()]), photo())
    desk = signed_in(town, "管理员")

    def brings(**given: str) -> str:
        file = SimpleUploadedFile("r.json", rescued)
        return str(desk.post("/desk/visits/rescue/", {"file": file} | given).content.decode())

    assert "这部手机没有登记过" in brings()
    assert "走访 1 次，照片 1 张" in brings(holder_of=str(town.persons["陈书记"]))
    row = Visit.objects.get()
    assert (row.by_id, row.held, row.device.revoked_at is None) == (town.persons["陈书记"], Held.RESCUED, False)
    assert not list(verify.verify())


def test_a_picture_that_is_not_the_one_of_the_record_is_not_taken(phone: Phone):
    record = phone.record({}, files=[photo()])
    phone.sends(record)
    assert phone.sends_file(record["visit"], photo("red")).json()["code"] == "file_of_no_record"
    assert phone.sends_file(record["visit"], photo(), sha256="0" * 64).json()["code"] == "file_unreadable"
    assert phone.sends_file(str(phone.record()["visit"]), photo()).json()["code"] == "visit_unknown"


def test_only_the_server_opens_what_a_phone_sealed(phone: Phone):
    record = phone.record({})
    sealed = sealed_record(record)
    assert SAID.encode() not in sealed
    with pytest.raises(crypto.CryptoProblem):
        crypto.open_from_phone(
            b"another key of 32 bytes, or more", records.place_of_record(UUID(record["visit"])), sealed
        )
    with pytest.raises(Refused, match="record_unreadable"):
        records.open_record(sealed, UUID(phone.record()["visit"]))


def test_plans_are_made_for_oneself_unless_one_leads(town: Place):
    planned(town)
    assert town.area is not None
    given = keeping.PlanGiven(
        area_id=town.area.pk,
        visitor_id=town.persons["陈书记"],
        begins=clock.local(clock.now()).date(),
        ends=clock.local(clock.now()).date(),
        target=3,
    )
    for name in ("孙丽", "赵立新"):  # 赵立新 leads a unit, but not one of these
        with pytest.raises(Refused, match="plans_own"):
            keeping.plan(given, actor=town.actor(name))
    row = keeping.plan(given, actor=town.actor("马镇长"))
    backwards = replace(given, begins=given.begins + timedelta(days=1))
    with pytest.raises(Refused, match="plan_backwards"):
        keeping.change_plan(row.pk, backwards, actor=town.actor("马镇长"))


def test_where_nobody_was_for_longest_stands_first(town: Place, phone: Phone):
    new = organization.create_area("新桥村", None, actor=SYSTEM)
    long_ago = (clock.now() - timedelta(days=120)).isoformat()
    phone.sends(phone.record(met=False, begun=long_ago, ended=long_ago))
    planned(town)
    first, second = queries.coverage(clock.now() - timedelta(days=90), clock.now())
    assert (first.area, first.days, first.long) == (new, None, True)
    assert (second.area, second.days, second.visits, second.by) == (town.area, 120, 0, ["陈书记"])


def test_once_registered_its_words_are_read_in_the_matter_alone(town: Place, phone: Phone):
    phone.sends(phone.record({}))
    row, matter = Visit.objects.get(), Matter.objects.get()
    body = signed_in(town, "王芳").get(f"/desk/visits/{row.pk}/").content.decode()
    assert matter.number in body and SAID not in body
    assert signed_in(town, "孙丽").get(f"/desk/visits/{row.pk}/").status_code == 404
    assert signed_in(town, "赵立新").get(f"/desk/visits/{row.pk}/").status_code == 404
