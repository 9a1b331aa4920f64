"""How to sign in to the demo: one password made up per home, and the codes of those who need a second factor.

Kept only in the home, in a file for its owner alone; nothing of it is in the database in plain words.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from shuoshi.kernel import clock
from shuoshi.kernel.actors import SYSTEM
from shuoshi.organization.roles import Role
from shuoshi.people import actions as people
from shuoshi.people import totp
from shuoshi.people.models import Account

if TYPE_CHECKING:
    from shuoshi.demo.town import Town

FILE = "demo-accounts.json"
PEOPLE = (
    "wangfang",
    "tangjing",
    "wangqiang",
    "liumin",
    "liguoqiang",
    "zhaolixin",
    "zhoujianguo",
    "sunli",
    "shenyue",
    "luotao",
    "luochang",
    "jinsuo",
    "chenhaiyan",
    "shixiu",
    "laizhi",
    "jiangbo",
    "tangwei",
)  # who signs in, as content/town.yaml lists them: asked at every start, and a real home reads no YAML for it


def keep(town: Town, password: str) -> None:
    """Bind second factors where roles need them, and write the sheet into the home."""
    sheet = []
    for given in _town()["people"]:
        key = given["key"]
        roles = [Role(post.split()[1]) for post in given["posts"]]
        secret = _second_factor(town.accounts[key]) if any(role.needs_second_factor for role in roles) else ""
        sheet.append({"username": key, "name": given["name"], "posts": given["posts"], "secret": secret})
    path = _path()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump({"password": password, "accounts": sheet}, file, ensure_ascii=False, indent=1)


def sign_in_sheet() -> list[tuple[str, str, str, str, str]]:
    """Rows to print, headings first: user name, name and post, what to look for, password, current code.

    Raises FileNotFoundError in a home that has no demo.
    """
    kept = json.loads(_path().read_text("utf-8"))
    by_name = {row["username"]: row for row in kept["accounts"]}
    rows = [(_("账号"), _("姓名和职务"), _("看什么"), _("密码"), _("动态口令"))]
    for line in _town()["accounts"]:
        row = by_name[line["person"]]
        titles = dict.fromkeys(post.split()[2] for post in row["posts"])
        code = totp.code_at(row["secret"], datetime.now(UTC)) if row["secret"] else "—"
        rows.append((row["username"], f"{row['name']}（{'、'.join(titles)}）", line["does"], kept["password"], code))
    return rows


def present() -> bool:
    """Whether the database holds the people of the demo; a real home refuses to start then."""
    return Account.objects.filter(username__in=PEOPLE).count() * 2 > len(PEOPLE)


def _second_factor(account: Account) -> str:
    secret = people.enrol_totp(account.pk, actor=SYSTEM)
    people.confirm_totp(account.pk, totp.code_at(secret, clock.now()), actor=SYSTEM)
    return secret


def _path() -> Path:
    return Path(settings.HOME) / FILE


def _town() -> dict[str, Any]:
    from shuoshi.demo.town import content  # the pages of every installation import this module, and few are a demo

    return content()
