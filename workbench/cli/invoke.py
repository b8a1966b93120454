"""`workbench invoke`: call one Dubbo method and print its answer."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from workbench.cli.output import artifact_options, json_option, print_json, print_json_text, registry_option, settings
from workbench.errors import UsageError
from workbench.model.durations import millis
from workbench.model.result import Side
from workbench.model.targets import parse_target

if TYPE_CHECKING:
    from workbench.plugin_api import Answer
    from workbench.usecases.invoke_once import Invocation, InvokeRequest

FAILED, DOES_NOT_FIT, COULD_NOT_RUN = 1, 2, 3


@click.command(name="invoke")
@click.argument("target", metavar="INTERFACE#METHOD[(TYPES)]")
@registry_option
@click.option("--url", metavar="URL", default="", help="Call this provider: dubbo://HOST:PORT.")
@click.option("--data", metavar="JSON|@FILE|-", default="", help="List of arguments, or the one argument; -: stdin.")
@click.option("--group", default="", help="Dubbo group.")
@click.option("--version", default="", help="Version of the Dubbo service.")
@click.option("--tag", default="", help="Route to providers with this tag.")
@click.option("--protocol", default="", help="dubbo or tri; default: as registered.")
@click.option("--serialization", default="", help="hessian2 or fastjson2; default: as the provider prefers.")
@click.option("--oneway", is_flag=True, help="Send it and do not wait for an answer.")
@click.option("--consumer", metavar="NAME", default="", help="Calling application, as rules of the registry know it.")
@click.option("--host", "hosts", metavar="FROM=TO", multiple=True, help="Connect to TO where FROM is registered.")
@click.option("--trust", metavar="PEM", default="", help="TLS: certificates of the authorities to believe.")
@click.option("--certificate", metavar="PEM", default="", help="TLS: chain for providers that ask for one; with --key.")
@click.option("--key", metavar="PEM", default="", help="TLS: private key of the certificate.")
@click.option("--timeout", metavar="DURATION", default="5s", show_default=True, help="500ms, 3s.")
@click.option("--attachment", "attachments", metavar="K=V", multiple=True, help="Attachment sent with the call.")
@click.option("--timezone", metavar="ZONE", default="", help="Of times that name none: Asia/Shanghai, +08:00.")
@artifact_options
@click.option("--generic", is_flag=True, help="Call without the API classes, also when an artifact is given.")
@click.option("--unchecked", is_flag=True, help="Send the arguments without checking them against the contract.")
@click.option("--show-classes", is_flag=True, help="Say the classes of values that no declared type tells.")
@json_option
def command(
    target: str,
    registry: str | None,
    data: str,
    timeout: str,
    attachments: tuple[str, ...],
    hosts: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> int:
    """Call one Dubbo method and print its answer.

    Parameter types may be left out where the contract (of --artifact or of the registry) has one such method.
    With --artifact the call is typed: exact for every Java type. Exit codes: 0 answered, 1 the provider failed,
    2 wrong usage or arguments that do not fit, 3 the call could not be made.
    """
    from workbench.usecases.invoke_once import InvokeRequest

    request = InvokeRequest(
        target=parse_target(target),
        data=_read(data),
        data_from=_source(data),
        timeout_ms=_timeout(timeout),
        attachments=dict(_pair(text, "--attachment") for text in attachments),
        hosts=dict(_pair(text, "--host") for text in hosts),
        registry=registry or "",
        **options,
    )
    invocation = asyncio.run(_invoke(request))
    if as_json:
        print_json(_document(invocation))
    else:
        _print(invocation.answer)
    return _exit_code(invocation.answer)


async def _invoke(request: "InvokeRequest") -> "Invocation":
    from workbench.app import Application
    from workbench.invokers import DubboInvoker
    from workbench.usecases.invoke_once import invoke_once, tls_files

    given = settings()
    async with Application(given, brief=True) as app:
        invoker = DubboInvoker(app.bridge("calls"))
        try:
            return await invoke_once(request, invoker, given, app.ask(request.hosts, tls_files(request)))
        finally:
            await invoker.close()


def _timeout(text: str) -> int:
    found = millis(text, where="--timeout")
    if not found:
        raise UsageError("no time for an answer", where="--timeout", hint="write 500ms, 3s, 1m30s")
    return found


def _source(data: str) -> str:
    """Where errors in the data are, when not on the command line."""
    return data[1:] if data.startswith("@") else "stdin" if data == "-" else ""


def _read(data: str) -> str:
    """The text itself, or that of stdin or a file, which may begin with a byte order mark as editors write it."""
    if data != "-" and not data.startswith("@"):
        return data
    try:
        raw = sys.stdin.buffer.read() if data == "-" else Path(data[1:]).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", where=data[1:] or data) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"is not UTF-8 (byte {error.start + 1})", where=_source(data), hint="save it as UTF-8"
        ) from error


def _pair(text: str, option: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise UsageError(f"{text!r} is not KEY=VALUE", where=option)
    return key, value


def _exit_code(answer: "Answer") -> int:
    if answer.failure is None:
        return 0
    codes = {Side.PRODUCT: FAILED, Side.CASE: DOES_NOT_FIT}
    return codes.get(answer.failure.blamed, COULD_NOT_RUN)


def _document(invocation: "Invocation") -> dict[str, Any]:
    """The answer as one document; payloads stand in it as JSON, digit by digit."""
    answer = invocation.answer
    failure = answer.failure
    exception = answer.exception
    return {
        "target": invocation.target,
        "request": msgspec.Raw(invocation.request.encode()),
        "response": None if answer.response is None else msgspec.Raw(answer.response.encode()),
        "failure": failure and {"cause": failure.cause, "message": failure.message, "hint": failure.hint},
        "exception": exception,
        "elapsed_us": answer.elapsed_us,
        "provider": answer.provider,
        "mode": answer.mode,
        "attachments": answer.attachments,
        "warnings": answer.warnings,
    }


def _print(answer: "Answer") -> None:
    """The response alone on stdout; what is said about it on stderr."""
    if answer.response is not None and answer.failure is None:
        print_json_text(answer.response)
    for warning in answer.warnings:
        click.echo(f"{click.style('warning', fg='yellow')}: {warning}", err=True)
    _print_failure(answer)
    by = f" by {answer.provider}" if answer.provider else ""
    mode = f" ({answer.mode})" if answer.mode else ""
    done = "answered" if answer.failure is None else "ended"
    if not answer.elapsed_us:  # it was never sent
        return
    click.echo(f"{done} in {answer.elapsed_us / 1000:.1f} ms{by}{mode}", err=True)


def _print_failure(answer: "Answer") -> None:
    failure = answer.failure
    if failure is None:
        return
    click.echo(f"{click.style(failure.cause, fg='red')}: {failure.message}", err=True)
    if failure.hint:
        click.echo(f"  → {failure.hint}", err=True)
    exception = answer.exception
    if exception is None:
        return
    click.echo(f"{exception.class_name}: {exception.message or ''}", err=True)
    if exception.fields not in ("", "{}"):
        click.echo(f"  fields: {exception.fields}", err=True)
    for cause in exception.causes:
        click.echo(f"  caused by {cause.class_name}: {cause.message or ''}", err=True)
