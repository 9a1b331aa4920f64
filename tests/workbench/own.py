"""Something of everything that somebody keeps for the own work."""

from __future__ import annotations

from shuoshi.kernel import clock
from shuoshi.matters import terms
from shuoshi.workbench import phrases, reminding, watching
from shuoshi.workbench.models import Scope
from shuoshi.workbench.phrases import PhraseGiven
from tests.support.village import Place


def kept(town: Place, who: str) -> None:
    """A phrase, a watched matter to which something happened, and a reminder for today."""
    actor = town.actor(who)
    given = PhraseGiven(scope=Scope.OWN, short="hf", text="{称呼}，您反映的事由{承办单位}办。")
    phrases.write(given, actor=actor, key=f"phrase of {who}")
    matter = town.raise_matter(by=who)
    watching.begin(matter.pk, actor=actor)
    reminding.remind(
        matter.pk, clock.local(clock.now()).date(), "问材料齐了没有", actor=actor, key=f"reminder of {who}"
    )
    town.run(town.speaker(matter), terms.AddInformation(text="又坏了一盏"), matter)
