"""Which copies stay at a place, and how the others go: first what makes one a copy, then its parts, then files of none."""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, groupby
from pathlib import Path

from shuoshi.kernel import clock
from shuoshi.kernel.copies import form
from shuoshi.kernel.copies.attachments import FOLDER, folder_of
from shuoshi.kernel.copies.form import Reader
from shuoshi.kernel.copies.targets import Target

DAYS, WEEKS, MONTHS = 7, 4, 12  # the last copy of each stays
YOUNG = timedelta(days=1)  # what is younger may belong to a copy under way
_FOLDERS = [f"{number:02x}" for number in range(256)]  # those without a file in any list are looked through too


def staying(times: Collection[datetime]) -> set[datetime]:
    """The times of the copies that stay: the last one of each of the last 7 days, 4 weeks and 12 months that have any.

    By the institution's calendar. Where no new copy comes, no old one goes.
    """
    kept: set[datetime] = set()
    for most, period in ((DAYS, "%Y-%m-%d"), (WEEKS, "%G-%V"), (MONTHS, "%Y-%m")):
        last = {f"{clock.local(at):{period}}": at for at in sorted(times)}
        kept.update(sorted(last.values())[-most:])
    return kept


def thin(target: Target, directory: Path) -> list[str]:
    """Take away the copies that need not stay, and the files that no copy names any more; the names of those copies."""
    times = {name: at for name in form.complete(target) if (at := form.time_of(name)) is not None}
    stay = staying(list(times.values()))
    gone = [name for name, at in times.items() if at not in stay]
    for name in gone:
        take_away(target, name)
    clear_broken(target)
    _clear_files(target, [Reader(target, directory, name) for name in times if name not in gone])
    return gone


def take_away(target: Target, name: str) -> None:
    """A copy, or what there is of one."""
    target.delete(form.manifest_of(name))
    for part in list(target.objects(f"{form.PARTS}{name}/")):
        target.delete(part.name)


def clear_broken(target: Target) -> None:
    """Take away the parts of copies that were broken off, and what else a crash left half written."""
    stand = set(form.complete(target))
    for one in chain(list(target.objects(form.PARTS)), list(target.objects(form.MANIFESTS))):
        name = one.name.split("/")[1]
        if name not in stand and one.age > YOUNG.total_seconds():
            target.delete(one.name)


def _clear_files(target: Target, copies: Iterable[Reader]) -> None:
    """Folder by folder: the lists of all copies come in the order of their names, so that one folder is in memory."""
    named = heapq.merge(*(_names(copy) for copy in copies), _FOLDERS)
    for folder, group in groupby(named, folder_of):
        wanted = set(group)
        for one in list(target.objects(f"{FOLDER}{folder}/")):
            name = one.name.rpartition("/")[2].partition(".")[0]
            if name not in wanted and one.age > YOUNG.total_seconds():
                target.delete(one.name)


def _names(copy: Reader) -> Iterator[str]:
    return (json.loads(line)[0] for line in copy.files())
