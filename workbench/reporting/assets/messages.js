// What the engine says, in Chinese: by the code and the parameters of a message; all else by its words, see foreign.js.
// What a provider, a driver, Java or Python said comes as it is, in quotes.
const SENTENCES = {
  "no-exception": "预期会抛出异常，但没有抛出",
  "cannot-extract": "无法提取 {0}",
  "never-held": "until {0}：始终不成立",
  "case-limit": "用例的时限已到，本步骤被终止",
  "after-limit": "清理阶段的时限已到，本步骤被终止",
  "case-too-long": "用例运行超过了时限",
  "row-lacks": "数据行缺少 {0} 的值",
  "no-dataset-named": "用例读取 ${row.{0}}，但没有指定数据集",
  "no-dataset": "没有名为 {0} 的数据集",
  "no-rows": "数据集 {0} 没有数据行",
  "no-column": "数据集 {0} 没有列 {1}",
  "no-config": "环境 {0} 没有配置项 {1}",
  "hook-reads-row": "场景的准备或清理读取 ${row.{0}}，但那里没有数据行",
  "keyword-stuck": "{0} 在脚本的 {1} 秒内没有返回",
};
const PHRASES = {
  "before": "前置脚本",
  "after": "后置脚本",
  "only the type differs": "只有类型不同",
  "only numbers with numbers and texts with texts have an order": "只有数字与数字、文本与文本可以比较大小",
  "a text can only contain a text, an object a key": "文本只能包含文本，对象只能包含键",
  "only texts, lists and objects can contain something": "只有文本、列表和对象可以包含内容",
  "only a text can match a pattern": "只有文本可以匹配模式",
  "it is not a text": "它不是文本",
  "only a number can be close to one": "只有数字可以近似比较",
  "it has no size": "它没有长度",
  "it is not a list": "它不是列表",
  "nothing (it is absent)": "没有值",
  "nothing: no exception was thrown": "没有抛出异常",
  "nothing": "没有值",
  "look at the response: the field is not in this answer": "查看响应：这次的响应里没有该字段",
  "raise the case's `timeout:`": "调大用例的 timeout",
  "name a dataset under `dataset:`": "在 dataset 中指定数据集",
  "a case without rows tests nothing: add rows, or disable it": "没有数据行的用例不测试任何东西：添加数据行，或停用该用例",
  "rows belong to cases: read it in the case's own setup or before": "数据行属于用例：请在用例自己的准备或前置脚本中读取",
  "add it to `config:` in suite.yaml, or give --set KEY=VALUE": "在 suite.yaml 的 config 中添加，或使用 --set KEY=VALUE",
  "its thread is left behind; the keyword needs a time limit of its own, or the step a longer one": "它的线程被放弃；请为该关键字设置时限，或调大步骤的时限",
  "check that the server runs and that the address is right": "检查服务器是否运行、地址是否正确",
  "a defect of the workbench or of a plug-in, not of the case: report it with the traceback": "这是测试平台或插件的缺陷，与用例无关：请附上堆栈反馈",
};
const PATTERNS = [
  [/^write (\S+) or (\S+)$/, (match) => `请写 ${match[1]} 或 ${match[2]}`],
  [/^([^:]+): nothing at (\S+)$/, (match) => `${match[1]}：${match[2]} 处没有值`],
  [/^did you mean (.*)\?$/, (match) => `是否应为 ${match[1].replaceAll(" or ", " 或 ")}？`],
  [/^nothing \((.*)\)$/, (match) => `没有值（${phrase(match[1])}）`],
  [/^(.+) has no ('[^']*')(?:, (.*))?$/, (match) => `${match[1]} 中没有 ${match[2]}${match[3] ? `，${phrase(match[3])}` : ""}`],
  [/^there is none$/, () => "它是空的"],
  [/^(\S+) cannot be reached: (.*)$/, (match) => `无法访问 ${match[1]}：${phrase(match[2])}`],
  [/^(.*\n[^]*)$/, (match) => match[1].split("\n").map(phrase).join("\n")],
  [/^(-?[\d.]+) to (-?[\d.]+)$/, (match) => `${match[1]} 到 ${match[2]}`],
  [/^((?:setup |teardown |)step \d+ .*?) request (\S+): ([^]*)$/,
    (match) => `${phrase(match[1])} 的请求 ${match[2]}：${phrase(match[3])}`],
  [/^(.*) \(column (\d+) of (.*)\)$/, (match) => `${phrase(match[1])}（${match[3]} 的第 ${match[2]} 列）`],
  [/^(\d+) arguments?$/, (match) => `${match[1]} 个参数`],
  [/^([\w$.]+) is not a ([\w$.]+)$/, (match) => `${match[1]} 不是 ${match[2]}`],
  [/^(pip install .*)$/, (match) => `请运行 ${match[1]}`],
  [/^until (.*): does not hold yet$/, (match) => `until ${match[1]}：尚未成立`],
  [/^(\w+): missing a required argument: (.*)$/, (match) => `${match[1]}：缺少必需的参数 ${match[2]}`],
  [/^(\w+): got an unexpected keyword argument (.*)$/, (match) => `${match[1]}：没有名为 ${match[2]} 的参数`],
  [/^(\w+): too many positional arguments$/, (match) => `${match[1]}：参数过多`],
  [/^known: (.*)$/, (match) => `已有：${match[1]}`],
  [/^case (.*) writes it; cases do not see each other unless the scenario says `serial: true`$/,
    (match) => `用例 ${match[1]} 写入了它；除非场景设置 serial: true，用例之间互不可见`],
];

// `source` has a message, and where it is one of ours `text`: its code and parameters.
function told(source) {
  if (state.lang === "zh" && (source.typed || source.cause) === "PROVIDER_EXCEPTION") return `“${source.message}”`;
  if (state.lang !== "zh" || !source.text?.length) return phrase(source.message);
  const [codes, ...params] = source.text;
  const inner = codes.replace(/^setup-failed\/?/, "");
  const text = sentence(inner, params, source.message);
  return inner === codes ? text : `场景的准备失败：${inner ? text : phrase(params[0])}`;
}

function sentence(code, params, message) {
  if (code === "expected") {
    const [path, others, wanted, found, reason] = params;
    return `${path}：预期 ${wanted}，实际 ${phrase(found)}${reason ? `（${phrase(reason)}）` : ""}${andOthers(others)}`;
  }
  if (code === "differences") {
    const [path, others, reason, left, ...places] = params;
    const shown = [];
    for (let at = 0; at + 2 < places.length; at += 3) shown.push(difference(places[at], places[at + 1], places[at + 2]));
    const more = Number(left) ? `；另有 ${left} 处不同` : "";
    return `${path}：${reason ? `${phrase(reason)}：` : ""}${shown.join("；")}${more}${andOthers(others)}`;
  }
  const template = SENTENCES[code];
  const listed = (text) => text.split("; ").map(phrase).join("；");
  return template ? template.replace(/\{(\d)\}/g, (_, at) => listed(params[Number(at)] ?? "")) : message;
}

function difference(path, expected, actual) {
  if (!actual) return `${path} 缺失（预期 ${expected}）`;
  return expected ? `${path} 预期 ${expected}，实际 ${actual}` : `${path} 多余（${actual}）`;
}

function andOthers(count) {
  return Number(count) ? `（另有 ${count} 条断言不符）` : "";
}

// A hint or a reason of ours; anything else as it came.
function phrase(text) {
  if (state.lang !== "zh" || !text) return text;
  if (PHRASES[text]) return PHRASES[text];
  if (OTHERS_WORDS.test(text)) return `“${text}”`;
  const [pattern, make] = PATTERNS.find(([each]) => each.test(text)) ?? [];
  return pattern ? make(pattern.exec(text)) : foreign(text) ?? quoted(text);
}

// What to do: what is known of this failure, and what is true of every failure with its cause.
function advice(cause) {
  const text = word(`do_${cause}`);
  return text === `do_${cause}` ? "" : text;
}
