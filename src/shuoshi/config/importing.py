"""`shuoshi import messages`: progress, the counts, and where the refused rows went."""

from __future__ import annotations

from pathlib import Path

import click

from shuoshi.channels.messages import BadColumns, columns_from, import_messages
from shuoshi.config.progress import Progress


def messages(file: Path, columns: str | None, rejects: Path | None, limit: int | None) -> None:
    """Import and say what came of it. Raises ClickException for columns or files that cannot be read."""
    progress = Progress()
    try:
        report = import_messages(file, columns_from(columns or ""), progress, rejects, limit)
    except BadColumns as problem:
        raise click.ClickException(str(problem)) from problem
    except UnicodeError as problem:
        raise click.ClickException(f"{file} is in an encoding we do not know. Save it as UTF-8.") from problem
    except OSError as problem:
        raise click.ClickException(f"{problem.strerror}: {problem.filename or file}") from problem
    finally:
        progress.end()
    click.echo(f"Registered {report.registered}, there already {report.repeated}, refused {report.rejected}.")
    if report.rejects_path is not None:
        click.echo(f"Refused rows and reasons: {report.rejects_path}")
