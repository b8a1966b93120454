// What is shown: filter, open cases, language, theme. The filter and one case stand in the URL's hash.
const HEAD = JSON.parse(document.getElementById("head").textContent);
const ROWS = JSON.parse(document.getElementById("rows").textContent);
const PAGE = 300;
let detailLines = null;

const state = { q: "", verdicts: new Set(), side: "", cause: "", tag: "", lang: "en", theme: "auto",
  open: new Set(), selected: -1, limit: PAGE, groups: "" };

function detailOf(at) {
  detailLines ??= document.getElementById("details").textContent.split("\n");
  return JSON.parse(detailLines[at] || "null");
}

function remembered(key) {
  try { return localStorage.getItem(`workbench-report-${key}`); } catch { return null; }
}

function remember(key, value) {
  try { localStorage.setItem(`workbench-report-${key}`, value); } catch { /* pages from files may not store */ }
}

function readHash() {
  const given = new URLSearchParams(location.hash.slice(1));
  state.q = given.get("q") ?? "";
  state.verdicts = new Set((given.get("verdict") ?? "").split(",").filter((verdict) => VERDICTS.includes(verdict)));
  for (const key of ["side", "cause", "tag"]) state[key] = given.get(key) ?? "";
  state.groups = given.get("group") ?? "";
  state.lang = given.get("lang") ?? remembered("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
  if (!WORDS[state.lang]) state.lang = "en";
  state.theme = given.get("theme") ?? remembered("theme") ?? "auto";
  const at = given.has("case") ? ROWS.findIndex((row) => !row.hook && row.item === given.get("case")) : -1;
  if (at >= 0) {
    state.open.add(at);
    state.selected = at;
    state.limit = Math.max(PAGE, matching().indexOf(at) + 1);
  }
}

function writeHash() {
  const given = new URLSearchParams();
  if (state.q) given.set("q", state.q);
  if (state.verdicts.size) given.set("verdict", [...state.verdicts].join(","));
  for (const key of ["side", "cause", "tag"]) if (state[key]) given.set(key, state[key]);
  if (state.groups) given.set("group", state.groups);
  const row = ROWS[state.selected];
  if (row && !row.hook && state.open.has(state.selected)) given.set("case", row.item);
  history.replaceState(null, "", `#${given}`);
}

function searchText(row) {
  row.search ??= [row.name, row.scenario, row.item, row.step, row.message, row.cause, row.owner, row.rowName,
    ...(row.tags ?? []), ...(row.requirements ?? []), ...(row.values ?? []).flat()].filter(Boolean).join("\n").toLowerCase();
  return row.search;
}

function matching() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
  const group = state.groups === "" ? null : new Set(HEAD.clusters[Number(state.groups)]?.items ?? []);
  const found = [];
  ROWS.forEach((row, at) => {
    if (state.verdicts.size && !state.verdicts.has(row.verdict)) return;
    if (state.side && row.side !== state.side) return;
    if (state.cause && row.cause !== state.cause) return;
    if (state.tag && !(row.tags ?? []).includes(state.tag)) return;
    if (group && !group.has(row.item)) return;
    if (!words.every((each) => each.startsWith("-") && each.length > 1
      ? !searchText(row).includes(each.slice(1)) : searchText(row).includes(each))) return;
    found.push(at);
  });
  return found;
}

function filtered() {
  return Boolean(state.q || state.verdicts.size || state.side || state.cause || state.tag || state.groups !== "");
}
