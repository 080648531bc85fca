"""Which addresses a webhook may have: https, public, written plainly; a setting opens internal hosts (bad input 42).

The shape is judged when the address is given, the machine behind its name each time something is sent.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid

LONGEST = 500
PORTS = frozenset({443, 8443})
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\Z")
_NUMERIC = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)\Z")
_PLAIN = re.compile(r"[!-\[\]-~]+\Z")
_LOCAL = ("localhost", "local", "internal", "localdomain", "home", "lan", "corp", "intranet", "arpa", "onion")
_WITHIN = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
_PUBLIC_6 = ipaddress.ip_network("2000::/3")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[..., list[Any]]


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `is_internal` when the setting names its host."""

    scheme: str
    host: str
    port: int
    path: str
    is_internal: bool


class Refused(Exception):
    """Nothing is sent there; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def checked(url: str, *, field: str | None = "url") -> str:
    """The address of a webhook, or `url_not_allowed` with the reason."""
    text = url.strip()
    if len(text) > LONGEST:
        raise Invalid(_("At most %(most)d characters."), code="too_long", field=field, params={"most": LONGEST})
    try:
        target_of(text)
    except Refused as fault:
        raise Invalid(_REASONS[fault.code], code="url_not_allowed", field=field) from fault
    return text


_REASONS = {
    "form": _("This is no address of the form https://host/path."),
    "https": _("Only https addresses are called."),
    "port": _("Only the ports 443 and 8443 are called."),
    "host": _("This host is not a public one."),
}


def target_of(url: str, internal: Collection[str] | None = None) -> Target:
    """Take an address apart. Raises `Refused` for a form that is not plain, a wrong port, a host that is not public."""
    if not _PLAIN.match(url):
        raise Refused("form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise Refused("form") from fault
    host = (parts.hostname or "").lower()
    if not host or "@" in parts.netloc or parts.fragment or "#" in url:
        raise Refused("form")
    if parts.scheme not in ("https", "http"):
        raise Refused("https")
    port = port if port is not None else 443 if parts.scheme == "https" else 80
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    opened = frozenset(settings.WEBHOOK_INTERNAL_HOSTS if internal is None else internal)
    if host in opened or f"{host}:{port}" in opened:
        return Target(parts.scheme, host, port, path, True)
    if parts.scheme != "https":
        raise Refused("https")
    if port not in PORTS:
        raise Refused("port")
    if not _is_plain_host(host):
        raise Refused("host")
    return Target("https", host, port, path, False)


def _is_plain_host(host: str) -> bool:
    """A name with a dot, or a public address in its one usual form: 0177.0.0.1, 2130706433, 0x7f.1 are none."""
    if ":" in host or _NUMERIC.match(host.rpartition(".")[2]):
        try:
            return is_public(ipaddress.ip_address(host))
        except ValueError:
            return False
    labels = host.split(".")
    return len(labels) > 1 and labels[-1] not in _LOCAL and all(_LABEL.match(label) for label in labels)


def is_public(address: Address) -> bool:
    """Whether anybody could have this address: none of ours, of nobody, of a group, or one that wraps another."""
    if isinstance(address, ipaddress.IPv6Address):
        if address not in _PUBLIC_6 or any(address in within for within in _WITHIN):
            return False
        if address.ipv4_mapped is not None or address.scope_id:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def addresses_of(target: Target, resolve: Resolver = socket.getaddrinfo) -> list[str]:
    """The machines behind the name, asked once. One private address among them refuses them all (rebinding)."""
    try:
        rows = resolve(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Refused("unknown_host") from fault
    found = list(dict.fromkeys(str(row[4][0]) for row in rows))
    if not found:
        raise Refused("unknown_host")
    if not target.is_internal and not all(_is_public_text(text) for text in found):
        raise Refused("address_not_allowed")
    return found


def _is_public_text(text: str) -> bool:
    try:
        return is_public(ipaddress.ip_address(text))
    except ValueError:
        return False
