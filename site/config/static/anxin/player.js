// The player of a package, on the packages' own origin. It holds the API that the package looks for, and tells
// the lesson's page, which frames it, what the package has set: allow-listed values, nothing else. What runs here
// can be hostile: the lesson's page and the server believe none of it.
(() => {
  "use strict";
  const { parent: home, files, item } = document.body.dataset;
  const words = document.getElementById("words");
  const N = "objectives\\.\\d{1,2}\\.";
  const KEPT = {
    scorm12: new RegExp(`^cmi\\.(core\\.(lesson_location|lesson_status|exit|score\\.(raw|min|max))|suspend_data|${N}(id|status|score\\.(raw|min|max)))$`),
    scorm2004: new RegExp(`^cmi\\.(location|exit|suspend_data|(${N})?(completion_status|success_status|progress_measure|score\\.(scaled|raw|min|max))|${N}(id|description))$`),
  };
  let started = false;
  let waiting = 0;

  const tell = (type, more) => parent.postMessage({ anxin: "package", type, item: Number(item), ...more }, home);
  const fail = (text) => { words.textContent = text; words.hidden = false; };

  function script(name) {
    return new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = `/player/${name}`;
      element.onload = done;
      element.onerror = failed;
      document.head.append(element);
    });
  }

  function frame(address) {
    const element = document.createElement("iframe");
    element.title = "课件内容";
    element.allow = "autoplay; fullscreen";
    element.addEventListener("load", () => listen(element));
    element.src = address;
    document.body.append(element);
    words.hidden = true;
  }

  /* A touch inside the package is a touch of the lesson. */
  function listen(element) {
    let inside;
    try { inside = element.contentWindow; inside.document; } catch { return; }
    let last = 0;
    for (const kind of ["pointerdown", "keydown", "touchstart", "scroll", "wheel"]) {
      inside.addEventListener(kind, () => {
        if (Date.now() - last > 5000) { last = Date.now(); tell("touched"); }
      }, { passive: true, capture: true });
    }
  }

  async function scorm(told) {
    await script(`${told.kind}.js`);
    const old = told.kind === "scorm12";
    const api = new (old ? window.Scorm12API : window.Scorm2004API)({ autocommit: false, lmsCommitUrl: false, logLevel: 5 });
    const resumed = Object.keys(told.values).length > 0;
    const name = (plain, of12) => (old ? `cmi.core.${of12}` : `cmi.${plain}`);
    const values = { ...told.values };
    delete values["cmi.core.exit"];
    delete values["cmi.exit"];
    values[name("learner_id", "student_id")] = told.learner;
    values[name("learner_name", "student_name")] = "学员";
    values[name("credit", "credit")] = "credit";
    values[name("mode", "lesson_mode")] = "normal";
    values[name("entry", "entry")] = resumed ? "resume" : "ab-initio";
    if (told.data.launch_data) values["cmi.launch_data"] = told.data.launch_data;
    if (told.data.mastery) values[old ? "cmi.student_data.mastery_score" : "cmi.scaled_passing_score"] = told.data.mastery;
    api.loadFromFlattenedJSON(values);
    const send = () => {
      clearTimeout(waiting);
      waiting = 0;
      const flat = api.getFlattenedCMI();
      const kept = {};
      for (const [key, value] of Object.entries(flat)) {
        const plain = key.replace(/\[(\d+)\]/g, ".$1");
        const full = plain.startsWith("cmi.") ? plain : `cmi.${plain}`;
        if (KEPT[told.kind].test(full) && value !== null && value !== undefined && value !== "") kept[full] = String(value);
      }
      tell("commit", { values: kept });
    };
    const soon = () => { if (!waiting) waiting = setTimeout(send, 1000); };
    for (const event of old ? ["LMSCommit", "LMSFinish"] : ["Commit", "Terminate"]) api.on(event, send);
    api.on(old ? "LMSSetValue.cmi.*" : "SetValue.cmi.*", soon);
    addEventListener("pagehide", () => { if (waiting) send(); });
    window[old ? "API" : "API_1484_11"] = api;
    frame(files + told.launch.split("/").map(encodeURIComponent).join("/") + told.parameters);
  }

  /* H5P wants to remember things in the browser; one that lets no frame of another site do so throws. */
  function memory() {
    try { window.localStorage.length; return; } catch { /* it does */ }
    const kept = new Map();
    const own = {
      getItem: (key) => kept.get(String(key)) ?? null, setItem: (key, value) => { kept.set(String(key), String(value)); },
      removeItem: (key) => { kept.delete(String(key)); }, clear: () => kept.clear(),
    };
    Object.defineProperty(window, "localStorage", { value: own, configurable: true });
  }

  async function h5p() {
    memory();
    await script("h5p.js");
    const box = document.createElement("div");
    box.id = "h5p";
    document.body.append(box);
    await new window.H5PStandalone.H5P(box, {
      h5pJsonPath: files.replace(/\/$/, ""), frameJs: "/player/h5p-frame.js", frameCss: "/player/styles/h5p.css",
      embedType: "div", frame: false, copyright: false, export: false, icon: false,
    });
    words.hidden = true;
    window.H5P.externalDispatcher.on("xAPI", (event) => {
      const statement = event.data.statement || {};
      const verb = String((statement.verb || {}).id || "").split("/").pop();
      const outer = !((statement.context || {}).contextActivities || {}).parent; // a part of it reports too
      if (!outer || !["completed", "answered", "passed", "failed"].includes(verb)) return;
      const { score = {}, success, completion } = statement.result || {};
      const values = { "cmi.completion_status": completion === false ? "incomplete" : "completed" };
      if (typeof success === "boolean") values["cmi.success_status"] = success ? "passed" : "failed";
      for (const part of ["scaled", "raw", "min", "max"]) {
        if (Number.isFinite(score[part])) values[`cmi.score.${part}`] = String(Math.round(score[part] * 1e6) / 1e6);
      }
      tell("commit", { values });
    });
    listen({ contentWindow: window });
  }

  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== home || started) return;
    const told = event.data;
    if (!told || told.anxin !== "package" || told.type !== "start") return;
    started = true;
    (told.kind === "h5p" ? h5p() : scorm(told)).catch(() => fail("课件打不开，请刷新页面再试。"));
  });
  if (parent === window) fail("请从课时页面打开课件。");
  else tell("ready");
})();
