"""4.1.1: whatever way it comes in, it is registered alike: when, where, who and what, a number, a receipt, a clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shuoshi.kernel import clock, outbox
from shuoshi.kernel.actors import SYSTEM
from shuoshi.kernel.events import Event
from shuoshi.matters import papers, query_code, terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.matter import RELATED
from shuoshi.matters.vocabulary import Action, Audience, Channel, DeadlineKind, PartyRole, Status
from shuoshi.organization import actions as organization
from shuoshi.organization.actions import PointGiven
from tests.matters.outside import order
from tests.support.looking import running, who_may
from tests.support.village import Place


@pytest.mark.parametrize("channel", Channel)
def test_every_way_of_raising_ends_in_the_same_registration(town: Place, channel: Channel):
    by = None if channel in (Channel.ONLINE, Channel.PLATFORM, Channel.WECHAT) else "王芳"
    sent_down = {"order": order()} if channel == Channel.OUTSIDE else {}
    matter = town.raise_matter(by, channel=channel, **sent_down)
    assert (matter.channel, matter.status) == (channel, Status.REGISTERED)
    assert matter.number.startswith("SS-QH-") and DeadlineKind.ACCEPT in running(matter)
    opened = query_code.opens(matter.number, query_code.code_of(matter))
    assert opened is not None and opened.matter == matter
    assert [event.action for event in Event.objects.filter(stream_id=str(matter.pk))] == [Action.REGISTER]
    slips = outbox.waiting_for(town.actor("王芳"), outbox.Channel.SLIP)
    reads_it_there = channel in (Channel.ONLINE, Channel.WECHAT)  # on our own page, or in the conversation
    nobody_waits = channel == Channel.IMPORT  # of a thousand rows none stands at the desk
    assert [slip.about_id for slip in slips] == ([] if reads_it_there or nobody_waits else [matter.pk])


def test_when_where_who_and_what_are_each_kept_and_stand_on_the_paper(town: Place):
    said_at = clock.now() - timedelta(days=2)
    matter = town.raise_matter(
        "王芳",
        channel=Channel.POINT,
        happened_at=said_at,
        said_place="柳湾村说事室",
        on_behalf_of=PersonSaid(name="李秀英"),
        read_back="fingerprint",
    )
    assert (matter.happened_at, matter.registered_by_id) == (said_at, town.persons["王芳"])
    assert (matter.said_place, matter.place, matter.area) == ("柳湾村说事室", "村口", town.area)
    assert {party.role: party.person.name for party in matter.parties.select_related("person")} == {
        PartyRole.SPEAKER: "陈大明",
        PartyRole.ON_BEHALF_OF: "李秀英",
    }
    whole = Matter.objects.select_related(*RELATED).get(pk=matter.pk)
    paper = papers.content_of(whole, papers.Ref(papers.PaperKind.REGISTRATION))
    assert (paper["说事地点"], paper["登记人"], paper["原话"]) == ("柳湾村说事室", "王芳", matter.content)
    assert str(paper["事发地点"]).endswith("村口") and paper["事发地点"] != paper["说事地点"]
    assert "念给本人听过" in str(paper["核对"]) and "见证人" in str(paper["核对"])


def test_a_point_of_the_institution_is_where_it_was_said(town: Place):
    assert town.area is not None
    given = PointGiven("柳湾村文化礼堂", town.units["柳湾村"].pk, town.area.pk, "柳湾村 1 号")
    point = organization.create_point(given, actor=SYSTEM)
    matter = town.raise_matter("王芳", channel=Channel.POINT, said_point=point.pk, place="村口")
    whole = Matter.objects.select_related(*RELATED).get(pk=matter.pk)
    paper = papers.content_of(whole, papers.Ref(papers.PaperKind.REGISTRATION))
    assert "柳湾村文化礼堂" in str(paper["说事地点"]) and "柳湾村文化礼堂" not in str(paper["事发地点"])


def test_nothing_was_said_in_the_future(town: Place):
    matter = town.raise_matter("王芳", happened_at=clock.now() + timedelta(days=3))
    assert matter.happened_at == matter.registered_at


def test_a_correction_leaves_the_words_alone_and_is_told_with_its_reason(town: Place):
    matter = town.raise_matter("王芳")
    given = terms.CorrectRegistration(reason="记成了村口", place="村尾", demands=("修好三盏路灯",))
    corrected = town.run("王芳", given, matter)
    assert (corrected.place, corrected.content) == ("村尾", matter.content)
    entry = corrected.entries.get(action=Action.CORRECT_REGISTRATION)
    assert (entry.audience, entry.text, entry.facts["fields"]) == (
        Audience.PUBLIC,
        "记成了村口\n原来写的是：村口\n原来写的是：修好路灯",
        "place,demands",
    )


def test_an_entry_is_voided_by_a_second_person_only(town: Place):
    matter = town.run("王芳", terms.Void(reason="登记了两遍"), town.raise_matter("王芳"))
    assert matter.status == Status.REGISTERED
    assert who_may(town, Action.RULE_VOID, matter) == {"刘敏", "赵红", "马镇长"}, "never 王芳, who asked for it"
    matter = town.run("刘敏", terms.RuleVoid(granted=True, text="是登记了两遍"), matter)
    assert (matter.status, matter.exit, running(matter)) == (Status.CLOSED, "VOID", set())
    assert not matter.ratings.exists() and not matter.results.exists()
