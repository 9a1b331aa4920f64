"""The resident's part in a real browser: narrow and wide, in two languages, in large type, and without script."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from shuoshi.matters import query_code, terms
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Status
from tests.portal.resident import SAID, large_photo, photo
from tests.support.browser import DESK, PHONE, Window
from tests.support.village import Place

pytestmark = pytest.mark.browser


def look(window, name: str) -> None:
    """Check the page; keep a picture of it where SHOTS names a directory."""
    window.check()
    if os.environ.get("SHOTS"):
        window.page.screenshot(path=str(Path(os.environ["SHOTS"]) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("script", [True, False])
def test_somebody_says_something_and_looks_it_up(town: Place, window, width: int, script: bool, tmp_path: Path):
    shown = window(width, script=script)
    page, mark = shown.page, f"{width}{'' if script else '-noscript'}"
    shown.go("/")
    look(shown, f"home-{mark}")
    page.get_by_role("link", name="我要说事").click()
    look(shown, f"what-{mark}")
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_text("有 1 处要改").wait_for()
    look(shown, f"what-error-{mark}")
    page.get_by_label("您要说什么事？").fill(SAID)
    picture = tmp_path / "水龙头.jpg"
    picture.write_bytes(photo(size=(800, 600)).read())
    page.locator("#photo").set_input_files(str(picture))
    if not script:
        page.get_by_role("button", name="先传上这些照片").click()
    page.get_by_text("已收下").last.wait_for()
    assert page.get_by_label("您要说什么事？").input_value() == SAID
    look(shown, f"what-photo-{mark}")
    page.get_by_role("button", name="下一步：在哪里").click()
    look(shown, f"where-{mark}")
    page.get_by_label("具体在哪里？").fill("村口水井旁")
    page.get_by_role("button", name="下一步：您是谁").click()
    page.get_by_label("留名字，承办单位好和我联系").check()
    page.get_by_label("怎么称呼您").fill("陈大明")
    page.get_by_label("您的电话").fill("138 0000 0017")
    page.get_by_label("打电话").check()
    look(shown, f"who-{mark}")
    page.get_by_role("button", name="下一步：核对").click()
    look(shown, f"check-{mark}")
    page.get_by_role("button", name="提交").click()
    page.get_by_role("heading", name="您说的事登记好了").wait_for()
    look(shown, f"receipt-{mark}")

    matter = Matter.objects.get()
    shown.go("/track/")
    page.get_by_label("编号").fill(matter.number)
    page.get_by_label("查询码").fill("2222 2222")
    page.get_by_role("button", name="查询").click()
    page.get_by_text("编号和查询码对不上").first.wait_for()
    look(shown, f"track-error-{mark}")
    page.get_by_label("查询码").fill(query_code.code_of(matter).lower())
    page.get_by_role("button", name="查询").click()
    page.get_by_text("我们下一个要做到的").wait_for()
    look(shown, f"matter-new-{mark}")


@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_nine_photos_of_a_telephone_find_their_way(town: Place, window, tmp_path: Path, script: bool):
    """With script each goes up by itself and 下一步 waits for the last; without, nine at once cost no word."""
    pictures = []
    for n in range(9):
        pictures.append(str(tmp_path / f"{n}.jpg"))
        Path(pictures[-1]).write_bytes(large_photo())
    shown = window(PHONE, script=script)
    page = shown.go("/submit/what/")
    page.set_default_timeout(120_000)
    page.get_by_label("您要说什么事？").fill(SAID)
    page.locator("#photo").set_input_files(pictures)
    if script:
        page.get_by_text("正在收下第 1 张，共 9 张").wait_for()
        page.get_by_role("button", name="下一步：在哪里").click()
        page.wait_for_url("**/submit/where/")
        shown.go("/submit/what/")
    else:
        page.get_by_role("button", name="下一步：在哪里").click()
        page.get_by_text("一次最多收 5 张，后面 4 张没有收下").first.wait_for()
        page.locator("#photo").set_input_files(pictures[5:])
        page.get_by_role("button", name="先传上这些照片").click()
    page.get_by_text("照片 9").first.wait_for()
    assert page.get_by_label("您要说什么事？").input_value() == SAID
    assert page.locator("#photo").count() == 0
    look(shown, f"what-nine-{'script' if script else 'noscript'}")


def test_with_script_a_photo_that_is_not_fit_is_named_by_its_place(town: Place, window, tmp_path: Path):
    good, broken, large = tmp_path / "一.jpg", tmp_path / "二.jpg", tmp_path / "三.jpg"
    good.write_bytes(photo(size=(800, 600)).read())
    broken.write_bytes(b"\xff\xd8\xff broken")
    large.write_bytes(good.read_bytes() + bytes(14 * 1024 * 1024))
    shown = window(PHONE)
    page = shown.go("/submit/what/")
    page.get_by_label("您要说什么事？").fill(SAID)
    page.locator("#photo").set_input_files([str(broken), str(good), str(large)])
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_text("第 3 张没有收下").wait_for()
    said = page.locator("#photo-e").inner_text()
    assert "第 1 张没有收下" in said and "第 3 张没有收下：15 MB，最多 10 MB" in said and "第 2 张" not in said
    assert page.locator("ul.files li").count() == 1
    assert page.url.endswith("/submit/what/"), "somebody has to see what is missing"
    look(shown, "what-refused-script")


def test_a_photo_chosen_before_the_script_has_come_goes_up_when_it_does(town: Place, window, tmp_path: Path):
    picture = tmp_path / "水龙头.jpg"
    picture.write_bytes(photo(size=(800, 600)).read())
    page, on_the_way = window(PHONE).page, []
    page.route("**/photos*.js", lambda script: on_the_way.append(script))
    with page.expect_request("**/photos*.js"):
        page.goto("/submit/what/", wait_until="commit")
    page.locator("#photo").set_input_files(str(picture))
    assert not page.locator("ul.files li").count()
    (script,) = on_the_way
    script.continue_()
    page.locator("ul.files li").wait_for()
    page.get_by_text("已收下").last.wait_for()
    assert page.locator("ul.files li").count() == 1


def test_enter_in_a_line_goes_on_and_takes_no_photo_away(town: Place, window, tmp_path: Path):
    picture = tmp_path / "水龙头.jpg"
    picture.write_bytes(photo(size=(800, 600)).read())
    shown = window(PHONE, script=False)
    page = shown.go("/submit/what/")
    page.get_by_label("您要说什么事？").fill(SAID)
    page.locator("#photo").set_input_files(str(picture))
    page.get_by_text("要投诉某个单位或工作人员").click()
    page.get_by_label("说的是哪个人").fill("一个姓周的")
    page.get_by_label("说的是哪个人").press("Enter")
    page.wait_for_url("**/submit/where/")
    shown.go("/submit/what/")
    assert page.get_by_label("说的是哪个人").input_value() == "一个姓周的"
    page.get_by_label("说的是哪个人").press("Enter")
    page.wait_for_url("**/submit/where/")
    shown.go("/submit/what/")
    assert page.locator("ul.files li").count() == 1


@pytest.mark.parametrize(("width", "script"), [(PHONE, True), (DESK, True), (PHONE, False)])
def test_rework_is_followed_to_its_end(town: Place, window, width: int, script: bool):
    shown = window(width, script=script)
    matter = town.matter_in(Status.IN_HANDLING)
    town.run("孙丽", terms.ReportProgress(done="已经去看过，灯头坏了。", next_step="周四换灯头。"), matter)
    page = shown.page
    opens(shown, matter)
    assert query_code.code_of(matter) not in page.url
    look(shown, f"matter-handling-{width}")
    for address in ("add", "nudge", "withdraw", "recuse", "questions", "receipt"):
        shown.go(f"/track/{matter.number}/{address}/")
        look(shown, f"matter-{address}-{width}")
    shown.go(f"/track/{matter.number}/add/")
    page.get_by_label("要补充什么？").fill("昨晚又灭了一盏")
    page.locator("main form button.main").click()
    page.get_by_text("昨晚又灭了一盏").wait_for()
    page.get_by_role("button", name="同意隐去个人信息以后公开").click()
    page.get_by_role("button", name="收回同意，不公开").click()
    page.get_by_text("收回了，这件事从现在起不公开。").wait_for()
    matter = town.sign(town.prepare(matter))
    shown.go(f"/track/{matter.number}/")
    look(shown, f"matter-replied-{width}")
    page.get_by_role("link", name="评价这次办理").click()
    page.get_by_role("button", name="提交评价").click()
    look(shown, f"rate-error-{width}")
    page.get_by_role("group", name="承办单位和您联系过吗").get_by_label("联系过", exact=True).check()
    page.get_by_label("没有解决").check()
    page.get_by_role("group", name="您对结果满意吗").get_by_label("不满意", exact=True).check()
    page.get_by_role("group", name="您对态度满意吗").get_by_label("满意", exact=True).check()
    page.get_by_label("还想说什么").fill("晚上还是黑的")
    look(shown, f"rate-{width}")
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("重新办理（第 2 轮）").wait_for()
    look(shown, f"matter-second-round-{width}")
    matter = town.sign(town.prepare(town.sign_for(Matter.objects.get(pk=matter.pk))))
    town.follow_up(matter, 5)
    shown.go(f"/track/{matter.number}/")
    look(shown, f"matter-closed-{width}")
    page.get_by_role("link", name="没有解决，再次提出").click()
    look(shown, f"not-solved-{width}")
    page.get_by_label("哪里没有解决，或者有什么新情况？").fill("又黑了两盏")
    page.locator("main form button.main").click()
    page.get_by_text("又黑了两盏").wait_for()


def opens(shown: Window, matter: Matter) -> None:
    """As the receipt's QR code does with script, and as fingers do without."""
    code = query_code.code_of(matter)
    shown.go(f"/track/#{matter.number}.{code}" if shown.script else "/track/")
    if not shown.script:
        shown.page.get_by_label("编号").fill(matter.number)
        shown.page.get_by_label("查询码").fill(code)
        shown.page.locator("main form button.main").click()
    shown.page.wait_for_url(f"**/track/{matter.number}/")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_words_that_came_too_late_go_another_way(town: Place, window, width: int):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    shown = window(width)
    opens(shown, matter)
    page = shown.go(f"/track/{matter.number}/rate/")
    page.get_by_role("group", name="承办单位和您联系过吗").get_by_label("联系过", exact=True).check()
    page.get_by_label("没有解决").check()
    page.get_by_role("group", name="您对结果满意吗").get_by_label("不满意", exact=True).check()
    page.get_by_role("group", name="您对态度满意吗").get_by_label("满意", exact=True).check()
    page.get_by_label("还想说什么").fill("晚上还是黑的")
    town.follow_up(matter, 2)
    page.get_by_role("button", name="提交评价").click()
    page.get_by_role("heading", name="您写的内容").wait_for()
    look(shown, f"too-late-{width}")
    page.get_by_role("button", name="放到补充情况里").click()
    page.get_by_role("button", name="补充上去").click()
    page.get_by_text("补充的情况收到了").wait_for()
    assert "晚上还是黑的" in page.locator("main").inner_text()


