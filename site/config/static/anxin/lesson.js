// A lesson tells the server "I am here"; the server's clock decides what counts. Also resumes media.
(() => {
  "use strict";
  const box = document.querySelector("[data-lesson]");
  if (!box) return;
  const tab = crypto.randomUUID ? crypto.randomUUID() : randomId();
  const token = box.querySelector("[name=csrfmiddlewaretoken]").value;
  const text = box.querySelector("[data-study-text]");
  const bar = box.querySelector("[data-study-bar]");
  const button = box.querySelector("[data-study-finish]");
  const needed = Number(box.dataset.needed);
  const beat = Number(box.dataset.beat);
  const idleAfter = 5 * 60 * 1000; // without touching the page or playing anything
  let touched = Date.now();
  let finished = box.dataset.finished === "yes";
  const media = document.querySelector("[data-lesson-media]");
  box.querySelector("[data-study-tab]").value = tab;

  function randomId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  function present() {
    const playing = media && !media.paused;
    return document.visibilityState === "visible" && (playing || Date.now() - touched < idleAfter);
  }

  async function report(open) {
    const body = { tab };
    if (open) body.open = true;
    if (media && !open) body.position = media.currentTime;
    try {
      const answer = await fetch(box.dataset.lesson, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify(body),
        keepalive: true,
      });
      const told = await answer.json();
      if (!answer.ok) {
        text.textContent = told.error || "没有记上，请刷新页面。";
        return;
      }
      show(told);
    } catch {
      text.textContent = "没有网络，这段时间暂时记不上。有网后会接着记。";
    }
  }

  function show(told) {
    bar.value = Math.min(told.counted, needed);
    if (finished || told.finished) return;
    const done = Math.floor(told.counted / 60000);
    const enough = told.counted >= needed;
    button.disabled = !enough;
    text.textContent = enough
      ? "时间够了，看懂了就点“我学完了”。"
      : `已学 ${done} 分钟，需要 ${Math.round(needed / 60000)} 分钟。`;
  }

  for (const kind of ["pointerdown", "keydown", "scroll", "touchstart"]) {
    addEventListener(kind, () => { touched = Date.now(); }, { passive: true });
  }
  if (!finished) button.disabled = Number(box.dataset.counted) < needed;
  if (window.Plyr && media) {
    new window.Plyr(media, { iconUrl: box.dataset.icons, blankVideo: "" });
  }
  if (media && Number(box.dataset.position) > 0) {
    media.addEventListener("loadedmetadata", () => {
      media.currentTime = Math.min(Number(box.dataset.position), media.duration - 1);
    }, { once: true });
  }
  report(true);
  setInterval(() => { if (present()) report(false); }, beat);
  document.addEventListener("visibilitychange", () => { report(document.visibilityState === "visible"); });
  addEventListener("pagehide", () => { if (present()) report(false); });
})();
