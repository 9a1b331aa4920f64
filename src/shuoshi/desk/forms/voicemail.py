"""Forms of recordings that were left on the hotline."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.hotline.models import Nothing
from shuoshi.desk.forms.base import line, radios
from shuoshi.kernel.web.forms import Form, Moment


class BringInForm(Form):
    recording = forms.FileField(
        label=_("留言的录音"),
        required=False,
        help_text=_("从电话交换机里导出来的，最长 10 分钟，不超过 10 MB。"),
        widget=forms.FileInput(attrs={"accept": "audio/*"}),
    )
    caller = line(_("来电号码"), required=False, limit=40, help_text=_("没有显示号码就空着。"))
    left_at = Moment(label=_("什么时候留的"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # as the kit takes them
        self.always_asked("recording")


class PutAsideForm(Form):
    because = radios(_("为什么不登记"), Nothing.choices)
    words = line(_("要说明的"), required=False, limit=200)
