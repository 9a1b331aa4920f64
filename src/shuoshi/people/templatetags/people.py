"""Masks as filters: templates draw what `people.masks` decides, and nothing else."""

from __future__ import annotations

from django import template

from shuoshi.people import masks

register = template.Library()
register.filter("masked_name", masks.masked_name)
register.filter("masked_phone", masks.masked_phone)
register.filter("masked_email", masks.masked_email)
