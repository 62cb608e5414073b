from __future__ import annotations

from ipaddress import ip_address

import pytest

from ingest.addresses import may_connect, networks_of, normalised


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://www.vdg.nl", "https://www.vdg.nl/"),
        (" HTTPS://WWW.VDG.nl:443/a%7eb/?utm_source=x&p=1#top ", "https://www.vdg.nl/a~b/?p=1"),
        ("http://vdg.nl:80/Stukken", "http://vdg.nl/Stukken"),
        ("http://vdg.nl:8080/", "http://vdg.nl:8080/"),
        ("https://vdg.nl:80/", "https://vdg.nl:80/"),
        ("https://www.platform31.nl/?p=46628", "https://www.platform31.nl/?p=46628"),
        ("https://vdg.nl/?UTM_Campaign=a&utm%5fmedium=b", "https://vdg.nl/"),
        ("https://vdg.nl/?b=2&a=1&fbclid=x", "https://vdg.nl/?b=2&a=1"),
        ("https://vdg.nl/?vrouwtm_x=1&utmost=2", "https://vdg.nl/?vrouwtm_x=1&utmost=2"),
        ("https://vdg.nl/a/./b/../c", "https://vdg.nl/a/c"),
        ("https://vdg.nl/a/..", "https://vdg.nl/"),
        ("https://vdg.nl/../../a", "https://vdg.nl/a"),
        ("https://vdg.nl/financiën plan.pdf", "https://vdg.nl/financi%C3%ABn%20plan.pdf"),
        ("https://vdg.nl/financi%c3%abn%20plan.pdf", "https://vdg.nl/financi%C3%ABn%20plan.pdf"),
        ("https://vdg.nl/100%", "https://vdg.nl/100%25"),
        ("https://vdg.nl/a%2Fb", "https://vdg.nl/a%2Fb"),
        ("https://vdg.nl/lang\r\n  -plan.pdf", "https://vdg.nl/lang-plan.pdf"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("https://a:b@vdg.nl/", "https://a:b@vdg.nl/"),
    ],
)
def test_addresses_normalised(given: str, expected: str) -> None:
    assert normalised(given) == expected
    assert normalised(expected) == expected


@pytest.mark.parametrize(
    "given",
    [
        "mailto:info@vdg.nl", "#pagina=3", "", "tel:0592", "file:///etc/passwd", "ftp://vdg.nl/", "javascript:alert(1)",
        "www.vdg.nl", "https://", "https:///pad", "http://[::1", "http://vdg.nl:haven/", "http://vdg.nl:99999/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_on_the_web(given: str) -> None:
    assert normalised(given) is None


PUBLIC = ["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1", "2a02:a45e::1"]
NOT_PUBLIC = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.8.8.8", "168.63.129.16",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.0.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "100::1", "2001::1", "2001:db8::1",
    "3fff::1", "5f00::1", "64:ff9b:1::1", "4000::1",
    "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",  # mapped
    "2002:7f00:1::", "2002:c0a8:101::1",  # 6to4
    "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe",  # NAT64
]  # fmt: skip


@pytest.mark.parametrize("address", [*PUBLIC, "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"])
def test_addresses_public_ones_may_be_reached_on_the_webs_ports_only(address: str) -> None:
    ports = (22, 80, 443, 8080)
    assert [may_connect(ip_address(address), port) for port in ports] == [False, True, True, False]


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_others_may_not_be_reached(address: str) -> None:
    assert not may_connect(ip_address(address), 80)
    assert not may_connect(ip_address(address), 443)


def test_addresses_a_network_of_the_settings_may_be_reached_on_every_port() -> None:
    allowed = networks_of(["10.1.0.0/16", " fd00::/8 ", ""])
    assert may_connect(ip_address("10.1.2.3"), 8080, allowed)
    assert may_connect(ip_address("::ffff:10.1.2.3"), 80, allowed)
    assert may_connect(ip_address("fd00::1"), 80, allowed)
    assert not may_connect(ip_address("10.2.0.1"), 80, allowed)
    assert not may_connect(ip_address("8.8.8.8"), 8080, allowed)