def test_photos_that_are_too_large_together_leave_the_words_on_the_page(town: Place, window, tmp_path: Path):
    picture = photo(size=(800, 600)).read()
    pictures = [tmp_path / f"{n}.jpg" for n in range(7)]
    for path in pictures:
        path.write_bytes(picture + bytes(10 * 1024 * 1024 - len(picture)))
    shown = window(PHONE, script=False)
    page = shown.go("/submit/what/")
    page.get_by_label("您要说什么事？").fill(SAID)
    page.locator("#photo").set_input_files([str(path) for path in pictures])
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_role("heading", name="这次交的内容太大").wait_for()
    look(shown, "too-large-375")
    page.get_by_role("button", name="回到表格，内容还在").click()
    assert page.get_by_label("您要说什么事？").input_value() == SAID


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("choice", ["", "?lang=en", "?lang=zh-hant", "?size=large"])
def test_pages_that_inform_are_sound(town: Place, window, width: int, choice: str):
    shown = window(width)
    shown.go(f"/{choice}")
    name = choice.partition("=")[2] or "zh"
    for address in (
        "",
        "points/",
        "procedure/",
        "privacy/",
        "accessibility/",
        "sealed/",
        "track/",
        "submit/what/",
        "no-such-page/",
    ):
        shown.go(f"/{address}")
        look(shown, f"about-{address.replace('/', '') or 'home'}-{name}-{width}")


