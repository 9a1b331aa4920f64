"""4.1.1: the registry hears what was said and types it; until then nobody decides on it, and not everybody hears who speaks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.refusal import Refused
from shuoshi.matters import queries, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Audience, Naming, Spoken
from tests.support import sounds as made
from tests.support.village import Place

Desk = Callable[[str], Client]
TYPED = "村口第三盏路灯坏了半个月，晚上老人出门看不见，希望早点修。"


def spoken(town: Place, **raised: object) -> Matter:
    return town.raise_matter(by="", content="", demands=(), files=(made.spoken(),), **raised)


def page(client: Client, matter: Matter) -> str:
    return client.get(f"/desk/matters/{matter.number}/").content.decode()


def listens(client: Client, matter: Matter) -> int:
    file = matter.attachments.filter(media_type="audio/wav").latest("id")
    return client.get(f"/desk/matters/{matter.number}/files/{file.pk}/").status_code


def test_the_player_stands_beside_the_field_and_nothing_is_decided_before(town: Place, at_desk: Desk):
    matter = spoken(town)
    client = at_desk("王芳")
    shown = page(client, matter)
    assert (
        "录音还没有记成文字" in shown and "<audio controls" in shown and "录音 1" in shown and "说事人录的音" in shown
    )
    assert f"/desk/matters/{matter.number}/type_out/" in shown
    assert f'href="/desk/matters/{matter.number}/accept/"' not in shown
    assert "还没有记成文字。先听录音记下来" in shown
    form = client.get(f"/desk/matters/{matter.number}/type_out/").content.decode()
    assert "<audio controls" in form and "录音里没有话" in form
    answer = client.post(f"/desk/matters/{matter.number}/type_out/", {"turn": matter.turn, "text": TYPED})
    assert answer.status_code == 302
    matter.refresh_from_db()
    assert matter.content == TYPED and matter.spoken == Spoken.TYPED and not matter.untyped
    assert [str(one.text) for one in matter.demands.all()] == [TYPED]
    shown = page(client, matter)
    assert "说事人说的，王芳照录音记下" in shown and "<audio controls" in shown
    assert f"/desk/matters/{matter.number}/accept/" in shown
    town.assign(town.classify(town.accept(matter)))


def test_who_typed_what_and_when_stays_and_the_speaker_reads_it(town: Place):
    matter = town.run("王芳", terms.TypeOut(text=TYPED), spoken(town))
    entry = matter.entries.get(action=Action.TYPE_OUT)
    assert (entry.person_id, entry.audience, str(entry.text)) == (town.persons["王芳"], Audience.PUBLIC, TYPED)
    told = queries.as_resident(matter, clock.now())
    assert [line for line in told.entries if line.action == Action.TYPE_OUT]
    assert matter.attachments.count() == 1, "the recording stays as it came"


def test_a_slip_is_mended_before_it_is_accepted_and_both_versions_stay(town: Place):
    matter = town.run("王芳", terms.TypeOut(text="村口第三盏路灯坏了"), spoken(town))
    with pytest.raises(Refused) as refused:
        town.run("王芳", terms.TypeOut(text="村口第三盏路灯坏了"), matter)
    assert refused.value.code == "nothing_changed"
    matter = town.run("王芳", terms.TypeOut(text=TYPED), matter)
    assert matter.content == TYPED and matter.entries.filter(action=Action.TYPE_OUT).count() == 2
    matter = town.accept(matter)
    with pytest.raises(Refused):
        town.run("王芳", terms.TypeOut(text="别的话"), matter)


def test_two_who_type_at_once_the_second_reads_what_the_first_wrote(town: Place, at_desk: Desk):
    matter = spoken(town)
    town.run("刘敏", terms.TypeOut(text=TYPED), matter)
    answer = at_desk("王芳").post(f"/desk/matters/{matter.number}/type_out/", {"turn": matter.turn, "text": "听错的话"})
    assert answer.status_code == 409 and "记下了录音内容" in answer.content.decode()
    assert Matter.objects.get(pk=matter.pk).content == TYPED


def test_a_recording_beside_written_words_leaves_them_alone(town: Place, at_desk: Desk):
    matter = town.raise_matter(by="", content="路灯坏了，详细的在录音里。", files=(made.spoken(),))
    matter = town.run("王芳", terms.TypeOut(text=TYPED), matter)
    assert matter.content == "路灯坏了，详细的在录音里。" and not matter.spoken
    shown = page(at_desk("刘敏"), matter)
    assert "录音里说的" in shown and TYPED in shown and "说事人自己写的，一字未改" in shown


@pytest.mark.parametrize("naming", [Naming.CONFIDENTIAL, Naming.ANONYMOUS])
def test_the_unit_that_handles_it_reads_the_words_and_hears_no_voice(town: Place, at_desk: Desk, naming: Naming):
    matter = town.run("王芳", terms.TypeOut(text=TYPED), spoken(town, naming=naming))
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    for name in ("孙丽", "周建国"):
        client = at_desk(name)
        shown = page(client, matter)
        assert TYPED in shown and "<audio" not in shown and "只有受理中心能听" in shown
        assert listens(client, matter) == 403
        assert "<audio" not in client.get(f"/desk/matters/{matter.number}/as-resident/").content.decode()
    registrar = at_desk("王芳")
    assert "<audio controls" in page(registrar, matter) and listens(registrar, matter) == 200


def test_of_somebody_who_gave_their_name_the_unit_hears_the_voice_too(town: Place, at_desk: Desk):
    matter = town.run("王芳", terms.TypeOut(text=TYPED), spoken(town))
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    assert "<audio controls" in page(at_desk("孙丽"), matter) and listens(at_desk("孙丽"), matter) == 200


def test_another_unit_that_guesses_the_address_hears_nothing(town: Place, at_desk: Desk):
    assert listens(at_desk("李国强"), spoken(town)) == 404


def test_the_typed_words_of_somebody_who_asked_for_confidence_are_veiled(town: Place, at_desk: Desk):
    matter = spoken(town, naming=Naming.CONFIDENTIAL)
    matter = town.run("王芳", terms.TypeOut(text="我是老李，电话 13812345678，村口路灯坏了。"), matter)
    matter = town.sign_for(town.assign(town.classify(town.accept(matter))))
    assert "13812345678" not in page(at_desk("孙丽"), matter)


def test_what_is_said_later_waits_to_be_typed_and_stops_no_work(town: Place):
    matter = town.sign_for(town.assign(town.classify(town.accept(town.raise_matter(by="")))))
    matter = town.run(town.speaker(matter), terms.AddInformation(text="补充", files=(made.spoken(),)), matter)
    content = str(matter.content)
    assert matter.untyped
    matter = town.run("王芳", terms.TypeOut(text="还有第四盏也坏了"), matter)
    assert not matter.untyped and matter.content == content


def test_whom_the_recording_complains_about_is_looked_up_before_anything_goes_on(town: Place, at_desk: Desk):
    matter = spoken(town)
    given = {"turn": matter.turn, "text": TYPED, "concerns": "城建办的周主任"}
    at_desk("王芳").post(f"/desk/matters/{matter.number}/type_out/", given)
    matter.refresh_from_db()
    assert matter.concerns_to_check and matter.concerns_words == "城建办的周主任"
    matter = town.run("王芳", terms.CheckConcerned(people=(town.persons["周建国"],)), matter)
    assert at_desk("周建国").get(f"/desk/matters/{matter.number}/").status_code == 404
