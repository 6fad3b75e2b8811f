"""Where a webhook may lead: to a public address, and to the very one that was looked at.

Whoever registers a webhook chooses an address that this machine then speaks to. It must not become a way to machines
that only this one can reach, neither by a name that leads inside nor by one that changes its mind between two looks.
"""

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx2

from runtime.settings import Settings

TUNNELS = tuple(IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""Addresses that carry an older one inside, which a gateway would unpack."""
Address = IPv4Address | IPv6Address


class LeadsInside(Exception):
    """The address is no public one, or not one that a webhook may have."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to send: an address of numbers, beside the name that the other side goes by."""

    url: httpx2.URL
    host: str
    name: str


def lead_anywhere(settings: Settings) -> bool:
    """Whether webhooks of this installation may lead inside and unencrypted."""
    return settings.webhooks_may_reach_private_addresses or settings.mode == "embedded"


def is_public(address: Address) -> bool:
    """Whether anybody on the internet could reach the address as well."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in net for net in TUNNELS):
            return False
    return address.is_global and not address.is_multicast


async def place_of(url: str, *, anywhere: bool) -> Place:
    """Looks the host up, once: what is connected to afterwards is the address that was found to be public.

    Refuses: LeadsInside.
    Raises: OSError, when the name leads nowhere.
    """
    found = urlsplit(url)
    host = found.hostname or ""
    if found.scheme != "https" and not anywhere:
        raise LeadsInside("not https")
    port = found.port or (443 if found.scheme == "https" else 80)
    looked_up = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(where[0]).partition("%")[0]) for *_, where in looked_up]
    if not addresses or (not anywhere and not all(is_public(address) for address in addresses)):
        raise LeadsInside("not a public address")
    return Place(httpx2.URL(url).copy_with(host=str(addresses[0])), host, found.netloc)
