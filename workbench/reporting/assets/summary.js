// The upper part: verdict, figures, failures grouped, time.
const SHOWN = 8; // of the slowest steps and of the methods
function topLine() {
  const facts = [
    [HEAD.subsystem, HEAD.version].filter(Boolean).join(" "),
    HEAD.environment && `${word("environment_")} ${HEAD.environment}`,
    HEAD.schedule && `${word("schedule")} ${HEAD.schedule}`,
    HEAD.groups?.length && `${word("group")} ${HEAD.groups.join(", ")}`,
    `${word("started")} ${moment(HEAD.started_us)}`,
    `${word("run")} ${HEAD.run}`,
  ].filter(Boolean);
  const themes = ["auto", "light", "dark"];
  return h("header", { class: "top" },
    h("span", { class: `verdict v-${HEAD.verdict}` }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[HEAD.verdict]), word(HEAD.verdict)),
    h("h1", {}, HEAD.suite),
    h("ul", { class: "facts" }, facts.map((fact) => h("li", {}, fact))),
    h("div", { class: "controls" },
      h("button", { type: "button", class: "quiet", id: "lang", lang: state.lang === "zh" ? "en" : "zh", onclick: () => {
        state.lang = state.lang === "zh" ? "en" : "zh"; remember("lang", state.lang); draw();
      } }, state.lang === "zh" ? "English" : "中文"),
      h("button", { type: "button", class: "quiet", id: "theme", onclick: () => {
        state.theme = themes[(themes.indexOf(state.theme) + 1) % 3]; remember("theme", state.theme); draw();
      } }, `◐ ${word(state.theme)}`)));
}

function figures() {
  const count = (verdict) => HEAD.cases[verdict.toLowerCase()] ?? 0;
  const total = VERDICTS.reduce((sum, verdict) => sum + count(verdict), 0);
  const steps = Object.values(HEAD.steps).reduce((sum, each) => sum + each, 0);
  const tile = (label, value, options, extra) => h("div", { class: "tile", ...options }, h("b", {}, value), h("span", {}, label), extra);
  return h("section", { class: "figures", "aria-label": word("title") },
    h("div", { class: "tiles" },
      tile(word("rate"), HEAD.rate === null ? "–" : `${HEAD.rate} %`, { class: "tile rate" }),
      tile(word("cases"), total, { id: "total-cases" }),
      VERDICTS.map((verdict) => h("button", {
        type: "button", class: `tile v-${verdict}${count(verdict) ? "" : " zero"}`,
        "aria-pressed": state.verdicts.has(verdict) ? "true" : "false",
        onclick: () => toggleVerdict(verdict),
      }, h("b", {}, count(verdict)), h("span", {}, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[verdict]), word(verdict)))),
      tile(word("flaky"), HEAD.flaky, { class: `tile${HEAD.flaky ? "" : " zero"}` }),
      tile(word("steps"), steps, { id: "total-steps" }),
      tile(word("elapsed"), duration(HEAD.elapsed_us), {})),
    segments(VERDICTS.map((verdict) => ({ size: count(verdict), class: `fill-${verdict}`, title: `${word(verdict)} ${count(verdict)}` })),
      total, VERDICTS.map((verdict) => `${word(verdict)} ${count(verdict)}`).join(", ")));
}

function notices() {
  const lines = [];
  if (HEAD.rescued) lines.push(h("p", { class: "notice strong", role: "alert" }, word("rescued", HEAD.planned, Object.values(HEAD.cases).reduce((sum, each) => sum + each, 0))));
  if (!HEAD.finished) lines.push(h("p", { class: "notice strong", role: "alert" }, word("unfinished")));
  if (HEAD.teardowns) lines.push(h("p", { class: "notice strong", role: "alert" }, word("teardowns", scenarioCount(HEAD.teardowns))));
  if (HEAD.shortened) lines.push(h("p", { class: "notice" }, word("shortened", HEAD.shortened)));
  if (HEAD.left_out?.length) {
    const about = (each) => [word(each.state), each.until && word("until", each.until), each.owner].filter(Boolean).join(", ");
    lines.push(h("details", { class: "notice", id: "left-out" }, h("summary", {}, `${word("notRun")}: ${HEAD.left_out.length}`),
      h("ul", {}, HEAD.left_out.map((each) => h("li", {}, each.name, " ", h("small", {}, about(each)))))));
  }
  if (HEAD.refreshed) lines.push(...fetchedLines(HEAD.refreshed));
  if (HEAD.problems?.length) {
    lines.push(h("details", { class: "notice" }, h("summary", {}, `${word("problems")}: ${HEAD.problems.length}`),
      h("ul", {}, HEAD.problems.map((problem) => h("li", {}, h("code", {}, problem.where), " ", phrase(problem.message))))));
  }
  if (HEAD.remarks?.length) {
    lines.push(h("details", { class: "notice", id: "remarks" }, h("summary", {}, `${word("remarks")}: ${HEAD.remarks.length}`),
      h("ul", {}, HEAD.remarks.map((each) => h("li", {}, h("code", {}, each.where), " ", phrase(each.message),
        each.hint && h("small", {}, ` → ${phrase(each.hint)}`))))));
  }
  return lines;
}

