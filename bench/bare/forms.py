"""A form with as many fields as the product's registration has, validated as Django does."""

from __future__ import annotations

from django import forms

_CHANNELS = [(one, one) for one in ("hotline", "point", "meeting", "box", "visit", "representative", "outside")]
_URGENCY = [(one, one) for one in ("U1", "U2", "U3", "U4")]
_TELL_BY = [(one, one) for one in ("page", "call", "sms", "letter")]
_NAMING = [(one, one) for one in ("named", "confidential", "anonymous")]
_AREAS = [("", "不清楚"), *((str(one), f"{one} 村") for one in range(47))]
_CATEGORIES = [("", "以后再定"), *((f"B{one}", f"类别 {one}") for one in range(80))]
_UNITS = [(str(one), f"单位 {one}") for one in range(29)]


class RegisterForm(forms.Form):
    phone = forms.CharField(required=False, max_length=20)
    name = forms.CharField(required=False, max_length=40)
    person = forms.UUIDField(required=False)
    naming = forms.ChoiceField(choices=_NAMING)
    behalf = forms.BooleanField(required=False)
    behalf_name = forms.CharField(required=False, max_length=40)
    behalf_phone = forms.CharField(required=False, max_length=20)
    read_back = forms.ChoiceField(required=False, choices=[("", ""), ("signature", ""), ("recording", "")])
    content = forms.CharField(max_length=20_000)
    demands = forms.CharField(required=False, max_length=20_000)
    area = forms.ChoiceField(required=False, choices=_AREAS)
    place = forms.CharField(required=False, max_length=200)
    channel = forms.ChoiceField(choices=_CHANNELS)
    point = forms.ChoiceField(required=False, choices=[("", "热线")])
    said_place = forms.CharField(required=False, max_length=200)
    outside_number = forms.CharField(required=False, max_length=60)
    happened_at = forms.DateTimeField(required=False)
    urgency = forms.ChoiceField(choices=_URGENCY)
    tell_by = forms.ChoiceField(choices=_TELL_BY)
    no_messages = forms.BooleanField(required=False)
    consent = forms.BooleanField(required=False)
    category = forms.ChoiceField(required=False, choices=_CATEGORIES)
    concerns_units = forms.MultipleChoiceField(required=False, choices=_UNITS)
    concerns_people = forms.MultipleChoiceField(required=False, choices=_UNITS)
    concerns_words = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        if data.get("naming") != "anonymous" and not (data.get("phone") or data.get("name")):
            self.add_error("phone", "请留下电话或称呼")
        return data
