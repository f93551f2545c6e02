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
  const deadline = Number(root.dataset.deadline);
  const storageKey = "anxin-exam-" + root.dataset.attempt;
  const layoutKey = "anxin-exam-layout";
  const FIRST_WAIT = 2000;
  const LONGEST_WAIT = 15000;

  /* --- The server's clock: corrected by every reply. ------------------------------------------- */

  let offset = Number(root.dataset.now) - Date.now();
  const serverNow = () => Date.now() + offset;

  /* --- What waits to be sent, kept in the phone: {position: {chosen, sequence}}. ---------------- */

  const read = (key) => {
    try { return window.localStorage.getItem(key); } catch (error) { return null; }
  };
  const write = (key, value) => {
    try {
      if (value === null) window.localStorage.removeItem(key);
      else window.localStorage.setItem(key, value);
    } catch (error) { /* private mode: the queue then lives as long as the page */ }
  };
  const parse = (text) => {
    try { return JSON.parse(text) || {}; } catch (error) { return {}; }
  };

  const queue = parse(read(storageKey));
  const latest = {};
  const waiting = () => Object.keys(queue).length;
  const keep = () => write(storageKey, waiting() ? JSON.stringify(queue) : null);
  const say = (text, trouble) => {
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("trouble", Boolean(trouble));
  };

  /* --- One question on the page. ----------------------------------------------------------------- */

  const positionOf = (question) => Number(question.dataset.position);
  const byPosition = (position) => questions[position - 1];
  const inputsOf = (question) => [...question.querySelectorAll("input[name^=q]")];
  const chosenOf = (question) => inputsOf(question).filter((input) => input.checked).map((input) => Number(input.value));
  const choose = (question, chosen) => {
    inputsOf(question).forEach((input) => { input.checked = chosen.includes(Number(input.value)); });
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
    const position = positionOf(question);
    // Milliseconds of the server's clock: the newest answer wins, whichever phone gave it.
    latest[position] = Math.max(Math.round(serverNow()), (latest[position] || 0) + 1);
    queue[position] = { chosen: chosenOf(question), sequence: latest[position] };
    keep();
    count();
    note(position, "正在保存…");
    flush();
  };

  /* --- Sending: one after the other, again and again until the server has it. -------------------- */

  let sending = false;
  let stopped = false;
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
    if (queue[position] && queue[position].sequence === entry.sequence) {
      delete queue[position];
      if (facts.state === "stale") choose(byPosition(position), facts.chosen);
      note(position, facts.state === "stale" ? "另一台设备上有更新的答案，已换成那个" : "已保存");
    }
    byPosition(position).querySelector("input[name^=was]").value = facts.chosen.join(",");
    keep();
  };

  const again = (text) => {
    say(text, true);
    Object.keys(queue).forEach((position) => note(position, "已存在这部手机里，等待上传", true));
    window.clearTimeout(timer);
    timer = window.setTimeout(flush, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  /* Tells whether this answer is dealt with; otherwise the loop ends and tries later. */
  const handle = (position, entry, reply) => {
    const { status, facts } = reply;
    if (facts && facts.now) offset = facts.now - Date.now();
    if (status === 200 && facts && facts.state) {
      settle(position, entry, facts);
      wait = FIRST_WAIT;
      return true;
    }
    if (status === 409 && facts) {
      Object.keys(queue).forEach((waitingPosition) => delete queue[waitingPosition]);
      keep();
      stopped = true;
      say(facts.message, true);
      finish();
      return false;
    }
    if ((status === 400 || status === 404) && facts) {
      delete queue[position];
      keep();
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
        const position = Object.keys(queue)[0];
        const entry = queue[position];
        say("正在保存…");
        if (!handle(position, entry, await send(position, entry))) return;
      }
      if (!stopped) say("已保存");
    } catch (error) {
      again("没有网络，正在重试");
    } finally {
      sending = false;
    }
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

  /* Time is over: send what waits, then go to the result as soon as there is a network. */
  const finish = async () => {
    if (finished) return;
    finished = true;
    say("时间到，正在交卷");
    questions.forEach((question) => { question.disabled = true; });
    await flush();
    leave();
  };
  const leave = async () => {
    try {
      await fetch(window.location.href, { method: "HEAD", credentials: "same-origin" });
      window.removeEventListener("beforeunload", warn);
      keep();
      over.submit();
    } catch (error) {
      say("时间到。没有网络，正在重试；已保存的答案会自动评分", true);
      window.setTimeout(leave, LONGEST_WAIT);
    }
  };
  const warn = (event) => {
    if (waiting()) event.preventDefault();
  };

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

  questions.forEach((question) => {
    const position = positionOf(question);
    const stored = Number(question.dataset.sequence);
    latest[position] = stored;
    const entry = queue[position];
    if (entry && entry.sequence > stored) {
      latest[position] = entry.sequence;
      choose(question, entry.chosen);
      note(position, "正在保存…");
    } else delete queue[position];
    question.addEventListener("change", () => changed(question));
  });
  Object.keys(queue).forEach((position) => { if (!byPosition(position)) delete queue[position]; });
  keep();
  count();

  form.addEventListener("submit", async (event) => {
    if (!waiting()) return;
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
  window.addEventListener("online", () => { wait = FIRST_WAIT; flush(); });
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
})();
