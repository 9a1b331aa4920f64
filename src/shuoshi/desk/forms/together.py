"""Forms of matters that belong together (4.2)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuoshi.desk import headings
from shuoshi.desk.forms.base import ActionForm, line, radios, words
from shuoshi.matters import terms
from shuoshi.matters.models import Matter
from shuoshi.matters.queries.together import mains_for
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action

TYPED = "typed"


class MergeForm(ActionForm):
    action = Action.MERGE
    happens = _(
        "这件事不再单独办，等主件的结果。说事人自己的编号、查询码、答复和评价都在；"
        "答应的日期取早的那个；答复以前，主件的承办单位看不到这件是谁说的。"
    )
    verb = _("并单")
    public = True
    main = radios(_("并到哪一件"))
    number = line(_("别的编号"), required=False, help_text=_("上面没有的，选“别的”，写全编号。"), limit=40)
    why = words(_("为什么是同一件事"), rows=2)

    def fill_choices(self) -> None:
        found = mains_for(self.about.actor, self.about.matter)
        self.offer("main", [*((str(one.pk), _line(one)) for one in found), (TYPED, _now("别的，编号写在下面"))])
        if not found:
            self.fields["main"].initial = TYPED

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Merge(main=self._main(data), why=data["why"])

    def _main(self, data: dict[str, Any]) -> UUID:
        if data["main"] != TYPED:
            return UUID(data["main"])
        typed = data["number"].strip().upper()
        found = visible_to(self.about.actor).filter(number=typed).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError({"number": _now("没有这个编号的事，请看着主件的页面再写一次。")})
        return found


def _line(matter: Matter) -> SafeString:
    unit = matter.lead_unit.short_name if matter.lead_unit else ""
    number = format_html('<span class="num">{}</span>', matter.number)  # never broken in two
    return format_html(_now("{title}（{unit}，{number}）"), title=headings.of(matter), unit=unit, number=number)


class UnmergeForm(ActionForm):
    action = Action.UNMERGE
    happens = _("回到并单以前的状态单独办，答应说事人的日期不变。说事人看得到。")
    verb = _("撤销并单")
    public = True
    why = words(_("为什么不是同一件事"), rows=2)

    def make(self, data: dict[str, Any]) -> terms.Terms:
        return terms.Unmerge(why=data["why"])
