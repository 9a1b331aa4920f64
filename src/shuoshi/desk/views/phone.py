"""The page for visits on a phone that may be offline: its shell, its worker, and what it asks and sends while there is a network.

The shell is kept on the phone and says nothing of anybody. Everything else is JSON: 200 with what was done, 409 with `code` and
`text` for what is refused, 503 for no room, 401 for nobody signed in.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shuoshi.channels.visits import actions, keeping, policies, queries, records, rescue
from shuoshi.channels.visits.models import Device
from shuoshi.channels.visits.queries import Running
from shuoshi.desk import rights
from shuoshi.desk.forms import choices
from shuoshi.desk.frame import DeskRequest, polled, quiet
from shuoshi.kernel import clock, pictures, room
from shuoshi.kernel.refusal import NotDone, Refused
from shuoshi.kernel.web import PageData, page, public, show
from shuoshi.organization import queries as organization

SCRIPTS = ("sealing", "store", "sending", "pictures", "page", "draft", "phone")
_STYLES = ("shuoshi/app.css", "shuoshi/seal.svg", "desk/phone/phone.css")
_WORKER = "desk/phone/worker.js"

WORDS: dict[str, str | Promise] = {
    "been": gettext_lazy("{household}（去过了）"),
    "plan": gettext_lazy("{area}，到 {ends} 为止"),
    "finished": gettext_lazy("{at} 写完的"),
    "nth": gettext_lazy("第 {n} 件事"),
    "choose": gettext_lazy("请选"),
    "photo": gettext_lazy("第 {n} 张照片"),
    "away": gettext_lazy("不要这张"),
    "away-nth": gettext_lazy("不要第 {n} 张照片"),
    "drop-said": gettext_lazy("这件事写的和照片都会删掉，找不回来。确定吗？"),
    "visit": gettext_lazy("走访记录"),
    "book": gettext_lazy("代群众说事（收集本）"),
    "photos": gettext_lazy("照片最多 19 张。"),
    "no-picture": gettext_lazy("“{name}”不是照片，或者这部手机打不开。"),
    "no-area": gettext_lazy("还没有选哪个村、社区。"),
    "no-met": gettext_lazy("还没有选见到人没有。"),
    "said-but-away": gettext_lazy("写了说的事，却选了没有人在家。请改选“见到了”；不要记的，改选以后点“这件事不记了”。"),
    "no-content": gettext_lazy("有一件事还没有写内容。不记的，点“这件事不记了”。"),
    "no-name": gettext_lazy("留名的，请写怎么称呼或者电话。"),
    "full": gettext_lazy(
        "手机存满了，刚才这一步没有存上，写的还在这一页。请先上传，或者删掉手机里别的东西，再试一次。"
    ),
    "unsaved": gettext_lazy("刚才这一步没有存上，写的还在这一页，请再试一次。"),
    "kept": gettext_lazy("存好了。有网络时自动上传。"),
    "sent": gettext_lazy("上传好了，工作台已经收到。"),
    "differs": gettext_lazy("有一份和以前传过的内容不一样，两份都留着，请在工作台核对。"),
    "online": gettext_lazy("有网络，登录的是{name}"),
    "offline": gettext_lazy("没有网络，照样可以记，存在手机里"),
    "signed-out": gettext_lazy("还没有登录，登录以后上传，记的都在"),
    "server": gettext_lazy("服务器暂时收不了，过一会儿自动再传"),
    "revoked": gettext_lazy(
        "这部手机已经停用，不能上传。有没上传的，请导出应急文件，交给系统管理员；要接着用，请重新登记。"
    ),
    "unknown": gettext_lazy("这部手机还没有登记，请先登记。"),
    "another": gettext_lazy("这部手机登记在别人名下，请由本人登录后上传。"),
    "enrolled": gettext_lazy("登记好了。"),
    "short": gettext_lazy("密码至少 8 位。"),
    "unlike": gettext_lazy("两遍输入的不一样。"),
    "wrong": gettext_lazy("密码不对，还可以试 {n} 次。"),
    "wiped": gettext_lazy("没写完的已经清掉。写完没有上传的还在，不受影响。请重新设密码。"),
    "forgot": gettext_lazy("没写完的会清掉，写完没有上传的还在。确定吗？"),
    "replace": gettext_lazy("还有一份没写完，新开一份就没有了。确定吗？"),
    "drop": gettext_lazy("这一份会删掉，找不回来。确定吗？"),
    "rescued": gettext_lazy("导出了。手机里的还留着，管理员导入以前不要清手机。"),
    "rescued-many": gettext_lazy("导出了 {n} 个文件，请照编号一个一个交给管理员。手机里的还留着，导入以前不要清手机。"),
    "file": gettext_lazy("走访应急文件"),
    "file-nth": gettext_lazy("走访应急文件 {n}"),
    "ready": gettext_lazy("没有网络时也能打开这一页。"),
    "not-ready": gettext_lazy("没有网络时还打不开这一页。请连着网络重新打开一次。"),
    "not-lasting": gettext_lazy(
        "手机存得太满时，浏览器可能清掉这一页存的。请尽早上传；把这一页添加到主屏幕，就不容易清掉。"
    ),
    "elsewhere": gettext_lazy("这一页在另一个窗口开着。请回到那个窗口；或者关掉它，再打开这一页。"),
    "insecure": gettext_lazy(
        "现在的网址不是 https 开头，手机浏览器不让没有网络时记。请系统管理员给服务器装上证书，再用 https 打开。"
    ),
    "old": gettext_lazy("这个浏览器太旧，没有网络时记不了。请换新一点的浏览器。"),
}


@dataclass(frozen=True)
class PhonePage(PageData):
    template: ClassVar[str] = "desk/visits/phone.html"
    scripts: list[str]
    most: int  # bytes of a rescue file
    words: Mapping[str, str | Promise]


@page(access=rights.visits, methods=("GET",))
def phone(request: DeskRequest) -> HttpResponse:
    """The shell: the same for everybody, so that it may be kept."""
    return _shell(request)


@page(access=public, methods=("GET",))
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the addresses of the shell before its lines; it is asked for signed out, too.

    It is another one as soon as anything on the page is: its words, the name of the institution, what stands on every page.
    """
    shell = [reverse("desk:phone"), *(static(f"desk/phone/{one}.js") for one in SCRIPTS), *map(static, _STYLES)]
    source, page_now = _source(_WORKER), _shell(request).content
    version = hashlib.sha256("\0".join([*shell, source]).encode() + page_now).hexdigest()
    head = f'const VERSION = "{version[:16]}";\nconst SHELL = {json.dumps(shell)};\n'
    return HttpResponse(head + source, content_type="text/javascript; charset=utf-8")


