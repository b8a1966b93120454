"""Small English for messages."""


def plural(count: int, noun: str) -> str:
    """`1 case`, `2 cases`, `0 cases`; a noun that ends in consonant and y: `3 registries`."""
    if count == 1:
        return f"1 {noun}"
    return f"{count} {noun[:-1]}ies" if noun[-1] == "y" and noun[-2] not in "aeiou" else f"{count} {noun}s"
