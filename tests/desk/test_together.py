"""4.2 at the desk: what may belong together is proposed, and who handles it reads nothing of who else said it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.matters import papers, queries, terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.papers.kinds import PaperKind, Ref
from shuoshi.matters.papers.ledger import ledger
from shuoshi.matters.vocabulary import Naming, Status
from tests.support.looking import fresh
from tests.support.village import Place

Desk = Callable[[str], Client]
HERS = "我是李秀英，手机 13900000088。村口到小学的路灯坏了，老人晚上摔了一跤，盼着早点修。"
TELLING = ("李秀英", "13900000088", "139 0000 0088")


def hers(town: Place, naming: Naming = Naming.NAMED) -> Matter:
    speaker = PersonSaid(name="李秀英", phone="13900000088")
    return town.matter_in(Status.ACCEPTED, content=HERS, speaker=speaker, naming=naming)


def merged(town: Place, naming: Naming = Naming.NAMED) -> tuple[Matter, Matter]:
    main = town.matter_in(Status.IN_HANDLING)
    matter = town.run("刘敏", terms.Merge(main=main.pk, why="是同一盏灯"), hers(town, naming))
    return main, matter


def read(client: Client, matter: Matter, page: str = "") -> str:
    answer = client.get(f"/desk/matters/{matter.number}/{page}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_alike_and_in_hand_is_proposed(town: Place, at_desk: Desk) -> None:
    main, other, matter = town.matter_in(Status.IN_HANDLING), town.matter_in(Status.ACCEPTED), hers(town)
    client = at_desk("刘敏")
    body = read(client, matter, "merge/")
    assert main.number in body and other.number not in body
    given = {"turn": str(matter.turn), "main": str(main.pk), "why": "是同一盏灯"}
    assert client.post(f"/desk/matters/{matter.number}/merge/", given).status_code == 302
    assert fresh(matter).merged_into == main
    assert f"/desk/matters/{main.number}/" in read(client, matter)
    assert f"/desk/matters/{matter.number}/" in read(client, main)


def test_a_number_can_be_typed_and_a_wrong_one_is_said_at_its_field(town: Place, at_desk: Desk) -> None:
    main, matter, client = town.matter_in(Status.IN_HANDLING), hers(town), at_desk("刘敏")
    given = {"turn": str(matter.turn), "main": "typed", "number": "SS-QH-20200101-0001", "why": "是同一盏灯"}
    answer = client.post(f"/desk/matters/{matter.number}/merge/", given)
    assert "没有这个编号的事" in answer.content.decode() and fresh(matter).status == Status.ACCEPTED
    given["number"] = main.number.lower()
    assert client.post(f"/desk/matters/{matter.number}/merge/", given).status_code == 302
    assert fresh(matter).merged_into == main


@pytest.mark.parametrize("naming", [Naming.NAMED, Naming.CONFIDENTIAL])
def test_the_handling_unit_reads_what_was_said_and_never_by_whom(town: Place, at_desk: Desk, naming: Naming) -> None:
    main, matter = merged(town, naming)
    town.run(town.speaker(matter), terms.AddInformation(text="李秀英又去看了，打 139 0000 0088"), matter)
    main = fresh(main)
    for name in ("孙丽", "周建国"):
        client = at_desk(name)
        bodies = [read(client, main, page) for page in ("", "as-resident/", "documents/")]
        bodies += [
            client.get(f"/desk/{page}").content.decode() for page in ("", "queues/mine/", "queues/words/", "all/")
        ]
        bodies += [client.get(f"/desk/search/?q={typed}").content.decode() for typed in ("摔了一跤", matter.tail)]
        assert not [telling for telling in TELLING for body in bodies if telling in body]
        assert not [body for body in bodies if f"/desk/matters/{matter.number}/" in body]
        assert "老人晚上摔了一跤" in bodies[0] and "又去看了" in bodies[0]
        for page in ("", "documents/", "as-resident/", "unmerge/"):
            assert client.get(f"/desk/matters/{matter.number}/{page}").status_code == 404
    rows = ledger(queries.visible_to(town.actor("周建国")), "台账", [], clock.now()).rows
    assert main.number in str(rows) and matter.number not in str(rows)


def test_papers_of_the_main_matter_and_its_reply_name_nobody_else(town: Place) -> None:
    main, matter = merged(town, Naming.CONFIDENTIAL)
    town.sign(town.prepare(main))
    for of, ref in (
        (main, Ref(PaperKind.ORDER, 1)),
        (main, Ref(PaperKind.REPLY, 1)),
        (main, Ref(PaperKind.REPORT, 1)),
        (fresh(matter), Ref(PaperKind.REPORT, 1)),
    ):
        said = str(papers.content_of(Matter.objects.get(pk=of.pk), ref))
        assert not [telling for telling in TELLING if telling in said]
    reply = str(papers.content_of(Matter.objects.get(pk=matter.pk), Ref(PaperKind.REPLY, 1)))
    assert "路灯已经修好" in reply and "陈大明" not in reply


def test_after_the_reply_who_asked_for_confidence_still_has_it(town: Place, at_desk: Desk) -> None:
    main, matter = merged(town, Naming.CONFIDENTIAL)
    town.sign(town.prepare(main))
    town.follow_up(fresh(matter), 1)
    body = read(at_desk("孙丽"), matter)
    assert "老人晚上摔了一跤" in body and not [telling for telling in TELLING if telling in body]
