/* The exam paper: saves each answer as it is given, keeps it in the phone while there is no signal,
   counts down from the server's deadline. Without this file the same form saves page by page. */
(() => {
  "use strict";
  const root = document.getElementById("exam");
  if (!root) return;

  const form = document.getElementById("exam-form");
  const over = document.getElementById("exam-over");
  const state = document.getElementById("exam-state");
  const clock = document.getElementById("exam-clock");
  const questions = [...form.querySelectorAll(".exam-question")];
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  let deadline = Number(root.dataset.deadline);
  const storageKey = "anxin-exam-" + root.dataset.attempt + "-";
  const leavesKey = "anxin-exam-left-" + root.dataset.attempt;
  const layoutKey = "anxin-exam-layout";
  const FIRST_WAIT = 2000;
  const LONGEST_WAIT = 15000;

  /* --- The server's clock: corrected by every reply. ------------------------------------------- */

  let offset = Number(root.dataset.now) - Date.now();
  const serverNow = () => Date.now() + offset;

  /* --- What waits to be sent: {position: {chosen, sequence}}, an entry of the phone's storage each, so that
     two tabs of one exam do not take each other's away. It is there after a reload and after a dead battery. --- */

  const read = (key) => {
    try { return window.localStorage.getItem(key); } catch (error) { return null; }
  };
  /* Tells whether the phone took it: not in a private mode, nor when it is full. */
  const write = (key, value) => {
    try {
      if (value === null) window.localStorage.removeItem(key);
      else window.localStorage.setItem(key, value);
      return true;
    } catch (error) { return false; }
  };
  const parse = (text) => {
    try { return JSON.parse(text) || {}; } catch (error) { return {}; }
  };
  const stored = (position) => parse(read(storageKey + position));

  const queue = {};
  let keeps = true;
  const latest = {};
  const waiting = () => Object.keys(queue).length;
  const put = (position, entry) => {
    queue[position] = entry;
    keeps = write(storageKey + position, JSON.stringify(entry));
  };
  const drop = (position, sequence) => {
    if (queue[position] && queue[position].sequence <= sequence) delete queue[position];
    if ((stored(position).sequence || 0) <= sequence) write(storageKey + position, null);
  };
  /* The oldest first: the server then sees answers in the order in which they were given. */
  const first = () => Object.keys(queue).sort((one, other) => queue[one].sequence - queue[other].sequence)[0];
  const say = (text, trouble) => {
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("trouble", Boolean(trouble));
  };

  /* --- One question on the page. ----------------------------------------------------------------- */

  const positionOf = (question) => Number(question.dataset.position);
  const byPosition = (position) => questions[position - 1];
  /* The answer of a question, in the shape of its kind; [] while nothing is given. A case holds its parts. */
  const kindOf = (box) => box.dataset.kind;
  const partsOf = (box) => [...box.querySelectorAll("[data-part]")];
  const fieldsOf = (box, what) => [...box.querySelectorAll(what)];
  const LINES = "input[type=text], textarea";
  const shapes = {
    fill: { read: (box) => fieldsOf(box, LINES).map((field) => field.value), write: (box, given) => fieldsOf(box, LINES).forEach((field, at) => { field.value = given[at] || ""; }) },
    ordering: { read: (box) => fieldsOf(box, "select").map((field) => (field.value === "" ? -1 : Number(field.value))), write: (box, given) => fieldsOf(box, "select").forEach((field, at) => { field.value = given.length && given[at] >= 0 ? String(given[at]) : ""; }) },
    hotspot: { read: (box) => box.points || [], write: (box, given) => { box.points = given; box.paint(); } },
    case: { read: (box) => partsOf(box).map(valueOf), write: (box, given) => partsOf(box).forEach((part, at) => write_(part, given[at] || [])) },
    choice: {
      read: (box) => fieldsOf(box, "input[name^=q]").filter((field) => field.checked).map((field) => Number(field.value)),
      write: (box, given) => fieldsOf(box, "input[name^=q]").forEach((field) => { field.checked = given.includes(Number(field.value)); }),
    },
  };
  shapes.numeric = shapes.fill;
  shapes.short = shapes.fill;
  shapes.matching = shapes.ordering;
  const shapeOf = (box) => shapes[kindOf(box)] || shapes.choice;
  const says = (given) => (Array.isArray(given) ? given.some(says) : given !== -1 && String(given).trim() !== "");
  const valueOf = (box) => {
    const given = shapeOf(box).read(box);
    return says(given) ? given : [];
  };
  const write_ = (box, given) => shapeOf(box).write(box, given);
  const chosenOf = valueOf;
  const written = (box, given) => (shapeOf(box) === shapes.choice ? given.join(",") : given.length ? JSON.stringify(given) : "");
  const choose = (question, chosen) => {
    write_(question, chosen);
    count();
  };
  const note = (position, text, trouble) => {
    const line = byPosition(position).querySelector("[data-saved]");
    line.textContent = text;
    line.classList.toggle("trouble", Boolean(trouble));
  };
  const count = () => {
    let answered = 0;
    questions.forEach((question) => {
      const done = chosenOf(question).length > 0;
      answered += done ? 1 : 0;
      root.querySelector("[data-goto='" + positionOf(question) + "']").classList.toggle("answered", done);
    });
    document.getElementById("exam-answered").textContent = String(answered);
  };

  const changed = (question) => {
    window.clearTimeout(question.pause);
    question.pause = null;
    const position = positionOf(question);
    // Milliseconds of the server's clock: the newest answer wins, whichever phone gave it.
    latest[position] = Math.max(Math.round(serverNow()), (latest[position] || 0) + 1);
    put(position, { chosen: chosenOf(question), sequence: latest[position] });
    count();
    note(position, "正在保存…");
    flush();
  };

  /* --- A picture to tap on: points in its own pixels, by finger, mouse or arrow keys. -------------- */

  const SVG = "http://www.w3.org/2000/svg";
  const tapping = (question) => {
    const box = question.querySelector("[data-tap]");
    const image = box.querySelector("input[type=image]");
    const kept = box.querySelector("[data-kept]");
    const dots = box.querySelector("[data-dots]");
    const wide = Number(box.dataset.width);
    const high = Number(box.dataset.height);
    const most = Number(box.dataset.spots);
    const radius = Math.max(Math.floor(wide / 22), 1);
    const cross = [Math.round(wide / 2), Math.round(high / 2)];
    let keys = false;
    const shape = (name, attributes, parent) => {
      const made = document.createElementNS(SVG, name);
      Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, String(value)));
      parent.appendChild(made);
      return made;
    };
    const dot = ([x, y], text, kind) => {
      const group = shape("g", { class: kind }, dots);
      shape("circle", { cx: x, cy: y, r: radius }, group);
      shape("text", { x: x, y: y, "font-size": radius }, group).textContent = text;
    };
    question.points = [...kept.querySelectorAll("input")].map((field) => field.value.split(",").map(Number));
    question.paint = () => {
      dots.replaceChildren();
      question.points.forEach((point, at) => dot(point, String(at + 1), "exam-dot"));
      if (keys) dot(cross, "+", "exam-dot exam-cross");
      kept.replaceChildren(...question.points.map((point, at) => {
        const label = document.createElement("label");
        const field = document.createElement("input");
        label.className = "exam-kept";
        field.type = "checkbox";
        field.checked = true;
        field.name = box.dataset.name + ".keep";
        field.value = point.join(",");
        label.append(field, " 第 " + (at + 1) + " 处");
        return label;
      }));
    };
    const add = (point) => {
      if (question.points.length >= most) {
        note(positionOf(question), "已经点了 " + most + " 处，要改请先去掉一处的勾", true);
        return;
      }
      question.points = [...question.points, point];
      question.paint();
      changed(question);
    };
    kept.addEventListener("change", (event) => {
      event.stopPropagation();
      const at = [...kept.querySelectorAll("input")].indexOf(event.target);
      question.points = question.points.filter((point, place) => place !== at);
      question.paint();
      changed(question);
    });
    image.addEventListener("click", (event) => {
      event.preventDefault();
      if (event.detail === 0) {  // the Enter key
        if (keys) add([...cross]);
        return;
      }
      const frame = image.getBoundingClientRect();
      const place = (at, from, size, whole) => Math.min(Math.max(Math.round((at - from) / size * whole), 0), whole);
      add([place(event.clientX, frame.left, frame.width, wide), place(event.clientY, frame.top, frame.height, high)]);
    });
    const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    image.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      if (!step) return;
      event.preventDefault();
      keys = true;
      cross[0] = Math.min(Math.max(cross[0] + step[0] * radius, 0), wide);
      cross[1] = Math.min(Math.max(cross[1] + step[1] * radius, 0), high);
      question.paint();
    });
    box.querySelector("[data-keys]").hidden = false;
    question.paint();
  };

  /* --- Sending: one after the other, again and again until the server has it. -------------------- */

  let sending = false;
  let stopped = false;
  let closed = "";
  let wait = FIRST_WAIT;
  let timer = null;

  const send = async (position, entry) => {
    const patience = new AbortController();
    const timeout = window.setTimeout(() => patience.abort(), LONGEST_WAIT);
    const reply = await fetch(root.dataset.save, {
      signal: patience.signal,
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ position: Number(position), chosen: entry.chosen, sequence: entry.sequence }),
    });
    const text = await reply.text();
    window.clearTimeout(timeout);
    let facts = null;
    // A login page of a public network answers 200 with HTML: that is no answer of ours.
    try { facts = JSON.parse(text); } catch (error) { facts = null; }
    return { status: reply.status, facts };
  };

  const settle = (position, entry, facts) => {
    latest[position] = Math.max(latest[position] || 0, facts.sequence);
    const current = queue[position] && queue[position].sequence === entry.sequence;
    drop(position, entry.sequence);
    if (current) {
      if (facts.state === "stale") choose(byPosition(position), facts.chosen);
      note(position, facts.state === "stale" ? "另一台设备上有更新的答案，已换成那个" : "已保存");
    }
    byPosition(position).querySelector("input[name^=was]").value = written(byPosition(position), facts.chosen);
  };

  const KEPT = "已存在这部手机里，等待上传";
  const UNKEPT = "还没有上传，请不要关掉这一页";
  const again = (text) => {
    say(text, true);
    Object.keys(queue).forEach((position) => note(position, keeps ? KEPT : UNKEPT, true));
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  /* Tells whether this answer is dealt with; otherwise the loop ends and tries later. */
  const handle = (position, entry, reply) => {
    const { status, facts } = reply;
    if (facts && facts.now) offset = facts.now - Date.now();
    if (facts && facts.deadline) deadline = facts.deadline;
    if (status === 200 && facts && facts.state) {
      settle(position, entry, facts);
      wait = FIRST_WAIT;
      return true;
    }
    if (status === 409 && facts) {
      // Too late: the server keeps it apart and says so on the result; the others are sent there too.
      drop(position, entry.sequence);
      closed = facts.message;
      note(position, facts.message, true);
      return true;
    }
    if ((status === 400 || status === 404) && facts) {
      drop(position, entry.sequence);
      note(position, facts.message, true);
      return true;
    }
    if (status === 401 && facts) {
      stopped = true;
      say(facts.message, true);
      return false;
    }
    if (status === 403) {
      stopped = true;
      say("请刷新页面；答案还在这部手机上", true);
      return false;
    }
    again(status >= 500 ? "服务器忙，正在重试" : "没有网络，正在重试");
    return false;
  };

  const flush = async () => {
    if (sending || stopped || !waiting()) return;
    sending = true;
    try {
      while (waiting() && !stopped) {
        const position = first();
        const entry = queue[position];
        say("正在保存…");
        if (!handle(position, entry, await send(position, entry))) return;
      }
      if (closed) say(closed, true);
      else if (!stopped) say("已保存");
    } catch (error) {
      again("没有网络，正在重试");
    } finally {
      sending = false;
    }
    if (closed && !waiting()) finish();
  };

  /* --- The clock. --------------------------------------------------------------------------------- */

  let finished = false;
  const told = {};
  const two = (number) => String(number).padStart(2, "0");
  const show = (seconds) => {
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor((seconds % 3600) / 60);
    return (hours ? hours + ":" : "") + two(minutes) + ":" + two(seconds % 60);
  };
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((deadline - serverNow()) / 1000));
    clock.textContent = "剩余 " + show(seconds);
    clock.parentElement.classList.toggle("soon", seconds <= 300);
    [600, 60].forEach((mark) => {
      if (seconds <= mark && seconds > mark - 5 && !told[mark]) {
        told[mark] = true;
        say("还剩 " + mark / 60 + " 分钟");
      }
    });
    if (seconds === 0) finish();
  };

  /* Time seems to be over: ask the server, who may have given more; send what waits; go to the result as soon as
     there is a network. */
  const askClock = async () => {
    const reply = await fetch(root.dataset.clock, { credentials: "same-origin", cache: "no-store" });
    const facts = await reply.json();
    if (facts.now) offset = facts.now - Date.now();
    if (facts.deadline && facts.deadline > deadline) say("考试时间延长了");
    if (facts.deadline) deadline = facts.deadline;
    return facts;
  };
  const finish = async () => {
    if (finished) return;
    finished = true;
    say("时间到，正在交卷");
    questions.forEach((question) => { question.disabled = true; });
    leave();
  };
  const leave = async () => {
    try {
      const facts = await askClock();
      if (facts.deadline && !facts.ended && !closed && facts.deadline > serverNow()) {
        finished = false;
        questions.forEach((question) => { question.disabled = false; });
        flush();
        return;
      }
      await flush();
      if (waiting() && !stopped) throw new Error("not all sent");
      window.removeEventListener("beforeunload", warn);
      handing = true;
      over.submit();
    } catch (error) {
      say("时间到。没有网络，正在重试；已保存的答案会自动评分", true);
      window.setTimeout(leave, LONGEST_WAIT);
    }
  };
  const warn = (event) => {
    if (waiting()) event.preventDefault();
  };

  /* --- Leaving the page: told to the server for the invigilator to see; nothing else follows. ------ */

  let leaves = parse(read(leavesKey));
  if (!Array.isArray(leaves)) leaves = [];
  let tellingLeaves = false;
  let tellAgain = false;  // something was added while the last ones were on their way
  const tellLeaves = async () => {
    if (tellingLeaves) tellAgain = true;
    if (tellingLeaves || !leaves.length) return;
    tellingLeaves = true;
    const some = leaves.slice(0, 50);
    try {
      const reply = await fetch(root.dataset.left, {
        method: "POST",
        credentials: "same-origin",
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ events: some }),
      });
      if (reply.status === 200 || reply.status === 400 || reply.status === 404) leaves = leaves.slice(some.length);
      write(leavesKey, leaves.length ? JSON.stringify(leaves) : null);
    } catch (error) { /* no signal: they are told when it is back */ }
    tellingLeaves = false;
    if (tellAgain) {
      tellAgain = false;
      tellLeaves();
    }
  };
  const openKey = leavesKey + "-open";  // left, and not back yet: also over a reload
  let handing = false;
  const leave_ = (kind) => {
    if (leaves.length < 500) leaves.push([kind, Math.round(serverNow())]);
    write(leavesKey, JSON.stringify(leaves));
    write(openKey, kind === "left" ? "1" : null);
    tellLeaves();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") {
      if (!handing) leave_("left");  // to hand in is not to leave
      return;
    }
    if (read(openKey)) leave_("back");
    askClock().catch(() => {});
  });

  /* --- One question a screen, or all of them. ------------------------------------------------------ */

  const layout = document.getElementById("exam-layout");
  const steps = document.getElementById("exam-steps");
  const previous = document.getElementById("exam-previous");
  const next = document.getElementById("exam-next");
  let current = 1;
  let oneByOne = read(layoutKey) ? read(layoutKey) === "one" : window.matchMedia("(max-width: 767.98px)").matches;

  const arrange = () => {
    root.classList.toggle("one-by-one", oneByOne);
    steps.hidden = !oneByOne;
    layout.textContent = oneByOne ? "显示全部题目" : "一次只看一题";
    questions.forEach((question) => { question.hidden = oneByOne && positionOf(question) !== current; });
    root.querySelectorAll("[data-goto]").forEach((link) => {
      const here = oneByOne && Number(link.dataset.goto) === current;
      if (here) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
      if (here) link.parentElement.scrollLeft = link.offsetLeft - link.parentElement.clientWidth / 2;
    });
    previous.disabled = current === 1;
    next.disabled = current === questions.length;
  };
  const goTo = (position) => {
    current = Math.min(Math.max(position, 1), questions.length);
    arrange();
    byPosition(current).focus({ preventScroll: true });
    byPosition(current).scrollIntoView();
  };
  const fromAddress = () => Number((window.location.hash.match(/^#q(\d+)$/) || [])[1]) || 0;

  /* --- Begin. ---------------------------------------------------------------------------------------- */

  questions.forEach((question) => { if (kindOf(question) === "hotspot") tapping(question); });
  questions.forEach((question) => {
    const position = positionOf(question);
    const saved = Number(question.dataset.sequence);
    latest[position] = saved;
    const entry = stored(position);
    if (Array.isArray(entry.chosen) && entry.sequence > saved) {
      queue[position] = entry;
      latest[position] = entry.sequence;
      choose(question, entry.chosen);
      note(position, "正在保存…");
    } else drop(position, saved);
    question.addEventListener("change", () => changed(question));
    // A line of text is also saved while it is written, a second after the last key.
    question.addEventListener("input", (event) => {
      if (!event.target.matches(LINES)) return;
      window.clearTimeout(question.pause);
      question.pause = window.setTimeout(() => changed(question), 1000);
    });
  });
  count();

  form.addEventListener("submit", async (event) => {
    questions.forEach((question) => { if (question.pause) changed(question); });
    if (event.submitter && event.submitter.id !== "exam-finish") {
      event.preventDefault();  // the Enter key in a line: it is saved as every answer is
      return;
    }
    if (!waiting()) {
      handing = true;
      return;
    }
    event.preventDefault();
    await flush();
    if (!waiting() && !stopped) form.requestSubmit(document.getElementById("exam-finish"));
    else if (!stopped) say("还有答案没有传上去，请等信号恢复后再交卷", true);
  });
  previous.addEventListener("click", () => goTo(current - 1));
  next.addEventListener("click", () => goTo(current + 1));
  layout.addEventListener("click", () => {
    oneByOne = !oneByOne;
    write(layoutKey, oneByOne ? "one" : "all");
    goTo(current);
  });
  root.querySelectorAll("[data-goto]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      goTo(Number(link.dataset.goto));
    });
  });
  window.addEventListener("online", () => { wait = FIRST_WAIT; flush(); tellLeaves(); });
  window.addEventListener("beforeunload", warn);

  root.classList.add("with-script");
  layout.hidden = questions.length < 2;
  current = Math.min(fromAddress() || 1, questions.length);
  arrange();
  if (fromAddress()) goTo(current);
  say("每答一题，自动保存");
  tick();
  window.setInterval(tick, 500);
  flush();
  if (read(openKey)) leave_("back");
  else tellLeaves();
})();
