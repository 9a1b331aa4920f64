"""Photos of a form of the desk are uploaded once: an error, somebody faster, a time-out, a look at earlier matters keep them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shuoshi.desk.photos import MOST
from shuoshi.matters import terms
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.vocabulary import Status
from tests.desk.test_taking_in import SAID
from tests.portal.resident import photo
from tests.support.desk import signed_in
from tests.support.village import Place

Desk = Callable[[str], Client]
DONE = {"done": "看过现场", "next_step": "周五换灯泡"}


@pytest.fixture
def matter(town: Place) -> Matter:
    return town.matter_in(Status.IN_HANDLING)


def address(matter: Matter, action: str = "report_progress") -> str:
    return f"/desk/matters/{matter.number}/{action}/"


def waiting(page: Any) -> list[str]:
    """The names of the photos that wait with the form of this page."""
    field = next(field for field in page.context["form"].fields.values() if getattr(field, "waiting", None))
    return [file.name for file in field.waiting.files]


def hidden(page: Any) -> dict[str, str]:
    """What the form carries along unseen."""
    form = page.context["form"]
    field = next(field for field in form.fields.values() if getattr(field, "waiting", None))
    assert f'name="uploads" value="{field.waiting.token}"' in page.content.decode()
    return {
        "uploads": field.waiting.token,
        "turn": str(form["turn"].value() or ""),
        "key": str(form["key"].value() or ""),
    }


def half_sent(client: Client, matter: Matter, *names: str) -> Any:
    """The form with photos, but without its next step."""
    carried = hidden(client.get(address(matter)))
    files = [photo(name) for name in names or ("灯头.jpg",)]
    return client.post(address(matter), {**carried, "done": DONE["done"], "next_step": "", "photos": files})


def test_a_field_error_costs_no_photo(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("孙丽")
    page = half_sent(client, matter, "灯头.jpg", "灯杆.jpg")
    assert page.status_code == 422 and waiting(page) == ["灯头.jpg", "灯杆.jpg"]
    assert "收下了 2 张" in page.content.decode()
    assert client.post(address(matter), {**hidden(page), **DONE}).status_code == 302
    assert [file.name for file in Attachment.objects.filter(matter=matter)] == ["灯头.jpg", "灯杆.jpg"]


def test_a_photo_can_be_let_go_and_others_added(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("孙丽")
    page = half_sent(client, matter, "灯头.jpg", "拍错了.jpg")
    wrong = next(file for file in page.context["form"].fields["photos"].waiting.files if file.name == "拍错了.jpg")
    more = {"remove": str(wrong.pk), "photos": [photo("新灯泡.jpg")]}
    assert client.post(address(matter), {**hidden(page), **DONE, **more}).status_code == 302
    assert [file.name for file in Attachment.objects.filter(matter=matter)] == ["灯头.jpg", "新灯泡.jpg"]


def test_what_is_unfit_is_said_beside_the_field_and_the_rest_waits(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("孙丽")
    carried = hidden(client.get(address(matter)))
    text = SimpleUploadedFile("说明.jpg", "这不是照片".encode(), "image/jpeg")
    large = SimpleUploadedFile("很大.jpg", b"\xff\xd8\xff" + b"\0" * (14 * 2**20), "image/jpeg")
    page = client.post(address(matter), {**carried, "photos": [photo("灯头.jpg"), text, large]})
    body = page.content.decode()
    assert "第 2 张没有收下" in body and "第 3 张没有收下：14 MB，最多 10 MB。其余 1 张已收下。" in body
    assert waiting(page) == ["灯头.jpg"]
    page = client.post(address(matter), {**hidden(page), "photos": [photo(f"{n}.jpg") for n in range(MOST + 1)]})
    assert len(waiting(page)) == MOST and "后面 2 张没有收下" in page.content.decode()


def test_whoever_was_slower_keeps_the_photos_too(town: Place, at_desk: Desk, matter: Matter) -> None:
    client = at_desk("孙丽")
    carried = hidden(client.get(address(matter)))
    town.run("周建国", terms.ChangeHandler(handler=town.persons["周建国"], reason="先由我接"), matter)
    town.run("周建国", terms.ChangeHandler(handler=town.persons["孙丽"], reason="交回"), matter)
    page = client.post(address(matter), {**carried, **DONE, "photos": [photo("灯头.jpg")]})
    assert page.status_code == 409 and waiting(page) == ["灯头.jpg"]
    assert client.post(address(matter), {**hidden(page), **DONE}).status_code == 302
    assert Attachment.objects.filter(matter=matter).count() == 1


def test_a_refusal_in_the_last_moment_leads_back_to_the_form_with_them(at_desk: Desk, matter: Matter) -> None:
    """Also where the answer comes after the form has passed: the same intention was sent with other words before."""
    client = at_desk("孙丽")
    carried = hidden(client.get(address(matter, "report_progress")))
    first = client.post(address(matter), {**carried, **DONE, "photos": [photo("灯头.jpg")]})
    assert first.status_code == 302
    again = client.post(address(matter), {**carried, **DONE, "done": "改了一个字", "photos": [photo("灯头.jpg")]})
    assert again.status_code == 409
    kept = dict(again.context["kept_fields"])
    page = client.post(address(matter), {**kept, "again": "1"})
    assert page.status_code == 200 and waiting(page) == ["灯头.jpg"], "the same picture waits once"


def test_a_second_press_counts_once_with_the_photos_that_waited(at_desk: Desk, matter: Matter) -> None:
    client = at_desk("孙丽")
    sent = {**hidden(half_sent(client, matter)), **DONE}
    for _press in range(2):
        assert client.post(address(matter), sent).status_code == 302
    assert Attachment.objects.filter(matter=matter).count() == 1


def test_a_time_out_costs_no_photo(town: Place, at_desk: Desk, matter: Matter) -> None:
    client = at_desk("孙丽")
    carried = hidden(client.get(address(matter)))
    Session.objects.all().delete()
    away = client.post(address(matter), {**carried, **DONE, "photos": [photo("灯头.jpg")]})
    back = client.get(away["Location"]).context["back"]
    client = signed_in(town, "孙丽")
    page = client.get(back)
    assert waiting(page) == ["灯头.jpg"] and page.context["form"]["done"].value() == DONE["done"]
    assert client.post(address(matter), {**hidden(page), **DONE}).status_code == 302
    assert Attachment.objects.filter(matter=matter).count() == 1


def test_a_look_at_earlier_matters_costs_no_photo_of_a_registration(at_desk: Desk) -> None:
    client = at_desk("王芳")
    carried = hidden(client.get("/desk/register/"))
    page = client.post("/desk/register/", {**carried, **SAID, "again": "1", "photos": [photo("水龙头.jpg")]})
    assert page.status_code == 200 and waiting(page) == ["水龙头.jpg"]
    assert client.post("/desk/register/", {**hidden(page), **SAID}).status_code == 302
    assert [file.name for file in Attachment.objects.all()] == ["水龙头.jpg"]


def test_photos_of_a_registration_left_half_written_come_back_with_its_draft(at_desk: Desk) -> None:
    client = at_desk("王芳")
    carried = hidden(client.get("/desk/register/"))
    page = client.post("/desk/register/", {**carried, **SAID, "again": "1", "photos": [photo("水龙头.jpg")]})
    client.post("/desk/register/draft/", {**SAID, **hidden(page)})
    assert waiting(client.get("/desk/register/?kept=1")) == ["水龙头.jpg"]


def test_what_waits_with_somebodys_form_is_there_for_nobody_else(at_desk: Desk, matter: Matter) -> None:
    page = half_sent(at_desk("孙丽"), matter)
    field = page.context["form"].fields["photos"].waiting
    small = f"/desk/uploads/{field.files[0].pk}/"
    shown = at_desk("孙丽").get(small)
    assert shown.status_code == 200 and shown["Content-Type"] == "image/jpeg"
    other = at_desk("周建国")
    assert other.get(small).status_code == 404
    stolen = other.post(address(matter, "note"), {"uploads": field.token, "text": ""})
    assert waiting(stolen) == []
    other.post(address(matter, "note"), {"uploads": field.token, "text": "", "remove": str(field.files[0].pk)})
    assert at_desk("孙丽").get(small).status_code == 200
