"""Promises and outcomes in the words the resident reads. Tags of every page are kernel's."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from shuoshi.matters.models import ResultPoint
from shuoshi.matters.queries import promises
from shuoshi.matters.queries.tracking import Promise

register = template.Library()


@register.filter
def promised_words(promise: Promise) -> str:
    """What is promised, as said to the resident."""
    return str(promises.PROMISED[promise.kind])


@register.filter
def outcome(point: ResultPoint) -> str:
    return promises.outcome_words(point)


@register.filter
def promise_state(state: str) -> str:
    """The mark of a line in words, for those who hear the page."""
    names = {"kept": _("做到了"), "due": _("正在做"), "missed": _("没有按时做到"), "later": _("接下来")}
    return names.get(state, "")
