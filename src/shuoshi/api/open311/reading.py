"""What a client sent, as `Sent`, and what it asks for, as filters. Whatever does not fit is a Fault with a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from shuoshi.api.faults import Fault
from shuoshi.api.services import Service, service
from shuoshi.channels.platforms.posting import Sent
from shuoshi.channels.platforms.queries import MOST
from shuoshi.kernel import clock
from shuoshi.organization.profile import Profile, Question

DESCRIPTION, ADDRESS, NAME = 4000, 200, 60  # characters
SPAN = timedelta(days=90)  # of one list
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](\[\])?")
_IDEOGRAPHS = re.compile("[\u3400-\u9fff]")


def sent(request: HttpRequest, profile: Profile) -> Sent:
    """The posted request, without its files. Raises Fault."""
    posted = request.POST
    asked = service(profile, _line(posted, "service_code", 24))
    if asked is None:
        missing = not posted.get("service_code")
        raise Fault(400 if missing else 404, _("请写明是哪类事（service_code），看 services 里有哪些。"))
    latitude, longitude, place = _where(posted)
    return Sent(
        service=asked.code,
        category=asked.category.code if asked.category else "",
        content=_content(posted, asked),
        media_url=_line(posted, "media_url", 500),
        answers=_answers(posted, asked),
        name=_name(posted),
        phone=_line(posted, "phone", 40),
        email=_line(posted, "email", 120),
        key=request.headers.get("Idempotency-Key", ""),
        place=place,
        latitude=latitude,
        longitude=longitude,
    )


def _content(posted: QueryDict, asked: Service) -> str:
    """The resident's words; "" where the category says all."""
    said = posted.get("description", "").replace("\x00", "").strip()
    if len(said) > DESCRIPTION:
        raise Fault(400, _("description 最多 4,000 字，现在是 %(n)d 字。") % {"n": len(said)})
    if not said and asked.category is None:
        raise Fault(400, _("请写下是什么事（description）。"))
    return said


def _where(posted: QueryDict) -> tuple[str, str, str]:
    """Latitude and longitude, or an address, or both. There is no register of addresses whose ids could be sent."""
    latitude, longitude = _degrees(posted, "lat", 90), _degrees(posted, "long", 180)
    place = _line(posted, "address_string", ADDRESS)
    if bool(latitude) != bool(longitude):
        raise Fault(400, _("lat 和 long 要一起写。"))
    if not latitude and not place:
        raise Fault(400, _("请写明在哪里：lat 和 long，或者 address_string。"))
    return latitude, longitude, place


def _degrees(posted: QueryDict, name: str, most: int) -> str:
    typed = posted.get(name, "").strip()
    try:
        value = float(typed) if typed else 0.0
    except ValueError:
        value = math.nan
    if not abs(value) <= most:  # also of what is no number
        raise Fault(400, _("%(name)s 要写成度数，例如 30.6571。") % {"name": name})
    return f"{value:.6f}" if typed else ""


def _name(posted: QueryDict) -> str:
    """Family name first where it is written in Chinese, as the forms of others have two fields for it."""
    first, last = _line(posted, "first_name", NAME), _line(posted, "last_name", NAME)
    if _IDEOGRAPHS.search(first) and _IDEOGRAPHS.search(last):
        return last + first
    return " ".join(filter(None, (first, last)))


def _line(posted: Mapping[str, str], name: str, most: int) -> str:
    value = " ".join(posted.get(name, "").replace("\x00", "").split())
    if len(value) > most:
        raise Fault(400, _("%(name)s 最多 %(most)d 字。") % {"name": name, "most": most})
    return value


def _answers(posted: QueryDict, asked: Service) -> dict[str, str]:
    """By the code of the question; which of them must be there, the definition of the service says."""
    given: dict[str, str] = {}
    questions = {one.code: one for one in asked.questions}
    for name in posted:
        if (match := _ATTRIBUTE.fullmatch(name)) is None:
            continue
        question, values = questions.get(match[1]), [one for one in posted.getlist(name) if one.strip()]
        if question is None:
            raise Fault(400, _("这类事没有 attribute[%(code)s]。") % {"code": match[1]})
        if len(values) > 1 or match[1] in given:
            raise Fault(400, _("attribute[%(code)s] 只能回答一个。") % {"code": match[1]})
        if values:
            given[match[1]] = _fitting(question, values[0].strip())
    if needed := asked.missing(given):
        codes = _("、").join(f"attribute[{code}]" for code in needed)
        raise Fault(400, _("还缺回答：%(codes)s。") % {"codes": codes})
    return given


def _fitting(question: Question, value: str) -> str:
    if question.type == "date" and (moment := _moment(value)) is not None:
        value = clock.local(moment).date().isoformat()
    if not question.takes(value):
        raise Fault(400, _("attribute[%(code)s] 的回答不合适。") % {"code": question.code})
    return value


# ── what is asked for ─────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Filters:
    """Which requests: these by name, or those of a span of days, of these services, open or ended."""

    names: tuple[str, ...]
    services: tuple[str, ...]
    begins: datetime
    ends: datetime
    over: bool | None
    most: int


def filters(asked: QueryDict, now: datetime) -> Filters:
    """Empty is as good as not there. Raises Fault."""
    begins, ends = _bound(asked, "start_date"), _bound(asked, "end_date")
    if ends is not None and not ends.microsecond:
        ends = ends.replace(microsecond=999_999)  # our own moments are told in whole seconds
    if begins is not None and ends is not None and begins > ends:
        raise Fault(400, _("start_date 要在 end_date 之前。"))
    if begins is not None and ends is not None and ends - begins >= SPAN + timedelta(seconds=1):
        raise Fault(400, _("一次最多查 90 天。"))
    if begins is None:
        ends = now if ends is None else ends
        begins = ends - SPAN
    elif ends is None:
        ends = begins + SPAN
    assert ends is not None
    return Filters(
        names=_several(asked, "service_request_id"),
        services=_several(asked, "service_code"),
        begins=begins,
        ends=ends,
        over=_over(_several(asked, "status")),
        most=_most(asked),
    )


def _several(asked: QueryDict, name: str) -> tuple[str, ...]:
    """Declared several times, or separated by commas."""
    words = (part.strip().replace("\x00", "") for value in asked.getlist(name) for part in value.split(","))
    return tuple(filter(None, words))[:MOST]


def _over(status: tuple[str, ...]) -> bool | None:
    unknown = set(status) - {"open", "closed"}
    if unknown:
        raise Fault(400, _("status 只能是 open 或 closed。"))
    return None if len(set(status)) != 1 else status[0] == "closed"


def _most(asked: QueryDict) -> int:
    typed = asked.get("page_size", "").strip()
    if typed and not (typed.isascii() and typed.isdigit() and 0 < int(typed[:6]) <= MOST):
        raise Fault(400, _("page_size 是 1 到 1000。"))
    return int(typed) if typed else MOST


def _bound(asked: QueryDict, name: str) -> datetime | None:
    typed = asked.get(name, "").strip()
    if not typed:
        return None
    found = _moment(typed)
    if found is None:
        raise Fault(400, _("%(name)s 要写成 2026-01-01T00:00:00Z 这样。") % {"name": name})
    return found


def _moment(typed: str) -> datetime | None:
    """A moment as W3C writes it; without a zone, here. A + of an address that nobody escaped arrives as a space."""
    try:
        found = parse_datetime(re.sub(r" (\d\d:?\d\d)$", r"+\1", typed))
    except ValueError:
        return None
    if found is None:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=clock.INSTITUTION_ZONE)
    return found if 1970 < found.year < 9000 else None
