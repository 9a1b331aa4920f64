"""All addresses of the product, from its resolver, and one page of each as somebody reaches it by following links."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from html import unescape
from urllib.parse import urlsplit

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.drills.crawler import visit

POSTED = {  # buttons: asking for them with GET is refused
    "desk:calls_now",
    "desk:choose",
    "desk:composed",
    "desk:draft_drop",
    "desk:export_file",
    "desk:first_steps_put_away",
    "desk:knowledge_beside",
    "desk:notice_read",
    "desk:passkey_ask",
    "desk:passkey_remove",
    "desk:passkey_sign_in",
    "desk:phone_enrol",
    "desk:phone_file",
    "desk:phone_record",
    "desk:palette",
    "desk:queue_changes",
    "desk:recovery_codes",
    "desk:register_aside",
    "desk:register_draft",
    "desk:register_drop",
    "desk:reminder_done",
    "desk:set_roll_take_in",
    "desk:set_template_use",
    "desk:sign_out",
    "desk:sign_out_elsewhere",
    "desk:watched_looked",
    "portal:afresh",
    "portal:kiosk-leave",
    "portal:knowledge_search",
    "portal:leave",
}
NO_PAGE = {  # they answer, but never with a page of their own
    "healthz": "words for a watchdog",
    "readyz": "words for a watchdog",
    "desk:attachment": "a file",
    "desk:balance_csv": "a file",
    "desk:balance_pdf": "a file",
    "desk:destruction_pdf": "a file",
    "desk:made_file": "a file",
    "desk:balance_xlsx": "a file",
    "desk:document_page": "a picture",
    "desk:import_faults": "a file",
    "desk:letter_photo": "a picture",
    "desk:mail_photo": "a picture",
    "desk:document_pdf": "a file",
    "desk:document_word": "a file",
    "desk:results_page": "a picture",
    "desk:results_pdf": "a file",
    "desk:results_word": "a file",
    "desk:set_report_form_file": "a file",
    "desk:set_roll_form": "a file",
    "desk:set_template_file": "a file",
    "desk:set_transfer_document": "a file",
    "desk:set_template_page": "a picture",
    "desk:selection_pdf": "a file",
    "desk:sheet_photo": "a picture",
    "desk:sheet_by_serial": "leads to the sheet; the code of a printed form leads there",
    "portal:sheet": "leads to the point, or staff to the sheet",
    "desk:phone_manifest": "JSON, for the phone",
    "desk:phone_standing": "JSON, for the phone",
    "desk:phone_state": "JSON, for the phone",
    "desk:phone_worker": "a script",
    "desk:upload": "a file",
    "portal:draft-voice": "a recording",
    "desk:voicemail": "a recording",
    "desk:view": "leads to the list it was kept of",
    "desk:visit_file": "a picture",
    "portal:album-photo": "a file",
    "portal:authority": "a file",
    "portal:meeting-calendar": "a calendar, for a program",
    "portal:meetings-calendar": "a calendar, for a program",
    "portal:draft-photo": "a file",
    "portal:file": "a file",
    "portal:receipt-pdf": "a file",
    "portal:publication": "leads back to the matter; what is posted to it gives a consent or takes it back",
    "portal:submit": "leads to the first of the four pages",
    "portal:keep-going": "leads back to the matter; what is posted to it takes a withdrawal back",
}
ELSEWHERE = {"first_run:choose", "first_run:found", "first_run:demo"}  # of an empty home: test_first_run walks them
FOR_PROGRAMS = ("open311:", "pbx:", "rest:", "wechat:")  # tests/api
Shape = tuple[str, ...]
_LINK = re.compile(r'href="(/[^"#]*)')
_NOT_FOLLOWED = re.compile(r"^/static/|[?&](lang|size)=")
_TELLING = ("name", "action")  # parts of an address that choose among pages of different content


def names(under: str) -> set[str]:
    """Names of all addresses that show a page below "desk", or "portal" with everything else."""
    here = {name for name in all_names() if name.startswith("desk:") == (under == "desk")}
    here = {name for name in here if not name.startswith(FOR_PROGRAMS)}
    return here - POSTED - set(NO_PAGE) - ELSEWHERE


def all_names() -> set[str]:
    return set(_names(get_resolver().url_patterns, ""))


def name_of(address: str) -> str:
    return resolve(urlsplit(address).path).view_name


def shape_of(address: str) -> Shape:
    """The name of the address and what chooses its content: the same for two matters, not for two forms."""
    match = resolve(urlsplit(address).path)
    return match.view_name, *(str(match.kwargs[part]) for part in _TELLING if part in match.kwargs)


def one_of_each(browser: Client, *starts: str, known: Collection[Shape] = ()) -> dict[Shape, str]:
    """An address of each shape that links lead to from here and that answers with a page.

    All starts are followed; what is known already is not asked for again.
    """
    found: dict[Shape, str] = {}
    tried = {*known, *(shape_of(address) for address in starts)}
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        answer = visit(browser, address)
        if answer.status != 200 or "text/html" not in answer.headers:
            continue
        found.setdefault(shape_of(address), address)
        for link in (unescape(one) for one in _LINK.findall(answer.text)):
            if not _NOT_FOLLOWED.search(link) and shape_of(link) not in tried:
                tried.add(shape_of(link))
                waiting.append(link)
    return found


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        else:
            yield f"{space}{pattern.name}"
