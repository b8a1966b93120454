"""A compiled script and the limits it runs under."""

from msgspec import Struct

from workbench.scripts.source import Source


class Limits(Struct, frozen=True):
    """Bounds on one run of a script. `seconds` count while the script computes, not while a keyword works."""

    seconds: float = 10.0
    wall_seconds: float = float("inf")  # of everything, keywords and sleeping included
    memory_bytes: int = 64 * 1024 * 1024
    suspensions: int = 100_000  # keyword calls, sleeps and look-ups
    recursion: int = 200
    output_bytes: int = 1024 * 1024  # of print(); the rest is dropped with a note


class Script(Struct, frozen=True):
    """A script that the sandbox's parser accepts and whose keywords exist.

    `where` says whose script it is, for messages: "scenarios/pay-order.yaml, step create order, before".
    """

    source: Source
    where: str = ""

    @property
    def text(self) -> str:
        return self.source.text

    @property
    def references(self) -> frozenset[tuple[str, str]]:
        """(keyword, name) of literal calls: ("getContext", "paymentId"), ("addContext", …), ("getRow", …),
        ("getConfig", …), ("sql", …), ("redis", …). A read with a default demands nothing and is left out."""
        return self.source.references

    @property
    def keywords(self) -> frozenset[str]:
        return frozenset(use.name for use in self.source.uses)

    def at(self, line: int) -> str:
        """Place for messages: whose script, which line."""
        place = f"script line {line}" if line else "script"
        return f"{self.where}, {place}" if self.where else place
