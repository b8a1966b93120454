"""Suite folders of a few lines, and generated suites."""

from collections.abc import Callable
from pathlib import Path

import pytest

SUITE = "suite: pay\nsubsystem: order\n"
Write = Callable[..., Path]


@pytest.fixture
def suite_folder(tmp_path: Path) -> Write:
    """suite_folder(scenario="…", suite="…", **{"shared/common.yaml": "…"}) writes a folder and gives it."""

    def write(scenario: str | bytes = "", suite: str = SUITE, files: dict[str, str] | None = None) -> Path:
        for name, text in {"suite.yaml": suite, "scenarios/pay.yaml": scenario, **(files or {})}.items():
            if text:
                path = tmp_path / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path

    return write
