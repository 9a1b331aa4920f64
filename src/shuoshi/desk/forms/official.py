"""The form of the WeChat official account. Its secrets are asked for and never shown again."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import line, tick
from shuoshi.desk.forms.gateways import KEPT, secret_line
from shuoshi.kernel.web.forms import Form

SECRETS = ("key_secret", "token", "aes_key")
_TYPED = {"token": "message_token"}  # of those whose field has another name
_OPEN = ("key_id", "name", "template", "template_registered", "template_replied", "number_field", "state_field")
_FIELD = re.compile(r"[a-z_]+[0-9]*")


class OfficialForm(Form):
    """`known`: what was set before; a secret that is left empty stays."""

    key_id = line(_("AppID"), limit=40, help_text=_("公众平台“设置与开发、基本配置”里的开发者 ID，以 wx 开头。"))
    key_secret = secret_line(_("AppSecret"))
    name = line(_("原始 ID"), limit=40, help_text=_("公众平台“公众号设置”里的，以 gh_ 开头。"))
    message_token = secret_line(_("令牌（Token）"), _("自己编 3 到 32 个字母和数字，公众平台上填一样的。"))
    aes_key = secret_line(_("消息加解密密钥"), help_text=_("公众平台上随机生成的 43 个字母和数字，抄过来。"))
    plain = tick(
        _("用明文模式"),
        help_text=_(
            "不要勾。明文模式的签名管不到内容，看到过一条的人就能冒充群众说话。只在公众平台不让用安全模式时才勾。"
        ),
    )
    template = line(
        _("模板消息的模板 ID"),
        required=False,
        limit=80,
        help_text=_("有进展在微信里告诉关联了的人，用这个模板。空着就不发，照本人选的打电话或者由本人查。"),
    )
    template_registered = line(_("“登记好了”用别的模板"), required=False, limit=80)
    template_replied = line(_("“有答复了”用别的模板"), required=False, limit=80)
    number_field = line(_("模板里放编号的字段"), limit=40, help_text=_("照模板详情里的写，例如 character_string1。"))
    state_field = line(_("模板里放进展的字段"), limit=40, help_text=_("照模板详情里的写，例如 thing2。"))
    active = tick(_("现在就用"), help_text=_("不勾就不收、不发。"))

    def __init__(self, *args: Any, known: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        for name in SECRETS:
            field = self.fields[_TYPED.get(name, name)]
            field.widget.is_required = field.required = not known.get(name)
            field.error_messages["required"] = _now("这一项要填。")
            if not known.get(name):
                field.help_text = str(field.help_text).removesuffix(str(KEPT))

    def clean_aes_key(self) -> str:
        typed = str(self.cleaned_data["aes_key"])
        try:
            fits = not typed or len(base64.b64decode(typed + "=", validate=True)) == 32
        except binascii.Error:
            fits = False
        if not fits:
            raise ValidationError(_now("消息加解密密钥是 43 个字母和数字，请整个抄过来。"))
        return typed

    def clean_message_token(self) -> str:
        typed = str(self.cleaned_data["message_token"])
        if typed and not re.fullmatch(r"[A-Za-z0-9]{3,32}", typed):
            raise ValidationError(_now("令牌是 3 到 32 个字母和数字。"))
        return typed

    def clean_number_field(self) -> str:
        return self._field("number_field")

    def clean_state_field(self) -> str:
        return self._field("state_field")

    def _field(self, name: str) -> str:
        typed = str(self.cleaned_data[name])
        if not _FIELD.fullmatch(typed):
            raise ValidationError(_now("字段名是小写字母加数字，例如 thing2，不带花括号和 .DATA。"))
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        same = self.known.get("key_id") == data.get("key_id")  # of another account nothing is carried over
        for name in SECRETS:
            typed = _TYPED.get(name, name)
            if not data.get(typed) and not (same and self.known.get(name)) and typed not in self.errors:
                self.add_error(typed, _now("这一项要填。"))
        return data

    def given(self) -> dict[str, str]:
        kept = {name: str(self.cleaned_data[_TYPED.get(name, name)]) for name in (*_OPEN, *SECRETS)}
        return kept | {"plain": "1" if self.cleaned_data["plain"] else ""}
