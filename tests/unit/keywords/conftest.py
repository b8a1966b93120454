from collections.abc import Iterator
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from workbench import plugins
from workbench.model.result import RemoteException
from workbench.plugins.memory import MemoryScope
from workbench.scripts import ScriptEngine


@pytest.fixture(scope="session")
def engine() -> Iterator[ScriptEngine]:
    with ScriptEngine(plugins.keywords()) as made:
        yield made


@pytest.fixture(scope="session")
def rsa_keys() -> dict[str, str]:
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return {"privateKey": private.decode(), "publicKey": public.decode()}


@pytest.fixture
def scope(rsa_keys: dict[str, str]) -> MemoryScope:
    """The step that the examples of the docstrings speak of."""
    made = MemoryScope(timezone="Asia/Shanghai")
    made.row = {"buyerId": "00123", "amount": Decimal("10.50")}
    made.config = {"shipUrl": "http://ship.test", **rsa_keys}
    made.request = [{"buyerId": "00123"}]
    made.response = {"data": {"paymentId": "P-1001", "items": [{"sku": "A", "qty": 1}, {"sku": "B", "qty": 2}]}}
    made.exception = RemoteException(
        "com.example.trade.AlreadyPaidException", "already paid", '"PAID_TWICE"', '{"code":"PAID_TWICE"}'
    )
    made.answer = {"rows": [{"status": "PAID"}], "affected": 1}
    made.values = {"paymentId": "P-1001"}
    return made
