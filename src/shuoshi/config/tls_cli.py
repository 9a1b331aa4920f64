"""`shuoshi tls`: a certificate of our own for an office network."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import click

from shuoshi.config import environment, prepare


@click.command()
@click.option(
    "--new", "afresh", is_flag=True, help="Another authority, for other names. Every phone must trust it anew."
)
@click.option("--remove", is_flag=True, help="Take it away; plain http again.")
def tls(afresh: bool, remove: bool) -> None:
    """Make a certificate of our own, for phones on the office network.

    For the names in SHUOSHI_HOSTS. Each phone trusts it once, by the page /certificate/. It renews itself.
    """
    home = prepare.open_home()
    folder, values = home / "tls", environment.read()
    if remove:
        _remove(folder, values)
        return
    if values["SHUOSHI_PROXY"]:
        raise click.ClickException("SHUOSHI_PROXY is set: the reverse proxy brings the certificate. Put it there.")
    hosts = values.listed("SHUOSHI_HOSTS")
    known = environment.own_certificate(values) is not None
    if afresh or not known:
        _make(folder, hosts)
    _say(folder, hosts)
    if afresh and known:
        click.echo("Phones are refused from now on, until they trust the new one.")
    elif not known:
        click.echo("It is served from the next start on: shuoshi run")


def renew() -> None:
    """Another certificate before this one ends. Raises OSError and ValueError where its files are damaged or gone."""
    values = environment.read()
    if environment.own_certificate(values) is not None:
        from shuoshi.kernel import authority

        authority.renew(values.home / "tls", datetime.now(UTC))


def look_at_certificate() -> None:
    """Before we serve: renew it, and warn where phones will refuse it; whoever comes by plain http is served all the same."""
    values = environment.read()
    if environment.own_certificate(values) is None:
        return
    from shuoshi.kernel import authority

    try:
        renew()
        ended = authority.of_server(values.home / "tls").until <= datetime.now(UTC)
    except (OSError, ValueError) as problem:
        click.echo(f"Warning: the certificate cannot be renewed: {problem}. Make another: shuoshi tls --new", err=True)
        return
    if ended:
        click.echo("Warning: the certificate has ended. Phones refuse it. Make another: shuoshi tls --new", err=True)


def _remove(folder: Path, values: environment.Values) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    click.echo("There is no certificate of our own any more. Start again: shuoshi run")
    if values.switch("SHUOSHI_HTTPS"):
        click.echo("SHUOSHI_HTTPS is set: without a proxy that brings a certificate nobody arrives. Take it out first.")


def _make(folder: Path, hosts: list[str]) -> None:
    from shuoshi.kernel import authority
    from shuoshi.kernel.web.site import current_site

    try:
        authority.make(folder, hosts, datetime.now(UTC), current_site().title)
    except authority.NoHosts:
        raise click.ClickException(
            "For which names? Set SHUOSHI_HOSTS to what phones type to reach this machine: SHUOSHI_HOSTS=192.168.1.20"
        ) from None
    except ValueError as problem:
        raise click.ClickException(f"SHUOSHI_HOSTS: {problem}") from None


def _say(folder: Path, hosts: list[str]) -> None:
    from django.conf import settings

    from shuoshi.kernel import authority

    server, root = authority.of_server(folder), authority.of_authority(folder)
    port = environment.read()["PORT"]
    click.echo(f"For         {', '.join(server.hosts)}")
    click.echo(
        f"Until       {server.until:%Y-%m-%d}, renewed before by itself; phones trust it until {root.until:%Y-%m-%d}"
    )
    click.echo(f"SHA-256     {root.fingerprint}")
    click.echo(f"Phones      http://{server.hosts[0]}:{port}/certificate/ tells how; print it")
    if missing := set(hosts) - set(server.hosts):
        click.echo(f"Warning: not for {', '.join(sorted(missing))}. Other names: shuoshi tls --new", err=True)
    if not (settings.LAN or settings.HTTPS):
        click.echo(
            "Next: SHUOSHI_LAN=1 lets phones in, with https beside plain http; SHUOSHI_HTTPS=1 lets in https alone."
        )
