"""Drill 18: names of files made to lead elsewhere, to look like something else, or to be too much: the picture comes in,
lies under a name of ours, and what its owner called it is on no page, in no header and on no disk.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from shuoshi.kernel.disk import UNFINISHED
from shuoshi.matters.models import Attachment, Matter
from shuoshi.matters.vocabulary import Status
from tests.drills.crawler import Answer, crawl, visit
from tests.portal.resident import Resident, photo
from tests.support.desk import signed_in
from tests.support.village import Place

pytestmark = [pytest.mark.django_db, pytest.mark.drill(18), pytest.mark.once]  # names and pictures, not rows

MARK = "QIMEN"  # in every name, so that it can be looked for
NAMES = (
    f"../../../../{MARK}.jpg",
    f"..\\..\\windows\\{MARK}.jpg",
    f"/etc/{MARK}",
    f"C:\\{MARK}.ini",
    f"%2e%2e%2f{MARK}.jpg",
    f"&#46;&#46;&#47;{MARK}.jpg",
    f"{MARK}\u202egpj.exe",
    f"{MARK}\0.jpg",
    f"{MARK}\x1b[31m\x07.jpg",
    "长" * 300 + f"{MARK}.jpg",
    f"{MARK}." + "j" * 300,
    f"{MARK}.html",
    f"{MARK}.svg",
    f"{MARK}.jpg.php",
    f"<img src=x onerror={MARK}>.jpg",
    f"{MARK}𠮷䶮\ufeff\u200b.jpg",
    f".{MARK}",
    "CON",
)
BOUNDARY = "drill18"


def sent(browser: Client, address: str, name: str, data: bytes, field: str = "photo", **more: str) -> HttpResponse:
    """A form as a browser that obeys nobody would send it: the name goes as it is."""
    quoted = name.encode().replace(b'"', b"%22")
    parts = [f'name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in more.items()]
    parts.append(
        b'name="%s"; filename="%s"\r\nContent-Type: text/html\r\n\r\n' % (field.encode(), quoted) + data + b"\r\n"
    )
    body = b"".join(b"--%s\r\nContent-Disposition: form-data; " % BOUNDARY.encode() + part for part in parts)
    body += f"--{BOUNDARY}--\r\n".encode()
    return browser.post(address, body, content_type=f"multipart/form-data; boundary={BOUNDARY}")  # type: ignore[return-value]


# What is there for a moment under a name of our own: an upload that is looked at, a file that is being written.
PASSING = re.compile(rf"tmp\w+\.upload(\.\w{{1,10}})?|{re.escape(UNFINISHED)}\w+")


def on_the_disk() -> list[Path]:
    return [path for path in Path(settings.HOME).rglob("*") if path.is_file()]


def opened(matter: Matter) -> Client:
    owner = Resident(Client())
    owner.opens(matter)
    return owner.browser


@pytest.mark.parametrize("some", [NAMES[start::5] for start in range(5)], ids=range(5))
def test_photos_under_hostile_names_are_photos(town: Place, some: tuple[str, ...]) -> None:
    before = set(on_the_disk())
    resident = Resident(Client())
    for name in some:
        answer = sent(resident.browser, "/submit/what/", name, photo(name).read(), what="路灯坏了三盏。", upload="1")
        assert answer.status_code in (200, 302), name
    resident.goes_through("路灯坏了三盏。")
    matter = resident.sends()
    kept = list(Attachment.objects.filter(matter=matter))
    assert len(kept) == len(some)
    for one in kept:
        assert one.media_type == "image/jpeg"
        assert len(one.name) <= 200 and one.name.isprintable() and not re.search(r"[/\\]", one.name)
    new = set(on_the_disk()) - before
    assert new
    files = Path(settings.FILES)
    strange = {path for path in new if not path.is_relative_to(files) or not re.fullmatch(r"[0-9a-f]{32}", path.name)}
    assert not {path for path in strange if not PASSING.fullmatch(path.name)}, strange
    assert not list(files.parent.parent.glob(f"*{MARK}*"))

    staff = signed_in(town, "王芳")
    pages = crawl(opened(matter), f"/track/{matter.number}/")
    for path in ("", "as-resident/", "documents/registration/", "add_information/"):
        pages[path] = visit(staff, f"/desk/matters/{matter.number}/{path}")
        assert pages[path].status == 200
    assert not [address for address, page in pages.items() if page.holds(MARK) or "\u202e" in page.whole]
    for one in kept:
        pages[str(one.pk)] = visit(staff, f"/desk/matters/{matter.number}/files/{one.pk}/")
        shown = [page for address, page in pages.items() if str(one.pk) in address]
        assert len(shown) > 1 and all(is_harmless(page) for page in shown)


def is_harmless(page: Answer) -> bool:
    """A picture by its content, that a browser takes for nothing else and that runs nothing."""
    headers = page.headers.lower()
    return (
        page.body.startswith(b"\xff\xd8\xff")
        and "content-type: image/jpeg" in headers
        and "x-content-type-options: nosniff" in headers
        and "content-security-policy: default-src 'none'; sandbox" in headers
        and "filename" not in headers
    )


@pytest.mark.parametrize("name", ["照片.jpg", f"{MARK}.html"])
def test_a_page_under_the_name_of_a_photo_is_refused(town: Place, name: str) -> None:
    resident = Resident(Client())
    answer = sent(resident.browser, "/submit/what/", name, b"<!doctype html><script>1</script>", what="路灯坏了三盏。")
    assert answer.status_code == 422
    assert "JPG" in answer.content.decode()
    assert MARK not in answer.content.decode()


@pytest.mark.parametrize("name", [NAMES[0], NAMES[6], NAMES[7], NAMES[9], NAMES[11]], ids=range(5))
def test_staff_meet_the_same(town: Place, name: str) -> None:
    matter = town.matter_in(Status.IN_HANDLING)
    browser = signed_in(town, "孙丽")
    address = f"/desk/matters/{matter.number}/record_measure/"
    form = browser.get(address).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(key|turn)" value="([^"]*)"', form))
    field = re.search(r'type="file" name="(\w+)"', form)
    assert field is not None
    answer = sent(browser, address, name, photo().read(), field[1], text="换了灯泡", public_text="换了灯泡", **hidden)
    assert answer.status_code == 302, answer.content.decode()
    found = Attachment.objects.get(matter=matter, entry__action="record_measure", audience="public")
    assert found.name.isprintable() and len(found.name) <= 200
    pages = crawl(opened(matter), f"/track/{matter.number}/")
    assert [page for address, page in pages.items() if f"/files/{found.pk}/" in address and is_harmless(page)]
    assert not [address for address, page in pages.items() if page.holds(MARK)]
