"""What goes over the line, as the specification has it. Every text is cut of control signs that no database takes."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field

from shuoshi.api.rest.words import lazily as _

PHOTOS = 9  # of one matter
_ANSWERS = 50
PAGE, LARGEST_PAGE = 50, 200


def _line(value: object) -> object:
    return " ".join(value.replace("\x00", "").split()) if isinstance(value, str) else value


def _text(value: object) -> object:
    return value.replace("\x00", "").strip() if isinstance(value, str) else value


def _few(value: object) -> object:
    """Looked at before its parts are: no category asks so much."""
    if isinstance(value, dict) and len(value) > _ANSWERS:
        raise ValueError("too many")
    return value


Line = Annotated[str, BeforeValidator(_line)]
Text = Annotated[str, BeforeValidator(_text)]


class Given(Schema):
    """What a program sends: nothing may be in it that is not known, lest it be lost without a word."""

    model_config = ConfigDict(extra="forbid")


class Speaker(Given):
    name: Line = Field("", max_length=60, description=_("姓名"))
    phone: Line = Field("", max_length=40, description=_("电话，中国大陆的不写 +86"))
    email: Line = Field("", max_length=120, description=_("电子邮箱"))


class MatterGiven(Given):
    content: Text = Field(min_length=1, max_length=20_000, description=_("说事人的原话"))
    category: Line = Field("general", max_length=24, description=_("类别，见 /categories；说不清的不写"))
    answers: dict[str, Line] = Field(
        default_factory=dict, max_length=50, description=_("这一类问题的回答，按问题的代码")
    )
    speaker: Speaker | None = Field(None, description=_("谁在说；不写就是匿名"))
    area: UUID | None = Field(None, description=_("哪个村组，见 /areas"))
    place: Line = Field("", max_length=200, description=_("哪个地方，用话说"))
    latitude: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False, strict=True, description=_("纬度，WGS 84"))
    longitude: float | None = Field(
        None, ge=-180, le=180, allow_inf_nan=False, strict=True, description=_("经度，WGS 84")
    )
    photos: list[Line] = Field(default_factory=list, max_length=PHOTOS, description=_("照片，先用 /photos 上传"))


class Matter(Schema):
    id: str = Field(description=_("这件事在接口里的名字，猜不到，也不是我们的编号"))
    category: str
    status: str = Field(description=_("办到哪一步，代码"))
    status_text: str = Field(description=_("办到哪一步，文字"))
    over: bool = Field(description=_("办结了，或者不予受理"))
    unit: str | None = Field(description=_("承办单位"))
    registered_at: str = Field(description=_("登记的时间，UTC，RFC 3339"))
    changed_at: str = Field(description=_("说事人看得到的最近一次变化"))
    promised_by: str | None = Field(description=_("答应说事人的日期"))


class Registered(Schema):
    """The same however often it is sent: how the matter stands by now is asked for by its name."""

    id: str = Field(description=_("这件事在接口里的名字，猜不到，也不是我们的编号"))
    category: str
    registered_at: str = Field(description=_("登记的时间，UTC，RFC 3339"))


class Matters(Schema):
    items: list[Matter]
    next: str | None = Field(description=_("下一页的 cursor；没有了是 null"))


class Photo(Schema):
    id: str = Field(description=_("登记时写在 photos 里"))
    sha256: str = Field(description=_("整理后的照片的 SHA-256"))
    size: int = Field(description=_("整理后的字节数"))
    kept_until: str = Field(description=_("留到什么时候"))


class Choice(Schema):
    value: str
    text: str


class Question(Schema):
    code: str
    text: str
    type: str = Field(description="choice, yes_no, number, date, text")
    required: bool
    when: str = Field(description=_("什么时候才问，用话说；总要问的是空的"))
    choices: list[Choice]


class Category(Schema):
    code: str
    name: str
    group: str
    description: str
    questions: list[Question]


class Area(Schema):
    id: UUID
    name: str
    inside: UUID | None = Field(description=_("在哪个区域里面"))


class Wrong(Schema):
    at: str = Field(description=_("哪里不对：内容里的 JSON pointer，或者 query、header 和名字"))
    detail: str


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Wrong] | None = None
