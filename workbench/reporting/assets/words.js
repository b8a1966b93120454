// Every text of the page, in both languages. Messages of a run are shown as they came.
const WORDS = {
  en: {
    title: "Test report", rate: "Success rate", cases: "Cases", steps: "Steps", elapsed: "Duration", flaky: "Flaky",
    PASSED: "Passed", FAILED: "Failed", ERROR: "Error", TIMEOUT: "Timeout", SKIPPED: "Skipped", STOPPED: "Stopped",
    product: "Product", environment: "Environment", case: "Case", workbench: "Workbench",
    ASSERTION: "Assertion", PROVIDER_EXCEPTION: "Provider exception", NO_PROVIDER: "No provider",
    VERSION_MISMATCH: "Version mismatch", NO_METHOD: "No method", NETWORK: "Network", AUTH: "Refused credentials",
    SERIALIZATION: "Serialization", DATA: "Data", CONFIG: "Config", SCRIPT: "Script", TOOL: "Tool",
    BRIDGE_LOST: "Bridge lost", WORKER_LOST: "Worker lost", NO_WORKER: "No worker",
    DEFECT: "Defect of the workbench",
    failures: "Failures", failuresNote: "cases that fail for one reason are one line", noFailures: "Nothing failed.",
    teardownFailed: "Teardown of a scenario", teardowns: "The teardown of {0} did not pass. It belongs to no case, and counts in the verdict of the run.",
    bySide: "By side and cause", whereTime: "Where the time went", timeNote: "sum over all cases, which run side by side",
    call: "Calls", data: "Data access", sleep: "Sleep", script: "Scripts", waiting: "Waiting", engine: "Engine",
    slowest: "Slowest steps", byTarget: "By method", calls: "calls", average: "average", longest: "longest", bad: "failed",
    filter: "Filter: name, message, value, tag …", allSides: "all sides", allCauses: "all causes", allTags: "all tags",
    reset: "Reset", shown: "{0} of {1} cases", more: "Show {0} more", none: "No case matches this filter.",
    colVerdict: "Verdict", colCase: "Case", colReason: "Failing step and reason", colSide: "Side", colSteps: "Steps",
    colTime: "Time", hook: "Setup and teardown", row: "row", unfinishedCase: "cut off",
    request: "Request", response: "Response", expected: "expected", actual: "actual", absent: "absent",
    exception: "Exception", causedBy: "caused by", fields: "Fields", code: "code", stack: "Stack trace",
    assertions: "Assertions", log: "Log", attempt: "Attempt", attempts: "{0} attempts", extracted: "Extracted",
    attachments: "Attachments", warnings: "Warnings", hint: "What to do", provider: "provider", mode: "mode",
    context: "Context at the end", values: "Row", tags: "tags", requirements: "requirements", owner: "owner",
    priority: "priority", file: "file", id: "id", copy: "Copy", copied: "Copied", link: "Link to this case",
    typeOnly: "same value, another type", leftOut: "{0} characters are left out", moreDifferences: "{0} more differences", noDetail: "The details of this case are left out, because the page would grow too large. The JSON report has them.",
    compact: "Requests and responses of this passed case are left out, because the page would grow too large. The JSON report has them.",
    shortened: "{0} cases are shown without all of their details; the JSON and Excel reports have every step.",
    noSteps: "No step was executed.", setup: "setup", teardown: "teardown", before: "before", after: "after",
    unfinished: "This run was cut off: it ended before all of its cases did. Cases without an end are shown as stopped.",
    problems: "Doubtful cells in the datasets", none_: "–", light: "Light", dark: "Dark", auto: "Auto",
    keys: "j k move · Enter open · / filter · Esc close", run: "run", started: "started", environment_: "environment",
    showCases: "show its cases", bytes: "{0} characters",
    do_ASSERTION: "Compare expected and actual below: either the product answers wrongly, or the expectation is out of date.",
    do_PROVIDER_EXCEPTION: "The provider threw what the case did not expect: look at the exception, its causes, and the provider's log.",
    do_TIMEOUT: "No answer in time: look at the provider's load and log; raise the step's timeout only when slow is right.",
    do_NO_PROVIDER: "Nobody offers this service there: is the provider up, and are registry, group and version the right ones? `workbench services` shows what is registered.",
    do_VERSION_MISMATCH: "The service is there in another version or group: compare the step with what is registered.",
    do_NO_METHOD: "The provider has no such method: compare the artifact of the suite with the release that runs.",
    do_NETWORK: "The address cannot be reached: check that the registry or provider runs, and the way to it.",
    do_AUTH: "Credentials were refused: check user, password and rights in the environment.",
    do_SERIALIZATION: "A value does not fit its declared type: mend the request, or parse the artifact anew when its types changed.",
    do_DATA: "A name or value is missing in the data: check dataset, row and context.",
    do_CONFIG: "A config key is missing in this environment: add it to suite.yaml.",
    do_SCRIPT: "The script failed at the line that is named: mend it there.",
    do_TOOL: "The helper jar failed, not the product: check its arguments and its jar.",
    do_BRIDGE_LOST: "The bridge's JVM ended under the call: its log says why; the next call gets a fresh one.",
    do_WORKER_LOST: "The worker that ran this case is gone: run the case again.",
    do_NO_WORKER: "No worker could take this case: start one, or wait until one is free.",
    do_DEFECT: "This is a fault of the workbench or of a plug-in: report it with the traceback in the log.",
    do_STOPPED: "The run was stopped before this came to its end: run it again.",
  },
  zh: {
    title: "测试报告", rate: "成功率", cases: "用例", steps: "步骤", elapsed: "耗时", flaky: "不稳定",
    PASSED: "通过", FAILED: "失败", ERROR: "错误", TIMEOUT: "超时", SKIPPED: "跳过", STOPPED: "已停止",
    product: "被测产品", environment: "环境", case: "用例自身", workbench: "测试平台",
    ASSERTION: "断言不符", PROVIDER_EXCEPTION: "服务抛出异常", NO_PROVIDER: "没有提供者",
    VERSION_MISMATCH: "版本不符", NO_METHOD: "没有此方法", NETWORK: "网络不通", AUTH: "认证被拒",
    SERIALIZATION: "序列化", DATA: "数据缺失", CONFIG: "配置缺失", SCRIPT: "脚本错误", TOOL: "工具出错",
    BRIDGE_LOST: "桥接进程中断", WORKER_LOST: "执行机失联", NO_WORKER: "没有执行机",
    DEFECT: "测试平台缺陷",
    failures: "失败归类", failuresNote: "同一原因的用例合为一行", noFailures: "没有失败。",
    teardownFailed: "场景的清理", teardowns: "有{0}的清理没有通过。它不属于任何用例，但计入本次运行的结果。",
    bySide: "按责任方与原因", whereTime: "时间花在哪里", timeNote: "所有用例之和，用例是并行执行的",
    call: "调用", data: "数据访问", sleep: "等待指令", script: "脚本", waiting: "排队等待", engine: "引擎",
    slowest: "最慢的步骤", byTarget: "按方法", calls: "次调用", average: "平均", longest: "最长", bad: "失败",
    filter: "筛选：名称、信息、取值、标签……", allSides: "全部责任方", allCauses: "全部原因", allTags: "全部标签",
    reset: "清除", shown: "{0} / {1} 个用例", more: "再显示 {0} 个", none: "没有符合筛选条件的用例。",
    colVerdict: "结果", colCase: "用例", colReason: "失败的步骤与原因", colSide: "责任方", colSteps: "步骤",
    colTime: "耗时", hook: "场景的准备与清理", row: "第", unfinishedCase: "中断",
    request: "请求", response: "响应", expected: "预期", actual: "实际", absent: "不存在",
    exception: "异常", causedBy: "起因", fields: "字段", code: "代码", stack: "堆栈",
    assertions: "断言", log: "日志", attempt: "第", attempts: "共 {0} 次尝试", extracted: "提取的值",
    attachments: "附件参数", warnings: "警告", hint: "处理建议", provider: "提供者", mode: "方式",
    context: "结束时的上下文", values: "数据行", tags: "标签", requirements: "需求", owner: "负责人",
    priority: "优先级", file: "文件", id: "编号", copy: "复制", copied: "已复制", link: "此用例的链接",
    typeOnly: "值相同，类型不同", leftOut: "省略了 {0} 个字符", moreDifferences: "另有 {0} 处不同", noDetail: "为控制页面大小，此用例的明细已省略，可在 JSON 报告中查看。",
    compact: "为控制页面大小，此通过用例的请求与响应已省略，可在 JSON 报告中查看。",
    shortened: "{0} 个用例的明细未全部显示；JSON 与 Excel 报告包含每个步骤。",
    noSteps: "没有执行任何步骤。", setup: "准备", teardown: "清理", before: "前置", after: "后置",
    unfinished: "本次运行被中断：在所有用例完成之前就结束了。没有结束的用例显示为“已停止”。",
    problems: "数据集中可疑的单元格", none_: "–", light: "浅色", dark: "深色", auto: "自动",
    keys: "j k 移动 · Enter 展开 · / 筛选 · Esc 收起", run: "运行", started: "开始于", environment_: "环境",
    showCases: "显示这些用例", bytes: "{0} 个字符",
    do_ASSERTION: "对比下面的预期与实际：或者产品返回错误，或者预期已经过时。",
    do_PROVIDER_EXCEPTION: "服务抛出了用例没有预期的异常：查看异常、起因以及服务方日志。",
    do_TIMEOUT: "没有按时返回：查看服务方的负载与日志；只有确实应该慢时才调大步骤的时限。",
    do_NO_PROVIDER: "那里没有人提供此服务：提供者是否启动？注册中心、分组和版本是否正确？workbench services 可列出已注册的服务。",
    do_VERSION_MISMATCH: "服务存在，但版本或分组不同：把步骤与已注册的内容对比。",
    do_NO_METHOD: "提供者没有此方法：把套件的制品与正在运行的版本对比。",
    do_NETWORK: "地址无法访问：检查注册中心或提供者是否运行，以及网络是否可达。",
    do_AUTH: "凭据被拒绝：检查环境中的用户、密码和权限。",
    do_SERIALIZATION: "值与声明的类型不符：修改请求；如果类型有变化，请重新解析制品。",
    do_DATA: "数据中缺少名称或值：检查数据集、数据行和上下文。",
    do_CONFIG: "此环境缺少配置项：请添加到 suite.yaml。",
    do_SCRIPT: "脚本在所示的行出错：请在那里修改。",
    do_TOOL: "出错的是工具包而不是产品：检查它的参数和 jar。",
    do_BRIDGE_LOST: "桥接 JVM 在调用过程中结束：原因见其日志；下一次调用会使用新的进程。",
    do_WORKER_LOST: "执行此用例的执行机已失联：请重新运行该用例。",
    do_NO_WORKER: "没有执行机可以接收此用例：请启动执行机，或等待空闲。",
    do_DEFECT: "这是测试平台或插件的缺陷：请附上日志中的堆栈反馈。",
    do_STOPPED: "在它结束之前运行就被停止了：请重新运行。",
  },
};
const SIGNS = { PASSED: "✓", FAILED: "✕", ERROR: "!", TIMEOUT: "◷", SKIPPED: "–", STOPPED: "■" };
const VERDICTS = Object.keys(SIGNS);

function word(key, ...values) {
  const text = WORDS[state.lang][key] ?? WORDS.en[key] ?? key;
  return values.reduce((done, value, at) => done.replace(`{${at}}`, value), text);
}

function scenarioCount(number) {
  return state.lang === "zh" ? ` ${number} 个场景` : number === 1 ? "1 scenario" : `${number} scenarios`;
}

function rowLabel(number) {
  return state.lang === "zh" ? `第 ${number} 行` : `row ${number}`;
}

function attemptLabel(number) {
  return state.lang === "zh" ? `第 ${number} 次` : `Attempt ${number}`;
}
