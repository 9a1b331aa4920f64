"""Keeping a list under a name."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import line, tick
from shuoshi.kernel.web.forms import Form
from shuoshi.listing.models import LONGEST_NAME


class KeepForm(Form):
    name = line(_("名称"), limit=LONGEST_NAME, help_text=_("例如“柳湾村超期的”，最多 20 个字。"))
    first = tick(_("以后打开这个列表，先按它筛选"))


class NameForm(Form):
    name = line(_("名称"), limit=LONGEST_NAME)
