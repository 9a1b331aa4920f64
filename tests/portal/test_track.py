"""4.3.2, 4.4.1: number and code open one matter; its page keeps every promise in sight; the speaker's word counts."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from shuoshi.kernel import clock
from shuoshi.kernel.templatetags.shuoshi import day
from shuoshi.matters import query_code, terms
from shuoshi.matters.models import Matter, Rating
from shuoshi.matters.vocabulary import Action, Exit, Naming, Status, WishShown
from shuoshi.organization.roles import Role
from tests.portal.resident import Resident, photo
from tests.support.village import Place


def again(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_number_and_code_open_the_page_however_they_are_typed(town: Place, resident: Resident):
    matter = town.raise_matter()
    code = query_code.in_fours(query_code.code_of(matter)).lower()
    answer = resident.looks_up(f" {matter.number.lower().replace('-', '－')} ", code)
    assert answer.headers["Location"] == f"/track/{matter.number}/"
    page = resident.page(f"/track/{matter.number}/")
    assert "我们下一个要做到的" in page
    assert "收到您说的事，给您回执" in page


def test_every_wrong_pair_hears_the_same(town: Place, resident: Resident):
    matter = town.raise_matter()
    known = resident.looks_up(matter.number, "AAAA AAAA")
    unknown = resident.looks_up("SS-XX-20200101-9999", "AAAA AAAA")
    assert known.status_code == unknown.status_code == 422
    sentence = "编号和查询码对不上。请照着回执再输一次。"
    assert sentence in known.content.decode()
    hidden = unknown.content.decode().replace("SS-XX-20200101-9999", matter.number)
    assert _without_tokens(hidden) == _without_tokens(known.content.decode())


def test_the_sixth_wrong_try_waits_and_another_network_does_not(town: Place, resident: Resident):
    matter = town.raise_matter()
    answers = [resident.looks_up(matter.number, "AAAA AAAA").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    elsewhere = Resident(Client(REMOTE_ADDR="203.0.113.9"))
    assert elsewhere.looks_up(matter.number, query_code.code_of(matter)).status_code == 302


def test_a_right_code_in_between_buys_no_new_guesses(town: Place, resident: Resident):
    mine, other = town.raise_matter(), town.raise_matter()
    for _ in range(5):
        assert resident.looks_up(other.number, "AAAA AAAA").status_code == 422
        answer = resident.looks_up(mine.number, query_code.code_of(mine))
    assert answer.status_code in (302, 429)
    assert resident.looks_up(other.number, "AAAA AAAA").status_code == 429


def test_a_page_without_the_code_leads_to_the_look_up_and_back(town: Place, resident: Resident):
    matter = town.raise_matter()
    away = resident.browser.get(f"/track/{matter.number}/add/")
    assert away.headers["Location"].startswith("/track/?number=")
    shown = resident.page(away.headers["Location"])
    assert matter.number in shown
    answer = resident.looks_up(matter.number, query_code.code_of(matter), back=f"/track/{matter.number}/add/")
    assert answer.headers["Location"] == f"/track/{matter.number}/add/"


def test_nobody_is_led_to_another_place_after_looking_up(town: Place, resident: Resident):
    matter = town.raise_matter()
    for back in ("https://example.org/", "//example.org/", f"/track/{matter.number}//example.org", "/desk/"):
        answer = resident.looks_up(matter.number, query_code.code_of(matter), back=back)
        assert answer.headers["Location"] == f"/track/{matter.number}/"


def test_one_code_opens_one_matter_only(town: Place, resident: Resident):
    mine, other = town.raise_matter(), town.raise_matter()
    resident.opens(mine)
    assert resident.browser.get(f"/track/{other.number}/").status_code == 302


def test_half_an_hour_idle_closes_it_and_keeps_what_was_typed(town: Place, resident: Resident):
    matter = town.raise_matter()
    resident.opens(matter)
    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=True):
        away = resident.browser.post(f"/track/{matter.number}/add/", {"text": "昨晚又停水了，楼上也停"})
        assert away.status_code == 302
        back = resident.browser.get(away.headers["Location"])
        hidden = back.content.decode().split('name="back" value="')[1].split('"')[0].replace("&amp;", "&")
        answer = resident.looks_up(matter.number, query_code.code_of(matter), back=hidden)
        assert "昨晚又停水了，楼上也停" in resident.page(answer.headers["Location"])


def test_a_renewed_code_closes_the_page_opened_with_the_old_one(town: Place, resident: Resident):
    matter = town.raise_matter()
    resident.opens(matter)
    Matter.objects.filter(pk=matter.pk).update(query_generation=2)
    assert resident.browser.get(f"/track/{matter.number}/").status_code == 302


def test_leaving_closes_it_at_once(town: Place, resident: Resident):
    matter = town.raise_matter()
    resident.opens(matter)
    resident.browser.post("/track/leave/")
    assert resident.browser.get(f"/track/{matter.number}/").status_code == 302


def test_words_and_photos_can_be_added(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    sent = {"text": "昨晚又灭了", "photo": [photo("陈大明家门口.jpg")]}
    assert resident.browser.post(f"/track/{matter.number}/add/", sent).status_code == 302
    page = resident.page(f"/track/{matter.number}/")
    assert "昨晚又灭了" in page
    assert "图片 1" in page and "陈大明家门口" not in page
    address = page.split(f"/track/{matter.number}/files/")[1].split('"')[0]
    shown = resident.browser.get(f"/track/{matter.number}/files/{address}")
    assert shown.status_code == 200
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert again(matter).unread_words == 1


def test_the_same_form_sent_twice_is_said_once(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    for _ in range(2):
        resident.browser.post(f"/track/{matter.number}/add/", {"text": "昨晚又灭了", "key": "one-intention"})
    assert matter.entries.filter(action=Action.ADD_INFORMATION).count() == 1


def test_a_nudge_is_heard_once_and_then_refused_with_its_reason(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    assert resident.browser.post(f"/track/{matter.number}/nudge/", {"text": "快一点"}).status_code == 302
    refused = resident.browser.post(f"/track/{matter.number}/nudge/", {"text": "怎么还没有来人"})
    assert refused.status_code == 409
    assert "怎么还没有来人" in refused.content.decode()


def test_the_speaker_asks_that_the_handler_stays_away_and_reads_the_ruling(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    assert f"/track/{matter.number}/recuse/" in resident.page(f"/track/{matter.number}/")
    assert resident.browser.post(f"/track/{matter.number}/recuse/", {"text": ""}).status_code == 422
    assert "孙丽" in resident.page(f"/track/{matter.number}/recuse/")
    assert resident.browser.post(f"/track/{matter.number}/recuse/", {"text": "她是对方的表姐"}).status_code == 302
    assert matter.requests.get(kind="RECUSAL").about_person_id == town.persons["孙丽"]
    town.run("刘敏", terms.RuleConflict(granted=False, text="查过户籍，没有亲属关系"), matter)
    page = resident.page(f"/track/{matter.number}/")
    assert "写的理由只给裁定的人看" in page and "查过户籍，没有亲属关系" in page


def test_a_recusal_is_meant_for_whoever_handled_it_when_the_page_was_opened(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    turn = re.search(r'name="turn" value="(\d+)"', resident.page(f"/track/{matter.number}/recuse/"))
    assert turn is not None
    town.person("新来的", ("城建办", Role.HANDLER))
    town.run("周建国", terms.ChangeHandler(handler=town.persons["新来的"], reason="换人办"), matter)
    said = {"text": "她是对方的表姐", "turn": turn[1]}
    late = resident.browser.post(f"/track/{matter.number}/recuse/", said)
    assert late.status_code == 409 and "她是对方的表姐" in late.content.decode()
    assert not matter.requests.filter(kind="RECUSAL").exists()


def test_before_anybody_has_it_there_is_nobody_to_stay_away(town: Place, resident: Resident):
    matter = town.matter_in(Status.ACCEPTED)
    resident.opens(matter)
    assert "recuse" not in resident.page(f"/track/{matter.number}/")
    assert "现在没有单位在办这件事" in resident.page(f"/track/{matter.number}/recuse/")


def test_a_withdrawal_can_be_taken_back(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    resident.opens(matter)
    resident.browser.post(f"/track/{matter.number}/withdraw/", {"text": "修好了"})
    assert again(matter).withdrawal_asked_at is not None
    assert "反悔，接着办" in resident.page(f"/track/{matter.number}/")
    resident.browser.post(f"/track/{matter.number}/keep-going/", {})
    assert again(matter).withdrawal_asked_at is None


def test_questions_of_the_category_appear_once_it_is_set(town: Place, resident: Resident):
    matter = town.raise_matter()
    assert "小问题" not in resident.opens(matter)
    town.classify(town.accept(matter))
    assert "小问题" in resident.page(f"/track/{matter.number}/")
    answer = resident.browser.post(f"/track/{matter.number}/questions/", {"what": "lamp", "lamp_number": "B-17"})
    assert answer.status_code == 302, answer.content.decode()
    page = resident.page(f"/track/{matter.number}/")
    assert "B-17" in page and "路灯" in page
    assert "几个小问题" not in page and "个小问题，办得更快" not in page
    assert json.loads(again(matter).answers) == {"what": "lamp", "lamp_number": "B-17"}
    assert not matter.entries.filter(action=Action.ADD_INFORMATION).exists()


def test_an_answer_to_a_question_that_does_not_apply_is_kept_and_explained(town: Place, resident: Resident):
    matter = town.classify(town.accept(town.raise_matter()))
    resident.opens(matter)
    form = {"what": "road", "lamp_number": "B-17"}
    answer = resident.browser.post(f"/track/{matter.number}/questions/", form)
    assert answer.status_code == 422
    assert "B-17" in answer.content.decode()
    assert not again(matter).answers


def test_a_question_left_out_is_asked_again_later(town: Place, resident: Resident):
    matter = town.classify(town.accept(town.raise_matter()))
    resident.opens(matter)
    resident.browser.post(f"/track/{matter.number}/questions/", {"what": "lamp"})
    assert "回答 1 个小问题" in resident.page(f"/track/{matter.number}/")
    resident.browser.post(f"/track/{matter.number}/questions/", {"lamp_number": "B-17"})
    assert json.loads(again(matter).answers)["lamp_number"] == "B-17"


RATED = {"contacted": "yes", "solved": "YES", "result": "5", "attitude": "5", "words": "谢谢"}


def test_the_reply_is_answered_point_by_point_and_rated(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    page = resident.opens(matter)
    assert "三盏路灯已经换好。" in page
    assert "评价这次办理" in page
    assert resident.browser.post(f"/track/{matter.number}/rate/", RATED).status_code == 302
    assert again(matter).exit == Exit.SATISFIED
    assert Rating.objects.get(matter=matter).words == "谢谢"


def test_a_dissatisfied_resident_sees_the_second_round(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    resident.opens(matter)
    resident.browser.post(f"/track/{matter.number}/rate/", RATED | {"solved": "NO", "result": "1", "words": "还是黑的"})
    assert again(matter).round.ordinal == 2
    page = resident.page(f"/track/{matter.number}/")
    assert "第 2 轮：因为您不满意" in page
    assert "重新办理（第 2 轮）" in page


def test_an_answer_that_contradicts_itself_is_asked_again(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    resident.opens(matter)
    answer = resident.browser.post(f"/track/{matter.number}/rate/", RATED | {"solved": "NO"})
    assert answer.status_code == 422
    assert "是这个意思，请勾上" in answer.content.decode()
    sure = resident.browser.post(f"/track/{matter.number}/rate/", RATED | {"solved": "NO", "meant": "1"})
    assert sure.status_code == 302


def test_partly_solved_asks_whether_to_go_on(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    resident.opens(matter)
    answer = resident.browser.post(f"/track/{matter.number}/rate/", RATED | {"solved": "PARTLY"})
    assert "剩下的要不要继续办" in answer.content.decode()
    assert Rating.objects.count() == 0


def test_a_browser_of_staff_may_neither_rate_nor_withdraw(town: Place, resident: Resident):
    """1.3.1: satisfied, and not wanted any more, come from the resident only."""
    from django.conf import settings
    from django.http import HttpRequest

    from shuoshi.people import sign_in
    from shuoshi.people.models import Account

    matter = town.matter_in(Status.IN_FOLLOW_UP)
    resident.opens(matter)
    request = HttpRequest()
    request.session = resident.browser.session
    sign_in.start(request, Account.objects.get(person=town.persons["孙丽"]))
    request.session.save()
    resident.browser.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key
    said = {"text": "他说不用办了"}
    deeds = [("rate", RATED), ("withdraw", said), ("end-agency", said), ("recuse", {"text": "是亲戚"})]
    for deed, typed in [*deeds, ("publication", {"wish": "yes"})]:
        assert resident.browser.post(f"/track/{matter.number}/{deed}/", typed).status_code == 403
    assert Rating.objects.count() == 0 and again(matter).withdrawal_asked_at is None


def test_not_solved_is_heard_until_the_end_of_its_last_day(town: Place, resident: Resident):
    matter = town.matter_in(Status.CLOSED)
    page = resident.opens(matter)
    assert "没有解决，再次提出" in page
    until = again(matter).reopen_until
    assert until is not None and 88 <= (until - clock.now()).days <= 99  # the profile's 90cd, to the next working day
    assert day(until) in page
    with time_machine.travel(until - timedelta(minutes=1), tick=True):
        assert "没有解决，再次提出" in resident.opens(matter)
    with time_machine.travel(until + timedelta(minutes=1), tick=True):
        late = resident.opens(matter)
        assert "没有解决，再次提出" not in late
        page = resident.page(f"/track/{matter.number}/not-solved/")
        assert f"再次提出最晚到 {day(until)}，现在过了" in page


def test_what_is_raised_again_waits_to_be_assigned_anew(town: Place, resident: Resident):
    matter = town.matter_in(Status.CLOSED)
    resident.opens(matter)
    assert resident.browser.post(f"/track/{matter.number}/not-solved/", {"text": "又坏了一盏"}).status_code == 302
    page = resident.page(f"/track/{matter.number}/")
    assert "又坏了一盏" in page and "待交办" in page
    assert again(matter).status == Status.ACCEPTED


def test_who_is_not_accepted_objects_once_and_somebody_else_looks(town: Place, resident: Resident):
    matter = town.matter_in(Status.SCREENED_OUT)
    assert "我有异议，请换一个人看" in resident.opens(matter)
    address = f"/track/{matter.number}/object/"
    assert resident.browser.post(address, {"text": ""}).status_code == 422
    assert resident.browser.post(address, {"text": "没有人看过现场"}).status_code == 302
    assert again(matter).status == Status.REGISTERED
    assert "我有异议" not in resident.page(f"/track/{matter.number}/")
    assert resident.browser.post(address, {"text": "再说一次"}).status_code == 409


def test_a_withdrawal_that_staff_wrote_down_is_told_as_theirs(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    given = terms.Withdraw(text="修好了", shown_by=WishShown.SIGNED, proof_ref="签字件 8 号")
    town.run("王芳", given, matter)
    page = resident.opens(matter)
    assert "工作人员替您记了撤回" in page and "签字件 8 号" not in page


def test_a_return_stands_on_the_page_with_its_reason(town: Place, resident: Resident):
    """5.1: the resident sees who gave it back and why; the date stays."""
    matter = town.matter_in(Status.ASSIGNED)
    from shuoshi.organization import profile

    asked = terms.RequestReturn(
        reason=profile.current().return_reasons[0].code, text="路灯归别的单位", proper_unit=town.units["水利站"].pk
    )
    matter = town.run("周建国", asked, matter)
    town.run("刘敏", terms.RuleReturn(granted=True, text="确实不归城建办"), matter)
    page = resident.opens(matter)
    assert "城建办退回" in page
    assert "确实不归城建办" in page
    assert "答复您的日期不变。" in page


def test_what_is_unclear_goes_back_to_be_assigned_again(town: Place, resident: Resident):
    matter = town.matter_in(Status.ASSIGNED)
    matter = town.run("周建国", terms.RequestReturn(reason="UNCLEAR", text="写的地方找不到"), matter)
    town.run("刘敏", terms.RuleReturn(granted=True, text="先问清地方"), matter)
    assert "城建办退回，由受理中心再交办" in resident.opens(matter)


def test_internal_words_never_reach_the_page(town: Place, resident: Resident):
    matter = town.matter_in(Status.IN_HANDLING)
    town.run("孙丽", terms.Note(text="内部说的话"), matter)
    assert "内部说的话" not in resident.opens(matter)


def test_what_was_not_accepted_shows_reason_and_route(town: Place, resident: Resident):
    from shuoshi.organization import profile

    matter = town.raise_matter(naming=Naming.ANONYMOUS)
    reason = profile.current().screening_reasons[0].code
    town.run("王芳", terms.ScreenOut(reason=reason, text="正在法院审理，请等判决。"), matter)
    page = resident.opens(matter)
    assert "正在法院审理，请等判决。" in page
    assert "不予受理" in page
    for shown in (page, resident.page(f"/track/{matter.number}/receipt/")):
        assert "再说一次，写上原来的编号" in shown and "12345" in shown and "信访部门" in shown
    assert "我有异议，请换一个人看" in page


def test_consent_is_given_and_taken_back_on_the_page(town: Place, resident: Resident):
    """1.3.3, PIPL 15: as easily withdrawn as given, and at once; a second press changes nothing."""
    matter = town.matter_in(Status.CLOSED)
    assert "您没有同意公开" in resident.opens(matter)
    address = f"/track/{matter.number}/publication/"
    for wish, holds in (("yes", True), ("yes", True), ("no", False), ("no", False)):
        assert resident.browser.post(address, {"wish": wish}).status_code == 302
        assert again(matter).consent_to_publication is holds
    page = resident.page(f"/track/{matter.number}/")
    assert "收回公开的同意" in page and "同意公开" in page
    assert matter.entries.filter(action__in=("consent_to_publication", "withdraw_consent")).count() == 2
    assert resident.browser.get(address).status_code == 302
    assert not again(matter).consent_to_publication


@pytest.mark.parametrize("address", ["", "add/", "nudge/", "withdraw/", "rate/", "not-solved/", "receipt/"])
def test_pages_of_a_matter_are_never_kept_by_a_browser(town: Place, resident: Resident, address: str):
    matter = town.raise_matter()
    resident.opens(matter)
    answer = resident.browser.get(f"/track/{matter.number}/{address}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert query_code.code_of(matter) not in answer.request["PATH_INFO"]


def _without_tokens(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line and 'name="key"' not in line)
