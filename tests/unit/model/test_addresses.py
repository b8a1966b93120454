import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.model import addresses
from workbench.model.addresses import ZookeeperAddress, check_provider, parse_zookeeper


@pytest.mark.parametrize(
    ("text", "hosts", "root"),
    [
        ("zookeeper://h", ("h:2181",), "/dubbo"),
        ("zookeeper://h:1/", ("h:1",), "/dubbo"),
        ("zookeeper://h:1,[::1]:2,i/a/b", ("h:1", "[::1]:2", "i:2181"), "/a/b"),
        ("zookeeper://[fe80::1%eth0]", ("[fe80::1%eth0]:2181",), "/dubbo"),
        ("zookeeper://h:1?backup=i:2,j:3&group=dubbo-gray", ("h:1", "i:2", "j:3"), "/dubbo-gray"),
    ],
)
def test_addresses(text: str, hosts: tuple[str, ...], root: str) -> None:
    assert parse_zookeeper(text) == ZookeeperAddress(hosts, root)


_host = st.from_regex(r"[a-z][a-z0-9.-]{0,9}", fullmatch=True) | st.ip_addresses(v=6).map(lambda ip: f"[{ip}]")
_place = st.tuples(_host, st.integers(1, 65535)).map(lambda pair: f"{pair[0]}:{pair[1]}")


@given(st.lists(_place, min_size=1, max_size=4).map(tuple), st.from_regex(r"(/[a-z]{1,5}){1,3}", fullmatch=True))
def test_an_address_reads_itself(hosts: tuple[str, ...], root: str) -> None:
    address = ZookeeperAddress(hosts, root)
    assert parse_zookeeper(str(address)) == address


@pytest.mark.parametrize(
    "text",
    [
        "nacos://h:1",
        "zookeeper://",
        "zookeeper://h:0",
        "zookeeper://h:99999",
        "zookeeper://::1:2181",
        "zookeeper://h:x",
        "zookeeper://h:1?timeout=3",
        "zookeeper://h:1/a//b",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_zookeeper(text)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(UsageError) as error:
        parse_zookeeper("zookeeper://ann:geheim@h:1")
    assert "geheim" not in str(error.value)
    assert "WORKBENCH_ZK_AUTH" in str(error.value)


@pytest.mark.parametrize("text", ["dubbo://h:1", "h:20880", "tri://[::1]:50051/x?y=z", "dubbo://h:1?group=a"])
def test_a_provider_s_address_stays_as_it_is(text: str) -> None:
    assert check_provider(text) == text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("dubbo://127.0.0.1", "no provider's address"),
        ("dubbo://h:0", "no provider's address"),
        ("dubbo://h:65536", "no provider's address"),
        ("dubbo://::1:20880", "no provider's address"),
        ("dubbo://", "no provider's address"),
        ("zz://h:1", "zz:// is no provider's protocol"),
        ("zookeeper://h:2181", "--registry"),
        ("samples://", "--registry"),
    ],
)
def test_what_is_no_provider_s_address_is_refused(text: str, told: str) -> None:
    with pytest.raises(UsageError, match=told) as error:
        check_provider(text, where="--url")
    assert error.value.where == "--url"
    assert "dubbo://HOST:PORT" in error.value.hint


@pytest.mark.parametrize("name", ["PROTOCOLS", "SERIALIZATIONS"])
def test_the_bridge_knows_the_same_protocols_and_serializations(name: str) -> None:
    root = Path(__file__).parents[3] / "bridge-java" / "bridge" / "src"
    source = (root / "main/java/io/dubboworkbench/bridge/rpc/Definition.java").read_text()
    listed = re.search(rf"List<String> {name} = List\.of\(([^)]*)\)", source)
    assert listed is not None
    assert tuple(re.findall(r'"([^"]+)"', listed[1])) == getattr(addresses, name)
