"""The package's door: everything it names is there, and opening it is cheap."""

import subprocess
import sys

import workbench.expr


def test_every_exported_name_exists() -> None:
    for name in workbench.expr.__all__:
        assert getattr(workbench.expr, name) is not None


def test_importing_loads_neither_the_path_library_nor_the_schema_library() -> None:
    code = (
        "import sys, workbench.expr as e\n"
        "e.compile_json('[{\"a\": \"${row.a}\"}]').render({'row': {'a': 1}})\n"
        "e.compile_assertions('response.a == 1')\n"
        "print([m for m in ('jsonpath', 'jsonschema', 'rapidfuzz') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
