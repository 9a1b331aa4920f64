"""An e-mail address is used for the matter it was left for: whoever holds the code of another changes nothing there."""

from __future__ import annotations

import pytest

from shuoshi.kernel.verify import verify
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter, Party
from shuoshi.matters.vocabulary import TellBy
from shuoshi.notices import actions
from shuoshi.notices.models import Way, Why
from shuoshi.people import queries as people
from shuoshi.people.models import ContactKind, ContactPoint
from tests.notices.told import Kept, address, carried, gateway, of_speaker, round_
from tests.support.village import Place

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def two(town: Place, sms: Kept) -> tuple[Matter, Matter]:
    """Two matters of one person, who was recognised by the registrar."""
    gateway(Way.EMAIL)
    first = town.raise_matter(by="王芳")
    person = first.parties.get(role="speaker").person_id
    second = town.raise_matter(by="王芳", speaker=PersonSaid(name="陈大明", phone="13800000017", person=person))
    assert second.parties.get(role="speaker").person_id == person
    return first, second


def chosen(town: Place, matter: Matter, written: str) -> None:
    actions.choose(matter.pk, TellBy.EMAIL, address=written, actor=town.speaker(matter))


def sent(town: Place, sms: Kept, matter: Matter) -> list[str]:
    """Where the next news of a matter goes by e-mail."""
    before = len(sms.sent)
    town.accept(matter)
    carried()
    round_()
    return [to for to, out in sms.sent[before:] if out.number == matter.number and not out.to_staff]


@pytest.mark.drill(11)
def test_news_of_each_matter_goes_where_it_was_asked_to(town: Place, sms: Kept, two: tuple[Matter, Matter]):
    first, second = two
    chosen(town, first, "chen@example.com")
    chosen(town, second, "neighbour@example.com")
    assert sent(town, sms, first) == ["chen@example.com"]
    assert sent(town, sms, second) == ["neighbour@example.com"]


def test_an_address_that_changes_changes_for_its_matter_alone(town: Place, sms: Kept, two: tuple[Matter, Matter]):
    first, second = two
    chosen(town, first, "chen@example.com")
    chosen(town, second, "chen@example.com")
    chosen(town, second, "new@example.com")
    assert sent(town, sms, first) == ["chen@example.com"]
    assert sent(town, sms, second) == ["new@example.com"]
    kept = ContactPoint.objects.filter(kind=ContactKind.EMAIL, valid=True)
    assert sorted(kept.values_list("given_for", flat=True), key=str) == sorted([first.pk, second.pk], key=str)
    assert [one for one in verify() if "people." in one.where] == []


def test_without_an_address_of_its_own_a_matter_is_told_by_hand(town: Place, sms: Kept, two: tuple[Matter, Matter]):
    first, second = two
    chosen(town, first, "chen@example.com")
    Matter.objects.filter(pk=second.pk).update(tell_by=TellBy.EMAIL)
    assert sent(town, sms, second) == []
    of_second = [one for one in of_speaker(carried()) if one.about_id == second.pk and one.kind == "accepted"]
    assert [(one.way, one.why) for one in of_second] == [(Way.CALL, Why.NO_ADDRESS)]


def test_the_address_of_the_work_is_not_that_of_ones_own_matter(town: Place, sms: Kept, two: tuple[Matter, Matter]):
    """Somebody of the staff speaks too: neither address stands in for the other."""
    first, _second = two
    address(town, "刘敏", "liu@example.com")
    Party.objects.filter(matter=first).update(person=town.persons["刘敏"])
    Matter.objects.filter(pk=first.pk).update(tell_by=TellBy.EMAIL)
    assert "liu@example.com" not in sent(town, sms, first)
    chosen(town, first, "private@example.com")
    own = people.contact(town.persons["刘敏"], ContactKind.EMAIL)
    assert own is not None and str(own.value) == "liu@example.com"
    before = len(sms.sent)
    town.raise_matter()
    town.accept(town.raise_matter())
    carried()
    round_()
    to_staff = {to for to, out in sms.sent[before:] if out.to_staff}
    assert to_staff == {"liu@example.com"}
