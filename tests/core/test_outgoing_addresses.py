"""The portal connects to the public internet only, however an address is spelt."""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.outgoing import allowances, connections
from portal.core.outgoing.addresses import NOT_PUBLIC_4, decoded, is_public
from portal.core.outgoing.allowances import allowance_of, is_allowance, is_permitted

PUBLIC = ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
DENIED = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1"),
    *("127.255.255.254", "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255"),
    *("192.0.0.8", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1"),
    *("198.19.255.255", "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe"),
    *("::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1.1.1.1"),
    *("100::1", "100:0:0:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1"),
    *("2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:101:101::1"),
    *("2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:192.168.0.1", "2620:4f:8000::1"),
    *("3ffe::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1"),
    *("fe80::1%eth0", "2606:4700::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
]


@pytest.mark.parametrize("text", PUBLIC)
def test_addresses_of_the_public_internet_are_public(text):
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", DENIED)
def test_all_others_are_not(text):
    assert not is_public(ip_address(text))


def inside(number: int) -> bool:
    return any(IPv4Address(number) in network for network in NOT_PUBLIC_4)


INSIDE = st.sampled_from(NOT_PUBLIC_4).flatmap(
    lambda net: st.integers(int(net.network_address), int(net.broadcast_address))
)


@given(INSIDE)
def test_no_form_of_ipv6_hides_an_address_that_is_not_public(number):
    hidden = [
        *((0xFFFF << 32) + number, number, (0x64FF9B << 96) + number),  # mapped, compatible, NAT64
        (0xFFFF << 48) + number,  # SIIT
        (0x2002 << 112) + (number << 80) + 1,  # 6to4
        (0x20010000 << 96) + (number ^ 0xFFFFFFFF),  # Teredo
        (0x26064700 << 96) + (0x5EFE << 32) + number,  # ISATAP
    ]

    assert not any(is_public(IPv6Address(each)) for each in hidden)
    assert not is_public(IPv4Address(number))


def spellings(number: int) -> list[str]:
    """How inet_aton may be given an address: in one to four numbers of three bases."""
    a, b, c, d = number >> 24, number >> 16 & 255, number >> 8 & 255, number & 255
    return [
        *(str(number), hex(number), oct(number).replace("o", "")),
        *(f"{a}.{number & 0xFFFFFF}", f"{a:#x}.{b}.{number & 0xFFFF}", f"{a}.{b:#x}.0{c:o}.{d}"),
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
    ]


@given(INSIDE)
def test_no_way_of_writing_numbers_hides_one(number):
    for text in spellings(number):
        with pytest.raises(connections.Refused):
            connections.look_up(text, 80, monotonic() + 5)


@pytest.mark.parametrize(
    "host",
    ["127.1", "0x7f.1", "0177.0.0.1", "2130706433", "１２７.０.０.１", "①②⑦.0.0.1", "[::1]", "0"],
)
def test_nor_does_a_strange_digit_or_a_bracket(host):
    with pytest.raises(connections.Refused):
        connections.look_up(host, 80, monotonic() + 5)


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "a..example", "a\0b", "", "a b"])
def test_what_is_no_name_leads_nowhere(host):
    with pytest.raises((connections.Refused, socket.gaierror)):
        connections.look_up(host, 80, monotonic() + 5)


def answering(*texts: str):
    """A resolver that has these addresses for every name."""

    def getaddrinfo(host, port, *args, **kwargs):
        for text in texts:
            six = ":" in text
            family = socket.AF_INET6 if six else socket.AF_INET
            yield family, socket.SOCK_STREAM, 6, "", (text, port, 0, 0) if six else (text, port)

    return lambda *args, **kwargs: list(getaddrinfo(*args, **kwargs))


@pytest.mark.parametrize(
    "answers",
    [["10.0.0.1"], ["1.1.1.1", "127.0.0.1"], ["1.1.1.1", "fe80::1%2"], ["::1", "1.1.1.1"]],
)
def test_one_address_that_is_not_permitted_refuses_the_name(monkeypatch, answers):
    monkeypatch.setattr(socket, "getaddrinfo", answering(*answers))

    with pytest.raises(connections.Refused):
        connections.look_up("example.org", 443, monotonic() + 5)


def test_a_name_with_public_addresses_leads_to_them(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answering("1.1.1.1", "2606:4700::1111"))

    found = connections.look_up("example.org", 443, monotonic() + 5)

    assert [target.sockaddr[0] for target in found] == ["1.1.1.1", "2606:4700::1111"]


def test_an_address_of_one_network_only_is_none(monkeypatch, settings):
    settings.OUTGOING_ALLOW = ["fe80::/10"]
    scoped = [(socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("fe80::1", 80, 0, 2))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: scoped)

    with pytest.raises(connections.Refused):
        connections.look_up("example.org", 80, monotonic() + 5)


@pytest.mark.parametrize(
    ("entry", "host", "address", "port", "permitted"),
    [
        ("chat.example.org", "chat.example.org", "10.0.0.1", 443, True),
        ("Chat.Example.org.", "CHAT.example.ORG.", "10.0.0.1", 443, True),
        ("chat", "chat", "127.0.0.1", 80, True),
        ("chat", "other", "127.0.0.1", 80, False),
        ("chat:8065", "chat", "10.0.0.1", 8065, True),
        ("chat:8065", "chat", "10.0.0.1", 22, False),
        ("chat", "evil.chat", "10.0.0.1", 80, False),
        ("chat", "chat", "169.254.169.254", 80, False),
        ("chat", "chat", "::ffff:169.254.169.254", 80, False),
        ("chat", "chat", "224.0.0.1", 80, False),
        ("169.254.169.254", "chat", "169.254.169.254", 80, True),
        ("10.1.0.0/16", "any", "10.1.2.3", 80, True),
        ("10.1.0.0/16", "any", "::ffff:10.1.2.3", 80, True),
        ("10.1.0.0/16", "any", "10.2.0.1", 80, False),
        ("10.1.2.3:80", "any", "10.1.2.3", 80, True),
        ("10.1.2.3:80", "any", "10.1.2.3", 81, False),
        ("fd00::/8", "any", "fd00::5", 80, True),
        ("[fd00::/8]:443", "any", "fd00::5", 80, False),
        ("[fd00::5]:443", "any", "fd00::5", 443, True),
        ("[fd00::5]", "any", "fd00::5", 80, True),
    ],
)
def test_an_operator_allows_hosts_and_networks(settings, entry, host, address, port, permitted):
    settings.OUTGOING_ALLOW = [entry]

    assert is_permitted(host, ip_address(address), port) is permitted


@pytest.mark.parametrize(
    "entry",
    [
        *(
            "",
            "*",
            "*.example.org",
            "10.1.2.3/8",
            "http://chat",
            "chat/hook",
            "chat:0",
            "chat:99999",
        ),
        *("chat:", ":80", "127.1", "0x7f.1", "2130706433", "a b", "[chat]:80", "chat:８０", "-a"),
    ],
)
def test_what_is_no_host_and_no_network_allows_nothing(entry):
    assert not is_allowance(entry)
    assert allowances.allowances((entry,)) == ()


def test_the_address_within_another_is_the_one_that_counts():
    assert decoded(ip_address("::ffff:10.0.0.1")) == ip_address("10.0.0.1")
    assert allowance_of("10.0.0.0/8").network == allowance_of("[10.0.0.0/8]").network
