"""What happens to a reply in the demo: the resident is asked, rates alone, cannot be reached, or says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shuoshi.matters import terms
from shuoshi.matters.vocabulary import (
    FollowUpBy,
    Naming,
    Outcome,
    Proof,
    Satisfaction,
    Solved,
    Status,
    Way,
)

if TYPE_CHECKING:
    from shuoshi.demo.answering import Answering

BANDS = ((12.1, 13.2), (18.7, 20.2), (15.0, 16.5))  # hours of the three calls to somebody who does not answer
NOT_REACHED = ("无人接听，响了两遍。", "关机，换个时间再打。", "接通后说正在忙，请晚点再打。")


def after_reply(play: Answering, content: bool) -> Iterator[datetime]:
    """Until the matter is closed or a new round begins; a script ends early where nobody asks."""
    if play.status != Status.IN_FOLLOW_UP or play.takes("stalled_follow_up"):
        return
    if play.voice.naming == Naming.ANONYMOUS:
        if play.chance(0.4) or not content:  # the code is all one needs to answer
            yield play.times.at_hour(play.now.date() + timedelta(days=play.dice.randrange(1, 6)), 18, 22)
            play.act(play.speaker, terms.Rate(answers=answers(play, content)))
        return
    if play.takes("unreached"):
        yield from _calls_in_vain(play)
        return
    if play.takes("unrated"):
        yield play.soon(200, 500)
        play.act(_asks(play), _not_reached(play))
        return
    alone = str(play.voice.channel) == "online" and play.chance(0.3)
    if alone or play.column("follow_up_by") == FollowUpBy.SPEAKER:
        yield play.times.at_hour(play.now.date() + timedelta(days=play.dice.randrange(1, 3)), 18, 22)
        play.act(play.speaker, terms.Rate(answers=answers(play, content)))
        return
    yield play.soon(300, 1000)
    if play.status == Status.IN_FOLLOW_UP:
        who = _asks(play)
        play._ask_the_other(who)
        play.act(who, _reached(play, content))


def answers(play: Answering, content: bool) -> terms.Answers:
    """Good ones differ, as people do; bad ones say why in words of the family."""
    dice, family = play.dice, play.voice.family
    if not content:
        result = Satisfaction.BAD if dice.random() < 0.7 else Satisfaction.VERY_BAD
        attitude = dice.choice((Satisfaction.GOOD, Satisfaction.FAIR, Satisfaction.BAD))
        words = dice.choice(family.bad or ("没有解决。",))
        return terms.Answers(contacted=True, solved=Solved.NO, result=result, attitude=attitude, words=words)
    whole = play.turned or all(want.outcome == Outcome.SOLVED for want in play.voice.wants)
    levels = (Satisfaction.VERY_GOOD, Satisfaction.GOOD, Satisfaction.GOOD, Satisfaction.FAIR)
    result = dice.choice(levels) if whole else dice.choice(levels[1:])
    return terms.Answers(
        contacted=True,
        solved=Solved.YES if whole else Solved.PARTLY,
        result=result,
        attitude=dice.choice(levels[:3]),
        words=dice.choice(family.good) if family.good and dice.random() < 0.7 else "",
        rest_wanted=None if whole else False,
    )


def _asks(play: Answering) -> str:
    """Whoever's turn it is in the order of fall-back."""
    by = play.column("follow_up_by")
    if by == FollowUpBy.OVERSIGHT:
        return "caode"
    if by == FollowUpBy.ABOVE or play.above:
        return "muqing"
    return play.first_free(*play.dice.choice((("liumin", "qianyun"), ("liumin", "qianyun"), ("qianyun", "liumin"))))


def _reached(play: Answering, content: bool) -> terms.RecordFollowUp:
    if play.chance(0.8):
        way, proof, ref = Way.CALL, Proof.RECORDING, f"录音 {play.now:%m%d}-{play.number:03d}"
    else:
        way, proof, ref = Way.VISIT, Proof.SIGNED_SLIP, f"回访单 {play.number:03d}"
    return terms.RecordFollowUp(
        way=way,
        reached=True,
        text="念了答复，逐条问过。",
        answers=answers(play, content),
        proof=proof,
        proof_ref=ref,
    )


def _not_reached(play: Answering) -> terms.RecordFollowUp:
    return terms.RecordFollowUp(way=Way.CALL, reached=False, text=play.dice.choice(NOT_REACHED))


def _calls_in_vain(play: Answering) -> Iterator[datetime]:
    """Three calls on three days, noon and evening among them."""
    day = play.now.date()
    for first, last in BANDS:
        day = play.times.next_day(day)
        yield play.times.at_hour(day, first, last)
        play.act(_asks(play), _not_reached(play))
