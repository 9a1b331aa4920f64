"""Forgetting a person: the key goes, and what the blind index knew. Whether the law still wants them known, callers ask."""

from __future__ import annotations

from shuoshi.kernel.events import Story
from shuoshi.people.models import Person


def is_staff(person: Person) -> bool:
    """Whoever holds or held a post, or has an account: their names stand under what they did for the institution."""
    return Person.objects.filter(pk=person.pk, accounts__isnull=False).exists() or (
        Person.objects.filter(pk=person.pk, posts__isnull=False).exists()
    )


def erase(story: Story, person: Person) -> None:
    """Destroy the key of a person inside the caller's story: name, numbers and addresses are gone, nobody finds them by one.

    Once erased nothing changes. Raises ValueError for staff.
    """
    if person.is_erased:
        return
    if is_staff(person):
        raise ValueError("staff are not erased: their names stand under their deeds")
    for contact in person.contact_points.all():
        contact.person = person
        gone = {"index": f"erased {contact.pk.hex}"} if contact.index else {}
        story.change(contact, valid=False, value="", **gone)
    story.change(person, id_number="", id_index="")
    story.erase(person)