@page(access=public, methods=("GET",))
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the page beside its other programs."""
    here = reverse("desk:phone")
    said = {
        "name": _("群众说事走访"),
        "short_name": _("走访"),
        "id": here,
        "start_url": here,
        "scope": here,
        "display": "standalone",
        "background_color": "#f5f4f0",
        "theme_color": "#17445c",
        "icons": [{"src": static("shuoshi/seal.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")


def _shell(request: HttpRequest) -> HttpResponse:
    scripts = [static(f"desk/phone/{one}.js") for one in SCRIPTS]
    return show(request, PhonePage(scripts=scripts, most=rescue.largest(), words=WORDS))


Answered = Callable[..., HttpResponse]


def _as_json(view: Answered) -> Answered:
    """What is refused, as JSON: a phone shows it beside the visit, and keeps everything."""

    @functools.wraps(view)
    def told(request: DeskRequest) -> HttpResponse:
        try:
            return view(request)
        except NotDone as problem:
            return JsonResponse({"code": problem.code, "text": problem.text}, status=409)

    return told


@page(access=polled, methods=("GET",))
@_as_json
def state(request: DeskRequest) -> HttpResponse:
    """Who is signed in, whether `?device` may send, the key to seal with, areas, and the plans of today."""
    if not policies.may_visit(request.actor):
        raise Refused("visits_nobody", _("您的岗位不走访，手机不用登记。"))
    person = request.actor.person_id
    assert person is not None
    plans = queries.today_of(person, clock.local(clock.now()).date())
    return JsonResponse(
        {
            "csrf": get_token(request),
            "person": request.account.person.name,
            "device": _standing(request),
            "public": base64.b64encode(records.public_key()).decode(),
            "areas": [[str(area.pk), choices.indented(area)] for area in organization.areas()],
            "plans": [_plan(one) for one in plans],
        }
    )


@page(access=public, methods=("GET",))
def standing(request: HttpRequest) -> HttpResponse:
    """`device` as of state, for a phone nobody is signed in on: one that was revoked clears what is under its PIN.

    The key stands in a header, since addresses are written down.
    """
    try:
        found = keeping.known(UUID(request.GET.get("device", "")), request.headers.get("X-Phone-Key", ""))
    except ValueError:
        found = None
    return JsonResponse({"device": "unknown" if found is None else "revoked" if found.revoked_at else "enrolled"})


@page(access=quiet, methods=("POST",))
@_as_json
def enrol(request: DeskRequest) -> HttpResponse:
    """This phone may send from now on: its name comes, its key goes back, once."""
    row, key = keeping.enrol(request.POST.get("name", "").replace("\x00", "")[:40], actor=request.actor)
    return JsonResponse({"id": str(row.pk), "key": key})


@page(access=polled, methods=("POST",), secret=True)
@_as_json
def record(request: DeskRequest) -> HttpResponse:
    """A record: `visit`, `device`, `key`, and the file `sealed`. Answered with what was committed: the digest of that file."""
    visit, sealed = _uuid(request, "visit"), _sealed(request)
    device, key = _uuid(request, "device"), request.POST.get("key", "")
    opened = records.open_record(sealed, visit)
    if (opened.device, opened.key) != (device, key):
        raise Refused("record_unreadable", _("这条记录打不开，没有收下，手机里的还在。"))
    row = actions.receive(opened, actor=request.actor)
    answer = {"visit": str(visit), "sealed": hashlib.sha256(sealed).hexdigest(), "differs": row.sha256 != opened.sha256}
    return JsonResponse(answer)


@page(access=polled, methods=("POST",), secret=True)
@_as_json
def file(request: DeskRequest) -> HttpResponse:
    """A picture of a record that is here, cleaned anew: `sha256` is of what is inside `sealed`."""
    visit, sealed, sha256 = _uuid(request, "visit"), _sealed(request), request.POST.get("sha256", "")
    if not room.for_uploads():
        return JsonResponse({"code": "no_room", "text": room.no_uploads()}, status=503)  # for all visits alike: later
    plain = records.open_file(sealed, visit, sha256)
    device, key = _uuid(request, "device"), request.POST.get("key", "")
    row = actions.keep_file(visit, sha256, _cleaned(plain), device, key, actor=request.actor)
    return JsonResponse({"sha256": row.sent, "stored": row.sha256, "sealed": hashlib.sha256(sealed).hexdigest()})


def _cleaned(plain: bytes) -> pictures.Picture:
    try:
        return pictures.clean(plain)
    except pictures.BadPicture as bad:
        raise Refused("no_picture", str(bad)) from bad


def _standing(request: DeskRequest) -> str:
    """ok, revoked, another's, or unknown."""
    try:
        key = UUID(request.GET.get("device", ""))
    except ValueError:
        return "unknown"
    row = Device.objects.filter(pk=key).first()
    if row is None:
        return "unknown"
    if row.revoked_at is not None:
        return "revoked"
    return "ok" if row.person_id == request.actor.person_id else "another"


def _plan(one: Running) -> dict[str, Any]:
    """A plan with its homes, as the phone takes it along under its PIN."""
    row, ends = one.plan, one.plan.ends.strftime("%Y-%m-%d")
    route = [[household[: records.LINE], done] for household, done in one.route]
    return {"id": str(row.pk), "area": str(row.area_id), "name": row.area.name, "ends": ends, "route": route}


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        raise Refused("record_unreadable", _("这条记录写得不对，没有收下，手机里的还在。")) from None


def _sealed(request: HttpRequest) -> bytes:
    given = request.FILES.get("sealed")
    if not isinstance(given, UploadedFile) or (given.size or 0) > pictures.LARGEST:
        raise Refused("record_unreadable", _("这条记录写得不对，没有收下，手机里的还在。"))
    return bytes(given.read())


@functools.cache
def _source(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str)  # it is one of our own files
    return Path(found).read_text("utf-8")
