"""Phones that send visits, sealed as a browser seals them."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from shuoshi.channels.visits import keeping, records
from shuoshi.channels.visits.models import Plan
from shuoshi.kernel import clock, crypto
from tests.support.desk import signed_in
from tests.support.village import Place

AT = "/desk/visits/phone/"
SAID = "三组水渠堵了，田里浇不上水。"


def photo(colour: str = "teal") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return data.getvalue()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@dataclass
class Phone:
    """The phone of one person, signed in."""

    town: Place
    browser: Client
    id: str
    key: str

    def record(
        self, *said: dict[str, Any], files: Sequence[bytes] = (), visit: str = "", **given: Any
    ) -> dict[str, Any]:
        """What the phone writes; pictures belong to the first thing that was said."""
        now = clock.now()
        assert self.town.area is not None
        names = [digest(one) for one in files]
        whole = [
            {"content": SAID, "naming": "named", "name": "陈大明", "phone": "13800000017", "files": [], "place": ""}
            | one
            for one in said
        ]
        if whole:
            whole[0]["files"] = names
        return {
            "visit": visit or str(uuid4()),
            "device": self.id,
            "key": self.key,
            "area": str(self.town.area.pk),
            "begun": (now - timedelta(minutes=30)).isoformat(),
            "ended": now.isoformat(),
            "met": True,
            "book": False,
            "plan": "",
            "household": "三组 12 号",
            "beside": "",
            "signed": "",
            "said": whole,
            "files": [{"sha256": name, "kind": "photo"} for name in names],
        } | given

    def sends(self, record: dict[str, Any], **given: str) -> Any:
        return self.sends_sealed(record["visit"], sealed_record(record), **given)

    def sends_sealed(self, visit: str, sealed: bytes, **given: str) -> Any:
        return self._posts("record/", visit, sealed, **given)

    def sends_file(self, visit: str, data: bytes, **given: str) -> Any:
        return self._posts("file/", visit, sealed_file(visit, data), **{"sha256": digest(data)} | given)

    def _posts(self, address: str, visit: str, sealed: bytes, **given: str) -> Any:
        fields = {"visit": visit, "device": self.id, "key": self.key, "sealed": SimpleUploadedFile("sealed", sealed)}
        return self.browser.post(AT + address, fields | given)


def phone_of(town: Place, name: str = "陈书记") -> Phone:
    row, key = keeping.enrol("红色手机", actor=town.actor(name))
    return Phone(town, signed_in(town, name), str(row.pk), key)


def sealed_record(record: dict[str, Any]) -> bytes:
    text = json.dumps(record, ensure_ascii=False).encode()
    return crypto.seal_as_phone(records.public_key(), records.place_of_record(UUID(record["visit"])), text)


def sealed_file(visit: str, data: bytes) -> bytes:
    return crypto.seal_as_phone(records.public_key(), records.place_of_file(UUID(visit), digest(data)), data)


def planned(town: Place, name: str = "陈书记", route: str = "三组 12 号\n三组 14 号", days: int = 30) -> Plan:
    today = clock.local(clock.now()).date()
    assert town.area is not None
    given = keeping.PlanGiven(
        area_id=town.area.pk,
        visitor_id=town.persons[name],
        begins=today,
        ends=today + timedelta(days=days),
        target=5,
        route=route,
    )
    return keeping.plan(given, actor=town.actor(name))
