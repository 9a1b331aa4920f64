"""From a folder of YAML files to a checked profile; every fault is named with its file, its line and what to do.

The files are joined: a list under the same name in two files is one list, so that each kind has a file of its own.
A variant says only what differs from the default: its mappings are laid over the default's, its lists replace them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from pydantic import ValidationError

from shuoshi.organization.profile import check
from shuoshi.organization.profile.faults import Fault, ProfileFaults, said
from shuoshi.organization.profile.schema import Profile

DEFAULT = Path(__file__).parent / "default"
VARIANTS = Path(__file__).parent / "variants"

Place = tuple[str | int, ...]


def load(directory: Path = DEFAULT) -> Profile:
    """The profile in the *.yaml files of `directory`. Raises ProfileFaults."""
    return _checked(_Source(directory))


def variants() -> list[str]:
    """The kinds of institution there are rules for: the default's code first."""
    return [DEFAULT.name, *sorted(path.name for path in VARIANTS.iterdir() if path.is_dir())]


def variant(name: str) -> Profile:
    """The rules for one kind of institution. Raises KeyError for a name that `variants` does not list."""
    if name not in variants():
        raise KeyError(name)
    source = _Source(DEFAULT)
    if name != DEFAULT.name:
        source.lay_over(_Source(VARIANTS / name))
    return _checked(source)


def _checked(source: _Source) -> Profile:
    try:
        profile = Profile.model_validate(source.data)
    except ValidationError as problem:
        raise ProfileFaults([source.fault(error["loc"], said(error)) for error in problem.errors()]) from None
    found = [source.fault(place, text) for place, text in check.faults(profile)]
    if found:
        raise ProfileFaults(found)
    return profile


class _Source:
    """The joined data of a folder, and where in which file each piece of it stands."""

    def __init__(self, directory: Path) -> None:
        self.data: dict[str, Any] = {}
        self._places: dict[Place, tuple[str, int]] = {}
        files = sorted(directory.glob("*.yaml"))
        if not files:
            raise ProfileFaults([Fault(str(directory), 1, "*", _("这里没有 .yaml 文件。请核对路径。"))])
        self._first = files[0].name
        for file in files:
            self._read(file)

    def fault(self, place: Place, text: str) -> Fault:
        """A fault at `place`, or at the nearest piece above it that was written down."""
        known: Place = ()
        for part in place:
            if (*known, part) in self._places:
                known = (*known, part)
        file, line = self._places.get(known, (self._first, 1))
        return Fault(file, line, ".".join(map(str, known)) or "-", text)

    def lay_over(self, other: _Source) -> None:
        """Take over what `other` says: mappings piece by piece, everything else whole."""
        self._first = other._first
        self._lay_over(self.data, other.data, (), other)

    def _lay_over(self, mine: dict[str, Any], theirs: dict[str, Any], place: Place, other: _Source) -> None:
        for key, value in theirs.items():
            here: Place = (*place, key)
            if isinstance(value, dict) and isinstance(mine.get(key), dict):
                self._lay_over(mine[key], value, here, other)
                continue
            mine[key] = value
            depth = len(here)
            kept = {known: at for known, at in self._places.items() if known[:depth] != here}
            self._places = kept | {known: at for known, at in other._places.items() if known[:depth] == here}

    def _read(self, file: Path) -> None:
        loader = yaml.SafeLoader(file.read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
            if not isinstance(node, yaml.MappingNode):
                raise ProfileFaults([Fault(file.name, 1, "-", _("文件应当由“名称: 内容”组成。请参照默认规则。"))])
            self._refuse_twice(node, file.name)
            content: dict[str, Any] = loader.construct_document(node)
        except yaml.MarkedYAMLError as problem:
            line = problem.problem_mark.line + 1 if problem.problem_mark else 1
            text = _("写法有误（%(problem)s）。请检查缩进、冒号和引号。") % {"problem": problem.problem}
            raise ProfileFaults([Fault(file.name, line, "-", text)]) from None
        finally:
            loader.dispose()
        for key, value in node.value:
            self._join(key.value, content[key.value], value, file.name)

    def _join(self, key: str, content: Any, node: yaml.Node, file: str) -> None:
        earlier = self.data.get(key)
        if isinstance(earlier, list) and isinstance(content, list):
            for offset, item in enumerate(node.value):
                self._note((key, len(earlier) + offset), item, file)
            earlier.extend(content)
        elif earlier is not None:
            text = _("“%(key)s”在别的文件里已经写过。请只保留一处。") % {"key": key}
            raise ProfileFaults([Fault(file, node.start_mark.line + 1, key, text)])
        else:
            self.data[key] = content
            self._note((key,), node, file)

    def _note(self, place: Place, node: yaml.Node, file: str) -> None:
        self._places[place] = (file, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._note((*place, key.value), value, file)
                self._places[(*place, key.value)] = (file, key.start_mark.line + 1)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self._note((*place, index), item, file)

    def _refuse_twice(self, node: yaml.Node, file: str) -> None:
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    text = _("“%(key)s”写了两次。请只保留一处。") % {"key": key.value}
                    raise ProfileFaults([Fault(file, key.start_mark.line + 1, str(key.value), text)])
                seen.add(key.value)
                self._refuse_twice(value, file)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._refuse_twice(item, file)
