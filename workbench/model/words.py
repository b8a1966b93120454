"""Small English for messages."""


def clipped(text: str, limit: int) -> str:
    """The first `limit` characters, and how many are missing: `abc… (+12)`."""
    return text if len(text) <= limit else f"{text[:limit]}… (+{len(text) - limit})"


def plural(count: int, noun: str) -> str:
    """`1 case`, `2 cases`, `0 cases`; a noun that ends in consonant and y: `3 registries`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun[-1] == "y" and noun[-2] not in "aeiou" else f"{count} {noun}s"
