"""The form of a telephone exchange that tells of calls."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.hotline.keeping import written
from shuoshi.desk.forms.base import line
from shuoshi.kernel.refusal import Refused
from shuoshi.kernel.web.forms import Form


class ExchangeForm(Form):
    name = line(_("叫什么"), limit=40, help_text=_("例如“受理中心总机”。"))
    networks = line(
        _("从哪些网络地址推送"),
        required=False,
        limit=200,
        help_text=_("例如 192.168.1.10，几个用逗号隔开。不写就不限，写上更稳妥。"),
    )

    def clean_networks(self) -> str:
        try:
            return written(self.cleaned_data["networks"])
        except Refused as refused:
            raise ValidationError(refused.text) from refused
