"""People made through the real verbs, and what they do at the sign-in page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM, Actor, ActorKind
from shuoshi.kernel.events import Story, Stream
from shuoshi.people import actions, totp
from shuoshi.people.given import Kept, PersonGiven
from shuoshi.people.models import Account, Person
from shuoshi.people.sign_in import Failed, authenticate

PASSWORD = "柳湾村口那棵大樟树，栽于 1978"
OWN_NETWORK, OTHER_NETWORK = "192.0.2.7", "198.51.100.9"


@dataclass
class Staff:
    person: Person
    account: Account

    @property
    def actor(self) -> Actor:
        return Actor(ActorKind.STAFF, person_id=self.person.pk, account_id=self.account.pk)

    def signs_in(
        self,
        code: str = "",
        *,
        password: str = PASSWORD,
        device: str = "",
        network: str = OWN_NETWORK,
        at: datetime | None = None,
    ) -> Account | Failed:
        now = at or clock.now()
        return authenticate(self.account.username, password, code, device=device, network=network, now=now)

    def enrols(self, at: datetime) -> tuple[str, list[str]]:
        """Binds an authenticator at a moment; returns its secret and the codes on paper."""
        with clock.simulated(at):
            secret = actions.enrol_totp(self.account.pk, actor=self.actor)
            codes = actions.confirm_totp(self.account.pk, totp.code_at(secret, at), actor=self.actor)
        self.account.refresh_from_db()
        return secret, codes


def keep(given: PersonGiven) -> Kept:
    """`actions.keep` in a story of its own."""
    story = Story(Stream("matter", "test"), "register", by=SYSTEM, at=clock.now())
    kept = actions.keep(story, given)
    story.tell()
    return kept


def build(name: str = "王强", username: str = "wangqiang") -> Staff:
    person = keep(PersonGiven(name=name)).person
    account, _first = actions.create_account(person.pk, username, actor=SYSTEM, password=PASSWORD)
    return Staff(person, account)
