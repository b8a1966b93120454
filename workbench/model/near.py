"""Nearest known names, for the hint of every "unknown name" error."""

from collections.abc import Iterable


def near_names(name: str, known: Iterable[str], *, limit: int = 3, cutoff: int = 65) -> list[str]:
    """Up to `limit` of `known` that look like `name`, best first; letter case and a package prefix count little.

    `cutoff`: how alike at least, of 100.
    """
    from rapidfuzz import fuzz, process  # here, so that commands that never fail to find a name start faster

    names = sorted(set(known))
    full = process.extract(name, names, scorer=fuzz.ratio, processor=str.lower, limit=limit, score_cutoff=cutoff)
    short = process.extract(
        _last(name),
        names,
        scorer=fuzz.ratio,
        processor=lambda text: _last(text).lower(),
        limit=limit,
        score_cutoff=cutoff + 5,
    )
    ranked = sorted([*full, *short], key=lambda match: -match[1])
    return list(dict.fromkeys(match[0] for match in ranked))[:limit]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`did you mean a, b?`, or what is known when it is little, or nothing."""
    names = sorted(set(known))
    found = near_names(name, names)
    if found:
        return f"did you mean {' or '.join(found)}?"
    return f"known: {', '.join(names)}" if 0 < len(names) <= 8 else ""


def _last(name: str) -> str:
    return name.rpartition(".")[2]
