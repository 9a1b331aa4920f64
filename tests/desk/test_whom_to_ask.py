"""A refusal says why, and names who could: people who hold the post now, are free for the matter, and no others."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.matter import matter_page
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.models import Post
from shuoshi.organization.roles import Role
from tests.support.attempts import attempt
from tests.support.village import Place

Desk = Callable[[str], Client]


def asked(town: Place, who: str, matter: Matter) -> dict[str, tuple[str, ...]]:
    """For each refused step of this person: the names of whom they could ask."""
    view = matter_page(town.actor(who), matter.number, clock.now())
    return {offer.action: offer.who_could for offer in view.offers if not offer.allowed}


def test_the_page_names_who_could_sign_and_who_could_assign(town: Place, at_desk: Desk) -> None:
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    assert asked(town, "孙丽", matter)[Action.SIGN_RESULT] == ("周建国", "马镇长")
    body = at_desk("孙丽").get(f"/desk/matters/{matter.number}/").content.decode()
    assert re.search(r"<dt>签发答复和报告</dt><dd>[^<]*可找：周建国、马镇长。", body)
    accepted = town.matter_in(Status.ACCEPTED)
    page = at_desk("王芳").get(f"/desk/matters/{accepted.number}/assign/")
    assert page.status_code == 403 and "可找：刘敏。" in page.content.decode()


@pytest.mark.slow
@pytest.mark.once
def test_everybody_who_is_named_gets_the_step_through_or_waits_for_the_same_thing(town: Place) -> None:
    from tests.matters.cells import manned, situations

    for made in situations(manned(town)).values():
        matter = made()
        leaders = (town.actor(name) for name in ("马镇长", "县长"))  # some are kept from the first
        leader = next(one for one in leaders if visible_to(one).filter(pk=matter.pk).exists())
        view = matter_page(leader, matter.number, clock.now())
        for offer in view.offers:
            for name in offer.who_could:
                through, said = attempt(town, offer.action, matter, town.actor(name))
                assert through or "由" not in str(said)[:1], (offer.action, name, said)


def test_whoever_must_stay_away_or_has_left_is_not_named(town: Place) -> None:
    town.person("钱工", ("城建办", Role.DEPARTMENT_HEAD))
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    assert asked(town, "孙丽", matter)[Action.SIGN_RESULT] == ("周建国", "马镇长", "钱工")
    town.run("周建国", terms.DeclareConflict(text="是我舅舅"), matter)
    assert "周建国" not in asked(town, "孙丽", matter)[Action.SEND_BACK_RESULT]
    organization.end_post(Post.objects.get(person=town.persons["钱工"]).pk, actor=SYSTEM)
    assert "钱工" not in asked(town, "孙丽", matter)[Action.SEND_BACK_RESULT]


def test_nobody_is_named_where_only_the_state_stands_in_the_way(town: Place) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    assert asked(town, "周建国", matter)[Action.SIGN_RESULT] == (), "there is nothing to sign yet, for nobody"
    assert asked(town, "孙丽", matter)[Action.SIGN_RESULT] == ("周建国", "马镇长"), "who will sign it"


def test_an_answer_of_409_names_them_too(town: Place, at_desk: Desk) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    body = at_desk("王芳").get(f"/desk/matters/{matter.number}/report_progress/").content.decode()
    assert "由承办人做。" in body and "可找：孙丽。" in body


def test_names_cost_no_statement_more_for_many_people(town: Place, statements: Callable[..., object]) -> None:
    matter = town.prepare(town.matter_in(Status.IN_HANDLING))
    actor, now = town.actor("孙丽"), clock.now()

    def cost() -> int:
        matter_page(actor, matter.number, now)
        with statements() as seen:  # type: ignore[attr-defined]
            matter_page(actor, matter.number, now)
        return int(seen.count)

    few = min(cost(), cost())
    for n in range(10):
        town.person(f"领导{n}", ("青禾镇", Role.LEADER))
    assert min(cost(), cost()) == few
