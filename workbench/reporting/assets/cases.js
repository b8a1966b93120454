// The lower part: the filter and a row a case, grouped by scenario.
function filterBar() {
  const select = (key, label, values) => h("select", { id: `by-${key}`, "aria-label": word(label),
    onchange: (event) => { state[key] = event.target.value; refresh(); } },
  h("option", { value: "" }, word(label)),
  values.map((value) => h("option", { value, selected: state[key] === value }, key === "tag" ? value : word(value))));
  const present = (key) => [...new Set(ROWS.flatMap((row) => row[key] ?? []))].sort();
  return h("div", { class: "filter", role: "search" },
    h("input", { id: "q", type: "search", placeholder: word("filter"), value: state.q, "aria-label": word("filter"), autocomplete: "off",
      oninput: (event) => { state.q = event.target.value; state.limit = PAGE; refresh(); } }),
    h("div", { class: "verdicts" }, VERDICTS.filter((verdict) => HEAD.cases[verdict.toLowerCase()]).map((verdict) => h("button", {
      type: "button", class: `toggle v-${verdict}`, "data-verdict": verdict, "aria-pressed": state.verdicts.has(verdict) ? "true" : "false",
      onclick: () => toggleVerdict(verdict) }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[verdict]), word(verdict)))),
    select("side", "allSides", present("side")), select("cause", "allCauses", present("cause")),
    present("tags").length ? select("tag", "allTags", present("tags")) : null,
    h("button", { type: "button", class: "quiet", id: "reset", onclick: reset }, word("reset")),
    h("span", { class: "shown", id: "shown", role: "status" }),
    h("span", { class: "keys" }, word("keys")));
}

function caseTable() {
  return h("table", { class: "cases" },
    h("thead", {}, h("tr", {}, ["colVerdict", "colCase", "colReason", "colSide", "colSteps", "colTime"].map((key, at) =>
      h("th", { class: at > 3 ? "num" : `col-${at}` }, word(key))))),
    h("tbody", { id: "list" }));
}

function refresh() {
  const found = matching();
  const list = document.getElementById("list");
  const shown = found.slice(0, state.limit);
  const total = ROWS.filter((row) => !row.hook).length;
  const parts = [];
  let scenario = null;
  for (const at of shown) {
    if (ROWS[at].scenarioId !== scenario) {
      scenario = ROWS[at].scenarioId;
      parts.push(scenarioLine(ROWS[at], found));
    }
    parts.push(...caseLines(at));
  }
  if (found.length > shown.length) parts.push(moreLine(found.length - shown.length));
  if (!found.length) parts.push(h("tr", {}, h("td", { colspan: 6, class: "calm" }, word("none"))));
  list.replaceChildren(...parts);
  document.getElementById("shown").textContent = word("shown", found.filter((at) => !ROWS[at].hook).length, total);
  document.getElementById("reset").disabled = !filtered();
  for (const button of document.querySelectorAll("[data-verdict]")) {
    button.setAttribute("aria-pressed", state.verdicts.has(button.dataset.verdict) ? "true" : "false");
  }
  writeHash();
}

function scenarioLine(row, found) {
  const inside = found.filter((at) => ROWS[at].scenarioId === row.scenarioId && !ROWS[at].hook);
  const bad = inside.filter((at) => !["PASSED", "SKIPPED"].includes(ROWS[at].verdict)).length;
  return h("tr", { class: "scenario" }, h("th", { colspan: 6, scope: "colgroup" }, row.scenario,
    h("small", {}, ` ${inside.length}`, bad ? h("span", { class: "v-FAILED" }, ` · ✕ ${bad}`) : null)));
}

function caseLines(at) {
  const row = ROWS[at];
  const open = state.open.has(at);
  const line = h("tr", { class: `case${open ? " open" : ""}${at === state.selected ? " selected" : ""}`, id: `row-${at}`, tabindex: 0,
    "aria-expanded": open ? "true" : "false", onclick: () => toggle(at), onfocus: () => select(at) },
  h("td", { class: `v-${row.verdict} verdict-cell` }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[row.verdict]), word(row.verdict)),
  h("td", { class: "name" }, h("span", { class: "title" }, row.hook ? h("em", {}, word("hook")) : row.name),
    row.row ? h("span", { class: "row-label" }, rowLabel(row.row)) : null,
    row.flaky && h("span", { class: "tag" }, word("flaky")), row.unfinished && h("span", { class: "tag" }, word("unfinishedCase")),
    row.values?.length ? h("small", { class: "preview" }, row.values.map(([key, value]) => `${key} ${value}`).join("  ·  ")) : null),
  h("td", { class: "why" }, row.step && h("b", {}, row.step), row.message && h("span", {}, told(row))),
  h("td", { class: "side" }, [row.side, row.cause].filter(Boolean).map(word).join(" · ")),
  h("td", { class: "num steps" }, row.steps ?? 0),
  h("td", { class: "num" }, duration(row.us ?? 0)));
  return open ? [line, h("tr", { class: "opened" }, h("td", { colspan: 6 }, caseDetail(at)))] : [line];
}

function moreLine(count) {
  return h("tr", {}, h("td", { colspan: 6 }, h("button", { type: "button", onclick: () => { state.limit += PAGE * 3; refresh(); } },
    word("more", Math.min(count, PAGE * 3)))));
}
