// Elements are built, never parsed: text of a run reaches the page as text nodes and nothing else.
function h(tag, options, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat(9).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function duration(us) {
  if (us < 1e3) return `${us} µs`;
  if (us < 1e6) return `${us < 1e4 ? (us / 1e3).toFixed(1) : Math.round(us / 1e3)} ms`;
  if (us < 6e7) return `${(us / 1e6).toFixed(us < 1e7 ? 2 : 1)} s`;
  const seconds = Math.round(us / 1e6);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  return `${Math.floor(seconds / 3600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, "0")} min`;
}

function moment(us) {
  const options = { dateStyle: "medium", timeStyle: "medium" };
  const language = state.lang === "zh" ? "zh-CN" : "en-GB";
  try {
    return new Date(us / 1e3).toLocaleString(language, { ...options, timeZone: HEAD.timezone || undefined });
  } catch {
    return new Date(us / 1e3).toLocaleString(language, options);
  }
}

// com.example.trade.TransAiFacade#payOrder(com.example.trade.PayOrderRequest) → TransAiFacade#payOrder; a tool's library is left out too
function shortTarget(target) {
  const match = /^(?:[\w.-]+ )?([\w.$]+)#([\w$]+)(\(.*\))?$/.exec(target ?? "");
  return match ? `${match[1].split(".").pop()}#${match[2]}` : target ?? "";
}

function chip(verdict, extra) {
  return h("span", { class: `chip v-${verdict}` }, h("span", { class: "sign", "aria-hidden": "true" }, SIGNS[verdict]),
    word(verdict), extra ? ` ${extra}` : "");
}

function segments(parts, total, label) {
  return h("div", { class: "bar", role: "img", "aria-label": label },
    parts.filter((part) => part.size > 0).map((part) => h("span", {
      class: part.class, title: part.title, style: { flexGrow: String(Math.max(part.size, total / 300)) },
    })));
}

function copyButton(text) {
  return h("button", {
    class: "quiet", type: "button",
    onclick: (event) => {
      event.stopPropagation();
      const done = () => { event.target.textContent = word("copied"); };
      navigator.clipboard?.writeText(text()).then(done, () => {});
    },
  }, word("copy"));
}
