"""Forms of taking a matter up once more, written down for whoever says so at the desk or on the telephone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms.base import ActionForm, words
from shuoshi.desk.forms.files import Photos
from shuoshi.matters import terms
from shuoshi.matters.vocabulary import Action


class ReopenForm(ActionForm):
    action = Action.REOPEN
    happens = _("没有解决、又出现了或者有新情况：回到待交办，重新答应一个日期。说事人看得到。")
    verb = _("再次提出")
    public = True
    text = words(_("说事人的话"), rows=3)
    photos = Photos()

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Reopen(text=data["text"], files=data["photos"])
