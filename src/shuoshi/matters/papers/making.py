"""From what a paper says to the paper itself: the template in force, the number line, the QR code, the foot."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from shuoshi.kernel.papers import press
from shuoshi.matters import paper_check, query_code
from shuoshi.matters.models import Document, Matter
from shuoshi.matters.papers import wording
from shuoshi.matters.papers.kinds import KNOWN, PaperKind, Ref
from shuoshi.matters.papers.subject import Content, number_of
from shuoshi.organization.paper_templates import PaperTemplate, in_force
from shuoshi.organization.profile import stored

_TEMPLATES = Path(__file__).with_name("templates")
_QR_MM = 24
_AUTHOR_OF = "落款"


@cache
def builtin(kind: PaperKind) -> bytes:
    """The template that comes with us."""
    return (_TEMPLATES / f"{kind}.docx").read_bytes()


def made(
    kind: PaperKind,
    content: Content,
    added: Mapping[str, press.Value],
    template: PaperTemplate | None,
    at: datetime | None = None,
) -> press.Paper:
    """A paper ready for the press. Names nobody gave a value are empty, so that a template may ask for any known one."""
    known = KNOWN[kind]
    values: dict[str, press.Value] = {name: [] if wide else "" for name, wide in known.items()}
    values |= {name: value for name, value in content.items() if name in known}
    values |= {name: value for name, value in added.items() if name in known}
    title = " ".join(filter(None, (str(kind.label), str(values.get("编号", "")))))
    data = builtin(kind) if template is None else template.read()
    return press.Paper(data, known, values, title=title, author=str(content.get(_AUTHOR_OF, "")), made_at=at)


def of_document(document: Document, address: str, content: Content | None = None) -> press.Paper:
    """A paper that was issued, as it was issued. `address` is where papers are checked; `content` another wording of it."""
    check = paper_check.check_of(document)
    with wording.official():
        added: dict[str, press.Value] = {
            "编号": document.number,
            "出具日期": wording.full_day(document.issued_at),
            "二维码": qr(f"{address}#{document.number}.{check}"),
            "核验": _("扫码核验真假，或者打开\n%(address)s\n输入编号和校验码 %(check)s")
            % {"address": address, "check": query_code.in_fours(check).replace(" ", "\u00a0")},
            "指纹": document.fingerprint,
            "版次": _("第 %(n)d 版") % {"n": document.edition} if document.edition > 1 else "",
        }
        said: Content = content if content is not None else json.loads(document.content)
        return made(PaperKind(document.kind), said, added, document.template, document.issued_at)


def of_draft(matter: Matter, ref: Ref, content: Content) -> press.Paper:
    """A paper nobody issued yet: it says so where the QR code will be."""
    with wording.official():
        number = number_of(matter, stored.version(matter.profile_id), ref)
        added = {"编号": number, "核验": _("预览，没有出具，不能作为凭据"), "出具日期": "", "指纹": ""}
        return made(ref.kind, content, added, in_force(ref.kind))


def qr(address: str, mm: int = _QR_MM) -> press.Picture:
    """A QR code as a picture of its template: eight dots a module are sharp on any printer."""
    import segno  # only where a code is drawn

    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=8, border=2)
    return {"png": base64.b64encode(drawn.getvalue()).decode(), "mm": mm}


def sample(kind: PaperKind, template: bytes, address: str) -> press.Paper:
    """A template with invented content, so that its layout can be looked at before anybody uses it."""
    known = KNOWN[kind]
    values: dict[str, press.Value] = {
        name: [[f"{name}{row}.{column}" for column in range(1, wide + 1)] for row in (1, 2)] if wide else f"（{name}）"
        for name, wide in known.items()
    }
    values |= {name: value for name, value in _SAMPLES.items() if name in known}
    values |= {"二维码": qr(address)}
    return press.Paper(template, known, values, title=str(kind.label))


_SAMPLES_OF_THE_WAY: Mapping[str, press.Value] = {
    "申请单位": "城建办",
    "申请人": "周某",
    "申请时间": "2026年1月5日 10:20",
    "交办单编号": "SS-XX-20260101-0001-JB01",
    "答复书编号": "SS-XX-20260101-0001-DF01",
    "理由": "资金一时落实不了",
    "情况说明": "灯杆锈蚀，要重新立杆、布线，现有的材料不够。",
    "附件": "2 份，存在这件事里",
    "裁定结果": "同意",
    "裁定人": "刘某",
    "裁定时间": "2026年1月6日 9:30",
    "裁定意见": "情况属实。",
    "建议单位": "水利站",
    "延期时间": "3 个工作日",
    "法定": "",
    "计划": "材料到了就装，装好当天告知说事人。",
    "原期限": "2026年1月9日 17:30",
    "新期限": "2026年1月14日 17:30",
    "答应说事人": "2026年1月16日 17:30",
    "措施": "先装两盏临时灯，改造列入下一年计划。",
    "目标日期": "2026年4月1日",
    "复核": [["1", "2026年2月1日", "周某", "资金还没有到位。"]],
    "销号时间": "2026年3月20日 15:00",
    "销号人": "周某",
    "销号理由": "资金到位，可以动工。",
    "方式": "提请上级办理",
    "原层级": "示例镇",
    "提到": "示例县",
    "主送": "城建办",
    "办理期限": "2026年1月9日 17:30",
    "是否超期": "没有超期",
    "催办人": "刘某（示例镇群众说事受理中心）",
    "催办时间": "2026年1月7日 9:00",
    "催办内容": "说事人又来问了，请抓紧办，今天先和他联系一次。",
    "次数": "第 1 次",
    "督办人": "马某（示例镇）",
    "督办时间": "2026年1月12日 9:00",
    "督办要求": "说明办到哪一步，为什么慢，最晚哪天办好。",
    "答复期限": "最晚 2026年1月14日 17:30",
    "答复人": "周某",
    "答复时间": "2026年1月13日 16:00",
    "答复内容": "灯具周五到货，下周一装好。",
    "待交办": "",
    "本轮": "第 2 轮",
    "上轮": "第 1 轮",
    "重办时间": "2026年1月20日 9:00",
    "原承办单位": "城建办",
    "上轮原话": "只修好了一盏，晚上还是黑的。",
    "上轮逐条": [["1", "修好路灯", "部分解决"], ["2", "以后定期检查", "解决"]],
    "文种": "复核决定书",
    "申请日期": "2026年1月20日",
    "复核理由": "灯只换了一盏，不能算办好。",
    "结论": "维持原来的答复。",
    "复核意见": "经现场核实，三盏路灯都已经更换，有照片为证。",
    "依据": "城市照明设施养护办法第九条",
    "救济": "六个月内向人民法院起诉。",
    "决定人": "马某",
    "决定时间": "2026年2月10日",
    "办结方式": "已解释说明",
    "上级单号": "县转〔2026〕12 号",
    "收到日期": "2026年1月2日",
    "上级期限": "最晚 2026年1月16日 17:30（10 个工作日）",
    "上级要求": "请核实路灯不亮的情况，办理后报结果。",
    "承办单位": "城建办",
    "答复日期": "2026年1月9日",
    "满意度": "满意",
}
_SAMPLES: Mapping[str, press.Value] = {
    "机构": "示例镇群众说事受理中心",
    "编号": "SS-XX-20260101-0001-YL01",
    "出具日期": "2026年1月1日",
    "落款": "示例镇群众说事受理中心",
    "热线": "000-0000 0000",
    "核验": "样张",
    "指纹": "0000 0000 0000 0000",
    "版次": "第 2 版",
    "轮次": "重新办理（第 2 轮）",
    "说事时间": "2026年1月1日",
    "标题": "村口路灯不亮",
    "说事人": "陈某某",
    "称呼": "陈某某",
    "联系电话": "138****0000",
    "类别": "利益诉求 › 基础设施 › 道路照明排水",
    "原话": "村口到小学的路灯坏了三盏，晚上孩子放学看不清路，希望早点修好。",
    "要求": [["1", "修好路灯"], ["2", "以后定期检查"]],
    "逐条": [["1", "修好路灯", "解决", "三盏路灯已经换好。"], ["2", "以后定期检查", "解决", "每月检查一次。"]],
    "答复": "我们到现场看过，三盏路灯灯泡老化，已经全部换好。",
    "报告": "经现场查看，灯泡老化，已更换三盏，并列入每月检查。",
    **_SAMPLES_OF_THE_WAY,
}
