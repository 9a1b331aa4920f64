"""What followers write to be led, and words that may mean danger: whole messages, in any of the languages of the pages."""

from __future__ import annotations

import functools
import re
import unicodedata
from enum import StrEnum

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Word(StrEnum):
    """What a message that is nothing but a word asks for. Their names are also the keys of the menu's buttons."""

    SAY = "say"
    MINE = "mine"
    TRACK = "track"
    CONTACT = "contact"
    HELP = "help"
    CANCEL = "cancel"
    AGAIN = "again"
    SKIP = "skip"
    UNBIND = "unbind"
    THANKS = "thanks"
    RIGHT = "right"
    WRONG = "wrong"


_SPELT: dict[Word, str | Promise] = {  # separated by spaces
    Word.SAY: _("说事 我要说事"),
    Word.MINE: _("我的事 我说的事"),
    Word.TRACK: _("进度 查进度 查询 查询进度"),
    Word.CONTACT: _("联系 联系我们 人工 人工服务 热线 电话"),
    Word.HELP: _("帮助 怎么用 您好 在吗"),
    Word.CANCEL: _("取消 不说了 退出"),
    Word.AGAIN: _("重来 重说 重新说"),
    Word.SKIP: _("跳过 不清楚 不知道 没有 不留 不留名 匿名 没有电话 不想说 我不想说 不想留名"),
    Word.UNBIND: _("解绑 取消关联"),
    Word.RIGHT: _("对 对的 是 是的 没错"),
    Word.WRONG: _("不对 不是 错了"),
    Word.THANKS: _("谢谢 谢谢您 多谢 好的 好 收到 知道了 嗯 辛苦了"),
}
_DANGER = _(
    "着火 起火 火灾 失火 煤气泄漏 燃气泄漏 漏煤气 触电 溺水 落水 塌方 坍塌 要塌 爆炸 打死 杀人 砍人 捅人 自杀 轻生 跳楼 跳河 救命 喝农药 昏迷 中毒 山洪 滑坡 泥石流"
)
_POLITE = str.maketrans({"\u4f60": "\u60a8"})  # whoever says you in the plain form means the same
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def trimmed(text: str) -> str:
    """One width, no punctuation around it."""
    return _EDGES.sub("", unicodedata.normalize("NFKC", text))


def plain(text: str) -> str:
    """As it is compared."""
    return trimmed(text).casefold().translate(_POLITE)


def meant(text: str) -> Word | None:
    """The word a message is, if it is one and nothing else."""
    return _known().get(plain(text))


def danger(text: str) -> bool:
    """Whether it holds a word that may mean danger to somebody now: the numbers are said at once, a person decides."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return any(word in folded for word in _dangers())


@functools.cache
def _known() -> dict[str, Word]:
    return {plain(one): word for word, spelt in _SPELT.items() for text in _everywhere(spelt) for one in text.split()}


@functools.cache
def _dangers() -> frozenset[str]:
    return frozenset(one.casefold() for text in _everywhere(_DANGER) for one in text.split())


def _everywhere(spelt: str | Promise) -> list[str]:
    found = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found.append(str(spelt))
    return found
