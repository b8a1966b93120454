// What the user can do, with mouse and keys.
function toggle(at) {
  if (state.open.has(at)) state.open.delete(at); else state.open.add(at);
  state.selected = at;
  state.step = null;
  refresh();
  document.getElementById(`row-${at}`)?.focus({ preventScroll: true });
}

function select(at) {
  document.querySelector("tr.case.selected")?.classList.remove("selected");
  document.getElementById(`row-${at}`)?.classList.add("selected");
  state.selected = at;
}

function move(by) {
  const lines = [...document.querySelectorAll("tr.case")];
  if (!lines.length) return;
  const now = lines.findIndex((line) => line.id === `row-${state.selected}`);
  const next = lines[Math.min(Math.max(now + by, 0), lines.length - 1)];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function openItem(item, step) {
  const at = ROWS.findIndex((row) => row.item === item);
  if (at < 0) return;
  if (!matching().includes(at)) clearFilter();
  state.open.add(at);
  state.selected = at;
  state.step = step ?? null;
  state.limit = Math.max(state.limit, matching().indexOf(at) + 1);
  draw();
  document.getElementById(`row-${at}`)?.scrollIntoView({ block: "start" });
}

function toggleVerdict(verdict) {
  if (state.verdicts.has(verdict)) state.verdicts.delete(verdict); else state.verdicts.add(verdict);
  state.limit = PAGE;
  draw();
}

function chooseGroup(at) {
  const same = state.groups === String(at);
  clearFilter();
  state.groups = same ? "" : String(at);
  if (!same) {
    const first = ROWS.findIndex((row) => row.item === HEAD.clusters[at].items[0]);
    if (first >= 0) { state.open.add(first); state.selected = first; }
  }
  draw();
  if (!same) document.querySelector(".filter")?.scrollIntoView({ block: "start" });
}

function chooseCause(each) {
  clearFilter();
  state.side = each.side;
  state.cause = each.cause;
  draw();
  document.querySelector(".filter")?.scrollIntoView({ block: "start" });
}

function clearFilter() {
  Object.assign(state, { q: "", side: "", cause: "", tag: "", groups: "", limit: PAGE });
  state.verdicts.clear();
}

function reset() {
  clearFilter();
  draw();
}

function onKey(event) {
  const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    if (typing) event.target.blur();
    else if (state.open.size) { state.open.clear(); refresh(); document.getElementById(`row-${state.selected}`)?.focus(); }
    else if (filtered()) reset();
  } else if (typing) {
    if (event.key === "Enter") { event.target.blur(); state.selected = -1; move(1); }
  } else if (event.key === "/") { event.preventDefault(); document.getElementById("q").focus(); }
  else if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "Enter" && event.target.matches("tr.case")) toggle(state.selected);
}

function draw() {
  document.documentElement.lang = state.lang === "zh" ? "zh-CN" : "en";
  document.documentElement.dataset.theme = state.theme;
  const typed = document.activeElement?.id;
  document.getElementById("app").replaceChildren(topLine(), figures(), ...notices(),
    h("div", { class: "panels" }, failureGroups(), h("div", { class: "stack" }, HEAD.clusters.length ? sides() : null, timeSplit()),
      slowest(), targets()),
    h("section", { class: "panel list" }, filterBar(), caseTable()));
  refresh();
  if (typed) document.getElementById(typed)?.focus({ preventScroll: true });
}

readHash();
draw();
addEventListener("keydown", onKey);
addEventListener("hashchange", () => { clearFilter(); readHash(); draw(); });
if (state.selected >= 0) document.getElementById(`row-${state.selected}`)?.scrollIntoView({ block: "start" });
