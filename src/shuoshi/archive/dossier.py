"""One matter, one file (一事一档): all its papers, what was done and said, its events and pictures, as one PDF.

It holds what whoever asked for it may read at the moment it is made: names masked as on papers, words of a confidential
speaker veiled, covered pictures and recordings only listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from shuoshi.archive import blocks
from shuoshi.archive.models import MadeFile
from shuoshi.kernel import files, pictures
from shuoshi.kernel.actors import Actor
from shuoshi.kernel.events import Event
from shuoshi.kernel.papers import joining, press
from shuoshi.matters import actions, papers
from shuoshi.matters.case import Case
from shuoshi.matters.models import Attachment, Entry, Matter
from shuoshi.matters.papers import wording
from shuoshi.matters.policies import home_registrar
from shuoshi.matters.purpose import Purpose
from shuoshi.matters.queries.matter import MatterView, matter_page
from shuoshi.matters.vocabulary import Action, Audience, Exit, Naming
from shuoshi.organization import queries as organization

PICTURES = 60  # shown in the PDF; all are in the archive beside it
_SHOWN = {"image/jpeg": "jpg", "image/png": "png"}
_LARGEST = 3 * 1024 * 1024  # bytes of a picture that is set at full size; of a larger one its small version

Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Part:
    """A piece of the dossier. `file` is what it is called where it lies alone; `event` the hash of the event behind it."""

    name: str
    file: str
    pdf: bytes
    event: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True)
class Enclosed:
    """A file that somebody gave, as it may be handed on."""

    name: str
    data: bytes
    sha256: str
    event: str
    at: datetime


@dataclass(frozen=True)
class Dossier:
    """What was made of a matter. `left_out`: files that are listed and not in it, with the reason."""

    matter: Matter
    at: datetime
    head: str  # hash of the last event of the matter then
    pdf: bytes
    parts: Sequence[Part]
    enclosed: Sequence[Enclosed]
    left_out: Sequence[tuple[str, str]]


class Maker:
    """Makes one dossier. `address`: where papers are checked."""

    def __init__(self, number: str, purpose: str, who: str, address: str, *, actor: Actor, now: datetime) -> None:
        """Raises Matter.DoesNotExist where the actor may not know of the matter now, crypto.Erased when it is gone."""
        self._view: MatterView = matter_page(actor, number, now)
        self.matter = self._view.matter
        self.matter.data_key()
        self._case = Case(actor=actor, matter=self.matter, standing=self._view.standing, now=now)
        self._purpose, self._who, self._address, self._now = purpose, who, address, now
        self._events = list(
            Event.objects.filter(stream_kind="matter", stream_id=str(self.matter.pk)).order_by("sequence")
        )
        self._left_out: list[tuple[str, str]] = []

    def make(self, told: Told) -> Dossier:
        with wording.official():
            refs = [one for one in papers.refs(self.matter) if actions.may_read_paper(self._case, one.kind)]
            shown = self._pictures()
            count, parts = len(refs) + len(shown) + 3, list[Part]()
            for part in self._parts(refs, shown):
                parts.append(part)
                told(len(parts), count)
            told(count, count)
            whole = self._whole(parts)
        enclosed = self._enclosed()
        return Dossier(self.matter, self._now, self._events[-1].hash, whole, parts, enclosed, self._left_out)

    def _parts(self, refs: Sequence[papers.Ref], shown: Sequence[Attachment]) -> Iterator[Part]:
        for place, ref in enumerate(refs, start=1):
            yield self._paper(ref, place)
        yield Part(_("办理经过"), "course.pdf", self._course())
        yield Part(_("事件记录"), "events.pdf", self._history())
        for file in shown:
            if (page := self._picture(file)) is not None:
                yield Part(file.words, f"picture-{file.ordinal}-{file.audience}.pdf", page)
        yield Part(_("图片、录音和附件清单"), "files.pdf", self._files())

    def _paper(self, ref: papers.Ref, place: int) -> Part:
        """As it was issued; what nobody issued says so on itself."""
        issued = actions.last_document(self.matter, ref)
        if issued is not None:
            paper = papers.of_document(issued, self._address)
            name = _("%(paper)s（%(number)s）") % {"paper": ref.label, "number": issued.number}
            event = Event.objects.values_list("hash", flat=True).get(pk=issued.event_id)
            return Part(name, f"{place:02d}-{issued.number}.pdf", paper.pdf().data, event, issued.issued_at)
        paper = papers.of_draft(self.matter, ref, papers.content_of(self.matter, ref))
        return Part(_("%(paper)s（没有出具）") % {"paper": ref.label}, f"{place:02d}-{ref.name}.pdf", paper.pdf().data)

    def _whole(self, parts: Sequence[Part]) -> bytes:
        """Cover and contents first; the contents are set twice, since they have to know how long they are themselves."""
        cover = self._cover()
        lengths = [joining.pages(part.pdf) for part in parts]
        front = self._contents(parts, [0] * len(parts))
        first = joining.pages(cover) + joining.pages(front) + 1
        begins = [first + sum(lengths[:place]) for place in range(len(parts))]
        front = self._contents(parts, begins)
        named = [(_("封面"), cover), (_("目录"), front), *((part.name, part.pdf) for part in parts)]
        numbers = blocks.numbers(first - 1 + sum(lengths), self._now)
        return joining.joined(named, numbers, f"{_('一事一档')} {self.matter.number}")

    def _cover(self) -> bytes:
        matter, view = self.matter, self._view
        said = [
            (_("编号"), matter.number),
            (_("标题"), matter.title or _("（还没有受理）")),
            (_("类别"), view.profile.path(matter.category, matter.kind) or "—"),
            (_("登记时间"), wording.full_moment(matter.registered_at)),
            (_("承办单位"), matter.lead_unit.name if matter.lead_unit else "—"),
            (_("状态"), str(matter.get_status_display())),
            (_("办结时间"), wording.full_moment(matter.closed_at) or "—"),
            (_("办结方式"), str(Exit(matter.exit).label) if matter.exit else "—"),
            (_("轮次"), _("%(n)d 轮") % {"n": matter.round.ordinal if matter.round else 1}),
        ]
        made = _("%(who)s 于 %(at)s 制作，用途：%(purpose)s。姓名、电话按文书隐去，只供内部使用。") % {
            "who": self._who,
            "at": wording.full_moment(self._now),
            "purpose": Purpose(self._purpose).label,
        }
        body = [
            blocks.paragraph(
                wording.registry(organization.institution(), matter.registry), 13, align="center", before=90, after=26
            ),
            blocks.paragraph(_("一事一档"), 30, align="center", face="heading", after=40),
            blocks.listing((_("项目"), _("内容")), said, (3, 10), size=11),
            blocks.paragraph(made, 9.5, before=26),
            blocks.paragraph(
                _("截至事件 %(hash)s（第 %(n)d 条）。")
                % {"hash": self._events[-1].hash, "n": self._events[-1].sequence},
                8,
            ),
        ]
        return blocks.pdf(body, _("一事一档"), self._now)

    def _contents(self, parts: Sequence[Part], begins: Sequence[int]) -> bytes:
        rows = [
            (str(place), part.name, wording.full_day(part.made_at) if part.made_at else "—", str(page))
            for place, (part, page) in enumerate(zip(parts, begins, strict=True), start=1)
        ]
        listed = blocks.listing((_("序号"), _("材料"), _("日期"), _("档页")), rows, (2, 14, 5, 2.4), size=10)
        return blocks.pdf([blocks.heading(_("目录")), listed], _("目录"), self._now)

    def _course(self) -> bytes:
        """The timeline in words; of a confidential matter nothing internal, which may say who spoke, but to their registry."""
        body = [blocks.heading(_("办理经过"))]
        hidden = self.matter.naming == Naming.CONFIDENTIAL and not home_registrar(self._case)
        for entry in self._view.entries:
            if hidden and entry.audience == Audience.INTERNAL:
                continue
            line = _("%(at)s　%(what)s（第 %(n)d 轮）") % {
                "at": wording.full_moment(entry.at),
                "what": _label(entry.action),
                "n": entry.round.ordinal,
            }
            body.append(blocks.paragraph(line, 10.5, face="sans", before=5, after=1))
            body += [blocks.paragraph(piece, 10, after=1) for piece in entry.words.splitlines() if piece.strip()]
            body.append(blocks.paragraph(self._by(entry), 8.5, after=4))
        if hidden:
            body.append(blocks.paragraph(_("说事人要求对承办单位保密，内部记录不列在这里。"), 9, before=8))
        return blocks.pdf(body, _("办理经过"), self._now, footer=True)

    def _by(self, entry: Entry) -> str:
        who = (
            _("说事人") if entry.by_speaker else wording.staff(entry.person, entry.in_place_of) if entry.person else ""
        )
        unit = entry.unit.name if entry.unit else ""
        named = " ".join(filter(None, (unit, who))) or _("按规则自动办理")
        return _("%(who)s · %(audience)s") % {"who": named, "audience": entry.get_audience_display()}

    def _history(self) -> bytes:
        rows = [
            (str(one.sequence), wording.full_moment(one.recorded_at), _label(one.action), one.clause, one.hash[:16])
            for one in self._events
        ]
        columns = (_("序号"), _("记载时间"), _("步骤"), _("条款"), _("摘要（前 16 位）"))
        note = _("每一条的摘要都接着前一条，改动、插入、删除任何一条，核对时都看得出来。")
        listed = blocks.listing(columns, rows, (1.6, 6, 7, 2.4, 5.4))
        body = [blocks.heading(_("事件记录")), blocks.paragraph(note, 9), listed]
        return blocks.pdf(body, _("事件记录"), self._now, footer=True)

    def _pictures(self) -> list[Attachment]:
        shown = [file for file in self._view.attachments if file.media_type in _SHOWN and not self._is_covered(file)]
        return shown[:PICTURES]

    def _is_covered(self, file: Attachment) -> bool:
        return self._view.veiled and file.covered

    def _picture(self, file: Attachment) -> bytes | None:
        """A page with the picture; None where it cannot be shown, which the list of what is left out says."""
        try:
            data = files.read(file.stored, self.matter.data_key())
            if len(data) > _LARGEST and file.thumbnail:
                data = files.read(file.thumbnail, self.matter.data_key())
            found = pictures.shape(data)
            if found is not None:
                body = [blocks.paragraph(file.words, 11, face="sans", after=6), blocks.picture(data, *found)]
                return blocks.pdf(body, file.words, self._now)
        except (files.FileMissing, press.NotMade):
            pass
        self._left_out.append((file.words, _("这张图片打不开，没有印在 PDF 里")))
        return None

    def _files(self) -> bytes:
        rows = [
            (file.words, file.media_type, f"{file.size:,}", _lasting(file.seconds), file.sha256)
            for file in self._view.attachments
        ]
        columns = (_("名称"), _("类型"), _("字节"), _("时长"), "SHA-256")
        body = [blocks.heading(_("图片、录音和附件清单"))]
        if rows:
            body.append(blocks.listing(columns, rows, (4, 4.4, 3, 2, 10), size=8))
        else:
            body.append(blocks.paragraph(_("这件事没有图片、录音和附件。"), 10.5, align="center"))
        return blocks.pdf(body, _("图片、录音和附件清单"), self._now, footer=True)

    def _enclosed(self) -> list[Enclosed]:
        """The files themselves. What may be looked at for a reason only is not handed out with the rest."""
        found = []
        events = dict(Entry.objects.filter(matter=self.matter).values_list("pk", "event__hash"))
        for place, file in enumerate(self._view.attachments, start=1):
            if self._is_covered(file) or file.unheard:
                self._left_out.append((file.words, _("说事人要求保密，要写明事由单独查看")))
                continue
            try:
                data = files.read(file.stored, self.matter.data_key())
            except files.FileMissing:
                self._left_out.append((file.words, _("磁盘上找不到这个文件")))
                continue
            name = f"files/{place:02d}-{file.sha256[:8]}{_ending(file.media_type)}"
            found.append(Enclosed(name, data, file.sha256, events.get(file.entry_id, ""), file.entry.at))
        return found


def _label(action: str) -> str:
    """What a step is called: a row of the procedure by its name there, else as it stands in the list below."""
    if action in Action.values:
        return str(Action(action).label)
    more = {
        "issue_paper": _("出具文书"),
        "keep_longer": _("延长保管"),
        "destroy_matter": _("销毁"),
        "export_dossier": _("调取档案"),
    }
    return more.get(action, action)


def _lasting(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}" if seconds else "—"


def _ending(media_type: str) -> str:
    known = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf", "audio/wav": ".wav"}
    known |= {"audio/mpeg": ".mp3", "audio/ogg": ".ogg", "audio/webm": ".webm", "audio/mp4": ".m4a"}
    return known.get(media_type, ".bin")


def of(row: MadeFile, address: str, *, actor: Actor, now: datetime) -> Maker:
    """Whoever makes the file that was asked for."""
    who = str(row.account.person.name)
    return Maker(row.matter.number, row.purpose, who, address, actor=actor, now=now)
