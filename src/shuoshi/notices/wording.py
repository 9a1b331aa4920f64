"""The words of every kind of message: built in, in three languages, or the institution's own version of them.

What may stand in them: the number of the matter, a link, the name of the institution. Nothing a resident said, and
nobody's name or telephone number: a message lies open on a telephone that others look at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.kernel.refusal import Refused
from shuoshi.notices.models import Wording
from shuoshi.notices.threads import Thread

LONGEST = 200
VARIABLES = ("number", "link", "institution")
COUNTS = ("due", "overdue", "rulings")  # of the day's list
DIGEST = "digest"
STAFF = "staff"
TEST = "test"
WORDS: dict[str, tuple[str | Promise, str | Promise]] = {  # what the kind is called, and what it says
    "registered": (_("登记好了"), _("您说的事登记好了，编号 {number}。进展看：{link}")),
    "accepted": (_("受理了"), _("您说的事受理了，编号 {number}。由谁来办、最晚哪天办好，看：{link}")),
    "screened_out": (_("没有受理"), _("您说的事没有受理，编号 {number}。原因和该走的途径看：{link}")),
    "assigned": (_("交给单位办了"), _("您说的事交给单位办了，编号 {number}。哪个单位、最晚哪天，看：{link}")),
    "progress": (_("有进展"), _("您说的事有了进展，编号 {number}。看：{link}")),
    "word": (_("留了话"), _("办事的人给您留了话，编号 {number}。看：{link}")),
    "extended": (_("延期了"), _("您说的事要晚些办好，编号 {number}。为什么、最晚哪天，看：{link}")),
    "paused": (_("暂停计时了"), _("您说的事暂停计时，编号 {number}。等什么、最晚等到哪天，看：{link}")),
    "resumed": (_("接着办了"), _("您说的事接着办了，编号 {number}。看：{link}")),
    "parked": (_("挂账了"), _("您说的事一时办不了，先挂账，编号 {number}。原因和目标日期看：{link}")),
    "replied": (_("有答复了"), _("您说的事有答复了，编号 {number}。请看答复，满意不满意都请告诉我们：{link}")),
    "reviewed": (_("复核有了决定"), _("您请的复核有了决定，编号 {number}。意见和依据看：{link}")),
    "rework": (_("重新办理"), _("您不满意的事重新办理，编号 {number}。最晚哪天，看：{link}")),
    "closed": (_("办结了"), _("您说的事办结了，编号 {number}。结果和不满意怎么办，看：{link}")),
    "part_over": (
        _("不再参加了"),
        _("集体反映的这件事，您的那一份撤回生效了，编号 {number}。别人说的照常办，看：{link}"),
    ),
    "satisfied": (_("满意，办结了"), _("您对结果满意，这件事办结了，编号 {number}。以后又出现，怎么再提，看：{link}")),
    "withdrawing": (_("要撤回"), _("有人替您登记了撤回，编号 {number}。不是您的意思，请马上收回：{link}")),
    "mediation": (_("开始调解"), _("您说的事开始调解，编号 {number}。调解到哪天，看：{link}")),
    "agreed": (_("达成协议"), _("您说的事调解达成了协议，编号 {number}。谁要做什么、最晚哪天，看：{link}")),
    "mediation_over": (_("调解终止"), _("您说的事调解终止了，编号 {number}。为什么、还有什么途径，看：{link}")),
    "adopted": (_("建议采纳了"), _("您的建议采纳了，谢谢您，编号 {number}。哪天落实，看：{link}")),
    "carried_out": (_("采纳的落实情况"), _("您提的建议有了落实的消息，编号 {number}。看：{link}")),
    "code_renewed": (
        _("换了查询码"),
        _("您说的事补发了回执，编号 {number}，原来的查询码作废了。不是您本人办的，请马上打说事热线。{link}"),
    ),
    "number_changed": (
        _("电话改了"),
        _("您说的事，登记的电话改成了别的号码，编号 {number}。不是您本人要改的，请马上打说事热线。{link}"),
    ),
    "news": (_("有变动"), _("您说的事有变动，编号 {number}。看：{link}")),
    STAFF: (_("请您看一件事"), _("有一件事要您看，编号 {number}。登录后看：{link}")),
    DIGEST: (
        _("每天的清单"),
        _("今天到期 {due} 件，已超期 {overdue} 件，等着裁定 {rulings} 件。登录后看：{link}"),
    ),
}
_LOST = _(
    "验证码 {code}，10 分钟内有效，用来查您说过的事、换查询码。别告诉任何人，包括工作人员。不是您在查，不用理会。"
)
_TEST = _("这是一条测试消息，收到说明通道配好了。{link}")
_SUBJECT = _("【{institution}】{name}：{number}")
_SUBJECT_ALONE = _("【{institution}】{name}")
_SIGNED = _("【{institution}】{text}")
_STOP = _("不想再收到这类通知，请打开这里按一下：{stop}")
_REPLY = _("要补充情况，直接回这封信。")
_PROVE = _("请直接回这封信，写“收到”就行：回过信，以后的进展才发到这个邮箱。要补充情况，也回这封信。")
_CODE = _("查询码不用邮件发。要在网上看进展，请带上编号到受理中心或者说事点领回执，回执上有查询码。")
_LEFT_OUT = _("来信的附件有 {n} 个没有收。附件只收照片，别的请送到受理中心。")
_FIELD = re.compile(r"\{([a-z]*)\}")
_DIGITS = re.compile(r"\d{7,}")


def name_of(kind: str) -> str:
    return str(WORDS[kind][0]) if kind in WORDS else _now("测试")


def variables(kind: str) -> tuple[str, ...]:
    return (*COUNTS, "link", "institution") if kind == DIGEST else VARIABLES


def built_in(kind: str, language: str) -> str:
    with translation.override(language):
        return str(_TEST if kind == TEST else WORDS[kind][1])


def of_lost_code(language: str, code: str) -> str:
    """What goes to a telephone for whoever lost the receipt; these words are ours alone."""
    with translation.override(language):
        return filled(str(_LOST), {"code": code})


def in_force(kind: str, language: str) -> str:
    """The words as they go out now; one statement."""
    own = Wording.objects.filter(kind=kind, language=language, in_force=True).values_list("text", flat=True).first()
    return own or built_in(kind, language)


def check(kind: str, text: str) -> str:
    """The text as it will be kept. Raises Refused for what may not stand in a message."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    used = _FIELD.findall(text)
    if not text or len(text) > LONGEST:
        raise Refused("wording_length", _now("请写一到 %(n)d 个字。") % {"n": LONGEST})
    if unknown := [name for name in used if name not in variables(kind)]:
        raise Refused("wording_unknown", _now("不认识 {%(name)s}。请改成页面上列出的几个。") % {"name": unknown[0]})
    if "{" in _FIELD.sub("", text) or "}" in _FIELD.sub("", text):
        raise Refused("wording_braces", _now("花括号没有写成对。请照页面上的样子写。"))
    needed = ("link",) if kind == DIGEST else ("number", "link")
    if missing := [name for name in needed if name not in used]:
        raise Refused("wording_missing", _now("少了 {%(name)s}，收到的人就找不到这件事。") % {"name": missing[0]})
    if _DIGITS.search(unicodedata.normalize("NFKC", text)):
        raise Refused("wording_digits", _now("不要写电话、身份证号这样的长数字，消息谁都可能看到。"))
    return text


