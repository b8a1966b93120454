// What bridge, invokers, scripts, keywords and matchers say, in Chinese: English with holes → Chinese with the same holes.
// What fills a hole is a phrase again; the more special ones stand first. What Java, Python or a driver says matches none
// of these and stands in quotes, as it came.
const SAID = {
  "{0}, script line {1}: {2}, in: {3}": "{0}，脚本第 {1} 行：{2}，代码：{3}",
  "{0}, script line {1}: {2}": "{0}，脚本第 {1} 行：{2}",
  "request: {0}": "请求：{0}",
  "the text {0}": "文本 {0}",
  "the script computed for more than {0} s without coming to an end": "脚本计算超过 {0} 秒仍未结束",
  "the script took longer than {0} s": "脚本运行超过 {0} 秒",
  "the script needs more than {0} MiB of memory": "脚本需要的内存超过 {0} MiB",
  "the script calls itself more than {0} levels deep": "脚本递归超过 {0} 层",
  "the script called keywords more than {0} times": "脚本调用关键字超过 {0} 次",
  "syntax error: {0}": "语法错误：{0}",
  "scripts have no {0}": "脚本不支持 {0}",
  "there is no keyword {0}": "没有关键字 {0}",
  "there is nothing called {0}() here": "这里没有名为 {0}() 的函数",
  "a value of type {0} cannot be given to a keyword": "类型为 {0} 的值不能传给关键字",
  "the key {0} of an object is not text": "对象的键 {0} 不是文本",
  "{0} is no JSON number": "{0} 不是 JSON 数字",
  "{0} is half of a character (a lone surrogate), which no text can hold": "{0} 是半个字符（孤立的代理项），文本中不能有",
  "scripts run in a sandbox without files, processes, environment and network; $app keywords reach outside": "脚本在沙箱中运行，没有文件、进程、环境变量和网络；请用 $app 关键字访问外部",
  "`workbench keywords` lists all": "workbench keywords 可列出全部关键字",
  "JSON has text keys only: use str(key)": "JSON 的键只能是文本：请用 str(key)",
  "sets have no order; pass sorted({0})": "集合没有顺序；请传 sorted({0})",
};
const SAID_AS = Object.entries({ ...SAID, ...SAID_BY_BRIDGE, ...SAID_OF_VALUES, ...SAID_BY_KEYWORDS })
  .map(([english, chinese]) => [pattern(english), chinese]);
const OTHERS_WORDS = /^(?:[a-z][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception|Throwable|Iteration|Fault)(?:: |$)/;
const PLACE = /^(setup |teardown |)step (\d+ .*?)( before| after|)$/;
const PHASES = { "": "步骤", "setup ": "准备步骤", "teardown ": "清理步骤", " before": "前置脚本", " after": "后置脚本" };
const SENTENCE = /[A-Za-z']+ [a-z']+ [a-z']+/;

function pattern(english) {
  const text = english.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\d\}/g, "([^]+?)");
  return new RegExp(`^${text}$`);
}

// A sentence that nobody here wrote, in quotes.
function quoted(text) {
  return SENTENCE.test(text) && !/[\u4e00-\u9fff]/.test(text) ? `“${text}”` : text;
}

// What is known of a text in Chinese; undefined when nothing is.
function foreign(text) {
  for (const [english, chinese] of SAID_AS) {
    const match = english.exec(text);
    if (match) {
      return chinese.replace(/(代码：)?\{(\d)\}/g, (_, code, at) => {
        const text = match[Number(at) + 1];
        return code ? code + text : phrase(text);
      });
    }
  }
  const place = PLACE.exec(text);
  return place ? `${PHASES[place[1]]} ${place[2]}${place[3] && ` 的${PHASES[place[3]]}`}` : undefined;
}
