// A lesson tells the server "I am here"; the server's clock decides what counts. Also resumes media.
// When it is opened it gets a token with the server's time. Each beat has a number and the milliseconds since
// then; what does not reach the server is kept on this device and sent when there is a network again.
(() => {
  "use strict";
  const box = document.querySelector("[data-lesson]");
  if (!box) return;
  let tab = crypto.randomUUID ? crypto.randomUUID() : randomId();
  const csrf = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const text = box.querySelector("[data-study-text]");
  const note = box.querySelector("[data-study-note]");
  const bar = box.querySelector("[data-study-bar]");
  const button = box.querySelector("[data-study-finish]");
  const go = box.querySelector("[data-study-go]");
  const needed = Number(box.dataset.needed);
  const beatEvery = Number(box.dataset.beat);
  const idleAfter = 5 * 60 * 1000; // without touching the page or playing anything
  const RELOAD = "登录有变化，现在没有计时。请刷新页面，再接着学。";
  const medias = [...document.querySelectorAll("[data-lesson-media]")];
  const placeKey = (number) => `anxin-place-${box.dataset.lesson}-${number}`;
  let touched = Date.now();
  let stopped = false; // only a reload helps
  let paused = false;
  let finished = box.dataset.finished === "yes";
  let missing = Number(box.dataset.missing);
  let ticket = ""; // the server's token
  let openedAt = 0; // on this device's monotonic clock
  let sequence = 0;
  let kept = []; // beats that the server has not confirmed
  let sending = null;
  let leaving = false;
  let asked = 0; // how often the question whether somebody is there was put; 0: it is not
  let answering = false;
  const question = box.querySelector("[data-study-check]");
  const questionText = box.querySelector("[data-study-check-text]");
  const AT_ONCE = 100;
  const KEEP_DAYS = 8; // the server takes them for seven
  const OFFLINE = "没有网络。学习时间先记在这个手机里，七天内有网会自动补上。";
  const BUSY = "服务器忙。学习时间先记在这个手机里，过一会儿自动补上。";
  const QUEUE = "anxin-beats-";
  box.querySelector("[data-study-tab]").value = tab;

  function randomId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  const counts = () => !stopped && (!finished || missing > 0);
  const spoken = () => window.speechSynthesis && speechSynthesis.speaking && !speechSynthesis.paused;
  const playing = () => spoken() || medias.some((media) => !media.paused && !media.ended);
  const idle = () => !playing() && Date.now() - touched >= idleAfter;
  const visible = () => document.visibilityState === "visible";
  const say = (place, words) => { if (place.textContent !== words) place.textContent = words; };

  /* A POST of ours: what was told; words where there is no network or a busy server, or where only a reload helps. */
  async function post(address, body, headers) {
    let answer;
    try {
      answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": csrf, ...headers },
        body: JSON.stringify(body),
        keepalive: leaving || !visible(), // only then: its memory is small
      });
    } catch {
      return { none: OFFLINE };
    }
    if (answer.status >= 500) return { none: BUSY };
    // Our answers are JSON. A page instead (signed in anew in another window, a network's login page) is none.
    const told = await answer.json().catch(() => null);
    if (!answer.ok || told === null) return { wrong: (told && told.error) || RELOAD };
    return { told };
  }

  async function open(words) {
    if (stopped) return;
    keepPlaces();
    await flush();
    const { told, none, wrong } = await post(box.dataset.lesson, { tab, open: true });
    if (wrong) return stop(wrong);
    if (none) return say(note, ticket ? none : "没有网络，现在还没有开始计时。有网后刷新页面。");
    ticket = told.token;
    openedAt = performance.now();
    box.dataset.opened = "yes";
    if (!stopped) show(told, words);
  }

  function beat() {
    if (stopped) return;
    keepPlaces();
    if (!ticket) return open(""); // it could not be opened yet
    const item = { sequence: ++sequence, elapsed: Math.max(0, Math.round(performance.now() - openedAt)) };
    if (answering) item.answers = true;
    answering = false;
    if (medias.length && medias[0].readyState > 0) item.position = medias[0].currentTime;
    kept.push({ ticket, item });
    store();
    return flush();
  }

  /* Send what is kept, the oldest first and one request at a time. */
  function flush() {
    if (!sending) sending = flushAll().finally(() => { sending = null; });
    return sending;
  }

  async function flushAll() {
    while (kept.length && !stopped) {
      const part = kept.filter((one) => one.ticket === kept[0].ticket).slice(0, AT_ONCE);
      const { told, none, wrong } = await post(
        `${box.dataset.lesson}beats`, part.map((one) => one.item), { "X-Lesson-Token": part[0].ticket });
      if (none) { if (!paused) say(note, none); return; }
      if (wrong) { stop(wrong); return; }
      kept = kept.filter((one) => !part.includes(one));
      store();
      if (!stopped) show(told, ""); // an answer that was slow must not hide what a later one said
      if (told.results.some((one) => one.state === "wait")) { renew(); return; }
    }
  }

  /* Beats before these were lost with their device's memory: begin anew under another number. */
  function renew() {
    tab = randomId();
    box.querySelector("[data-study-tab]").value = tab;
    sequence = 0;
    ticket = "";
    kept = [];
  }

  function store() {
    try {
      if (kept.length) {
        const said = { at: Date.now(), lesson: box.dataset.lesson, kept };
        localStorage.setItem(QUEUE + tab, JSON.stringify(said));
      } else localStorage.removeItem(QUEUE + tab);
    } catch { /* private mode: they live as long as the page */ }
  }

  /* What other windows of this device could not send. The server takes nothing twice. */
  async function sendLeftovers() {
    let names = [];
    try { names = Object.keys(localStorage).filter((name) => name.startsWith(QUEUE)); } catch { return; }
    for (const name of names.filter((one) => one !== QUEUE + tab)) {
      let left;
      try { left = JSON.parse(localStorage.getItem(name)); } catch { left = null; }
      if (!left || Date.now() - left.at > KEEP_DAYS * 86400000) { localStorage.removeItem(name); continue; }
      if (await sendLeft(left)) localStorage.removeItem(name);
    }
  }

  async function sendLeft(left) {
    while (left.kept.length) {
      const part = left.kept.filter((one) => one.ticket === left.kept[0].ticket).slice(0, AT_ONCE);
      const { told } = await post(`${left.lesson}beats`, part.map((one) => one.item), { "X-Lesson-Token": part[0].ticket });
      if (!told) return false; // no network, or another person's: for another time
      left.kept = left.kept.filter((one) => !part.includes(one));
    }
    return true;
  }

  function stop(words) {
    stopped = true;
    go.hidden = true;
    say(text, words);
    say(note, "");
  }

  /* Are you there? Put again with every minute that goes by, before anything is lost. */
  function ask(left) {
    if (left === undefined || answering) { question.hidden = true; asked = 0; return; }
    if (!asked && navigator.vibrate) navigator.vibrate(300);
    asked += 1;
    const minutes = Math.ceil(left / 60000);
    say(questionText, left > 0
      ? `您还在学吗？请在 ${minutes} 分钟内点一下“我还在学”。现在时间照记，不着急。`
      : "还没有点“我还在学”，计时先停了，之前学的时间都在。点一下，接着计时。");
    question.hidden = false;
  }

  box.querySelector("[data-study-check-answer]").addEventListener("click", () => {
    answering = true;
    ask();
    beat();
  });

  function show(told, words) {
    ask(told.asked);
    missing = told.missing;
    bar.value = Math.min(told.counted, needed);
    if (!paused) say(note, told.note || words || "");
    if (finished || told.finished) {
      finished = true;
      const left = Math.ceil(missing / 60000);
      say(text, missing > 0
        ? `这一课已经学完。整门课的学习时间还差 ${left} 分钟，留在这一页接着学，时间照记。`
        : "这一课已经学完。");
      return;
    }
    const done = Math.floor(told.counted / 60000);
    const enough = told.counted >= needed;
    button.disabled = !enough;
    say(text, enough
      ? "时间够了，看懂了就点“我学完了”。"
      : `已学 ${done} 分钟，需要 ${Math.round(needed / 60000)} 分钟。`);
  }

  /* Idle: say so and wait for a touch. The clock begins anew; the time between is not counted. */
  function pause() {
    paused = true;
    go.hidden = false;
    say(note, "5 分钟没有碰屏幕，计时停了。之前学的时间都在。");
  }

  function wake() {
    touched = Date.now();
    if (!paused) return;
    paused = false;
    go.hidden = true;
    open("接着计时了。");
  }

  /* The server keeps the place of the first film or sound, for every device; this phone those of the others. */
  function keepPlaces() {
    medias.slice(1).forEach((media, number) => {
      try {
        if (media.currentTime > 0) localStorage.setItem(placeKey(number), String(media.currentTime));
      } catch { /* private mode: it begins anew */ }
    });
  }

  function placeOf(media, number) {
    if (number === 0) return Number(box.dataset.position);
    try { return Number(localStorage.getItem(placeKey(number - 1))); } catch { return 0; }
  }

  function resume(media, place) {
    const jump = () => { media.currentTime = Math.max(0, Math.min(place, media.duration - 1)); };
    if (media.readyState > 0) jump();
    else media.addEventListener("loadedmetadata", jump, { once: true });
  }

  for (const kind of ["pointerdown", "keydown", "scroll", "touchstart", "anxin:touched"]) { // the last: inside a package
    addEventListener(kind, wake, { passive: true });
  }
  if (!finished) button.disabled = Number(box.dataset.counted) < needed;
  medias.forEach((media, number) => {
    if (window.Plyr) new window.Plyr(media, {
      iconUrl: box.dataset.icons, blankVideo: "", quality: { default: 360, options: [720, 360] },
      speed: { selected: 1, options: [0.75, 1, 1.25, 1.5] }, captions: { active: true, language: "zh" },
    });
    media.addEventListener("play", () => {
      medias.forEach((other) => { if (other !== media) other.pause(); });
      wake();
    });
    if (placeOf(media, number) > 0) resume(media, placeOf(media, number));
  });
  let left = 0;
  if (counts()) sendLeftovers().then(() => open(""));
  setInterval(() => {
    if (!visible() || !counts() || paused) return;
    if (idle()) pause();
    else beat();
  }, beatEvery);
  document.addEventListener("visibilitychange", () => {
    if (!visible()) {
      left = Date.now();
      if (counts() && !paused && !idle()) beat();
    } else if (paused) wake();
    else if (counts()) {
      touched = Date.now();
      open(left && Date.now() - left > beatEvery ? "刚才离开了页面，那段时间没有计时。现在接着计时。" : "");
    }
  });
  addEventListener("pagehide", () => {
    leaving = true;
    if (visible() && counts() && !paused && !idle()) beat();
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", () => { if (counts()) flush(); });
  button.form.addEventListener("submit", (event) => {
    if (!kept.length) return;
    event.preventDefault();
    flush().finally(() => button.form.submit());
  });
})();