def filled(text: str, values: Mapping[str, str | int]) -> str:
    """Values in place of their names; nothing in a value is looked at again."""
    return _FIELD.sub(lambda found: str(values.get(found.group(1), "")), text)


def subject(kind: str, language: str, values: Mapping[str, str | int]) -> str:
    with translation.override(language):
        words = str(_SUBJECT if values.get("number") else _SUBJECT_ALONE)
        return filled(words, {"name": name_of(kind), **values})


def signed(language: str, institution: str, text: str) -> str:
    """With the name of the institution in front, as text messages and groups have it."""
    with translation.override(language):
        return str(_SIGNED).format(institution=institution, text=text)


def stop_line(language: str, address: str) -> str:
    with translation.override(language):
        return filled(str(_STOP), {"stop": address})


def of_thread(language: str, kind: str, thread: Thread) -> list[str]:
    """What stands beneath in a mail whose answers are read: that they are, and to the first one how to go on."""
    if not thread.reply_to:
        return []
    with translation.override(language):
        said = [str(_PROVE) if thread.only_once else str(_REPLY)]
        if kind == "registered" and (thread.answers or thread.only_once):
            said.append(str(_CODE))
            if thread.left_out:
                said.append(filled(str(_LEFT_OUT), {"n": thread.left_out}))
        return said


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
