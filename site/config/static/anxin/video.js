// Films of a lesson: chapters; and on the first viewing of one that asks for it, no skipping ahead of what was
// watched and no more speed than is allowed. The server bounds what is told here by the time that it credited.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-chapter]")) {
    const video = button.closest("figure").querySelector("video");
    button.addEventListener("click", () => {
      video.currentTime = Number(button.dataset.chapter);
      video.play().catch(() => {}); // not allowed to: it stands there
    });
  }
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  for (const video of document.querySelectorAll("video[data-hold]")) hold(video);

  function hold(video) {
    const note = video.closest("figure").querySelector("[data-hold-note]");
    const fastest = Number(video.dataset.speed);
    let furthest = Number(video.dataset.furthest);
    let told = furthest;
    let done = false;
    let sending = false;

    video.addEventListener("timeupdate", () => {
      if (done || video.seeking) return;
      if (video.currentTime <= furthest + 2 * fastest) furthest = Math.max(furthest, video.currentTime);
      else video.currentTime = furthest;
      if (furthest - told >= 20) tell();
    });
    video.addEventListener("seeking", () => {
      if (done || video.currentTime <= furthest + 1) return;
      video.currentTime = furthest;
      note.textContent = "还没看到那里。第一次看不能往后跳，已经回到您看到的地方。";
    });
    video.addEventListener("ratechange", () => {
      if (done || video.playbackRate <= fastest) return;
      video.playbackRate = fastest;
      note.textContent = `第一次看，最快 ${fastest} 倍速。`;
    });
    for (const kind of ["pause", "ended"]) video.addEventListener(kind, tell);
    addEventListener("online", tell);

    async function tell() {
      if (done || sending || !token || furthest <= told) return;
      sending = true;
      try {
        const answer = await fetch(video.dataset.hold, {
          method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
          body: JSON.stringify({ furthest: Math.floor(furthest) }),
        });
        if (answer.ok) {
          const said = await answer.json();
          told = Math.min(said.furthest, furthest);
          if (said.done) { done = true; note.textContent = "这段视频看完了，现在可以随便跳着看。"; }
          else if (video.ended) setTimeout(tell, 25000); // the ledger's last beat is still under way
        }
      } catch { /* no network: told with the next step, or when there is one again */ }
      sending = false;
    }
  }
})();
