"""The complete table of who may do what in which situation, against the one that people have read (1.3.1, 4.4.2)."""

from __future__ import annotations

import os

import pytest

from shuoshi.matters import policies, workflow
from shuoshi.matters.vocabulary import Action
from tests.matters import cells
from tests.support.village import Place

HANDLING_SIDE = {"周建国", "孙丽", "网格员"}
OUTSIDERS = {
    "赵立新", "李国强", "陈书记", "管理员", "别的说事人", "县水务", "说事代表", "调解员", "考核员",
    "公开审核员", "举报专员",
}  # fmt: skip
OVERSIGHT = {"钱监督", "督查员"}  # may call and witness, never handle or approve


@pytest.mark.minute
@pytest.mark.once  # rules, not rows: the random walks go through them on both databases
def test_only_lawful_cells_change_anything(town: Place):
    cells.manned(town).other = town.raise_matter(content="另一件事：垃圾桶满了。")
    names = (*cells.PEOPLE, *cells.MORE)
    tried: set[tuple[Action, str]] = set()
    found = {name: cells.allowed(town, made(), names, tried) for name, made in cells.situations(town).items()}
    table = cells.written(found)
    if os.environ.get("REWRITE_WHO_MAY"):
        cells.TABLE.write_text(table, encoding="utf-8")
    assert table == cells.TABLE.read_text(encoding="utf-8"), "read the difference; then REWRITE_WHO_MAY=1 keeps it"


def _rows() -> list[tuple[str, str, set[str]]]:
    rows, situation = [], ""
    for line in cells.TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("【"):
            situation = line.strip("【】")
            continue
        action = line[line.index("（") + 1 : line.index("）")]
        rows.append((situation, action, set(line.split("：", 1)[1].split("、"))))
    return rows


@pytest.mark.parametrize("action", [Action.RATE, Action.RECORD_FOLLOW_UP, Action.RULE_EXIT, Action.RETURN_REPORT])
def test_who_handles_never_rates_rules_or_returns(action: Action):
    assert not [row for row in _rows() if row[1] == action and row[2] & HANDLING_SIDE]


def test_nobody_outside_the_matter_does_anything_to_it():
    helps = {Action.GIVE_CO_OPINION}  # whoever was asked to is inside from then on
    shared = {"分项办理中 还剩一项", "待回访 分项答复"}  # three units answered it, each its part
    rows = [row for row in _rows() if row[0] not in shared]
    asked = [row for row in rows if row[1] not in helps and row[2] & (OUTSIDERS - {"调解员"})]
    mediates = {"办理中 正在调解", "办理中 达成协议"}
    assert not asked and {row[0] for row in _rows() if "调解员" in row[2]} == mediates


def test_whoever_watches_asks_and_notes_and_does_nothing_else():
    calls = {Action.RECORD_FOLLOW_UP, Action.RECORD_SAMPLE, Action.NOTE, Action.DECLARE_CONFLICT}
    urges = {Action.REMIND, Action.ORDER_SUPERVISION}
    assert not [row for row in _rows() if row[2] & OVERSIGHT and row[1] not in calls | urges]
    assert {name for row in _rows() if row[1] in urges for name in row[2] & OVERSIGHT} == {"督查员"}


def test_nobody_supervises_their_own_work_and_only_the_unit_answers():
    urged = [row for row in _rows() if row[1] in {Action.REMIND, Action.ORDER_SUPERVISION}]
    assert urged and not [row for row in urged if row[2] & HANDLING_SIDE]
    assert {name for row in _rows() if row[1] == Action.ANSWER_SUPERVISION for name in row[2]} == {"周建国", "孙丽"}


def test_the_head_of_the_registry_does_nothing_in_what_others_handle():
    assert {row[0] for row in _rows() if "中心主任" in row[2]} <= {"已办结 已答清", "已办结 已答清 抽到"}


def test_whom_it_concerns_does_nothing():
    kept = {"待受理 反映分办员": {"刘敏"}, "待受理 反映受理中心": {"王芳", "刘敏", "赵红", "何勇", "中心主任"}}
    kept["待受理 反映镇里"] = set(cells.PEOPLE) - {"县分办", "县回访", "县水务"}
    assert not [row for row in _rows() if row[2] & kept.get(row[0], set())]


def test_only_the_speaker_rates_and_nudges():
    assert {name for row in _rows() if row[1] in (Action.RATE, Action.NUDGE) for name in row[2]} == {"说事人"}


def test_what_only_rules_do_nobody_does_by_hand():
    by_rule = {row.action for row in workflow.TRANSITIONS if row.allow is policies.system}
    assert {Action.CONFIRM_SATISFIED, Action.START_REWORK, Action.REFER, Action.CLOSE_UNRATED} <= by_rule
    assert not [row for row in _rows() if row[1] in by_rule and row[2] - {"规则"}]
