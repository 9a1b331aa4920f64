"""What stands beneath the conversation: three buttons, each a word a follower may also write."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.channels.wechat.words import Word
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.refusal import Refused
from shuoshi.notices import wechat
from shuoshi.notices.ways.official import Said
from shuoshi.notices.ways.post import Broken, NotSent
from shuoshi.organization.policies import require_arranger


def buttons() -> list[dict[str, Any]]:
    """As the platform wants them; a label has five signs at most there."""
    with translation.override(settings.LANGUAGE_CODE):
        labels = {Word.SAY: _("我要说事"), Word.MINE: _("我的事"), Word.CONTACT: _("联系我们")}
    return [{"type": "click", "name": label, "key": str(word)} for word, label in labels.items()]


def put_up(*, actor: Actor) -> None:
    """Have the platform show the menu. Raises Refused with what it said."""
    require_arranger(actor)
    account = wechat.account()
    if account is None:
        raise Refused("no_account", _("先把公众号保存好、用起来，再放菜单。"))
    try:
        account.api.set_menu(buttons())
    except NotSent as problem:
        raise Refused("menu_not_sent", _("连不上微信公众平台：%(code)s。") % {"code": problem.code}) from None
    except Broken:
        raise Refused("menu_broken", _("发到一半断了，请到公众号里看看菜单有没有，没有再按一次。")) from None
    except Said as problem:
        raise Refused("menu_refused", _("微信公众平台没有答应，错误码 %(code)s。") % {"code": problem.code}) from None
