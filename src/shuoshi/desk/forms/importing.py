"""Forms of a spreadsheet: the file, what its columns are, what the words in some of them mean, and the name of the layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.channels.moments import Order
from shuoshi.channels.spreadsheets import columns
from shuoshi.channels.spreadsheets.columns import SETTLED, Field, Settings
from shuoshi.channels.spreadsheets.reading import LARGEST, Grid
from shuoshi.channels.spreadsheets.undoing import REASON
from shuoshi.desk.forms import choices
from shuoshi.desk.forms.base import line, radios
from shuoshi.kernel.web.forms import Form
from shuoshi.matters.vocabulary import Naming
from shuoshi.organization import profile

ORDERS = (
    (Order.YEAR_FIRST, _("2026-11-23、2026年11月23日、2026/11/23")),
    (Order.MONTH_FIRST, _("11/23/2026（月在前）")),
    (Order.DAY_FIRST, _("23/11/2026（日在前）")),
)


class FileForm(Form):
    sheet = forms.FileField(
        label=_("表格"),
        help_text=_("xlsx 文件最大 5 MB，csv 文件最大 10 MB，最多 20,000 行。第一行写列名，下面每行一件事。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def clean_sheet(self) -> Any:
        given = self.cleaned_data["sheet"]
        if (given.size or 0) > LARGEST:
            raise ValidationError(_now("文件超过 10 MB。请分成几个再传。"))
        return given


class ColumnsForm(Form):
    """A select for each heading, called by its place; `rows` gives them with what stands beneath."""

    order = radios(_("时间怎样写的"), ORDERS, required=False)

    def __init__(self, *args: Any, grid: Grid, settings: Settings, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid = grid
        offered = [("", _("不导入")), *Field.choices]
        for at, heading in enumerate(grid.headings):
            field = forms.ChoiceField(label=heading, choices=offered, required=False)
            field.initial = settings.columns.get(heading, "")
            field.widget.attrs["aria-label"] = heading
            self.fields[f"c{at}"] = field
        self.fields["order"].initial = settings.order

    def rows(self) -> Iterator[tuple[str, list[str], BoundField]]:
        """(heading, samples, select) of each column."""
        for at, heading in enumerate(self.grid.headings):
            yield heading, columns.samples(self.grid, heading), self[f"c{at}"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        places = {heading: f"c{at}" for at, heading in enumerate(self.grid.headings)}
        for heading, sentences in columns.faults(self._columns(data), self.grid).items():
            for sentence in sentences:
                self.add_error(places.get(heading), sentence)
        return data

    def settings(self, before: Settings) -> Settings:
        """What was chosen; the words of fields that are chosen still stay as they were put."""
        data = self.cleaned_data
        return Settings(self._columns(data), Order(data["order"] or Order.YEAR_FIRST), before.values)

    def _columns(self, data: Mapping[str, Any]) -> dict[str, Field]:
        return {heading: Field(data[f"c{at}"]) for at, heading in enumerate(self.grid.headings) if data.get(f"c{at}")}


class WordsForm(Form):
    """A select for each different word of a column whose words are put to ours."""

    def __init__(
        self,
        *args: Any,
        words: Sequence[tuple[Field, str, Sequence[tuple[str, int]]]],
        settings: Settings,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._words: dict[Field, list[tuple[str, int, str]]] = {}
        self._headings = {one: heading for one, heading, _found in words}
        for one, _heading, found in words:
            offered, ours = _offered(one)
            before = settings.values.get(one, {})
            for word, count in found:
                name = f"w{sum(map(len, self._words.values()))}"
                field = forms.ChoiceField(label=word, choices=offered, required=False)
                field.initial = before[word] if word in before else columns.likely(one, word, ours)
                field.widget.attrs["aria-label"] = f"{_heading}{_now('：')}{word}"
                self.fields[name] = field
                self._words.setdefault(one, []).append((word, count, name))

    def parts(self) -> Iterator[tuple[str, str, list[tuple[str, int, BoundField]]]]:
        """(heading, field, its words with their count and select) of each column."""
        for one, found in self._words.items():
            yield self._headings[one], str(one.label), [(word, count, self[name]) for word, count, name in found]

    def values(self) -> dict[str, dict[str, str]]:
        data = self.cleaned_data
        return {one.value: {word: data[name] for word, _count, name in found} for one, found in self._words.items()}


class UndoForm(Form):
    reason = line(_("为什么撤销"), limit=REASON)


class BeginForm(Form):
    """`layout`: the name under which the columns are kept; nothing written, they are not kept."""

    layout = line(
        _("把这些列存成模板，叫"),
        required=False,
        limit=40,
        help_text=_("下次传列名相同的表，自动认出每一列。留空就不存。"),
    )


def _offered(one: Field) -> tuple[choices.Pairs, dict[str, str]]:
    """What a word of this field can be put to, and ours by their words."""
    if one is Field.STATE:
        return [("", _now("还没办结，要登记")), (SETTLED, _now("已经办结，不登记"))], {}
    if one is Field.NAMING:
        kept = [(str(way.value), way.label) for way in (Naming.CONFIDENTIAL, Naming.ANONYMOUS)]
        return [("", _now("不用保密")), *kept], {}
    if one is Field.AREA:
        areas = choices.areas()
        return [("", _now("不写")), *areas], {label.strip(): key for key, label in areas}
    groups = choices.categories(profile.current())
    ours = {str(label): key for _group, inside in groups for key, label in inside}
    return [("", _now("不写，受理时再定")), *groups], ours
