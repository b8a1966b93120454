"""How providers are asked for their metadata: over the bridge, which has the class of Dubbo's MetadataService."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from workbench.discovery.asking import Ask, Question, Told
from workbench.invokers.java import find_jar
from workbench.model.plan import Target
from workbench.plugin_api import Answer, DubboCall

Send = Callable[[Sequence[DubboCall]], Sequence[Answer]]


def asker(
    send: Send,
    jar: Path | None,
    *,
    timeout_ms: int,
    hosts: Mapping[str, str] | None = None,
    tls: Mapping[str, str] | None = None,
) -> Ask:
    """Ask by calls that `send` sends all at once and waits for. `jar`: the bridge's, found by itself when None.

    The calls are typed: the service of 3.x has no filter that understands generic ones.
    """

    def ask(questions: Sequence[Question]) -> list[Told]:
        artifacts = (str(jar or find_jar()),)
        calls = [
            DubboCall(
                interface=each.interface,
                method=each.method,
                erased=each.erased,
                arguments=each.arguments,
                target=Target(url=each.url, artifacts=artifacts, hosts=hosts or {}, tls=tls or {}),
                timeout_ms=timeout_ms,
                group=each.application,
                version=each.version,
                mode="typed",
            )
            for each in questions
        ]
        return [_told(answer) for answer in send(calls)]

    return ask


def _told(answer: Answer) -> Told:
    failure = answer.failure
    return Told(answer.response or "") if failure is None else Told(problem=f"does not answer: {failure.message}")
