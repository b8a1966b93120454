"""A step template: a request that can be sent as it is, made from a contract."""

from msgspec import Struct

from workbench.model.json import Json


class StepTemplate(Struct, frozen=True, omit_defaults=True):
    interface: str
    method: str  # payOrder(com.example.trade.PayOrderRequest)
    request: Json  # list of arguments
    response: Json = None  # skeleton of the declared answer
    notes: tuple[str, ...] = ()  # where it was cut, which subclass was chosen
