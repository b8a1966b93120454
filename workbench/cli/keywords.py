"""`workbench keywords`: the keyword library, from the docstrings."""

import click

from workbench.errors import UsageError
from workbench.model.near import did_you_mean
from workbench.plugins import keywords
from workbench.plugins.docs import KeywordDoc, library, markdown


@click.command()
@click.argument("name", required=False)
@click.option("--group", "only", metavar="GROUP", help="Only the keywords of one group.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the whole library as a document.")
def command(name: str | None, only: str | None, as_json: bool, as_markdown: bool) -> None:
    """Show the keyword library, or one keyword."""
    docs = _chosen(library(keywords()), name, only)
    if as_markdown:
        click.echo(markdown(docs), nl=False)
    elif as_json:
        from workbench.cli.output import print_json

        print_json(docs[0] if name else docs)
    elif name:
        click.echo(_long(docs[0]))
    else:
        _list(docs)


def _chosen(docs: list[KeywordDoc], name: str | None, group: str | None) -> list[KeywordDoc]:
    wanted = (name or "").removeprefix("$app.")
    chosen = [doc for doc in docs if (not wanted or doc.name == wanted) and (not group or doc.group == group)]
    if not chosen:
        known = [doc.name for doc in docs] if wanted else list({doc.group for doc in docs})
        what = f"keyword {wanted}" if wanted else f"group {group}"
        raise UsageError(f"there is no {what}", hint=did_you_mean(wanted or group or "", known))
    return chosen


def _list(docs: list[KeywordDoc]) -> None:
    width = max(len(doc.name) for doc in docs)
    group = ""
    for doc in docs:
        if doc.group != group:
            click.secho(("\n" if group else "") + doc.group, bold=True)
            group = doc.group
        click.echo(f"  {doc.name:<{width}}  {doc.summary}")


def _long(doc: KeywordDoc) -> str:
    lines = [click.style(f"$app.{doc.name}{doc.signature}", bold=True) + f"   ({doc.group})", "", doc.summary]
    if doc.notes:
        lines += ["", doc.notes]
    if doc.parameters:
        width = max(len(parameter.name) for parameter in doc.parameters)
        lines += ["", *(f"  {parameter.name:<{width}}  {parameter.text}" for parameter in doc.parameters)]
    if doc.examples:
        lines += ["", *(f"  {each.call} {each.sign} {each.result}".rstrip() for each in doc.examples)]
    if doc.pure:
        lines += ["", f"In templates: ${{fn.{doc.name}(…)}}"]
    return "\n".join(lines)
