"""Pictures and answers of a confidential matter, as the side reads them whom the speaker wants to be kept from."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from shuoshi.matters import terms
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.vocabulary import Naming, Status
from shuoshi.people import queries as people
from shuoshi.people.models import RevealedField
from tests.portal.resident import photo
from tests.support.village import Place

Desk = Callable[[str], Client]


def with_a_picture(town: Place, naming: Naming = Naming.CONFIDENTIAL) -> tuple[Matter, str]:
    """A matter in hand whose speaker sent a picture and answered a question."""
    matter = town.matter_in(Status.IN_HANDLING, naming=naming)
    given = terms.FileGiven("家门口.jpg", photo().read(), "image/jpeg")
    matter = town.run(town.speaker(matter), terms.AddInformation(text="拍了照", files=(given,)), matter)
    answers = {"what": "lamp", "lamp_number": "陈大明家门口"}
    matter = town.run(town.speaker(matter), terms.AnswerQuestions(answers=answers), matter)
    return matter, f"/desk/matters/{matter.number}/files/{Attachment.objects.get(matter=matter).pk}/"


def test_the_unit_sees_the_picture_for_a_reason_that_is_recorded(town: Place, at_desk: Desk) -> None:
    matter, address = with_a_picture(town)
    client = at_desk("孙丽")
    page = client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert f"{address}?small" not in page and "写明事由再看" in page
    assert client.get(f"{address}?small").status_code == 404
    assert "为什么要看" in client.get(address).content.decode()
    assert client.post(address, {"reason": "scene", "words": ""}).status_code == 422
    shown = client.post(address, {"reason": "scene", "words": "看是哪一盏灯"})
    assert shown.status_code == 200 and shown["Refresh"].startswith("60;")
    answer = client.get(shown.context["address"])
    assert answer["Content-Type"] == "image/jpeg" and answer.content
    assert at_desk("周建国").get(shown.context["address"])["Content-Type"].startswith("text/html")
    person = matter.parties.get().person_id
    look = people.who_looked(person)[0]
    assert (look.field, look.reason) == (RevealedField.FILE, "看是哪一盏灯")


def test_the_registry_and_who_gave_the_name_to_everybody_see_it_at_once(town: Place, at_desk: Desk) -> None:
    _matter, address = with_a_picture(town)
    assert at_desk("王芳").get(address)["Content-Type"] == "image/jpeg"
    other, of_other = with_a_picture(town, Naming.NAMED)
    assert at_desk("孙丽").get(of_other)["Content-Type"] == "image/jpeg"
    assert f"{of_other}?small" in at_desk("孙丽").get(f"/desk/matters/{other.number}/").content.decode()


def test_what_was_typed_as_an_answer_names_nobody_and_what_was_chosen_stands(town: Place, at_desk: Desk) -> None:
    matter, _address = with_a_picture(town)
    for page in ("", "as-resident/"):
        body = at_desk("孙丽").get(f"/desk/matters/{matter.number}/{page}").content.decode()
        assert "〔姓名〕家门口" in body and "陈大明家门口" not in body
    assert "陈大明家门口" in at_desk("王芳").get(f"/desk/matters/{matter.number}/").content.decode()
