"""What an operator allows beside the public internet: PORTAL_OUTGOING_ALLOW."""

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Network, ip_network
from typing import NamedTuple

from django.conf import settings

from .addresses import Address, Network, decoded, is_public

LABEL = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
NAME = re.compile(rf"{LABEL}(\.{LABEL})*")
NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")  # a name that ends so is an address in disguise
PORTS = range(1, 65536)
# A name never leads to these, whoever answers for it; who means them names the network.
NEVER_BY_NAME = (IPv4Network("169.254.0.0/16"), ip_network("fe80::/10"))


class Allowance(NamedTuple):
    """A host by its name, or a network; at one port, or at all of them."""

    name: str = ""
    network: Network | None = None
    port: int | None = None

    def covers(self, name: str, address: Address, port: int) -> bool:
        """Whether the address, which the name leads to, may be connected to at the port."""
        if self.port not in (None, port):
            return False
        if self.network is not None:
            return address in self.network
        return self.name == name and not (
            address.is_multicast or any(address in network for network in NEVER_BY_NAME)
        )


def allowance_of(entry: str) -> Allowance:
    """Read `name`, `name:port`, `10.1.0.0/16`, `10.1.2.3:8080`, `fd00::/8` or `[fd00::1]:443`.

    Raises ValueError for everything else.
    """
    text = entry.strip().lower()
    if network := network_of(text.removeprefix("[").removesuffix("]")):
        return Allowance(network=network)
    host, colon, digits = text.rpartition(":")
    if not colon:
        return Allowance(name=name_of(text))
    if not (digits.isascii() and digits.isdigit() and int(digits) in PORTS):
        raise ValueError(entry)
    if network := network_of(host.removeprefix("[").removesuffix("]")):
        return Allowance(network=network, port=int(digits))
    return Allowance(name=name_of(host), port=int(digits))


def network_of(text: str) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def name_of(text: str) -> str:
    name = plain(text)
    if not NAME.fullmatch(name) or NUMBER.fullmatch(name.rpartition(".")[2]):
        raise ValueError(text)
    return name


def plain(host: str) -> str:
    """The name as it is compared: in small letters, without the dot of the root."""
    return host.lower().removesuffix(".")


def is_permitted(host: str, address: Address, port: int) -> bool:
    """Whether the portal may connect to this address, which it got for the host."""
    if is_public(address):
        return True
    name, address = plain(host), decoded(address)
    known = allowances(tuple(settings.OUTGOING_ALLOW))
    return any(each.covers(name, address, port) for each in known)


@lru_cache(maxsize=8)
def allowances(entries: tuple[str, ...]) -> tuple[Allowance, ...]:
    """Those that can be read; start-up refuses the others."""
    return tuple(allowance_of(entry) for entry in entries if is_allowance(entry))


def is_allowance(entry: str) -> bool:
    try:
        allowance_of(entry)
    except ValueError:
        return False
    return True


def first_wrong(entries: Iterable[str]) -> str | None:
    return next((entry for entry in entries if not is_allowance(entry)), None)
