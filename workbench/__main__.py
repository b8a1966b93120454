"""Where the program starts, as `workbench` and as `python -m workbench`.

Nothing is imported outside of main(): a Ctrl-C that falls into the first imports ends the program as any other does.
"""

INTERRUPTED = 130


def main() -> None:
    """The console script."""
    try:
        from workbench.cli import main as command_line

        command_line()
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None


if __name__ == "__main__":
    main()
