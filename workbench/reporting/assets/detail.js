// One opened case: its steps in order, the failing one open.
function caseDetail(at) {
  const detail = detailOf(at);
  const row = ROWS[at];
  if (!detail) return h("div", { class: "detail" }, caseFacts(row), h("p", { class: "calm" }, word("noDetail")));
  const bad = (step) => !["PASSED", "SKIPPED"].includes(step.verdict);
  const wanted = [(step) => state.step && step.id === state.step, (step) => bad(step) && step.kind !== "use", bad];
  const failing = wanted.map((test) => detail.steps.findIndex(test)).find((at) => at >= 0) ?? -1;
  return h("div", { class: "detail" }, caseFacts(row),
    detail.compact && h("p", { class: "calm" }, word("compact")),
    detail.failure && failureBox(detail.failure, row.verdict),
    detail.steps.length ? h("ol", { class: "steps" }, detail.steps.map((step, number) => stepLine(step, number, number === failing)))
      : h("p", { class: "calm" }, word("noSteps")),
    detail.log?.length ? block(word("log"), logLines(detail.log)) : null,
    detail.context && fold(word("context"), () => payloadView(detail.context)));
}

function caseFacts(row) {
  const facts = [["id", row.item], ["priority", row.priority], ["owner", row.owner], ["tags", row.tags?.join(", ")],
    ["requirements", row.requirements?.join(", ")], ["file", row.file], ["row", row.rowName]].filter(([, value]) => value);
  return h("div", { class: "case-facts" },
    h("dl", {}, facts.map(([name, value]) => h("div", {}, h("dt", {}, name === "row" ? word("values") : word(name)), h("dd", {}, value)))),
    row.values?.length ? h("dl", { class: "values" }, row.values.map(([key, value]) => h("div", {}, h("dt", {}, key), h("dd", {}, value)))) : null);
}

function stepLine(step, number, open) {
  const last = step.attempts?.[step.attempts.length - 1];
  const body = h("div", { class: "step-body" });
  const fill = () => { if (!body.childElementCount) body.append(...stepBody(step)); };
  const line = h("details", { class: `step v-line-${step.verdict}`, open, "data-step": step.id },
    h("summary", {},
      h("span", { class: `sign v-${step.verdict}`, title: word(step.verdict) }, SIGNS[step.verdict]),
      h("span", { class: "number" }, number + 1),
      h("span", { class: "name" }, step.name, step.phase !== "steps" && h("small", { class: "phase" }, word(step.phase))),
      h("span", { class: "target mono", title: step.target }, shortTarget(step.target) || step.kind),
      h("span", { class: "facts" }, [last?.provider, last?.mode, step.attempts?.length > 1 && word("attempts", step.attempts.length)].filter(Boolean).join(" · ")),
      step.verdict === "PASSED" && !step.flaky ? h("span", {}) : chip(step.verdict, step.flaky ? `· ${word("flaky")}` : ""),
      h("span", { class: "num" }, duration(step.us ?? 0))),
    body);
  if (open) fill();
  line.addEventListener("toggle", () => line.open && fill());
  return h("li", { class: step.parent ? "inner" : null }, line);
}

function stepBody(step) {
  const attempts = step.attempts ?? [];
  if (attempts.length < 2) return [attempts.length ? attemptView(attempts[0], step) : failureBox(step.failure, step.verdict) ?? ""];
  const place = h("div", {});
  const buttons = attempts.map((attempt, at) => h("button", { type: "button", role: "tab", onclick: () => show(at) },
    h("span", { class: `sign v-${attempt.verdict}` }, SIGNS[attempt.verdict]), attemptLabel(attempt.number || at + 1), " ", duration(attempt.us ?? 0)));
  const show = (at) => {
    buttons.forEach((button, other) => button.setAttribute("aria-selected", other === at ? "true" : "false"));
    place.replaceChildren(attemptView(attempts[at], step));
  };
  show(attempts.length - 1);
  return [h("div", { class: "tabs", role: "tablist" }, buttons), place];
}

function attemptView(attempt, step) {
  const pairs = (list) => h("dl", { class: "values" }, list.map(([key, value]) => h("div", {}, h("dt", {}, key), h("dd", {}, value))));
  return h("div", { class: "attempt" },
    step.target && h("p", { class: "full-target mono" }, step.target),
    failureBox(attempt.failure, attempt.verdict),
    attempt.warnings?.length ? h("p", { class: "warnings" }, `${word("warnings")}: `, attempt.warnings.map(phrase).join(" · ")) : null,
    attempt.assertions?.length ? block(word("assertions"), assertionTable(attempt.assertions)) : null,
    h("div", { class: "columns" },
      attempt.request && block(word("request"), payloadView(attempt.request), copyButton(() => attempt.request.text)),
      attempt.response && block(word("response"), payloadView(attempt.response), copyButton(() => attempt.response.text)),
      attempt.exception && block(word("exception"), exceptionView(attempt.exception))),
    h("div", { class: "columns" },
      attempt.extracted?.length ? block(word("extracted"), pairs(attempt.extracted)) : null,
      attempt.attachments?.length ? block(word("attachments"), pairs(attempt.attachments)) : null,
      attempt.log?.length ? block(word("log"), logLines(attempt.log, attempt.started)) : null));
}

