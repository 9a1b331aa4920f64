"""Installing as a service: a systemd unit on Linux, a scheduled start on Windows. What the service runs is `shuoshi run`.

Nothing here is needed to serve: whoever keeps services in another way starts the same command.
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
TASK = "Shuoshi"


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
        return cls(Path(sys.executable), values.home, user, given | {"SHUOSHI_HOME": str(values.home)})


def systemd_unit(service: Service) -> str:
    """The unit: its own user, a read-only system, only the home to write in, started again when it ends badly."""
    settings = "\n".join(f'Environment="{name}={_escaped(value)}"' for name, value in service.settings.items())
    command = " ".join(shlex.quote(part) for part in (str(service.python), "-m", "shuoshi", "run"))
    return f"""[Unit]
Description=Shuoshi 群众说事
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
ExecStart={command.replace("%", "%%")}
{settings}
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
ReadWritePaths={_escaped(str(service.home))}

[Install]
WantedBy=multi-user.target
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
    done = [_own_user(service), *_owned(service)]
    UNIT.write_text(systemd_unit(service), "utf-8")
    UNIT.chmod(0o644)
    done.append(f"{UNIT} written")
    if start:
        _called(["systemctl", "daemon-reload"])
        _called(["systemctl", "enable", "--now", NAME])
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
    """The home belongs to that user, with everything in it."""
    import pwd  # not on Windows

    found = pwd.getpwnam(service.user)
    service.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if service.home.stat().st_uid == found.pw_uid:
        return []
    for path in (service.home, *service.home.rglob("*")):
        os.chown(path, found.pw_uid, found.pw_gid, follow_symlinks=False)
    return [f"{service.home} given to {service.user}"]


def _called(command: list[str], remedy: str = "") -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise NotInstalled(f"{' '.join(command[:3])} failed: {said} {remedy}".strip())
    return " ".join(command[:3]) + " done"


def _escaped(value: str) -> str:
    """As systemd reads it between double quotes."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
