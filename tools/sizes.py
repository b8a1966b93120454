"""Print how long files and functions are, and what is far outside: over 500 lines a file, 60 a function."""

import ast
import subprocess
from pathlib import Path
from statistics import median, quantiles

ROOTS = ("workbench/", "keywords/", "parsers/", "datasets/", "web/", "bridge-java/", "benchmarks/")
FILE_LIMIT, FUNCTION_LIMIT = 500, 60


def sources() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *ROOTS], capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.splitlines() if name.endswith((".py", ".java", ".ts", ".vue"))]


def functions(path: Path) -> list[tuple[int, str]]:
    if path.suffix != ".py":
        return []
    found = (
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return [((node.end_lineno or node.lineno) - node.lineno + 1, f"{path}:{node.lineno} {node.name}") for node in found]


def line(kind: str, sizes: list[int]) -> str:
    p95 = quantiles(sizes, n=20)[-1]
    return f"{kind}: {len(sizes)}, median {median(sizes):.0f}, p95 {p95:.0f}, longest {max(sizes)} lines"


def main() -> None:
    paths = [path for path in sources() if path.exists()]
    files = [(len(path.read_text().splitlines()), str(path)) for path in paths]
    calls = [entry for path in paths for entry in functions(path)]
    print(line("files", [size for size, _ in files]))
    print(line("Python functions", [size for size, _ in calls]))
    outliers = [entry for entry in files if entry[0] > FILE_LIMIT] + [
        entry for entry in calls if entry[0] > FUNCTION_LIMIT
    ]
    for size, name in sorted(outliers, reverse=True):
        print(f"{size:6} {name}")


if __name__ == "__main__":
    main()
