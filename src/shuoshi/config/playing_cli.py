"""`shuoshi simulate-channel`: the other side of a way in, played against the demo that runs here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from shuoshi.config import environment, guard, prepare
from shuoshi.config.groups import Group

_CALLER = "00012345678"  # a number that nobody can own


@click.group("simulate-channel", cls=Group)
def simulate_channel() -> None:
    """Play an exchange, the official account's platform, a sender of mail or a phone on a visit.

    For trying and for training without a contract, against the demo that runs here (`shuoshi run`). Refused in a real
    home: whoever may run it could forge calls there.
    """


@simulate_channel.command("pbx")
@click.argument("caller", default=_CALLER)
@click.option("--missed", is_flag=True, help="Nobody answers.")
@click.option(
    "--rings", type=click.FloatRange(0, 60), default=3, show_default=True, help="Seconds until it is answered."
)
@click.option("--talks", type=click.FloatRange(0, 600), default=20, show_default=True, help="Seconds until it ends.")
def pbx(caller: str, missed: bool, rings: float, talks: float) -> None:
    """A call comes in: it rings, is answered and ends. CALLER: the number that is shown."""
    _played(lambda playing, line: playing.call(line, caller, missed=missed, rings=rings, talks=talks))


@simulate_channel.command("wechat")
@click.argument("words", nargs=-1, required=True)
@click.option("--who", default="oDemo", show_default=True, help="The follower; another one is another conversation.")
def wechat(words: tuple[str, ...], who: str) -> None:
    """A follower of the official account writes WORDS, one message each; what they are answered is printed.

    Where the demo has no account yet, an invented one is entered in its settings.
    """
    _played(lambda playing, line: playing.follower(line, who, words))


@simulate_channel.command("mail")
@click.argument("words")
@click.option("--subject", default="", help="Of the mail.")
@click.option("--from", "sender", default="demo@example.com", show_default=True, help="Who writes.")
def mail(words: str, subject: str, sender: str) -> None:
    """A mail with WORDS arrives in the mailbox that the settings name. The worker reads it within a minute."""
    _played(lambda playing, line: playing.mail(sender, subject, words))


@simulate_channel.command("visit")
@click.argument("words")
@click.option("--by", default="", help="User name of who visits. Default: the first who may.")
@click.option("--name", default="", help="Who said it; nobody's name by default.")
def visit(words: str, by: str, name: str) -> None:
    """A phone sends the sealed record of a home visit on which WORDS were said.

    The phone is revoked afterwards, which signs out whoever visits.
    """
    _played(lambda playing, line: playing.visit(line, by, name, words))


@simulate_channel.command("sms")
@click.option("--follow", is_flag=True, help="Go on until Ctrl-C.")
def sms(follow: bool) -> None:
    """Print the text messages that left, as the gateway of the demo got them: numbers are masked."""
    _played(lambda playing, line: playing.messages(follow=follow))


def _played(play: Callable[[Any, Any], None]) -> None:
    """Only against a demo, and only the one of this home at its own port."""
    home = environment.read().home
    if guard.kind_of(home) != "demo":
        raise click.ClickException(f"{home} holds no demo. The other side is played for a demo only.")
    prepare.open_home()
    from shuoshi.config import playing
    from shuoshi.kernel.refusal import Refused
    from shuoshi.organization import queries as organization

    if not organization.institution().demo:
        raise click.ClickException("This institution is no demo. The other side is played for a demo only.")
    try:
        play(playing, playing.Line(environment.read().number("PORT")))
    except playing.NotPlayed as problem:
        raise click.ClickException(str(problem)) from problem
    except Refused as problem:
        raise click.ClickException(problem.text) from problem
    except KeyboardInterrupt:
        sys.exit(0)
