"""Categories as the standard's services, their questions as attributes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from shuoshi.api.open311.written import Value
from shuoshi.api.services import Service, choices
from shuoshi.organization.profile import Question

_DATATYPE = {
    "choice": "singlevaluelist",
    "yes_no": "singlevaluelist",
    "number": "number",
    "date": "datetime",
    "text": "text",
}


def as_listed(service: Service) -> dict[str, Value]:
    """As GET services has it."""
    spoken = service.category.spoken if service.category else ()
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.description,
        "metadata": bool(service.questions),
        "type": "realtime",
        "keywords": ", ".join(spoken),
        "group": service.group,
    }


def as_defined(service: Service) -> dict[str, Value]:
    """As GET services/<code> has it."""
    return {
        "service_code": service.code,
        "attributes": [_attribute(service, n, one) for n, one in enumerate(service.questions, start=1)],
    }


def _attribute(service: Service, order: int, question: Question) -> dict[str, Value]:
    shown: dict[str, Value] = {
        "variable": True,
        "code": question.code,
        "datatype": _DATATYPE[question.type],
        "required": question.required and question.visible_when is None,
        "datatype_description": service.when(question) or _how(question),
        "order": order,
        "description": str(question.text),
    }
    values: list[Value] = [{"key": key, "name": name} for key, name in choices(question)]
    return shown | ({"values": values} if values else {})


def _how(question: Question) -> str | None:
    """What a client must know that the datatype does not say."""
    return _("日期，像 2026-11-23。") if question.type == "date" else None
