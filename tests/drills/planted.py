"""Matters in every situation that decides who may know of them, each full of things that can be searched for."""

from __future__ import annotations

from dataclasses import dataclass, field

from shuoshi.matters import query_code, terms
from shuoshi.matters.intake import PersonSaid
from shuoshi.matters.models import Matter
from shuoshi.matters.scope import visible_to
from shuoshi.matters.vocabulary import Action, Naming, Status, Urgency
from tests.support.attempts import sample
from tests.support.village import Place

COMMON = "水缸底下"  # in the words of every matter: what a search finds
_GIVEN = "甲乙丙丁戊己庚辛壬癸子丑寅卯"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(n: int) -> str:
    """One that its last character proves."""
    body = f"33022519700101{n:03d}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


@dataclass
class Thing:
    """One planted matter. `words` whoever sees the matter may read; `private` is on no page that anybody opens by a
    link; `inside` is for staff only."""

    matter: Matter
    words: str
    inside: str
    private: tuple[str, ...]


@dataclass
class Planted:
    town: Place
    things: list[Thing] = field(default_factory=list)

    def plant(self, status: Status = Status.REGISTERED, **said: object) -> Thing:
        """A matter that came to `status`, with things of its own in every field."""
        n = len(self.things)
        words, inside = f"第{_GIVEN[n]}口{COMMON}", f"屋里第{_GIVEN[n]}句"
        name, phone = f"褚{_GIVEN[n]}兰芝", f"1371111{n:04d}"
        other, own = f"1372222{n:04d}", id_number(n)
        given: dict[str, object] = {
            "content": f"钥匙藏在{words}，别告诉别人。",
            "speaker": PersonSaid(name=name, phone=phone, id_number=own),
            "on_behalf_of": PersonSaid(name=f"濮{_GIVEN[n]}桂香", phone=other),
            "demands": (f"{words}要保密",),
            "place": f"{words}旁边",
            "files": (terms.FileGiven(f"{words}.jpg", f"{words}的照片".encode(), "image/jpeg"),),
            "concerns_words": f"{words}那一家",
        }
        if said.get("naming") == Naming.ANONYMOUS:
            given |= {"speaker": None, "on_behalf_of": None}
        matter = self.town.matter_in(status, **given | said)
        code = query_code.code_of(matter)
        private = (name, phone, own, f"濮{_GIVEN[n]}桂香", other, code, query_code.in_fours(code))
        self.things.append(Thing(matter, words, inside, private))
        return self.things[-1]

    def note(self, thing: Thing, who: str) -> None:
        thing.matter = self.town.run(who, terms.Note(text=thing.inside), thing.matter)

    def visible(self, name: str) -> set[str]:
        """The words this person may read now: of matters in scope and of no others."""
        scope = set(visible_to(self.town.actor(name)).values_list("pk", flat=True))
        return {thing.words for thing in self.things if thing.matter.pk in scope}

    @property
    def private(self) -> list[str]:
        return [one for thing in self.things for one in thing.private]


def everything(town: Place) -> Planted:
    """A matter in each situation: seen by all of the tier, by a unit, by the tier above, kept from a person or unit."""
    planted = Planted(town)
    plant = planted.plant
    planted.note(plant(by="王芳"), "王芳")
    plant(danger_ticked=True)
    plant(Status.ACCEPTED, naming=Naming.ANONYMOUS)
    planted.note(plant(Status.IN_HANDLING), "孙丽")
    plant(Status.IN_HANDLING, naming=Naming.CONFIDENTIAL)
    plant(Status.IN_FOLLOW_UP)
    plant(Status.CLOSED)
    returned = plant(Status.ASSIGNED)
    returned.matter = town.run("周建国", sample(town, Action.REQUEST_RETURN, returned.matter), returned.matter)
    plant(by="王芳", urgency=Urgency.U1)
    of_handler = plant(Status.ACCEPTED, concerns_people=(town.persons["孙丽"],))
    of_handler.matter = town.assign(town.classify(of_handler.matter), "城建办")
    of_unit = plant(Status.ACCEPTED, concerns_units=(town.units["城建办"].pk,))
    of_unit.matter = town.sign_for(town.assign(town.classify(of_unit.matter), "水利站"), "李国强")
    plant(concerns_people=(town.persons["刘敏"], town.persons["马镇长"]))
    plant(concerns_units=(town.units["青禾镇"].pk,))
    return planted
