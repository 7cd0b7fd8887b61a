"""Which addresses are those of the public internet: allowed is what is known to be, not the rest.

After the registries of special addresses of IANA (RFC 6890). `ipaddress.is_private` alone lets
multicast, 100.64.0.0/10, 6to4 and NAT64 pass.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24"),
            *("192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",  # what machines of a large cloud reach their host by
        ),
    )
)
GLOBAL_UNICAST = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols; Teredo (2001::/32), which holds an IPv4 address, is one
            "2002::/16",  # 6to4, which holds one, too; nobody routes it any more
            *("2001:db8::/32", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20"),
        ),
    )
)
TRANSLATED = IPv6Network("64:ff9b::/96")  # NAT64: how a network reaches IPv4 (RFC 6052)
ISATAP = 0x5EFE  # an IPv6 address of any network that ends in an IPv4 address (RFC 5214)


def is_public(address: Address) -> bool:
    """Whether it is an address of one machine in the public internet, and so is what it holds."""
    address = decoded(address)
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in NOT_PUBLIC_4)
    if address.scope_id is not None or address not in GLOBAL_UNICAST or not address.is_global:
        return False
    if any(address in network for network in NOT_PUBLIC_6):
        return False
    held = held_by_isatap(address)
    return held is None or is_public(held)


def decoded(address: Address) -> Address:
    """The IPv4 address that the system or a translator would talk to, or else the same."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in TRANSLATED:
            return last_four_bytes(address)
    return address


def held_by_isatap(address: IPv6Address) -> IPv4Address | None:
    marker = int(address) >> 32 & 0xFFFF_FFFF
    return last_four_bytes(address) if marker & ~0x0200_0000 == ISATAP else None


def last_four_bytes(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)
