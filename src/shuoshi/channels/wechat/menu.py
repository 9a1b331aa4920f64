"""What an administrator has the platform do: let us in, and show three buttons, each a word a follower may also write."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.channels.wechat.words import Word
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.outgoing.post import Broken, NotSent
from shuoshi.kernel.refusal import Refused
from shuoshi.notices import circuits, wechat
from shuoshi.notices.models import Way
from shuoshi.notices.ways.official import Api, Said
from shuoshi.organization.policies import require_arranger


def buttons() -> list[dict[str, Any]]:
    """As the platform wants them; a label has five signs at most there."""
    with translation.override(settings.LANGUAGE_CODE):
        labels = {Word.SAY: _("我要说事"), Word.MINE: _("我的事"), Word.CONTACT: _("联系我们")}
    return [{"type": "click", "name": label, "key": str(word)} for word, label in labels.items()]


def put_up(*, actor: Actor) -> None:
    """Have the platform show the menu. Raises Refused with what it said."""
    require_arranger(actor)
    _asked(lambda api: api.set_menu(buttons()))


def look(*, actor: Actor) -> None:
    """Whether the platform lets us in; then whatever waits for it may go. Raises Refused with what it said."""
    require_arranger(actor)
    _asked(lambda api: api.look())
    circuits.works(Way.WECHAT)


def _asked(ask: Callable[[Api], None]) -> None:
    account = wechat.account()
    if account is None:
        raise Refused("no_account", _("先把公众号的设置保存好，勾上“现在就用”。"))
    try:
        ask(account.api)
    except NotSent as problem:
        raise Refused("platform_not_reached", _("连不上微信公众平台：%(code)s。") % {"code": problem.code}) from None
    except Broken:
        raise Refused("platform_broke_off", _("问到一半断了，请再按一次。")) from None
    except Said as problem:
        raise Refused("platform_refused", said(problem.code)) from None


def said(code: int) -> str:
    """What the platform's number means for whoever set the account up."""
    if code in (40001, 40125):
        return _("AppSecret 不对（%(code)d）。请到公众平台重置，再填进来。") % {"code": code}
    if code in (40002, 40013, 41002):
        return _("AppID 不对（%(code)d）。请照公众平台上的抄。") % {"code": code}
    if code == 40164:
        return _("这台服务器的地址不在公众平台的 IP 白名单里（%(code)d）。请加进去。") % {"code": code}
    if code == 48001:
        return _("这个公众号没有这项权限（%(code)d）。没有认证的订阅号不能放菜单、不能发模板消息。") % {"code": code}
    return _("微信公众平台没有答应，错误码 %(code)d。") % {"code": code}
