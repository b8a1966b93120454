"""Class data sharing for the sample providers: Dubbo's classes read and checked once, for all later starts.

It takes 1.2 s of CPU off each start. `make samples` makes it with `python -m workbench.usecases.samples_archive`;
without it, or with another Java, everything works all the same.
"""

import tempfile
from pathlib import Path

from workbench.errors import SamplesError
from workbench.usecases.samples_files import runtime_archive
from workbench.usecases.samples_launch import SMALL_JVM, Lifetime, ProviderOptions, launch_provider, launch_registry
from workbench.usecases.samples_process import stop

_PATIENCE_S = 120.0
_LIFETIME = Lifetime(max_minutes=5)


def create_archive() -> Path:
    """Start a provider once and keep what it loaded. Raises SamplesError."""
    target = runtime_archive()
    with tempfile.TemporaryDirectory(prefix="samples-archive-", dir=target.parent) as name:
        folder = Path(name)
        new = folder / "new.jsa"
        registry = launch_registry(folder, lifetime=_LIFETIME)
        try:
            options = ProviderOptions(services=(), jvm=(*SMALL_JVM, f"-XX:ArchiveClassesAtExit={new}"))
            provider = launch_provider(
                folder, registry.address, options, name="echo", lifetime=_LIFETIME, timeout_s=_PATIENCE_S
            )
            stop([provider.process], patience_s=_PATIENCE_S)
        finally:
            registry.stop(kill=True)
        if not new.is_file():
            raise SamplesError("the JVM wrote no archive of the samples' classes", where=str(target))
        return new.replace(target)


if __name__ == "__main__":
    print(create_archive())
