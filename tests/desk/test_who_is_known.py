"""What the desk tells about a person: to whom the number, to whom the name, and to whom nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from shuoshi.desk import callers, disclosure
from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.case import Case
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.matter import matter_page
from shuoshi.matters.vocabulary import FollowUpBy, Naming, Status, Urgency
from shuoshi.organization.roles import Role
from tests.support.village import Place

Desk = Callable[[str], Client]
PHONE = "13900001234"
SAID = PersonSaid(name="褚秀兰", phone=PHONE)


def test_a_number_names_nobody_to_staff_who_see_no_matter_of_it(town: Place):
    town.matter_in(Status.REGISTERED, speaker=SAID)
    assert [known.name for known in callers.aside(town.actor("王芳"), callers.Typed(phone=PHONE)).known] == ["褚某某"]
    assert callers.aside(town.actor("孙丽"), callers.Typed(phone=PHONE)).known == []


def test_whoever_has_the_turn_to_call_sees_whom_to_call_even_when_it_is_kept_from_the_unit(town: Place):
    matter = town.matter_in(Status.IN_FOLLOW_UP, naming=Naming.CONFIDENTIAL, speaker=SAID)
    matter.follow_up_by = FollowUpBy.OVERSIGHT  # as when everybody of the registry took part
    matter.save(update_fields=["follow_up_by"])
    assert card(town, "钱监督", matter) == ("褚某某", True)
    assert card(town, "孙丽", matter) == ("", False)


def test_the_duty_officer_can_make_the_first_call_of_an_emergency(town: Place):
    town.person("罗涛", ("青禾镇", Role.DUTY_OFFICER))
    matter = town.raise_matter(by="王芳", urgency=Urgency.U1, speaker=SAID)
    assert card(town, "罗涛", matter) == ("褚某某", True)


def test_the_line_of_the_receipt_does_not_name_a_confidential_speaker_to_the_unit(town: Place, at_desk: Desk):
    matter = town.raise_matter(by="王芳", naming=Naming.CONFIDENTIAL, speaker=SAID)
    matter = town.run("王芳", terms.HandOverReceipt(to_whom="褚秀兰本人签收"), matter)
    town.sign_for(town.assign(town.classify(town.accept(matter))))
    address = f"/desk/matters/{matter.number}/"
    assert "褚秀兰" in at_desk("王芳").get(address).content.decode()
    assert "褚秀兰" not in at_desk("孙丽").get(address).content.decode()


def card(town: Place, name: str, matter: Matter) -> tuple[str, bool]:
    """The masked name as this person sees it, and whether the rest may be asked for."""
    actor = town.actor(name)
    view = matter_page(actor, matter.number, clock.now())
    case = Case(actor=actor, matter=view.matter, standing=view.standing, now=clock.now())
    [found] = disclosure.cards(case, view.parties)
    return found.name, found.may_reveal