def test_the_first_page_keeps_to_its_budget(town: Place, window):
    """ux.md §8: 60 kB in all as it travels, no script but one, nothing from elsewhere."""
    shown = window(PHONE)
    loaded: list[str] = []
    shown.page.on("request", lambda request: loaded.append(request.url))
    shown.go("/")
    assert {address.split("/")[2] for address in loaded} == {shown.page.url.split("/")[2]}
    assert len([address for address in loaded if address.endswith(".js")]) == 1
    assert not any("htmx" in address for address in loaded)


def test_dark_at_320_pixels_and_in_large_type_the_matter_fits(town: Place, window):
    matter = town.matter_in(Status.IN_FOLLOW_UP)
    for width, address, scheme in ((320, "/", "dark"), (PHONE, "/?size=large", "light")):
        shown = window(width, color_scheme=scheme)
        shown.go(address)
        shown.go(f"/track/#{matter.number}.{query_code.code_of(matter)}")
        shown.page.wait_for_url(f"**/track/{matter.number}/")
        look(shown, f"matter-{scheme}-{width}")
        for part in ("rate", "receipt"):
            shown.go(f"/track/{matter.number}/{part}/")
            look(shown, f"{part}-{scheme}-{width}")
        shown.go("/submit/what/")
        look(shown, f"what-{scheme}-{width}")


