"""The recovery sheet as it is printed: a text for a terminal, a page for a browser. One paper, or three for three people."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shuoshi.kernel.copies.recovery import Sheet
from shuoshi.kernel.web.site import current_site

_IN_A_LINE = 4  # groups
_STYLE = Path(__file__).resolve().parent.parent / "static" / "shuoshi" / "recovery.css"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `lines` are the groups to type, `code` the whole as the QR holds it."""

    institution: str
    title: str
    purpose: str
    keep: str
    number: str
    lines: tuple[str, ...]
    code: str

    @property
    def qr(self) -> str:
        """Inline SVG without a style."""
        import segno  # only where a code is drawn

        drawn = io.BytesIO()
        segno.make(self.code, error="m").save(
            drawn, kind="svg", scale=4, border=2, xmldecl=False, svgns=True, omitsize=False, nl=False
        )
        return drawn.getvalue().decode()


def papers(sheet: Sheet) -> list[Paper]:
    """What to print."""
    return list(_papers(sheet))


def as_text(sheet: Sheet) -> str:
    return "\n\f\n".join(_text(paper) for paper in papers(sheet))


def as_page(sheet: Sheet) -> str:
    """A file of HTML that needs nothing else; on a page of ours the same papers stand without its style."""
    drawn = render_to_string("kernel/_recovery.html", {"papers": papers(sheet)})
    head = f'<meta charset="utf-8"><title>{_("恢复单")}</title><style>\n{_STYLE.read_text("utf-8")}</style>'
    return f'<!doctype html>\n<html lang="zh-Hans"><head>{head}</head><body>\n{drawn}</body></html>\n'


def _papers(sheet: Sheet) -> Iterator[Paper]:
    for n, code in enumerate(sheet.codes, start=1):
        groups = code.split("-")
        lines = tuple("  ".join(groups[at : at + _IN_A_LINE]) for at in range(0, len(groups), _IN_A_LINE))
        if sheet.shared:
            title = _("恢复单（第 %(n)d 份，共 3 份）") % {"n": n}
            keep = _(
                "三份交给三个人，分开放，不要拍照，也不要放在装这套程序的电脑旁边。凑齐任意两份就能恢复；只有一份什么也打不开。"
            )
        else:
            title = _("恢复单")
            keep = _("装进信封封好，放进保险柜，不要拍照，也不要和备份放在一起。拿到备份又拿到这张纸的人，什么都能看。")
        purpose = _("电脑坏了、丢了，要从备份恢复时，请照着下面的字母和数字输入。纸丢了补不出来，只能换一张新的。")
        yield Paper(current_site().name, title, purpose, keep, sheet.number, lines, code)


def _text(paper: Paper) -> str:
    import segno

    drawn = io.StringIO()
    segno.make(paper.code, error="m").terminal(drawn, compact=True, border=2)
    facts = _("编号：%(number)s") % {"number": paper.number}
    return "\n".join(
        [paper.title, "", paper.institution, facts, "", *paper.lines, "", drawn.getvalue(), paper.purpose, paper.keep]
    )
