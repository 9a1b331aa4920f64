"""What is refused where a receipt is lost, and where somebody would hide a name that is not theirs to hide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shuoshi.matters import actions
from shuoshi.matters.models import Matter
from shuoshi.matters.vocabulary import Action, Naming
from tests.matters import outside
from tests.support.village import Place

SHOWN: dict[str, Any] = {"document": "id_card", "last_four": "002X", "facts": ["name", "what"], "words": "洗坏了"}


def _shown(**changed: Any) -> actions.Identified:
    return actions.Identified(**SHOWN | changed)


def _handed_out(town: Place, matter: Matter) -> object:
    return actions.reissue_at_counter(matter.pk, _shown(), actor=town.actor("王芳"))


def _hidden(town: Place, matter: Matter, naming: Naming = Naming.CONFIDENTIAL) -> object:
    return actions.choose_naming(matter.pk, naming, actor=town.speaker(matter))


LOST: dict[str, Callable[[Place], object]] = {
    "document_missing": lambda t: _shown(document="library_card"),
    "last_four_odd": lambda t: _shown(last_four="12345"),
    "facts_missing": lambda t: _shown(facts=["name", "name"]),
    "reissue_reason": lambda t: _shown(words=" "),
    "nobody_known": lambda t: _handed_out(t, t.raise_matter(naming=Naming.ANONYMOUS)),
    "receipt_waits": lambda t: _handed_out(t, t.raise_matter(by="王芳")),
    "not_by_phone": lambda t: actions.reissue_by_phone(t.raise_matter().pk, "of another number", key="k"),
    "naming_not_theirs": lambda t: actions.choose_naming(
        t.raise_matter().pk, Naming.CONFIDENTIAL, actor=t.actor("王芳")
    ),
    "no_name_given": lambda t: _hidden(t, t.raise_matter(naming=Naming.ANONYMOUS)),
    "named_in_mediation": lambda t: _hidden(t, t.mediate()),
    "named_to_agent": lambda t: _hidden(t, outside.entrusted(t, Action.TAKE_PAPERS)),
}