def test_a_long_unit_name_and_a_long_text_stay_within_the_page(town: Place, window):
    from shuoshi.organization.models import Unit

    Unit.objects.filter(pk=town.units["城建办"].pk).update(
        name="青禾镇城乡建设和生态环境保护综合行政执法协调管理服务中心办公室" * 2
    )
    matter = town.raise_matter(content="䶮𠮷" + "长" * 5_000 + "a" * 300, demands=("一" * 400,))
    matter = town.assign(town.classify(town.accept(matter)))
    shown = window(PHONE)
    shown.go(f"/track/#{matter.number}.{query_code.code_of(matter)}")
    shown.page.wait_for_url(f"**/track/{matter.number}/")
    shown.check()


def test_a_form_sent_by_an_impatient_finger_goes_out_once(town: Place, window):
    matter = town.matter_in(Status.IN_HANDLING)
    shown = window(PHONE)
    shown.go(f"/track/#{matter.number}.{query_code.code_of(matter)}")
    shown.page.wait_for_url(f"**/track/{matter.number}/")
    shown.go(f"/track/{matter.number}/add/")
    shown.page.get_by_label("要补充什么？").fill("昨晚又灭了")
    shown.page.get_by_role("button", name="补充上去").dblclick()
    shown.page.wait_for_url(f"**/track/{matter.number}/")
    assert matter.entries.filter(action="add_information").count() == 1


def test_enter_while_composing_sends_nothing(town: Place, window):
    shown = window(PHONE)
    shown.go("/track/")
    shown.page.get_by_label("编号").fill("SS-1")
    prevented = shown.page.get_by_label("编号").evaluate(
        """box => !box.dispatchEvent(new KeyboardEvent(
            'keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert prevented


def test_an_engine_without_layers_still_leads_to_a_receipt(town: Place, window):
    """ux.md §6: Android WebView of 2018 drops the cascade layers and sees only the guarded block."""

    def strip(route) -> None:
        css = route.fetch().text()
        route.fulfill(
            body=css[css.index("@supports not (font-palette: normal)") :].partition("{")[2].rpartition("}")[0]
        )

    shown = window(PHONE, script=False)
    shown.page.route("**/app*.css", strip)
    page = shown.page
    shown.go("/submit/what/")
    look(shown, "old-what-375")
    page.get_by_label("您要说什么事？").fill(SAID)
    page.get_by_role("button", name="下一步：在哪里").click()
    page.get_by_role("button", name="下一步：您是谁").click()
    page.get_by_label("不留名字").check()
    look(shown, "old-who-375")
    page.get_by_role("button", name="下一步：核对").click()
    page.get_by_role("button", name="提交").click()
    look(shown, "old-receipt-375")
    page.get_by_role("heading", name="您说的事登记好了").wait_for()
