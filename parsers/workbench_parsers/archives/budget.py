"""What one parse may use up altogether; every archive and entry draws on it."""

from workbench.errors import LimitError
from workbench.plugin_api import ParseLimits

# Entries of all archives together: a fat jar of many libraries may well have more than one archive may.
_TOTAL_ENTRIES_FACTOR = 8
# Below this size a high ratio is harmless, and short repetitive files do have one.
_RATIO_COUNTS_FROM = 1024 * 1024


class Budget:
    """Sizes are bytes, uncompressed. Everything that exceeds a limit raises LimitError."""

    def __init__(self, limits: ParseLimits) -> None:
        self.limits = limits
        self._bytes = limits.max_total_bytes
        self._entries = limits.max_entries * _TOTAL_ENTRIES_FACTOR

    def entries_expected(self, count: int, where: str) -> None:
        """An archive says that it has `count` entries; none is read yet."""
        if count > self.limits.max_entries:
            raise _exceeded(f"{count} entries", "max_entries", self.limits.max_entries, where)

    def entries(self, count: int, where: str) -> None:
        """An archive has `count` entries."""
        self.entries_expected(count, where)
        self._entries -= count
        if self._entries < 0:
            factor, allowed = _TOTAL_ENTRIES_FACTOR, self.limits.max_entries * _TOTAL_ENTRIES_FACTOR
            raise _exceeded("more entries in all archives together", f"{factor} × max_entries", allowed, where)

    def entry(self, size: int, compressed: int, *place: str) -> None:
        """An entry says that it has `size` bytes. `place`: the archive and the entry's name in it, or either."""
        limits = self.limits
        if size > limits.max_entry_bytes:
            raise _exceeded(f"{size} bytes", "max_entry_bytes", limits.max_entry_bytes, "!".join(place))
        if size > _RATIO_COUNTS_FROM and size > compressed * limits.max_ratio:
            ratio = size // max(compressed, 1)
            raise _exceeded(f"compressed {ratio} times", "max_ratio", limits.max_ratio, "!".join(place))

    def spend(self, size: int, *place: str) -> None:
        """`size` bytes were really read; `place` as in `entry`."""
        self._bytes -= size
        if self._bytes < 0:
            raise _exceeded(
                "more bytes read altogether", "max_total_bytes", self.limits.max_total_bytes, "!".join(place)
            )


def _exceeded(found: str, limit: str, allowed: int, where: str) -> LimitError:
    name = limit.split()[-1]
    hint = f"such an archive is usually damaged or hostile; if you trust it, raise the setting parse_limits.{name}"
    return LimitError(f"{found}, the limit {limit} is {allowed}", where=where, hint=hint, limit=name)
