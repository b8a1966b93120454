"""Small English for messages."""


def clipped(text: str, limit: int) -> str:
    """The first `limit` characters, and how many are missing: `abc… (+12)`."""
    return text if len(text) <= limit else f"{text[:limit]}… (+{len(text) - limit})"


def plural(count: int, noun: str) -> str:
    """`1 case`, `2 cases`, `0 cases`; also `3 registries` and `2 classes`."""
    if count == 1:
        return f"1 {noun}"
    if noun.endswith("s"):
        return f"{count} {noun}es"
    return f"{count} {noun[:-1]}ies" if noun[-1] == "y" and noun[-2] not in "aeiou" else f"{count} {noun}s"
