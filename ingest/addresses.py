"""Addresses of the web: in what one form they are compared, and which network addresses may be reached at all.

The portal runs inside a municipal network and follows links that others wrote. Without a check, a link to an address
of that network would make the portal a door into it: so everything that is not plainly public is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from urllib.parse import quote, unquote, urlsplit, urlunsplit

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

# Written out from IANA's special-purpose registries, since what Python's `is_global` says differs between patch
# releases (CVE-2024-4032) and calls multicast, site-local IPv6 and NAT64 public.
_REFUSED_IPV4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # 'this network'; on Linux 0.0.0.0 is the machine itself
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers (CGNAT)
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # public in form, but the machine's own control channel at Azure
        "169.254.0.0/16",  # link-local, with the clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# Of IPv6 only this part is in public use at all: loopback, private, link-local and multicast lie outside it.
_PUBLIC_IPV6 = IPv6Network("2000::/3")
_REFUSED_IPV6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, among them Teredo, which carries IPv4 inside
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_PORTS = (80, 443)

# Added by mailings and advertisements; none of them changes the page.
_TRACKING = re.compile(r"utm_.*|fbclid|gclid|msclkid|mc_[ce]id", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What may stand in a path or query as it is (RFC 3986), besides letters and digits; '%' since escapes are kept.
_PATH_SAFE = "/:@!$&'()*+,;=-._~%"
_QUERY_SAFE = _PATH_SAFE + "?"


def normalised(address: str) -> str | None:
    """The one form of a web address, by which two are the same; None if it is not http(s) or has no host.

    ' HTTPS://WWW.VDG.nl:443/a%7eb/?utm_source=x&p=1#top ' → 'https://www.vdg.nl/a~b/?p=1'
    """
    text = re.sub(r"[\x00-\x20\x7f]+", "", address.strip()) if _broken(address) else address.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:  # a port that is no number, a bracket that is not closed
        return None
    scheme, host = parts.scheme.lower(), _host(parts.hostname or "")
    if scheme not in _DEFAULT_PORTS or not host:
        return None
    userinfo = parts.netloc.rpartition("@")[0]
    place = f"{userinfo}@{host}" if userinfo else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        place += f":{port}"
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.fullmatch(unquote(part.split("=")[0])))
    path = _without_dots(_escaped(parts.path, _PATH_SAFE)) or "/"
    return urlunsplit((scheme, place, path, _escaped(query, _QUERY_SAFE), ""))


def networks_of(names: Sequence[str]) -> tuple[IPNetwork, ...]:
    """Networks as they are written in the settings: ['10.1.0.0/16', '::1'] → two networks. Raises ValueError."""
    return tuple(ip_network(name.strip(), strict=False) for name in names if name.strip())


def may_connect(address: IPAddress, port: int, allowed: Sequence[IPNetwork] = ()) -> bool:
    """Whether this network address and port may be connected to: public and 80 or 443, or within an allowed network.

    127.0.0.1 → no, ::ffff:127.0.0.1 → no, 93.184.216.34 on 443 → yes, on 22 → no
    """
    bare = _carried(address)
    if any(each in network for each in (address, bare) for network in allowed if network.version == each.version):
        return True
    return port in _PORTS and _is_public(bare)


def _is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_IPV4)
    return address in _PUBLIC_IPV6 and not any(address in network for network in _REFUSED_IPV6)


def _carried(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address is another way of writing, or leads to; else the address itself.

    ::ffff:10.0.0.1 (mapped), 2002:a00:1:: (6to4), 64:ff9b::a00:1 (NAT64) → 10.0.0.1
    """
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _broken(address: str) -> bool:
    """Whether an address was broken over lines, as link annotations sometimes have it: no address holds a line end."""
    return any(char in address for char in "\r\n\t\x00")


def _host(name: str) -> str:
    """'Gemeente-Één.NL' → its ASCII form; an IPv6 address gets its brackets back."""
    if ":" in name:
        return f"[{name.lower()}]"
    try:
        return name.lower().encode("ascii").decode("ascii")
    except UnicodeEncodeError:
        pass
    try:
        return name.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _escaped(text: str, safe: str) -> str:
    """Escapes in one way: 'a%7eb c%c3%ab' → 'a~b%20c%C3%AB'; 'ë' → '%C3%AB'; a '%' that begins none → '%25'."""

    def one(found: re.Match[str]) -> str:
        char = chr(int(found.group(1), 16))
        return char if re.fullmatch(r"[A-Za-z0-9._~-]", char) else found.group(0).upper()

    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return re.sub(r"%([0-9A-Fa-f]{2})", one, quote(text, safe=safe))


def _without_dots(path: str) -> str:
    """'/a/./b/../c' → '/a/c' (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    parts = path.split("/")
    for part in parts:
        if part == "..":
            if len(kept) > 1:
                kept.pop()
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
