"""ETags of what is changed over the API."""

from typing import Any

ANY = {"If-Match": "*"}  # whatever it is by now


def seen(client: Any, path: str, **headers: str) -> dict[str, str]:
    """The header of who changes what stands at the path, as it is now."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return {"If-Match": answer.headers["ETag"], **headers}
