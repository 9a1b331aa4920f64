"""The templates of the further steps: what was asked for and ruled on, what was urged, ordered, done again, reviewed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.paper_pieces import HEI, add_row, add_runs, foot, head, line, loop, new_sheet, ruled, when

_LISTED = ["{%p for 序号, 内容 in 要求 %}", "{{ 序号 }}．{{ 内容 }}", "{%p endfor %}"]


def return_() -> Any:
    sheet, table = _asked("群众说事退单单", "退单")
    add_row(table, "退单理由", ["{{ 理由 }}"])
    add_row(table, "情况说明", ["{{ 情况说明 }}"], tall=34)
    add_row(table, "建议承办\n单位", ["{% if 建议单位 %}{{ 建议单位 }}{% else %}—{% endif %}"])
    _ruled(table, "裁定")
    _note(sheet, "退单同意的，由受理中心另行交办；答应说事人的日期不变。一个单位对一件事只能申请一次退单。")
    foot(sheet)
    return sheet


def extension() -> Any:
    sheet, table = _asked("群众说事延期审批单", "延期")
    add_row(table, "申请延期", "{{ 延期时间 }}", "原办理期限", "{{ 原期限 }}")
    when(table, "法定", "说明", ["{{ 法定 }}"])
    add_row(table, "延期理由", ["{{ 情况说明 }}"], tall=22)
    add_row(table, "延期以后\n怎么办", ["{{ 计划 }}"], tall=22)
    _ruled(table, "审批")
    add_row(table, "延期以后\n办理期限", "{{ 新期限 }}", "答应说事人", "{{ 答应说事人 }}")
    _note(sheet, "一件事只能延期一次。同意延期的，理由和新的日期都告知说事人。")
    foot(sheet)
    return sheet


def parking() -> Any:
    sheet, table = _asked("群众说事挂账审批单", "挂账")
    add_row(table, "理由类别", ["{{ 理由 }}"])
    add_row(table, "客观原因", ["{{ 情况说明 }}"], tall=18)
    add_row(table, "采取的\n措施", ["{{ 措施 }}"], tall=18)
    add_row(table, "目标日期", "{{ 目标日期 }}", "佐证材料", "{% if 附件 %}{{ 附件 }}{% else %}—{% endif %}")
    _ruled(table, "审批")
    add_row(table, "{%tr for 次, 日期, 复核人, 情况 in 复核 %}", [""])
    add_row(table, "第 {{ 次 }} 次\n复核", ["{{ 日期 }}，{{ 复核人 }}：{{ 情况 }}"])
    add_row(table, "{%tr endfor %}", [""])
    when(table, "销号时间", "销号", ["{{ 销号时间 }}，{{ 销号人 }}：{{ 销号理由 }}"])
    _note(sheet, "挂账不是办结。原因消除以后销号，接着办理。")
    foot(sheet)
    return sheet


def escalation() -> Any:
    sheet, table = _asked("群众说事提级办理单", "")
    add_row(table, "提级方式", "{{ 方式 }}", "理由", "{% if 理由 %}{{ 理由 }}{% else %}—{% endif %}")
    add_row(table, "原办理层级", "{{ 原层级 }}", "提到", "{{ 提到 }}")
    add_row(table, "情况说明", ["{% if 情况说明 %}{{ 情况说明 }}{% else %}—{% endif %}"], tall=34)
    add_row(table, "裁定结果", ["{{ 裁定结果 }}"])
    when(table, "裁定意见", "裁定意见", ["{{ 裁定意见 }}"])
    add_row(table, "裁定人", "{{ 裁定人 }}", "裁定时间", "{{ 裁定时间 }}")
    _note(sheet, "提级不算退单，答应说事人的日期不变。")
    foot(sheet)
    return sheet


def exit_() -> Any:
    sheet, table = _asked("群众说事依规办结审批单", "办结")
    add_row(table, "办结方式", "{{ 办结方式 }}", "证据材料", "{% if 附件 %}{{ 附件 }}{% else %}—{% endif %}")
    add_row(table, "事实和\n证据", ["{{ 情况说明 }}"], tall=34)
    add_row(table, "依据", ["{{ 依据 }}"], tall=14)
    add_row(table, "告知说事人\n的权利", ["{{ 救济 }}"], tall=18)
    _ruled(table, "审批")
    _note(sheet, "依规办结不算满意，说事人的评价不改。审批由承办单位以外的人作出。")
    foot(sheet)
    return sheet


def reminder() -> Any:
    sheet = new_sheet()
    head(sheet, "群众说事催办单")
    line(sheet, "{{ 主送 }}：", size=14, before=4)
    line(sheet, "你单位承办的“{{ 标题 }}”，请抓紧办理，按时告知说事人进展。", size=14, first=2)
    line(sheet, "", size=4)
    table = ruled(sheet, [26, 52, 26, 52])
    _of_the_work(table)
    add_row(table, "催办人", "{{ 催办人 }}", "催办时间", "{{ 催办时间 }}")
    add_row(table, "次数", ["{{ 次数 }}"])
    add_row(table, "催办内容", ["{{ 催办内容 }}"], tall=40)
    _note(sheet, "催办不改变办理期限。")
    foot(sheet)
    return sheet


def supervision() -> Any:
    sheet = new_sheet()
    head(sheet, "群众说事督办单")
    line(sheet, "{{ 主送 }}：", size=14, before=4)
    line(sheet, "现就你单位承办的“{{ 标题 }}”进行督办，请按期书面答复。", size=14, first=2)
    line(sheet, "", size=4)
    table = ruled(sheet, [26, 52, 26, 52])
    _of_the_work(table)
    add_row(table, "督办人", "{{ 督办人 }}", "督办时间", "{{ 督办时间 }}")
    add_row(table, "答复期限", ["{{ 答复期限 }}"])
    add_row(table, "督办要求", ["{{ 督办要求 }}"], tall=34)
    add_row(table, "承办单位\n答复", ["{% if 答复内容 %}{{ 答复内容 }}{% else %}（还没有答复）{% endif %}"], tall=34)
    when(table, "答复时间", "答复人", ["{{ 答复人 }}，{{ 答复时间 }}"])
    foot(sheet)
    return sheet


def order_answer() -> Any:
    sheet = new_sheet()
    head(sheet, "上级转办件办理情况回复单")
    line(sheet, "{{ 主送 }}：", size=14, before=4)
    line(sheet, "你单位转来的“{{ 标题 }}”（{{ 上级单号 }}），现将办理情况回复如下。", size=14, first=2)
    line(sheet, "", size=4)
    table = ruled(sheet, [26, 52, 26, 52])
    add_row(table, "上级单号", "{{ 上级单号 }}", "本级编号", "{{ 事项编号 }}")
    add_row(table, "收到日期", "{{ 收到日期 }}", "办理期限", "{{ 上级期限 }}")
    add_row(table, "说事人", "{{ 说事人 }}", "类别", "{{ 类别 }}")
    when(table, "上级要求", "转办要求", ["{{ 上级要求 }}"])
    add_row(table, "承办单位", "{% if 承办单位 %}{{ 承办单位 }}{% else %}—{% endif %}", "事发地点", "{{ 事发地点 }}")
    when(table, "报告", "办理情况", ["{{ 报告 }}"])
    add_row(table, "{%tr for 序号, 要求内容, 结果, 说明 in 逐条 %}", [""])
    add_row(table, "第 {{ 序号 }} 项", ["{{ 要求内容 }}：{{ 结果 }}。{{ 说明 }}"])
    add_row(table, "{%tr endfor %}", [""])
    when(table, "答复", "答复\n说事人", ["{% if 答复日期 %}{{ 答复日期 }}：{% endif %}{{ 答复 }}"])
    when(table, "依据", "办理依据", ["{{ 依据 }}"])
    add_row(table, "结论", "{{ 结论 }}", "说事人\n评价", "{{ 满意度 }}")
    when(table, "签发人", "签发", ["{{ 签发人 }}，{{ 签发时间 }}"])
    _note(sheet, "说事人的评价照他本人的话填写。")
    foot(sheet)
    return sheet


def rework() -> Any:
    sheet = new_sheet()
    head(sheet, "群众说事重办通知单")
    line(sheet, "{{ 主送 }}：", size=14, before=4)
    line(
        sheet,
        "“{{ 标题 }}”{{ 上轮 }}办理以后，说事人认为事情还没有办好。按规则重新办理（{{ 本轮 }}）。{{ 待交办 }}",
        size=14,
        first=2,
    )
    line(sheet, "", size=4)
    table = ruled(sheet, [26, 52, 26, 52])
    add_row(table, "重办时间", "{{ 重办时间 }}", "办理期限", "{{ 办理期限 }}")
    add_row(table, "上轮答复", ["{{ 原承办单位 }}{% if 答复书编号 %}，{{ 答复书编号 }}{% endif %}"])
    add_row(table, "说事人", "{{ 说事人 }}", "联系电话", "{{ 联系电话 }}")
    add_row(table, "不满意\n的原因", ["{{ 上轮原话 }}"], tall=26)
    line(sheet, "上轮逐条答复的结果", size=12, font=HEI, before=8, after=3, keep=True)
    points = ruled(sheet, [16, 104, 36], heading=["序号", "要求", "上轮结果"])
    loop(points, "序号, 要求内容, 结果 in 上轮逐条", ["{{ 序号 }}", "{{ 要求内容 }}", "{{ 结果 }}"], centred=(0, 2))
    _note(sheet, "请重新核实，先和说事人联系，针对没有办好的要求办理和答复。重办的事不能退单。")
    foot(sheet)
    return sheet


def review() -> Any:
    sheet = new_sheet(letter=True)
    head(sheet, "{{ 文种 }}", over="{{ 落款 }}")
    line(sheet, "{{ 称呼 }}：", before=8)
    line(
        sheet,
        "您{{ 申请日期 }}请求复核“{{ 标题 }}”的答复"
        "{% if 答复书编号 %}（{{ 原承办单位 }}，{{ 答复书编号 }}）{% endif %}，我们已经复核，决定如下。",
        first=2,
    )
    add_runs(line(sheet, "", first=2), ("一、您的理由", HEI))
    line(sheet, "{{ 复核理由 }}", first=2)
    add_runs(line(sheet, "", first=2), ("二、查明的事实和复核意见", HEI))
    line(sheet, "{{ 复核意见 }}", first=2)
    add_runs(line(sheet, "", first=2), ("三、依据", HEI))
    line(sheet, "{{ 依据 }}", first=2)
    add_runs(line(sheet, "", first=2), ("四、决定", HEI))
    line(sheet, "{{ 结论 }}", first=2)
    line(sheet, "{%p if 救济 %}")
    line(sheet, "您不同意以上决定的，还可以：{{ 救济 }}", first=2)
    line(sheet, "{%p endif %}")
    line(sheet, "决定作出的日期：{{ 决定时间 }}", first=2, keep=True)
    line(sheet, "有不明白的，请打说事热线 {{ 热线 }}。", first=2, keep=True)
    foot(sheet, size=14)
    return sheet


def _asked(title: str, what: str) -> tuple[Any, Any]:
    """A form with who asked for it and when."""
    sheet = new_sheet()
    head(sheet, title)
    table = ruled(sheet, [26, 52, 26, 52])
    add_row(table, "事项", ["{{ 标题 }}"])
    add_row(table, "类别", ["{{ 类别 }}"])
    add_row(table, "交办单", ["{{ 交办单编号 }}"])
    add_row(table, "说事人", "{{ 说事人 }}", "申请单位" if what else "承办单位", "{{ 申请单位 }}")
    if what:
        add_row(table, "申请人", "{{ 申请人 }}", "申请时间", "{{ 申请时间 }}")
    else:
        when(table, "申请人", "申请", ["{{ 申请人 }}，{{ 申请时间 }}"])
    return sheet, table


def _ruled(table: Any, what: str) -> None:
    add_row(table, f"{what}结果", ["{{ 裁定结果 }}"])
    add_row(table, f"{what}意见", ["{% if 裁定意见 %}{{ 裁定意见 }}{% else %}—{% endif %}"], tall=18)
    add_row(table, f"{what}人", "{{ 裁定人 }}", f"{what}时间", "{{ 裁定时间 }}")


def _of_the_work(table: Any) -> None:
    add_row(table, "交办单", ["{{ 交办单编号 }}"])
    add_row(table, "类别", ["{{ 类别 }}"])
    add_row(table, "办理期限", "{{ 办理期限 }}", "是否超期", "{{ 是否超期 }}")
    add_row(table, "要求", _LISTED, tall=14)


def _note(sheet: Any, text: str) -> None:
    line(sheet, text, size=12, first=2, before=6, keep=True)


FURTHER: dict[str, Callable[[], Any]] = {
    "return": return_,
    "extension": extension,
    "parking": parking,
    "escalation": escalation,
    "reminder": reminder,
    "supervision": supervision,
    "rework": rework,
    "review": review,
    "exit": exit_,
    "order_answer": order_answer,
}
