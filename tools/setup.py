"""Make .venv from uv.lock with nothing but python3, its venv module and a package index, and the catalogues of words.

Does nothing when it is done. `--no-dev` leaves out what only developers need, `--s3` adds what copies to S3 need, `--recognise` what reads letters. What was added once stays.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

EXTRAS = ("s3", "recognise")
UV = "uv==0.13.9"
ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = "Scripts" if os.name == "nt" else "bin"


def main() -> None:
    _install()
    # whoever sets up may write here; the service that starts afterwards may not
    program = "from shuoshi.config import catalogues; catalogues.compile_stale()"
    _run(str(ROOT / ".venv" / PROGRAMS / "python"), "-c", program)


def _install() -> None:
    """The packages of the lock, unless they are there."""
    if sys.version_info < (3, 11):  # noqa: UP036 (an old python3 must be told so)
        sys.exit(f"shuoshi needs Python 3.11 or newer; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …")
    stamp, wanted = ROOT / ".venv" / "setup-stamp", _wanted()
    done = stamp.read_text().split() if stamp.exists() else []
    asked = {"dev"} if "--no-dev" not in sys.argv else set()
    asked |= {extra for extra in EXTRAS if f"--{extra}" in sys.argv}
    if done[:1] == [wanted] and asked <= set(done[1:]):
        return
    more = asked | set(done[1:])  # what somebody added is not taken away by a run
    uv = ROOT / ".uv" / PROGRAMS / "uv"
    if not uv.exists():
        print("Installing uv …", flush=True)
        venv.create(ROOT / ".uv", with_pip=True, clear=True)
        _run(str(ROOT / ".uv" / PROGRAMS / "python"), "-m", "pip", "install", "--quiet", UV)
    print("Installing the locked packages …", flush=True)
    groups = ["--group", "dev"] if "dev" in more else ["--no-dev"]
    groups += [word for extra in EXTRAS if extra in more for word in ("--extra", extra)]
    _run(
        str(uv),
        "sync",
        "--frozen",
        "--quiet",
        "--no-python-downloads",
        "--extra",
        "postgres",
        "--python",
        sys.executable,
        *groups,
    )
    stamp.write_text(" ".join([wanted, *sorted(more)]) + "\n")


def _wanted() -> str:
    files = (ROOT / "uv.lock", ROOT / "pyproject.toml")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files) + sys.version.encode()).hexdigest()


def _run(*command: str) -> None:
    environ = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(ROOT / ".venv")}
    environ.pop("VIRTUAL_ENV", None)
    if subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode:
        sys.exit(
            f"{command[0]} failed, see above. Often: no way to the package index (set PIP_INDEX_URL and UV_DEFAULT_INDEX), "
            "or python3-venv is missing (apt-get install python3-venv)."
        )


if __name__ == "__main__":
    main()