function fetchedLines(refreshed) {
  const list = (name, about) => h("li", {}, name, " ", h("small", {}, about.filter(Boolean).join(", ")));
  const artifacts = refreshed.artifacts ?? [], flagged = refreshed.flagged ?? [];
  const news = artifacts.filter((each) => each.what !== "unchanged").length;
  return [
    ...(refreshed.problems ?? []).map((problem) => h("p", { class: "notice strong", role: "alert" }, phrase(problem))),
    h("details", { class: "notice", id: "fetched" }, h("summary", {}, `${word("fetched")}: ${news}/${artifacts.length}`),
      h("ul", {}, artifacts.map((each) => list(h("code", {}, each.name),
        [each.dependency, word(`fetched_${each.what}`), each.instead && word("insteadOf", each.instead)])))),
    flagged.length && h("details", { class: "notice", id: "flagged" }, h("summary", {}, `${word("flagged")}: ${flagged.length}`),
      h("ul", {}, flagged.map((each) => list(each.name, [each.place, each.severity])))),
  ].filter(Boolean);
}

function failureGroups() {
  const lines = HEAD.clusters.map((cluster, at) => h("button", {
    type: "button", class: `group v-${cluster.verdict}`, "aria-pressed": state.groups === String(at) ? "true" : "false",
    title: word("showCases"), onclick: () => chooseGroup(at),
  },
  h("b", { class: "count" }, cluster.count),
  h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[cluster.verdict]),
  h("span", { class: "what" }, h("span", { class: "label" },
    [cluster.teardown && word("teardownFailed"), cluster.side && word(cluster.side), cluster.cause && word(cluster.cause), ...cluster.steps.slice(0, 2)].filter(Boolean).join(" · ")),
  h("span", { class: "message" }, told(cluster) || word(cluster.verdict)),
  cluster.hint && h("span", { class: "hint" }, `→ ${phrase(cluster.hint)}`))));
  return h("section", { class: "panel wide", id: "groups" },
    h("h2", {}, word("failures"), h("small", {}, word("failuresNote"))),
    lines.length ? h("div", { class: "groups" }, lines) : h("p", { class: "calm" }, `✓ ${word("noFailures")}`));
}

function sides() {
  const most = Math.max(1, ...HEAD.causes.map((each) => each.count));
  return h("section", { class: "panel" }, h("h2", {}, word("bySide")),
    h("table", { class: "plain" }, h("tbody", {}, HEAD.causes.map((each) => h("tr", { class: "link", tabindex: 0,
      onclick: () => chooseCause(each), onkeydown: (event) => event.key === "Enter" && chooseCause(each) },
    h("td", {}, word(each.side)), h("td", {}, word(each.cause)),
    h("td", { class: "meter" }, h("span", { style: { width: `${(100 * each.count) / most}%` } })),
    h("td", { class: "num" }, each.count))))));
}

function timeSplit() {
  const names = ["call", "data", "sleep", "script", "waiting", "engine"];
  const total = names.reduce((sum, name) => sum + (HEAD.times[name] ?? 0), 0);
  const share = (name) => HEAD.times[name] ?? 0;
  return h("section", { class: "panel" }, h("h2", {}, word("whereTime"), h("small", {}, word("timeNote"))),
    segments(names.map((name) => ({ size: share(name), class: `t-${name}`, title: `${word(name)} ${duration(share(name))}` })),
      total, word("whereTime")),
    h("ul", { class: "legend" }, names.filter((name) => share(name)).map((name) => h("li", {},
      h("i", { class: `t-${name}` }), word(name), " ", h("b", {}, duration(share(name))),
      h("small", {}, ` ${((100 * share(name)) / (total || 1)).toFixed(0)} %`)))));
}

function slowest() {
  return h("section", { class: "panel" }, h("h2", {}, word("slowest")),
    h("table", { class: "plain" }, h("tbody", {}, HEAD.slowest.slice(0, SHOWN).map((step) => h("tr", { class: "link", tabindex: 0,
      onclick: () => openItem(step.item, step.step_id), onkeydown: (event) => event.key === "Enter" && openItem(step.item, step.step_id) },
    h("td", { class: "num" }, duration(step.elapsed_us)),
    h("td", { class: `v-${step.verdict} sign` }, SIGNS[step.verdict]),
    h("td", { class: "clip" }, step.step, h("small", {}, ` ${step.case}`, step.item.includes("#") && ` ${rowLabel(step.item.split("#")[1])}`)),
    h("td", { class: "clip mono" }, shortTarget(step.target)))))), moreNote(HEAD.slowest));
}

// A list that is shown in part says so.
function moreNote(list) {
  return list.length > SHOWN ? h("p", { class: "calm" }, word("moreOfThem", list.length - SHOWN)) : null;
}

function targets() {
  return h("section", { class: "panel" }, h("h2", {}, word("byTarget")),
    h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, h("th", {}), ["calls", "bad", "average", "longest"].map((key) => h("th", { class: "num" }, word(key))))),
      h("tbody", {}, HEAD.targets.slice(0, SHOWN).map((each) => h("tr", {},
        h("td", { class: "clip mono", title: each.target }, shortTarget(each.target)),
        h("td", { class: "num" }, each.count),
        h("td", { class: `num${each.bad ? " v-FAILED" : " zero"}` }, each.bad),
        h("td", { class: "num" }, duration(Math.round(each.total_us / each.count))),
        h("td", { class: "num" }, duration(each.max_us)))))), moreNote(HEAD.targets));
}
