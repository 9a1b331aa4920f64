"""Writes the templates of the papers anew, after GB/T 9704 where it applies. They are committed, and open in Word.

    .venv/bin/python -m tools.paper_templates

What is between braces are names of `shuoshi.matters.papers.kinds.KNOWN`; an institution may change all the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.paper_further import FURTHER
from tools.paper_pieces import (
    CENTRE,
    HEI,
    SONG,
    TITLE,
    add_row,
    add_runs,
    bare_table,
    fill,
    foot,
    head,
    line,
    loop,
    new_sheet,
    rule,
    ruled,
    when,
    without_times,
)

HERE = Path(__file__).resolve().parent.parent / "src" / "shuoshi" / "matters" / "papers" / "templates"


def main() -> None:
    for name, make in PAPERS.items():
        document = make()
        document.core_properties.title = name
        document.core_properties.author = ""
        file = HERE / f"{name}.docx"
        document.save(str(file))
        without_times(file)
        print(f"{file.name}: {file.stat().st_size:,} bytes")


# ── the papers ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def registration() -> Any:
    sheet = new_sheet()
    head(sheet, "群众说事登记表")
    table = ruled(sheet, [26, 52, 26, 52])
    add_row(table, "说事人", "{{ 说事人 }}", "联系电话", "{{ 联系电话 }}")
    add_row(table, "留名方式", "{{ 留名方式 }}", "告知方式", "{{ 告知方式 }}")
    add_row(table, "说事时间", "{{ 说事时间 }}", "来源", "{{ 渠道 }}{% if 上级编号 %}（{{ 上级编号 }}）{% endif %}")
    add_row(table, "说事地点", "{{ 说事地点 }}", "事发地点", "{{ 事发地点 }}")
    add_row(table, "登记时间", "{{ 登记时间 }}", "登记人", "{{ 登记人 }}")
    add_row(table, "类别", "{{ 类别 }}", "紧急程度", "{{ 紧急程度 }}")
    add_row(table, "说事人\n原话", ["{{ 原话 }}"], tall=46)
    add_row(table, "要求", _LISTED, tall=24)
    add_row(table, "同意公开", ["{{ 同意公开 }}"])
    add_row(
        table,
        "核对",
        [
            "{% if 核对 %}{{ 核对 }}{% endif %}以上内容和我说的一致。",
            "说事人签字（按手印）：　　　　　　　　年　　月　　日",
        ],
    )
    foot(sheet)
    return sheet


def order() -> Any:
    sheet = new_sheet()
    head(sheet, "群众说事交办单")
    line(sheet, "{{ 主送 }}：", size=14, before=4)
    line(
        sheet,
        "现将“{{ 标题 }}”交你单位主办，请按下列要求办理。{% if 轮次 %}本件为{{ 轮次 }}。{% endif %}",
        size=14,
        first=2,
    )
    line(sheet, "", size=4)
    table = ruled(sheet, [26, 52, 26, 52])
    add_row(table, "交办时间", "{{ 交办时间 }}", "紧急程度", "{{ 紧急程度 }}")
    add_row(table, "办理期限", "{{ 办理期限 }}", "期限依据", "{{ 期限依据 }}")
    add_row(table, "先行联系", "{{ 先行联系 }}", "答应说事人", "{{ 答应说事人 }}")
    add_row(table, "说事人", "{{ 说事人 }}", "联系电话", "{{ 联系电话 }}")
    add_row(table, "类别", "{{ 类别 }}", "事发地点", "{{ 事发地点 }}")
    add_row(table, "说事人\n原话", ["{{ 原话 }}"], tall=26)
    add_row(table, "要求（逐\n条答复）", _LISTED, tall=14)
    when(table, "上轮原话", "不满意\n的原因", ["{{ 上轮原话 }}"])
    when(table, "协办单位", "协办单位", ["{{ 协办单位 }}"])
    add_row(table, "交办人", "{{ 交办人 }}", "交办理由", "{{ 交办理由 }}")
    line(
        sheet,
        "请按期签收，先和说事人联系，按时告知进展；办结时逐条答复说事人，并向受理中心提交书面报告。"
        "{% if 退单期限 %}不属于本单位职责的，可以申请退单，{{ 退单期限 }}，写明理由和建议的承办单位。"
        "{% else %}本件不能退单。{% endif %}",
        size=12,
        first=2,
        before=6,
        keep=True,
    )
    foot(sheet)
    return sheet


def reply() -> Any:
    sheet = new_sheet(letter=True)
    head(sheet, "群众说事答复书", over="{{ 落款 }}")
    line(sheet, "{{ 称呼 }}：", before=8)
    line(
        sheet,
        "您{{ 说事时间 }}说的“{{ 标题 }}”，{% if 轮次 %}{{ 轮次 }}后，{% endif %}我们办理的情况答复如下。",
        first=2,
    )
    line(sheet, "{{ 答复 }}", first=2)
    line(sheet, "{%p if 逐条 %}")
    line(sheet, "对您提的要求，逐条答复：", first=2)
    line(sheet, "{%p for 序号, 要求内容, 结果, 说明 in 逐条 %}")
    add_runs(line(sheet, "", first=2), ("{{ 序号 }}．{{ 要求内容 }}", HEI))
    line(sheet, "{{ 结果 }}。{{ 说明 }}", first=2)
    line(sheet, "{%p endfor %}")
    line(sheet, "{%p endif %}")
    line(sheet, "{%p if 依据 %}")
    line(sheet, "办理依据：{{ 依据 }}", first=2)
    line(sheet, "{%p endif %}")
    line(sheet, "{%p if 救济 %}")
    line(sheet, "您不同意以上答复的，还可以：{{ 救济 }}", first=2)
    line(sheet, "{%p endif %}")
    line(sheet, "受理中心会回访您，问您满不满意。不满意可以直接说，也可以打说事热线 {{ 热线 }}。", first=2)
    line(sheet, "经办人：{{ 承办人 }}　　电话：{{ 承办电话 }}", first=2, keep=True)
    foot(sheet, size=14)
    return sheet


def report() -> Any:
    sheet = new_sheet(letter=True)
    head(sheet, "关于“{{ 标题 }}”办理情况的报告", over="{{ 落款 }}", issuer=True)
    line(sheet, "{{ 主送 }}：", before=8)
    line(
        sheet,
        "你中心交办单（{{ 交办单编号 }}）收悉。{% if 轮次 %}本件为{{ 轮次 }}。{% endif %}现将办理情况报告如下。",
        first=2,
    )
    line(sheet, "说事人{{ 说事人 }}于{{ 说事时间 }}反映，类别为{{ 类别 }}。", first=2)
    line(sheet, "{{ 报告 }}", first=2)
    line(sheet, "逐条办理结果如下：", first=2, keep=True)
    line(sheet, "", size=4, keep=True)
    table = ruled(sheet, [14, 50, 24, 68], heading=["序号", "要求", "结果", "说明"])
    loop(
        table,
        "序号, 要求内容, 结果, 说明 in 逐条",
        ["{{ 序号 }}", "{{ 要求内容 }}", "{{ 结果 }}", "{{ 说明 }}"],
        centred=(0, 2),
    )
    line(
        sheet,
        "已于{{ 送达日期 }}答复说事人（{{ 送达方式 }}）。"
        "{% if 依据 %}办理依据：{{ 依据 }}。{% endif %}{% if 一人多岗 %}{{ 一人多岗 }}。{% endif %}",
        first=2,
        before=6,
    )
    line(sheet, "附件：答复书（{{ 答复书编号 }}）", first=2, before=10, keep=True)
    line(sheet, "承办人：{{ 承办人 }}　　电话：{{ 承办电话 }}　　{{ 报告形式 }}", first=2, keep=True)
    foot(sheet, size=14)
    return sheet


def follow_up() -> Any:
    sheet = new_sheet()
    head(sheet, "群众说事回访记录")
    table = ruled(sheet, [26, 52, 26, 52])
    add_row(table, "事项", ["{{ 标题 }}"])
    add_row(table, "说事人", "{{ 说事人 }}", "联系电话", "{{ 联系电话 }}")
    add_row(table, "承办单位", "{{ 承办单位 }}", "轮次", "{{ 轮次 }}")
    add_row(table, "答复书", ["{{ 答复书编号 }}"])
    line(sheet, "一、回访经过", size=12, font=HEI, before=8, after=3)
    table = ruled(sheet, [12, 42, 16, 22, 20, 44], heading=["次", "时间", "方式", "联系情况", "回访人", "记录"])
    cells = ["{{ 次 }}", "{{ 时间 }}", "{{ 方式 }}", "{{ 联系情况 }}", "{{ 回访人 }}", "{{ 记录 }}"]
    loop(table, "次, 时间, 方式, 联系情况, 回访人, 记录 in 回访", cells, centred=(0, 2, 3, 4))
    line(sheet, "二、说事人的评价", size=12, font=HEI, before=8, after=3)
    table = ruled(sheet, [26, 52, 26, 52])
    add_row(table, "评价来源", "{{ 评价来源 }}", "评价时间", "{{ 评价时间 }}")
    add_row(table, "承办单位\n联系过没有", "{{ 联系过 }}", "是否解决", "{{ 是否解决 }}")
    add_row(table, "对结果", "{{ 结果满意度 }}", "对态度", "{{ 态度满意度 }}")
    when(table, "剩下的要求", "剩下的\n要求", ["{{ 剩下的要求 }}"])
    add_row(table, "说事人\n的话", ["{{ 说事人的话 }}"], tall=24)
    add_row(table, "凭据", ["{{ 凭据 }}"])
    add_row(table, "后续", ["{{ 处理 }}"])
    foot(sheet)
    return sheet


def hand_over() -> Any:
    sheet = new_sheet(letter=True)
    head(sheet, "关于移送“{{ 标题 }}”的函", over="{{ 落款 }}", issuer=True)
    line(sheet, "{{ 主送 }}：", before=8)
    line(
        sheet,
        "我单位在办理群众说事“{{ 标题 }}”时，有以下事项属于你单位职责，现移送你单位处理。"
        "{% if 字号 %}（{{ 字号 }}）{% endif %}",
        first=2,
    )
    line(sheet, "{{ 函文 }}", first=2)
    for name, label in (("事发地点", "事发地点"), ("原话", "群众反映"), ("说事人", "说事人"), ("联系电话", "联系电话")):
        line(sheet, f"{{%p if {name} %}}")
        line(sheet, f"{label}：{{{{ {name} }}}}", first=2)
        line(sheet, "{%p endif %}")
    line(sheet, "{%p if 提供依据 %}")
    line(
        sheet,
        "以上说事人的信息依据{{ 提供依据 }}提供，只用于办理本件，不得另作他用，不得转给被反映的单位和个人。",
        first=2,
    )
    line(sheet, "{%p endif %}")
    line(
        sheet, "请在{{ 回复日期 }}以前把办理情况函告我单位；不属于你单位职责的，请一并说明应当由哪个单位办理。", first=2
    )
    line(sheet, "联系人：{{ 承办人 }}　　电话：{{ 承办电话 }}", first=2, before=10, keep=True)
    foot(sheet, size=14)
    return sheet


def agreement() -> Any:
    sheet = new_sheet(letter=True)
    head(sheet, "调解协议书")
    line(sheet, "一方当事人：{{ 说事人 }}{% if 联系电话 %}　　电话：{{ 联系电话 }}{% endif %}", before=6)
    line(sheet, "另一方当事人：{{ 对方 }}{% if 对方电话 %}　　电话：{{ 对方电话 }}{% endif %}")
    line(sheet, "纠纷：{{ 标题 }}（{{ 类别 }}）")
    add_runs(line(sheet, "", first=2, before=6), ("一、主要事实", HEI))
    line(sheet, "{{ 事实 }}", first=2)
    add_runs(line(sheet, "", first=2), ("二、争议事项和责任", HEI))
    line(sheet, "{{ 争议 }}", first=2)
    add_runs(line(sheet, "", first=2), ("三、双方自愿达成协议如下", HEI))
    line(sheet, "{%p for 序号, 谁, 做什么, 期限 in 约定 %}")
    line(sheet, "{{ 序号 }}．{{ 谁 }}：{{ 做什么 }}（最晚{{ 期限 }}）", first=2)
    line(sheet, "{%p endfor %}")
    add_runs(line(sheet, "", first=2), ("四、履行的方式、地点", HEI))
    line(sheet, "{{ 履行 }}", first=2)
    line(
        sheet,
        "本协议于{{ 达成日期 }}达成（{{ 形式 }}），自双方签名、盖章或者按手印，调解员签名并加盖印章之日起生效；"
        "口头协议自达成之日起生效。双方应当按照约定履行。认为有必要的，最晚{{ 司法确认 }}共同向人民法院申请司法确认；"
        "一方不履行的，另一方可以请求督促，也可以向人民法院起诉。",
        first=2,
        before=6,
    )
    line(sheet, "凭据：{{ 凭据 }}", size=12, first=2, before=4)
    table = ruled(sheet, [52, 52, 52])
    sign = "（签名、按手印）"
    mediator = "调解员（签名）\n{{ 调解员 }}"
    add_row(table, f"一方当事人\n{sign}", f"另一方当事人\n{sign}", mediator, tall=26, labels=True)
    line(sheet, "记录人：{{ 记录人 }}", size=12, before=4, keep=True)
    foot(sheet, size=14)
    return sheet


def receipt() -> Any:
    sheet = new_sheet(width=148, height=210, margins=(14, 14, 12, 14), footer=False)
    line(sheet, "{{ 机构 }}", size=13, align=CENTRE, font=SONG)
    line(sheet, "说 事 回 执", size=22, align=CENTRE, font=TITLE, before=2, after=8)
    table = ruled(sheet, [28, 92], size=12)
    add_row(table, "编号", ["{{ 编号 }}"])
    add_row(table, "查询码", ["{{ 查询码 }}"], big=18)
    add_row(table, "登记时间", ["{{ 登记时间 }}"])
    add_row(table, "我们答应您", ["{{ 承诺 }}"])
    add_row(table, "说事热线", ["{{ 热线 }}{% if 夜间电话 %}　夜间 {{ 夜间电话 }}{% endif %}"])
    line(sheet, "{{ 二维码 }}", size=10, align=CENTRE, before=8, exact=False)
    line(sheet, "扫码查进度，或者打开 {{ 网址 }} 输入编号和查询码", size=10.5, align=CENTRE, after=4)
    line(
        sheet,
        "用编号和查询码可以查进度、补充情况、评价，也可以打热线或者到说事点问。查询码请自己收好，不要告诉别人，工作人员也不会问您要。",
        size=10.5,
    )
    line(sheet, "签收人：　　　　　　　　　　　　　　　　年　　月　　日", size=10.5, before=10)
    return sheet


def receipt_roll() -> Any:
    sheet = new_sheet(width=80, height=190, margins=(4, 4, 4, 4), footer=False)
    line(sheet, "{{ 机构 }}", size=10.5, align=CENTRE, font=SONG)
    line(sheet, "说事回执", size=16, align=CENTRE, font=HEI, after=2)
    rule(line(sheet, "", size=3), 8)
    for name, size in (("编号", 11), ("查询码", 18)):
        line(sheet, name, size=9, before=3)
        line(sheet, f"{{{{ {name} }}}}", size=size, font=HEI)
    line(sheet, "登记时间：{{ 登记时间 }}", size=10, before=4)
    line(sheet, "我们答应您：{{ 承诺 }}", size=10)
    line(sheet, "说事热线：{{ 热线 }}", size=10, after=4)
    line(sheet, "{{ 二维码 }}", size=10, align=CENTRE, exact=False)
    line(sheet, "扫码查进度", size=10, align=CENTRE, after=4)
    line(sheet, "查询码请自己收好，不要告诉别人，工作人员也不会问您要。", size=9)
    return sheet


def results() -> Any:
    sheet = new_sheet(width=420, height=297, margins=(18, 18, 16, 18), foot_text="{{ 落款 }}　　")
    line(sheet, "{{ 机构 }}", size=18, align=CENTRE, font=SONG)
    line(sheet, "{{ 月份 }}群众说事办理结果公示", size=30, align=CENTRE, font=TITLE, before=4, after=4)
    rule(line(sheet, "", size=4), 18)
    line(sheet, "", size=4)
    above = bare_table(sheet, [34, 256, 94], lines=())
    cells = above.add_row().cells
    fill(cells[0], ["{{ 二维码 }}"], size=10, exact=False)
    fill(
        cells[1],
        ["{{ 小结 }}", "对结果有意见，可以打说事热线 {{ 热线 }}，也可以到说事点说。", "查进度、说事：{{ 网址 }}"],
        size=14,
    )
    fill(cells[2], ["{{ 落款 }}", "{{ 出具日期 }}", "（盖章）"], size=14, align=CENTRE)
    line(sheet, "", size=6)
    table = ruled(
        sheet, [18, 92, 66, 52, 52, 36, 68], size=14,
        heading=["序号", "类别", "承办单位", "答应的日期", "答复的日期", "按时", "结果"],
    )  # fmt: skip
    names = "序号, 类别, 承办单位, 答应的日期, 答复的日期, 按时, 结果"
    loop(table, f"{names} in 列表", [f"{{{{ {name} }}}}" for name in names.split(", ")], centred=(0, 3, 4, 5, 6))
    line(sheet, "{%p if 不列出的 %}")
    line(sheet, "{{ 不列出的 }}", size=12, before=6)
    line(sheet, "{%p endif %}")
    return sheet


PAPERS: dict[str, Callable[[], Any]] = {
    "registration": registration,
    "order": order,
    "reply": reply,
    "report": report,
    "follow_up": follow_up,
    "hand_over": hand_over,
    "agreement": agreement,
    **FURTHER,
    "receipt": receipt,
    "receipt_roll": receipt_roll,
    "results": results,
}
_LISTED = ["{%p for 序号, 内容 in 要求 %}", "{{ 序号 }}．{{ 内容 }}", "{%p endfor %}"]


if __name__ == "__main__":
    main()
