"""Photos in a form of the desk: several at once. They wait in a draft, so one bad file costs no other, and no error any."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from shuoshi.desk.photos import Waiting
from shuoshi.kernel.web.uploads import ACCEPT
from shuoshi.matters.terms import FileGiven


class ManyInput(forms.FileInput):
    """What waits already, each with its tick to let it go, and the control for more."""

    allow_multiple_selected = True
    template_name = "desk/photos.html"
    waiting: Waiting | None = None

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["waiting"] = self.waiting
        return context


class Photos(forms.FileField):
    """Cleans to a tuple of FileGiven: all that waits with the form, whenever it was sent."""

    widget = ManyInput(attrs={"accept": ACCEPT})

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", gettext_lazy("一次最多 5 张，每张不超过 10 MB；拍摄地点等信息会自动去掉。"))
        super().__init__(label=label or gettext_lazy("照片"), required=False, **kwargs)

    def wait(self, waiting: Waiting) -> None:
        assert isinstance(self.widget, ManyInput)
        self.widget.waiting = waiting

    @property
    def waiting(self) -> Waiting | None:
        assert isinstance(self.widget, ManyInput)
        return self.widget.waiting

    def clean(self, data: Any, initial: Any = None) -> tuple[FileGiven, ...]:
        return self.waiting.given() if self.waiting is not None else ()


def wait_with(form: forms.Form, waiting: Waiting | None) -> None:
    """Let the field for photos, if the form has one, show and give what waits."""
    for field in form.fields.values():
        if isinstance(field, Photos) and waiting is not None:
            field.wait(waiting)
