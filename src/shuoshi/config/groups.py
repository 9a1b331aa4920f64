"""How groups of commands introduce themselves."""

from __future__ import annotations

import click

from shuoshi.config import environment

_SETTINGS_HELP = "\n".join(f"  {setting.name:<15} {setting.help}" for setting in environment.SETTINGS)


class Group(click.Group):
    """Commands in the order one meets them, and the settings below."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if ctx.parent is None:
            formatter.write(f"\nSettings (from the environment):\n{_SETTINGS_HELP}\n")
