"""Installing as a service: a systemd unit on Linux, a scheduled start on Windows. What the service runs is `shuoshi run`.

On Linux its settings lie in a file only root and its user can read, and `shuoshi` becomes a command that runs with these
settings and as this user: what root writes into the home, the service could not read. Nothing here is needed to serve:
whoever keeps services in another way starts the same command.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shuoshi.config import environment

NAME = "shuoshi"
UNIT = Path("/etc/systemd/system") / f"{NAME}.service"
SETTINGS = Path("/etc") / f"{NAME}.env"
COMMAND = Path("/usr/local/bin") / NAME
TASK = "Shuoshi"
STORE = ("AWS_ENDPOINT_URL", "AWS_REGION", "AWS_DEFAULT_REGION")


class NotInstalled(Exception):
    """It was not installed; the text says why and what to do."""


@dataclass(frozen=True)
class Service:
    """What runs, as whom, in which home, with which settings."""

    python: Path
    home: Path
    user: str
    settings: Mapping[str, str]

    @classmethod
    def of_this_installation(cls, user: str) -> Service:
        """This program with the settings it was called with; those left at their defaults are not written down."""
        values = environment.read()
        given = {one.name: values[one.name] for one in environment.SETTINGS if values[one.name] != one.default}
        given |= {"SHUOSHI_HOME": str(values.home)}
        if copies := values.place("SHUOSHI_COPIES"):
            given |= {"SHUOSHI_COPIES": copies}
        if copies.startswith("s3://"):  # keys belong into its user's ~/.aws, where the store is does not
            given |= {name: os.environ[name] for name in STORE if name in os.environ}
        return cls(Path(sys.executable), values.home, user, given)

    @property
    def copies(self) -> Path | None:
        """The folder of the nightly copies, where it is another than the home's own."""
        place = self.settings.get("SHUOSHI_COPIES", "")
        return Path(place) if place and not place.startswith("s3://") else None


def systemd_unit(service: Service) -> str:
    """The unit: its own user, a read-only system, only home and copies to write in, started again when it ends badly."""
    writes = [str(service.home), *([f"-{service.copies}"] if service.copies else [])]  # - where it may be missing
    writable = "\n".join(f'ReadWritePaths="{_escaped(path)}"' for path in writes)
    command = " ".join(shlex.quote(part) for part in (str(service.python), "-m", "shuoshi", "run"))
    return f"""[Unit]
Description=Shuoshi 群众说事
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
ExecStart={command.replace("%", "%%")}
EnvironmentFile={SETTINGS}
User={service.user}
UMask=0077
Restart=on-failure
RestartSec=5
TimeoutStopSec=30
KillSignal=SIGTERM
KillMode=mixed
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
LockPersonality=yes
{writable}

[Install]
WantedBy=multi-user.target
"""


def settings_file(service: Service) -> str:
    """The settings, so that both systemd and a shell read them alike."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in service.settings.items())


def command_script(service: Service, settings: Path = SETTINGS) -> str:
    """What `shuoshi` is on this machine. Only `install` stays root; settings of the call come before those of the file."""
    return f"""#!/bin/sh
# Written by `shuoshi install`: this installation with the settings of its service, as its user.
me=$(id -un)
if [ "$me" != root ] && [ "$me" != {service.user} ]; then exec sudo -- "$0" "$@"; fi
if [ "$me" != {service.user} ] && [ "$1" != install ]; then exec runuser -u {service.user} -- "$0" "$@"; fi
given=$(export -p)
set -a
. {shlex.quote(str(settings))}
eval "$given"
PYTHONSAFEPATH=1 HOME=~{service.user} exec {shlex.quote(str(service.python))} -m shuoshi "$@"
"""


def windows_command(service: Service) -> list[str]:
    """What registers a start with the machine, before anybody signs in."""
    run = f'"{service.python}" -m shuoshi run'
    sets = " && ".join(f'set "{name}={value}"' for name, value in service.settings.items())
    action = f'cmd /c "{sets} && {run}"'
    return [
        "schtasks",
        "/Create",
        "/F",
        "/TN",
        TASK,
        "/SC",
        "ONSTART",
        "/RU",
        "SYSTEM",
        "/RL",
        "LIMITED",
        "/TR",
        action,
    ]


def install(service: Service, *, start: bool = True) -> list[str]:
    """Install it and start it; returns what was done, a line each. Raises NotInstalled with the remedy."""
    if os.name == "nt":
        return [_called(windows_command(service), "Run this in a window opened as administrator.")]
    if shutil.which("systemctl") is None:
        raise NotInstalled(
            "There is no systemd here. `shuoshi install --print` shows the unit; start `shuoshi run` as you do others."
        )
    if os.geteuid() != 0:
        raise NotInstalled("Only root may install a service. Run: sudo -E shuoshi install")
    done = [_own_user(service), *_owned(service), _place_of_copies(service)]
    _write_settings(service)
    UNIT.write_text(systemd_unit(service), "utf-8")
    UNIT.chmod(0o644)
    done += [f"{SETTINGS} and {UNIT} written", _write_command(service)]
    if start:
        _called(["systemctl", "daemon-reload"])
        _called(["systemctl", "enable", NAME])
        _called(["systemctl", "restart", NAME])
        done.append(f"{NAME} is enabled and started; `journalctl -u {NAME}` shows what it says")
    return [line for line in done if line]


def _own_user(service: Service) -> str:
    """A user of its own that can sign in nowhere."""
    import pwd  # not on Windows

    try:
        pwd.getpwnam(service.user)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--home-dir",
            str(service.home),
            "--shell",
            "/usr/sbin/nologin",
        ]
        _called([*command, service.user])
        return f"user {service.user} made"
    return ""


def _owned(service: Service) -> list[str]:
    """The home belongs to that user, with everything in it, also what root made by a command."""
    import pwd  # not on Windows

    found = pwd.getpwnam(service.user)
    service.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    others = [path for path in (service.home, *service.home.rglob("*")) if path.lstat().st_uid != found.pw_uid]
    for path in others:
        os.chown(path, found.pw_uid, found.pw_gid, follow_symlinks=False)
    return [f"{service.home} given to {service.user}"] if others else []


def _place_of_copies(service: Service) -> str:
    """The folder of the copies, where its disk is there already; it belongs to that user as well."""
    place = service.copies
    if place is None or place.exists() or not place.parent.is_dir():
        return ""
    place.mkdir(mode=0o700)
    shutil.chown(place, service.user)
    return f"{place} made"


def _write_settings(service: Service) -> None:
    """Readable for root and that user alone: the password of a database may be in it."""
    import pwd  # not on Windows

    SETTINGS.touch(mode=0o640)
    SETTINGS.chmod(0o640)
    os.chown(SETTINGS, 0, pwd.getpwnam(service.user).pw_gid)
    SETTINGS.write_text(settings_file(service), "utf-8")


def _write_command(service: Service) -> str:
    """Not over a command of another's."""
    script = command_script(service)
    if COMMAND.exists() and script.splitlines()[1] not in COMMAND.read_text("utf-8", errors="replace"):
        return f"{COMMAND} is another program and stays"
    COMMAND.write_text(script, "utf-8")
    COMMAND.chmod(0o755)
    return f"{COMMAND} written: commands run with these settings, as {service.user}"


def _called(command: list[str], remedy: str = "") -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise NotInstalled(f"{' '.join(command[:3])} failed: {said} {remedy}".strip())
    return " ".join(command[:3]) + " done"


def _escaped(value: str) -> str:
    """As systemd reads it between double quotes."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
