"""Which addresses a callback may have: none that leads into a private network."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

Address = IPv4Address | IPv6Address

_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",  # this network
            "169.254.0.0/16",  # link-local, cloud metadata
            "168.63.129.16/32",  # Azure's platform address, public by number
            "100.100.100.200/32",  # Alibaba's metadata, inside CGNAT
            "192.0.0.0/24",  # IETF protocol assignments
            "192.0.2.0/24",  # documentation
            "192.88.99.0/24",  # 6to4 relays
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
            "::/128",  # unspecified
            "::/96",  # IPv4-compatible; ::1 is looked at before
            "::ffff:0:0/96",  # IPv4-mapped
            "::ffff:0:0:0/96",  # IPv4-translated
            "64:ff9b::/96",  # NAT64
            "64:ff9b:1::/48",  # local NAT64
            "100::/64",  # discard
            "2001::/23",  # Teredo and other protocol assignments
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "3fff::/20",  # documentation
            "5f00::/16",  # segment routing
            "fd00:ec2::/32",  # AWS metadata over IPv6
            "fe80::/10",  # link-local
            "fec0::/10",  # site-local
            "ff00::/8",  # multicast
        ),
    )
)
_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT
            "127.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "::1/128",
            "fc00::/7",  # unique local
        ),
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)
"""Upper half of an interface identifier that hides an IPv4 address."""


def refusal(address: Address, *, allow_private: bool) -> str | None:
    """Why `address` may not be called; None when it may."""
    private = any(address in network for network in _PRIVATE)
    never = any(address in network for network in _NEVER) and address != IPv6Address("::1")
    if isinstance(address, IPv6Address):
        never = never or (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    if never:
        return "a reserved, link-local, multicast or metadata address"
    if private:
        return None if allow_private else "a private address"
    return None if address.is_global else "a reserved address"


def parse(text: str) -> Address:
    """The address; a zone such as `%eth0` is dropped, for the check sees link-local anyway."""
    return ipaddress.ip_address(text.partition("%")[0])
