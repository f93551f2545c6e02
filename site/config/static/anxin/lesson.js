// A lesson tells the server "I am here"; the server's clock decides what counts. Also resumes media.
(() => {
  "use strict";
  const box = document.querySelector("[data-lesson]");
  if (!box) return;
  const tab = crypto.randomUUID ? crypto.randomUUID() : randomId();
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const text = box.querySelector("[data-study-text]");
  const note = box.querySelector("[data-study-note]");
  const bar = box.querySelector("[data-study-bar]");
  const button = box.querySelector("[data-study-finish]");
  const go = box.querySelector("[data-study-go]");
  const needed = Number(box.dataset.needed);
  const beat = Number(box.dataset.beat);
  const idleAfter = 5 * 60 * 1000; // without touching the page or playing anything
  const RELOAD = "登录有变化，现在没有计时。请刷新页面，再接着学。";
  const medias = [...document.querySelectorAll("[data-lesson-media]")];
  const placeKey = (number) => `anxin-place-${box.dataset.lesson}-${number}`;
  let touched = Date.now();
  let stopped = false; // only a reload helps
  let paused = false;
  let finished = box.dataset.finished === "yes";
  let missing = Number(box.dataset.missing);
  box.querySelector("[data-study-tab]").value = tab;

  function randomId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  const counts = () => !stopped && (!finished || missing > 0);
  const playing = () => medias.some((media) => !media.paused && !media.ended);
  const idle = () => !playing() && Date.now() - touched >= idleAfter;
  const visible = () => document.visibilityState === "visible";
  const say = (place, words) => { if (place.textContent !== words) place.textContent = words; };

  async function report(open, words) {
    if (stopped) return;
    const body = { tab };
    if (open) body.open = true;
    else if (medias.length && medias[0].readyState > 0) body.position = medias[0].currentTime;
    keepPlaces();
    let answer;
    try {
      answer = await fetch(box.dataset.lesson, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
        keepalive: true,
      });
    } catch {
      say(note, "没有网络，这段时间暂时记不上。有网后会接着记。");
      return;
    }
    if (answer.status >= 500) {
      say(note, "服务器忙，这段时间暂时记不上。过一会儿会接着记。");
      return;
    }
    // Our answers are JSON. A page instead (signed in anew in another window, a network's login page) is none.
    const told = await answer.json().catch(() => null);
    if (!answer.ok || told === null) {
      stop((told && told.error) || RELOAD);
      return;
    }
    if (!stopped) show(told, words); // an answer that was slow must not hide what a later one said
  }

  function stop(words) {
    stopped = true;
    go.hidden = true;
    say(text, words);
    say(note, "");
  }

  function show(told, words) {
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
    report(true, "接着计时了。");
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

  for (const kind of ["pointerdown", "keydown", "scroll", "touchstart"]) {
    addEventListener(kind, wake, { passive: true });
  }
  if (!finished) button.disabled = Number(box.dataset.counted) < needed;
  medias.forEach((media, number) => {
    if (window.Plyr) new window.Plyr(media, { iconUrl: box.dataset.icons, blankVideo: "" });
    media.addEventListener("play", () => {
      medias.forEach((other) => { if (other !== media) other.pause(); });
      wake();
    });
    if (placeOf(media, number) > 0) resume(media, placeOf(media, number));
  });
  let left = 0;
  if (counts()) report(true);
  setInterval(() => {
    if (!visible() || !counts() || paused) return;
    if (idle()) pause();
    else report(false);
  }, beat);
  document.addEventListener("visibilitychange", () => {
    if (!visible()) {
      left = Date.now();
      if (counts() && !paused && !idle()) report(false);
    } else if (paused) wake();
    else if (counts()) {
      touched = Date.now();
      report(true, left && Date.now() - left > beat ? "刚才离开了页面，那段时间没有计时。现在接着计时。" : "");
    }
  });
  addEventListener("pagehide", () => { if (visible() && counts() && !paused && !idle()) report(false); });
})();
