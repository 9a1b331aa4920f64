"""What people give where work takes longer than its limit, by dice."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.matters.terms import Terms
from shuoshi.matters.vocabulary import Action, BeyondUs, WishShown
from tests.support.village import default_profile


def of_time(action: Action, dice: random.Random, units: Sequence[UUID], *, yes: bool) -> Terms | None:
    """Terms of the rows that move, pause and park; None for any other row."""
    profile, today = default_profile(), clock.local(clock.now()).date()
    match action:
        case Action.REQUEST_ESCALATION:
            return terms.RequestEscalation(reason=dice.choice(list(BeyondUs)), text="我们管不了")
        case Action.RULE_ESCALATION:
            return terms.RuleEscalation(granted=yes, text="看过了")
        case Action.REQUEST_EXTENSION:
            return terms.RequestExtension(text="配件没到", plan="到了就换", days=dice.randint(1, 3))
        case Action.RULE_EXTENSION:
            return terms.RuleExtension(granted=yes, text="看过了")
        case Action.REQUEST_PAUSE:
            until = today + timedelta(days=dice.randint(1, 12))
            return terms.RequestPause(cause=dice.choice(profile.pause_causes).code, text="等他来", until=until)
        case Action.RULE_PAUSE:
            return terms.RulePause(granted=yes, text="看过了")
        case Action.RESUME:
            return terms.Resume(text="来了")
        case Action.REQUEST_PARK:
            reason, until = dice.choice(profile.park_reasons).code, today + timedelta(days=dice.randint(5, 40))
            return terms.RequestPark(reason=reason, text="没有钱", measures="先装临时灯", until=until)
        case Action.RULE_PARK:
            return terms.RulePark(granted=yes, text="看过了")
        case Action.REVIEW_PARKED:
            return terms.ReviewParked(text="还没有钱")
        case Action.STRIKE_OFF:
            return terms.StrikeOff(text="有钱了")
        case Action.ADD_CO_UNIT:
            until = today + timedelta(days=dice.randint(0, 2))
            return terms.AddCoUnit(unit=dice.choice(units), task="查一下线路", until=until)
        case Action.GIVE_CO_OPINION:
            return terms.GiveCoOpinion(text="线路没有问题")
        case Action.SPONSOR:
            return terms.Sponsor(text="我来盯", until=today + timedelta(days=dice.randint(1, 20)))
        case Action.REVIEW_SPONSORED:
            return terms.ReviewSponsored(text="材料齐了", until=today + timedelta(days=dice.randint(1, 20)))
        case Action.INSTRUCT:
            return terms.Instruct(text="这周办完", until=today + timedelta(days=dice.randint(1, 6)))
        case Action.ANSWER_INSTRUCTION:
            return terms.AnswerInstruction(text="明天装好")
        case Action.CONFER:
            return terms.Confer(units=tuple(dice.sample(units, min(2, len(units)))), text="一个主办，一个配合")
        case Action.REQUEST_REVIEW:
            return terms.RequestReview(text="不是这么回事", shown_by=WishShown.IDENTIFIED, proof_ref="核对身份证")
        case Action.DECIDE_REVIEW:
            return terms.DecideReview(upheld=yes, text="核过了", basis="条例", remedies="可以去法院")
        case Action.REMIND:
            return terms.Remind(text="请抓紧办")
        case Action.ORDER_SUPERVISION:
            return terms.OrderSupervision(text="写清楚为什么慢", days=dice.choice([None, 2]))
        case Action.ANSWER_SUPERVISION:
            return terms.AnswerSupervision(text="材料明天到")
        case Action.UNMERGE:
            return terms.Unmerge(why="不是同一盏灯")
        case Action.OBJECT_TO_SCREENING:
            return terms.ObjectToScreening(text="没有人看过现场")
        case Action.REOPEN:
            return terms.Reopen(text="又坏了")
    return None
