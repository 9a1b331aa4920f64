"""From a voice to the `Intake` that the one door of registration takes. Nothing acts here."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from shuoshi.demo.pictures import drawn
from shuoshi.demo.residents import Resident
from shuoshi.demo.stories import Voice, in_month
from shuoshi.demo.town import Town
from shuoshi.matters.intake import Intake, PersonSaid
from shuoshi.matters.terms import AnswerOnTheSpot
from shuoshi.matters.vocabulary import Channel, Naming, TellBy, Urgency

_BEHALF = ("隔壁老人", "家里长辈", "同组乡邻")
_WECHAT_EVERY = 4  # of those who say it online themselves
_LATER = {Channel.BOX: (1, 4), Channel.VISIT: (0, 1), Channel.MEETING: (0, 2)}  # days from word to registration


def said(
    voice: Voice,
    town: Town,
    resident: Resident | None,
    at: datetime,
    number: int,
    dice: Random,
    settle: AnswerOnTheSpot | None,
) -> Intake:
    """What was said, where, by whom. `number` makes the key: the same voice is never registered twice."""
    online = voice.channel == Channel.ONLINE
    by_wechat = online and not voice.complains and number % _WECHAT_EVERY == 0
    suspected = voice.suspected
    points = town.points.get(voice.area[0] if voice.area else "", [])
    named = () if voice.complains else voice.about  # else the registry looks up who is meant
    point = points[0].pk if points and voice.channel in (Channel.POINT, Channel.BOX) else None
    return Intake(
        channel=Channel.WECHAT if by_wechat else voice.channel,
        key=f"demo:{number}",
        content=in_month(voice.says, at.month),
        naming=voice.naming,
        speaker=None if resident is None else _person(resident, known=not online),
        on_behalf_of=PersonSaid(name=dice.choice(_BEHALF)) if voice.takes("behalf") else None,
        demands=() if online and dice.random() < 0.3 else tuple(want.demand for want in voice.wants),
        happened_at=at - timedelta(days=dice.randint(*_LATER[voice.channel])) if voice.channel in _LATER else None,
        said_point=point,
        said_place="微信公众号" if by_wechat else _SAID_AT.get(voice.channel, ""),
        area=town.areas[voice.area].pk if voice.area else None,
        place=voice.place,
        urgency=Urgency.U4 if suspected else voice.urgency,
        danger_ticked=suspected,
        concerns_units=tuple(town.units[key].pk for key in named if key in town.units),
        concerns_people=tuple(town.persons[key] for key in named if key in town.persons),
        concerns_words=voice.complains,
        consent_to_publication=_consents(voice, dice),
        tell_by=TellBy.PAGE if online or resident is None else _WISHES[number % len(_WISHES)],
        files=(drawn("拍的照片.jpg", number),) if online and voice.family.category[:2] in _SEEN else (),
        settle=settle,
    )


def _consents(voice: Voice, dice: Random) -> bool:
    """One in three says yes at once; who says so, or no, later on, said the other thing first."""
    if voice.takes("consents") or voice.takes("consent_withdrawn"):
        return voice.takes("consent_withdrawn")
    return voice.naming == Naming.NAMED and dice.random() < 0.35


_WISHES = (TellBy.CALL, TellBy.SMS, TellBy.CALL, TellBy.VISIT, TellBy.SMS, TellBy.CALL, TellBy.REPRESENTATIVE)
_SEEN = ("B3", "B5", "B6", "B7")  # things one can take a picture of
_SAID_AT = {Channel.HOTLINE: "说事热线", Channel.MEETING: "说事会", Channel.VISIT: "家里", Channel.BOX: "意见箱"}


def _person(resident: Resident, known: bool) -> PersonSaid:
    """The registry chooses whom it knows; a resident online only types name and number."""
    if known and resident.person is not None:
        return PersonSaid(name=resident.name, phone=resident.phone, person=resident.person)
    return PersonSaid(name=resident.name, phone=resident.phone)
