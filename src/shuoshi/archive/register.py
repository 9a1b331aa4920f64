"""The register of destruction (销毁清册) on paper: which matters, why, who decided, and room to sign. It is kept for ever."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from shuoshi.archive import blocks
from shuoshi.archive.models import Destruction, State
from shuoshi.matters.papers import wording
from shuoshi.organization import profile
from shuoshi.organization import queries as organization


def pdf(row: Destruction, now: datetime) -> bytes:
    """Nothing stands on it but what stays of a matter: number, dates, kind, unit; no title, which somebody may know by."""
    with wording.official():
        rules = profile.current()
        found = row.lines.filter(left_out=False).select_related("matter__lead_unit").order_by("matter__number")
        lines = [
            (
                str(place),
                one.matter.number,
                rules.path(one.matter.category, one.matter.kind) or "—",
                one.matter.lead_unit.short_name if one.matter.lead_unit else "—",
                wording.full_day(one.matter.closed_at) or "—",
                wording.full_day(one.until),
                _("本人要求删除") if one.asked else str(one.get_basis_display()),
                one.event_hash[:16] or "—",
            )
            for place, one in enumerate(found, start=1)
        ]
        columns = (
            _("序号"), _("编号"), _("类别"), _("承办单位"), _("办结日期"), _("保管到"), _("依据"), _("销毁事件摘要"),
        )  # fmt: skip
        body = [
            blocks.paragraph(organization.institution().name, 12, align="center", after=6),
            blocks.heading(_("档案销毁清册")),
            blocks.paragraph(_("清册编号：%(number)s") % {"number": row.number}, 10.5),
            blocks.paragraph(_stands(row, len(lines)), 10.5, after=10),
            blocks.listing(columns, lines, (1.6, 7.4, 5.6, 3.6, 4.8, 4.8, 4, 5), size=7.5),
            blocks.paragraph("", 10, after=10),
            *_signed(row),
            blocks.paragraph(
                _(
                    "姓名、原话、附件和它们的密钥已经或者将要销毁；编号、日期、类别、承办单位、办结方式和事件记录留存备查。"
                ),
                9,
                before=14,
            ),
        ]
        return blocks.pdf(body, _("档案销毁清册"), now, footer=True)


def _stands(row: Destruction, count: int) -> str:
    if row.state == State.DONE:
        return _("共 %(n)d 件，%(at)s 销毁完毕。") % {"n": count, "at": wording.full_moment(row.done_at)}
    return _("共 %(n)d 件，%(state)s。") % {"n": count, "state": row.get_state_display()}


def _signed(row: Destruction) -> list[blocks.Block]:
    said = [
        (_("鉴定、造册"), row.proposed_by.name if row.proposed_by else "", wording.full_moment(row.proposed_at)),
        (_("批准"), row.approved_by.name if row.approved_by else "", wording.full_moment(row.approved_at)),
        (_("监销"), "", ""),
    ]
    lines = []
    for what, name, at in said:
        words = _("%(what)s：%(name)s　%(at)s　　签字：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿＿＿")
        lines.append(blocks.paragraph(words % {"what": what, "name": name, "at": at}, 10.5, before=8))
    return lines
