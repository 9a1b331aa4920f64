"""Forms of a form of those above (报送表): the file, what its columns are, their words for our codes; and filling it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import choice, line, radios, words
from shuoshi.kernel.papers.press import LARGEST, FormTab, NotMade, Reason
from shuoshi.kernel.web.forms import Form
from shuoshi.ledgers import mapping
from shuoshi.ledgers.asked import NOBODY
from shuoshi.ledgers.mapping import CODED, CONSTANT, Chosen, Column, Days, Fixed
from shuoshi.ledgers.models import FileKind
from shuoshi.matters.papers.balance import COLUMNS, kind_name
from shuoshi.matters.papers.entered import Field
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.queries.balance import Column as Figure
from shuoshi.matters.vocabulary import Kind
from shuoshi.organization import profile

_APART = ("=", "\uff1d")  # between ours and theirs; the second is its full-width form


class TakeInForm(Form):
    name = line(_("叫什么"), limit=60, help_text=_("例如“县信访局月报表”。"))
    file = forms.FileField(
        label=_("上级发的表"),
        required=False,
        help_text=_("xlsx 表格或者 docx 文档，不超过 3 MB。要的是 CSV 文本表格，就不传文件，在下面写列名。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.docx"}),
    )
    headings = words(_("列名（只有 CSV 要写）"), required=False, help_text=_("一行写一个，按他们要的次序。"))

    def clean_file(self) -> bytes:
        given = self.cleaned_data["file"]
        if given is None:
            return b""
        if (given.size or 0) > LARGEST:
            raise ValidationError(NotMade(Reason.TOO_BIG).text)
        return bytes(given.read())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not data.get("file") and not self.typed_headings():
            self.add_error("file", _now("请选一个文件，或者在下面写列名。"))
        return data

    def typed_headings(self) -> list[str]:
        written = str(self.cleaned_data.get("headings", ""))
        return [one for one in (" ".join(each.split())[:80] for each in written.splitlines()) if one][:60]


class ChooseForm(Form):
    """A select and a box for each column; `tabs` are the sheets of a workbook."""

    days = radios(_("日期怎样写"), Days.choices)

    def __init__(self, *args: Any, chosen: Chosen, kind: str, tabs: Sequence[FormTab], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._chosen, self._kind = chosen, kind
        if kind == FileKind.XLSX:
            self.fields["tab"] = choice(_("哪一张工作表"), [(one.name, one.name) for one in tabs])
            self.fields["top"] = forms.IntegerField(label=_("列名在第几行"), min_value=1, max_value=40)
            self.fields["cells"] = words(
                _("固定的格子"),
                required=False,
                help_text=_("一行写一个，例如“B2=新登记”。等号后面可以写：%(names)s；写别的字就照原样填。")
                % {"names": _("、").join(str(one.label) for one in Fixed)},
            )
            self.fields["cells"].initial = "\n".join(f"{at}={_said(what)}" for at, what in chosen.cells.items())
            self.fields["tab"].initial, self.fields["top"].initial = chosen.tab, chosen.top
        offered = mapping.choices()
        for one in chosen.columns:
            select = forms.ChoiceField(label=one.heading, choices=offered, required=False, initial=one.what)
            select.widget.attrs["aria-label"] = one.heading
            box = forms.CharField(required=False, max_length=200, initial=one.constant, label=one.heading)
            box.widget.attrs["aria-label"] = _now("%(heading)s：固定的字") % {"heading": one.heading}
            self.fields[f"c{one.at}"], self.fields[f"k{one.at}"] = select, box
        self.fields["days"].initial = chosen.days
        self._ours = {one: dict(mapping.ours(one, profile.current())) for one in self._coded()}
        for coded, ours in self._ours.items():
            before = chosen.words.get(coded, {})
            lines = "\n".join(f"{label}={before.get(code, '')}" for code, label in ours.items())
            field = words(str(coded.label), required=False, rows=min(8, len(ours) + 1))
            field.initial = lines
            self.fields[f"w_{coded.value}"] = field

    def rows(self) -> Iterator[tuple[str, BoundField, BoundField]]:
        """(heading, select, words of its own) of each column."""
        for one in self._chosen.columns:
            yield one.heading, self[f"c{one.at}"], self[f"k{one.at}"]

    def own(self) -> list[BoundField]:
        return [self[name] for name in ("tab", "top", "cells", "days") if name in self.fields]

    def theirs(self) -> list[BoundField]:
        return [self[f"w_{one.value}"] for one in self._ours]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for one in self._chosen.columns:
            if data.get(f"c{one.at}") == CONSTANT and not data.get(f"k{one.at}"):
                self.add_error(f"k{one.at}", _now("请写固定填什么字。"))
        if "cells" in self.fields:
            self._cells = self._pairs("cells")
            for name in self._cells:
                if mapping.place_of(name) is None:
                    self.add_error("cells", _now("“%(name)s”不是单元格，要写成 B2 这样。") % {"name": name[:20]})
        self._theirs = {one: self._words(one, ours) for one, ours in self._ours.items()}
        return data

    def chosen(self) -> Chosen:
        data = self.cleaned_data
        columns = [Column(one.at, one.heading, data[f"c{one.at}"], data[f"k{one.at}"]) for one in self._chosen.columns]
        fixed = {str(one.label): str(one.value) for one in Fixed}
        cells = {at: fixed.get(said, said) for at, said in getattr(self, "_cells", {}).items()}
        kept = {one: theirs for one, theirs in self._chosen.words.items() if one not in self._theirs}
        return Chosen(
            self._chosen.tab,
            self._chosen.top,
            tuple(columns),
            data["days"],
            kept | {str(one.value): theirs for one, theirs in self._theirs.items() if theirs},
            cells,
        )

    def _coded(self) -> list[Field]:
        if self._kind == FileKind.DOCX:
            return list(CODED)
        used = {one.what for one in self._chosen.columns}
        return [one for one in CODED if one in used]

    def _words(self, one: Field, ours: dict[str, str]) -> dict[str, str]:
        """Our code → their word; what is no word of ours is told."""
        codes = {label: code for code, label in ours.items()}
        found = {}
        for label, theirs in self._pairs(f"w_{one.value}").items():
            if label not in codes:
                self.add_error(f"w_{one.value}", _now("我们没有“%(word)s”这个写法。") % {"word": label[:40]})
            elif theirs:
                found[codes[label]] = theirs[:100]
        return found

    def _pairs(self, name: str) -> dict[str, str]:
        found = {}
        for each in str(self.cleaned_data.get(name, "")).splitlines():
            sign = next((one for one in _APART if one in each), "")
            ours, _sign, theirs = each.partition(sign) if sign else (each, "", "")
            if ours.strip():
                found[ours.strip()] = theirs.strip()
        return found


class FillForm(Form):
    """Which matters of the period, narrowed to a kind or a unit, and what for."""

    figure = radios(_("填哪些事"), COLUMNS, initial=Figure.NEW)
    kind = choice(_("种类"), required=False, first=_("全部"))
    unit = choice(_("承办单位"), required=False, first=_("全部"))
    purpose = radios(_("做什么用"), Purpose.choices, initial=Purpose.REPORT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(str(one.value), str(one.label)) for one in Kind]
        self.fields["kind"].choices = [("", _now("全部")), *kinds, (NOBODY, kind_name(""))]  # type: ignore[attr-defined]  # a select
        self.fields["unit"].choices = [("", _now("全部")), *choices.units()]  # type: ignore[attr-defined]  # a select


def _said(what: str) -> str:
    return str(Fixed(what).label) if what in Fixed.values else what
