"""The conversation, as a function: from how far it is and what was heard to how far it is then, what is said, what is done.

Somebody says what happened, where, and who they are or not; hears it back, and says 1. Words, pictures and places may
come in any order. Nothing here reads or writes a row.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shuoshi.channels.wechat import degrees, words
from shuoshi.channels.wechat.wire import Heard
from shuoshi.channels.wechat.words import Word
from shuoshi.people import phones

PICTURES = 9
LONGEST = 8000  # signs of one matter
_QUOTED, _SHOWN_PLACE = 120, 60  # signs of it, and of the place, that are said back
_PLACE = 200  # signs of a place; whoever writes more tells the matter
_NAME = 40
_NUMBER = re.compile(r"([A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+)(?:\W+([A-Z0-9]{4}\s*[A-Z0-9]{4}))?")
_DAY = re.compile(r"\d{8}")  # in a number of ours; a house has none
_SMILES = re.compile(r"(\[[^\[\]]{1,8}\]\s*)+")
_PHONE = re.compile(r"\+?\d[\d\- ]{5,}\d")


class Stage(StrEnum):
    """What is asked for."""

    IDLE = ""
    WHAT = "what"
    WHERE = "where"
    WHO = "who"
    CHECK = "check"
    DONE = "done"
    NUMBER = "number"
    CODE = "code"
    OFFER = "offer"


class Do(StrEnum):
    """What is to be done beside saying something; what comes of it is said by whoever does it."""

    NOTHING = ""
    REGISTER = "register"
    LOOK_UP = "look_up"
    OWN = "own"
    BIND = "bind"
    UNBIND = "unbind"
    GONE = "gone"


@dataclass(frozen=True)
class House:
    """Who speaks: the name of the institution, its hotline, and the numbers that help at once, each with what it is."""

    name: str
    hotline: str
    numbers: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class State:
    """How far a conversation is. `key`: its own, of the registration and of the draft its pictures wait in.

    `found`: the matter whose number and code were right, by id, part ("" for none) and generation of the code.
    `receipt`: what was said when it was registered.
    """

    stage: Stage = Stage.IDLE
    key: str = ""
    said: tuple[str, ...] = ()
    pictures: int = 0
    voices: int = 0
    place: str = ""
    latitude: str = ""
    longitude: str = ""
    where: bool = False  # asked, and answered or left open
    name: str = ""
    phone: str = ""
    who: bool = False
    confidential: bool = False
    danger: bool = False
    number: str = ""
    found: tuple[str, str, int] | None = None
    receipt: str = ""

    @property
    def content(self) -> str:
        """The words as they came; where there are none, what came instead."""
        return "\n".join(self.said) or _files(self)


@dataclass(frozen=True)
class Turn:
    """What comes of one message. `takes`: the file that came with it belongs to the conversation. `code`: of a look-up."""

    state: State
    says: str = ""
    do: Do = Do.NOTHING
    takes: bool = False
    code: str = field(default="", repr=False)


def begun() -> State:
    """A conversation that starts, with a key of its own."""
    return State(key=secrets.token_urlsafe(16))


def back(state: State) -> State:
    """Where it was before somebody asked for another matter: nothing that was said meanwhile is lost."""
    open_ = bool(state.said or state.pictures or state.voices)
    stage = _stage(state) if open_ else Stage.DONE if state.receipt else Stage.IDLE
    return replace(state, stage=stage, number="", found=None)


def left_open(state: State) -> str:
    """What is still to be answered of a matter that is not registered; "" where there is none."""
    if state.stage not in (Stage.WHERE, Stage.WHO, Stage.CHECK):
        return ""
    return _("刚才的事还没有登记：") + "\n" + _asks(state)


def read(kept: dict[str, Any]) -> State:
    """From what was kept; what an earlier release knew and this one does not is left out."""
    known = {name: kept[name] for name in State.__dataclass_fields__ if name in kept}
    found = known.get("found")
    known |= {
        "stage": Stage(known.get("stage", "")),
        "said": tuple(known.get("said", ())),
        "found": tuple(found) if found else None,
    }
    return State(**known)


def turn(state: State, heard: Heard, house: House) -> Turn:
    """One message. Voices that were understood are words; a button of the menu is the word it stands for."""
    match heard.kind:
        case "event:subscribe":
            return Turn(State(), welcome(house))
        case "event:unsubscribe":
            return Turn(State(), do=Do.GONE)
        case "event:click":
            pressed = heard.pressed
            return _led(state, Word(pressed), house) if pressed in set(Word) else Turn(state)
        case "text" if heard.text:
            return _text(state, heard.text, house)
        case "voice" | "image":
            return _file(state, heard, house)
        case "location":
            return _located(state, heard)
        case "video" | "shortvideo" | "link" | "miniprogrampage" | "text":
            return Turn(state, _("这里只能收文字、语音、照片和位置。请换一种发。"))
    return Turn(state)  # other events ask nothing


def welcome(house: House) -> str:
    said = _("您好，这里是%(name)s群众说事。有事要说，直接打字、发语音、发照片都行，您说的事有人登记、有人答复。")
    more = _("查进度，回复“进度”。要找人，打 %(hotline)s。")
    return "\n".join([said % {"name": house.name}, more % {"hotline": house.hotline}, numbers(house)])


def _led(state: State, word: Word, house: House) -> Turn:
    match word:
        case Word.SAY if left_open(state):
            return Turn(state, left_open(state))
        case Word.SAY:
            return Turn(replace(begun(), stage=Stage.WHAT), _("请说，什么事？打字、发语音、发照片都行。"))
        case Word.TRACK:
            asked = _("请发事情的编号，回执上有，例如 SS-QH-20261201-0001。关联过的事，回复“我的事”就能看到。")
            return Turn(replace(state, stage=Stage.NUMBER), asked)
        case Word.MINE:
            return Turn(state, do=Do.OWN)
        case Word.CONTACT:
            said = _("说事热线：%(hotline)s。") % {"hotline": house.hotline}
            return Turn(state, said + "\n" + numbers(house))
        case Word.CANCEL if state.stage in (Stage.NUMBER, Stage.CODE, Stage.OFFER):
            over = back(state)
            return Turn(over, "\n".join(filter(None, [_("好的，不查了。"), left_open(over)])))
        case Word.CANCEL:
            return Turn(State(), _("好的，没有登记，刚才说的都不留。想说的时候，随时再说。"))
        case Word.AGAIN:
            return Turn(replace(begun(), stage=Stage.WHAT), _("好的，从头来。请说，什么事？"))
        case Word.UNBIND:
            return Turn(state, do=Do.UNBIND)
        case Word.THANKS:
            return Turn(state, left_open(state) or _("不客气。"))
    return Turn(state, _help(state, house))


def _help(state: State, house: House) -> str:
    said = [
        _("说事：直接打字、发语音、发照片。"),
        _("查进度：回复“进度”。看自己的事：回复“我的事”。"),
        _("说错了：回复“重来”。不说了：回复“取消”。不要再收到进展：回复“解绑”。"),
        _("找人：打 %(hotline)s。") % {"hotline": house.hotline},
    ]
    hint = _("刚才的事还没有登记：对，回复 1；不对，回复 2。") if state.stage is Stage.CHECK else left_open(state)
    return "\n".join(filter(None, [*said, hint]))


def numbers(house: House) -> str:
    """What is said first where there may be danger."""
    each = _("、").join(f"{name} {number}" for number, name in house.numbers)
    return _("有危险，请马上打电话：%(numbers)s。") % {"numbers": each}


def _text(state: State, text: str, house: House) -> Turn:
    word, typed = words.meant(text), words.plain(text)
    if word is not None and word not in (Word.SKIP, Word.RIGHT, Word.WRONG):
        return _led(state, word, house)
    asked = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if asked and len(asked[1]) >= 8 and (_DAY.search(asked[1]) or state.stage not in (Stage.WHERE, Stage.WHO)):
        number, code = asked[1], asked[2] or ""
        if code:
            return Turn(replace(state, number=number), do=Do.LOOK_UP, code=code)
        return Turn(replace(state, stage=Stage.CODE, number=number), _code_wanted())
    skips = word == Word.SKIP or typed == "0"
    match state.stage:
        case Stage.DONE if typed == "1":
            return Turn(state, state.receipt)
        case Stage.OFFER:
            return _offered(state, typed, text, house)
        case Stage.NUMBER:
            return Turn(state, _("没有认出编号。请照着回执发，例如 SS-QH-20261201-0001；不查了，回复“取消”。"))
        case Stage.CODE:
            return Turn(state, do=Do.LOOK_UP, code=text[:40])
        case Stage.WHERE if len(text) <= _PLACE:
            return _ask(replace(state, where=True, place="" if skips else text))
        case Stage.WHO:
            return _who(state, text, skips)
        case Stage.CHECK:
            return _checked(state, typed, text, house)
    if not state.said and (len(typed) < 2 or _SMILES.fullmatch(text)):  # a digit, a smile: not what somebody has to say
        return Turn(state, _help(state, house))
    return _told(state, text, house)


def _code_wanted() -> str:
    return _("请发查询码：回执上的八个字母和数字。")


def _offered(state: State, typed: str, text: str, house: House) -> Turn:
    if typed == "1":
        return Turn(state, do=Do.BIND)
    over = back(state)
    if typed not in ("0", "2"):
        return _text(over, text, house)
    said = _("好的。下次再查，还是发编号和查询码。")
    return Turn(over, "\n".join(filter(None, [said, left_open(over)])))


def _told(state: State, text: str, house: House) -> Turn:
    """Words of the matter: its first, or more of them."""
    now = state if state.key and state.stage != Stage.DONE else begun()
    if len(now.content) + len(text) > LONGEST:
        return Turn(now, _("太长了，这一段没有记下。写不下的，请打电话或者到受理中心说。"))
    first = words.danger(text) and not now.danger
    begins = _("记下了。还要问您两句，问完才登记。") if not now.said and not now.where else ""
    now = replace(now, said=(*now.said, text), danger=now.danger or first)
    return _ask(now, "\n".join(filter(None, [numbers(house) if first else "", begins])))


def _file(state: State, heard: Heard, house: House) -> Turn:
    now = state if state.key and state.stage != Stage.DONE else begun()
    if heard.kind == "image":
        if now.pictures >= PICTURES:
            return Turn(now, _("照片最多 %(most)d 张，这一张没有收。") % {"most": PICTURES})
        now = replace(now, pictures=now.pictures + 1)
        asks = _asks(now) if now.said or now.voices else _("照片收到了。是什么事？请打字，或者发语音说。")
        stage = _stage(now) if now.said or now.voices else Stage.WHAT
        taken = _("照片收到了，现在有 %(n)d 张。") % {"n": now.pictures} if now.said or now.voices else ""
        return Turn(replace(now, stage=stage), "\n".join(filter(None, [taken, asks])), takes=bool(heard.media_id))
    now = replace(now, voices=now.voices + 1)
    if heard.text:
        said = _told(now, _by_machine(heard.text), house)
        return replace(said, says=_("听到的是：“%(said)s”") % {"said": heard.text[:60]} + "\n" + said.says, takes=True)
    return replace(_ask(now, _("语音收到了，受理的人会听。")), takes=bool(heard.media_id))


def _by_machine(text: str) -> str:
    """What the platform understood, as everybody reads it afterwards: whoever said it wrote none of it."""
    with translation.override(settings.LANGUAGE_CODE):
        return _("〔语音，微信识别的〕%(text)s") % {"text": text}


def _located(state: State, heard: Heard) -> Turn:
    now = state if state.key and state.stage != Stage.DONE else begun()
    latitude, longitude = degrees.from_platform(heard.latitude, heard.longitude)
    now = replace(now, where=True, place=heard.text[:_PLACE], latitude=latitude, longitude=longitude)
    if not now.said and not now.voices:
        return Turn(replace(now, stage=Stage.WHAT), _("位置收到了。那里有什么事？请打字，或者发语音、照片。"))
    return _ask(now)


def _who(state: State, text: str, skips: bool) -> Turn:
    if skips:
        return _ask(replace(state, who=True, name="", phone=""))
    typed = unicodedata.normalize("NFKC", text)
    found = _PHONE.search(typed)
    name = words.trimmed(_PHONE.sub(" ", typed))
    if len(name) > _NAME:
        return Turn(state, _("这里请只发称呼和电话，例如：李大明 13800000000。不想留名，回复 0。"))
    try:
        phone = phones.normalise(found[0]) if found else ""
    except phones.BadNumber as bad:
        return Turn(state, str(bad))
    return _ask(replace(state, who=True, name=name, phone=phone))


def _checked(state: State, typed: str, text: str, house: House) -> Turn:
    if typed == "1" or words.meant(text) == Word.RIGHT:
        return Turn(state, do=Do.REGISTER)
    if words.meant(text) == Word.WRONG:
        return Turn(state, _("哪里不对？从头来，回复 2；只是少了什么，接着说就行。"))
    if typed == "2":
        return Turn(replace(begun(), stage=Stage.WHAT), _("好的，从头来。请说，什么事？"))
    if typed == "3" and _named(state):
        return _ask(replace(state, confidential=not state.confidential))
    if words.meant(text) == Word.SKIP or typed == "0":
        return _ask(state)
    return _told(state, text, house)


def _ask(state: State, before: str = "") -> Turn:
    """On to whatever is still open, with something said before it."""
    now = replace(state, stage=_stage(state))
    return Turn(now, "\n".join(filter(None, [before, _asks(now)])))


def _stage(state: State) -> Stage:
    if not state.said and not state.voices:
        return Stage.WHAT
    return Stage.CHECK if state.where and state.who else Stage.WHO if state.where else Stage.WHERE


def _asks(state: State) -> str:
    match _stage(state):
        case Stage.WHAT:
            return _("请说，什么事？打字、发语音、发照片都行。")
        case Stage.WHERE:
            return _("事情在哪里？请打字，或者发个位置。说不清楚，回复 0。有照片也可以发。")
        case Stage.WHO:
            return _("您怎么称呼，电话多少？例如：李大明 13800000000。不想留名，回复 0，那就只能凭编号和查询码查答复。")
    lines = [
        _("请看对不对："),
        _("什么事：%(said)s") % {"said": _quoted(state.content)},
        *([_files(state)] if state.said and (state.pictures or state.voices) else []),
        _("在哪里：%(place)s") % {"place": _place(state)},
        _("说事人：%(who)s") % {"who": _called(state)},
        *([_("您说的像是急事，登记以后值班员马上看。")] if state.danger else []),
        _("对，回复 1，马上登记。不对，回复 2，从头来。还要补充，接着说。"),
    ]
    if _named(state) and not state.confidential:
        lines.append(_("名字和电话不想让承办的单位知道，回复 3。"))
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return _cut(text, _QUOTED)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + _("……（后面的也记下了）")


def _files(state: State) -> str:
    pictures = _("照片 %(n)d 张") % {"n": state.pictures} if state.pictures else ""
    voices = _("语音 %(n)d 段") % {"n": state.voices} if state.voices else ""
    return _("、").join(filter(None, [pictures, voices]))


def _place(state: State) -> str:
    return _cut(state.place, _SHOWN_PLACE) or (_("您发来的位置") if state.latitude else _("没有说"))


def _named(state: State) -> bool:
    return bool(state.name or state.phone)


def _called(state: State) -> str:
    if not _named(state):
        return _("不留名")
    who = " ".join(filter(None, [state.name, state.phone]))
    return _("%(who)s（对承办单位保密）") % {"who": who} if state.confidential else who
