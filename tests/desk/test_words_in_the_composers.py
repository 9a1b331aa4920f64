"""告知说事人 and 内部备注: what was written and not sent waits for its writer, on whichever device, and goes when it is sent."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from shuoshi.kernel.drafts import Draft
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.desk.test_acting import act
from tests.support.village import Place

Desk = Callable[[str], Client]
WORD, NOTE = "灯泡周五到货，当天换上", "支管图和竣工图不一致"


def keep(client: Client, matter: Matter, action: str, text: str) -> int:
    return client.post(f"/desk/matters/{matter.number}/{action}/draft/", {"text": text}).status_code


def shown(client: Client, matter: Matter) -> tuple[str, str]:
    """What stands in the two composers."""
    page = client.get(f"/desk/matters/{matter.number}/")
    return str(page.context["word"]["text"].value() or ""), str(page.context["note"]["text"].value() or "")


def test_words_that_were_not_sent_stand_there_again(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("孙丽")
    assert keep(client, matter, "write_to_speaker", WORD) == 200
    assert keep(client, matter, "note", NOTE) == 200
    assert shown(at_desk("孙丽"), matter) == (WORD, NOTE)
    assert shown(at_desk("周建国"), matter) == ("", "")
    assert "上次写的还没有发出" in client.get(f"/desk/matters/{matter.number}/").content.decode()
    assert shown(client, town.matter_in(Status.IN_HANDLING)) == ("", "")


def test_what_is_sent_or_wiped_waits_no_longer(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    client = at_desk("孙丽")
    keep(client, matter, "write_to_speaker", WORD)
    keep(client, matter, "note", NOTE)
    assert act(client, matter, "note", text=NOTE).status_code == 302
    assert shown(client, matter) == (WORD, "")
    keep(client, matter, "write_to_speaker", "")
    assert shown(client, matter) == ("", "") and not Draft.objects.exists()


def test_a_draft_is_kept_only_for_who_sees_the_matter_and_only_of_what_has_a_form(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    assert keep(at_desk("李国强"), matter, "note", NOTE) == 404
    assert keep(at_desk("孙丽"), matter, "rate", NOTE) == 404
    assert keep(Client(), matter, "note", NOTE) == 401
    assert not Draft.objects.exists()
