from urllib.parse import quote

import pytest

from workbench.discovery.urls import parse_url, provider_of

URL = (
    "dubbo://10.0.0.5:20880/com.x.Facade?application=trade&dubbo.tag=gray&group=g&interface=com.x.Facade"
    "&methods=query,pay&prefer.serialization=hessian2,fastjson2&release=3.3.6&side=provider&timeout=1500"
    "&version=1.0.0&weight=50"
)


@pytest.mark.parametrize("text", [URL, quote(URL, safe="")])
def test_a_provider_with_everything(text: str) -> None:
    one = provider_of(parse_url(text))
    assert (one.address, one.protocol, one.interface) == ("10.0.0.5:20880", "dubbo", "com.x.Facade")
    assert (one.group, one.version, one.tag, one.weight, one.timeout_ms) == ("g", "1.0.0", "gray", 50, 1500)
    assert (one.release, one.application, one.serialization) == ("3.3.6", "trade", "hessian2,fastjson2")
    assert one.methods == ("pay", "query")
    assert one.parameters["side"] == "provider"
    assert one.url == "dubbo://10.0.0.5:20880"


@pytest.mark.parametrize(
    ("query", "release"),
    [("release=2.7.23&dubbo=2.0.2", "2.7.23"), ("dubbo=2.0.2", "2.6.x"), ("dubbo=2.5.3", "2.5.3"), ("", "")],
)
def test_releases_before_apache_tell_the_number_of_their_protocol(query: str, release: str) -> None:
    assert provider_of(parse_url(f"dubbo://h:1/a?{query}")).release == release


def test_a_provider_with_nothing() -> None:
    one = provider_of(parse_url("tri://[::1]:50051/com.x.Facade?version=0.0.0"))
    assert (one.address, one.interface, one.version, one.weight) == ("[::1]:50051", "com.x.Facade", "", 100)
    assert one.timeout_ms is None


def test_ipv6_without_brackets() -> None:
    assert parse_url("dubbo://::1:20880/a").address == "[::1]:20880"


@pytest.mark.parametrize(("text", "weight"), [("0", 0), ("250", 250), ("heavy", 100), ("", 100)])
def test_weight(text: str, weight: int) -> None:
    assert provider_of(parse_url(f"dubbo://h:1/a?weight={text}")).weight == weight


def test_values_keep_plus_signs_and_encoded_ampersands() -> None:
    assert parse_url("dubbo://h:1/a?x=1%2B1+2&y=a%26b").parameters == {"x": "1+1+2", "y": "a&b"}


@pytest.mark.parametrize("text", ["", "com.x.Facade", "dubbo://h/a", "dubbo://h:x/a", "://h:1"])
def test_what_is_no_url(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_url(text)