function failureBox(failure, verdict) {
  if (!failure) return null;
  return h("div", { class: `failure v-line-${verdict}` },
    h("p", {}, h("b", { class: `v-${verdict}` }, `${SIGNS[verdict] ?? ""} ${word(failure.cause)}`), failure.typed && h("small", {}, ` ${word(failure.typed)}`), " ", h("span", { class: "message" }, told(failure))),
    failure.hint && h("p", { class: "hint" }, h("b", {}, `${word("hint")}: `), phrase(failure.hint)),
    advice(failure.typed ?? failure.cause) && h("p", { class: "calm" }, advice(failure.typed ?? failure.cause)));
}

function assertionTable(list) {
  return h("table", { class: "plain assertions" }, h("tbody", {}, list.map((each) => [
    h("tr", {}, h("td", { class: `sign v-${each.passed ? "PASSED" : "FAILED"}` }, each.passed ? "✓" : "✕"),
      h("td", {}, h("code", {}, each.text), !each.passed && assertionReason(each))),
  ])));
}

function assertionReason(each) {
  const value = (text, more) => text === null || text === undefined ? h("em", {}, word("absent")) : [h("code", {}, text), more && h("p", { class: "calm" }, word("leftOut", more))];
  if (each.differences?.length) {
    return [h("table", { class: "differences" },
      h("thead", {}, h("tr", {}, h("th", {}), h("th", {}, word("expected")), h("th", {}, word("actual")))),
      h("tbody", {}, each.differences.map((difference) => h("tr", {}, h("td", { class: "mono" }, difference.path),
        h("td", { class: "expected" }, value(difference.expected)), h("td", { class: "actual" }, value(difference.actual)))))),
    each.moreDifferences && h("p", { class: "calm" }, word("moreDifferences", each.moreDifferences))];
  }
  return h("dl", { class: "versus" },
    h("div", {}, h("dt", {}, word("expected")), h("dd", { class: "expected" }, value(each.expected?.text, each.expected?.left_out))),
    h("div", {}, h("dt", {}, word("actual")), h("dd", { class: "actual" }, value(each.actual?.text, each.actual?.left_out))),
    each.typeOnly && h("p", { class: "hint" }, word("typeOnly")));
}

function payloadView(payload) {
  const marks = new Map(payload.marks ?? []);
  const lines = payload.text.split("\n").map((line, at) => marks.has(at)
    ? h("span", { class: "line marked" }, line, h("span", { class: "wanted" }, `  ✕ ${word("expected")} ${marks.get(at)}`), "\n")
    : `${line}\n`);
  return [h("pre", { tabindex: 0 }, lines), payload.left_out && h("p", { class: "calm" }, word("leftOut", payload.left_out))];
}

function exceptionView(error, depth = 0) {
  return h("div", { class: depth ? "cause" : "" },
    h("p", {}, depth > 0 && h("small", {}, `${word("causedBy")} `), h("b", { class: "mono" }, error.class), error.message && `: ${error.message}`,
      error.code && h("small", {}, ` ${word("code")} ${error.code}`)),
    error.fields && block(word("fields"), payloadView(error.fields)),
    (error.causes ?? []).map((cause) => exceptionView(cause, depth + 1)),
    error.stack && fold(word("stack"), () => h("pre", { tabindex: 0 }, error.stack)));
}

function logLines(entries, from) {
  const start = from ?? entries[0]?.[0] ?? 0;
  return h("pre", { class: "log", tabindex: 0 }, entries.map(([at, level, text]) => h("span", { class: `line level-${level}` },
    h("i", {}, `+${((at - start) / 1e3).toFixed(0)} ms`.padStart(9)), ` ${level.toUpperCase().padEnd(5)} ${text}\n`)));
}

function block(title, content, extra) {
  return h("section", { class: "block" }, h("h3", {}, title, extra), content);
}

function fold(title, content) {
  const line = h("details", { class: "fold" }, h("summary", {}, title));
  line.addEventListener("toggle", () => line.childElementCount === 1 && line.append(...[content()].flat().filter(Boolean)));
  return line;
}
