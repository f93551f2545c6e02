// A lesson's page speaks with the players of its packages, which run on another origin. It takes a message only
// from the frame that it opened, from the packages' origin and of the known form, and hands it to the server.
(() => {
  "use strict";
  const ELEMENT = /^cmi\.[a-z_0-9.]{1,80}$/;
  const MOST = 800;
  const LARGEST = 100000;
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  const boxes = [...document.querySelectorAll("[data-package]")].map((element) => new Box(element));

  function Box(element) {
    const { package: address, play, origin } = element.dataset;
    const status = element.querySelector("[data-package-status]");
    const holder = element.querySelector("[data-package-frame]");
    let frame = null;
    let item = 0;
    let unsent = null;
    let sending = false;
    let sendable = true;
    this.frame = () => frame;
    this.origin = origin;

    const say = (words) => { if (status.textContent !== words) status.textContent = words; };

    const open = (place) => {
      item = place;
      if (frame) frame.remove(); // its package says goodbye
      frame = document.createElement("iframe");
      frame.className = "package-frame";
      frame.title = element.dataset.title;
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms");
      frame.allow = "autoplay; fullscreen";
      frame.referrerPolicy = "no-referrer";
      frame.src = `${play}?item=${place}`;
      holder.replaceChildren(frame);
      holder.hidden = false;
      say("");
    };

    element.querySelectorAll("[data-package-item]").forEach((button) => {
      button.addEventListener("click", () => {
        open(Number(button.dataset.packageItem));
        element.querySelectorAll("[data-package-item]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
        frame.scrollIntoView({ block: "nearest" });
      });
    });

    this.take = async (told) => {
      if (told.item !== item) return;
      if (told.type === "ready") await start();
      else if (told.type === "touched") dispatchEvent(new Event("anxin:touched"));
      else if (told.type === "commit" && shaped(told.values)) { unsent = { item, values: told.values }; send(); }
    };

    async function start() {
      const asked = frame;
      let answer;
      try { answer = await fetch(`${address}?item=${item}`); } catch { return say("没有网络，课件打不开。有网后再点一次。"); }
      const told = await answer.json().catch(() => null);
      if (!answer.ok || !told) return say((told && told.error) || "登录有变化，请刷新页面。");
      if (asked === frame) frame.contentWindow.postMessage({ anxin: "package", type: "start", ...told }, origin);
    }

    async function send() {
      if (sending || !unsent || !sendable) return;
      sending = true;
      const part = unsent;
      unsent = null;
      try {
        const answer = await fetch(address, {
          method: "POST", keepalive: JSON.stringify(part).length < 50000,
          headers: { "Content-Type": "application/json", "X-CSRFToken": token.value },
          body: JSON.stringify(part),
        });
        if (answer.status >= 500) throw new Error("busy");
        const told = await answer.json().catch(() => null);
        if (!answer.ok || !told) { sendable = false; say((told && told.error) || "登录有变化，课件的进度没有存。请刷新页面。"); } else say(told.words);
      } catch {
        unsent = unsent || part;
        say("没有网络，课件的进度还没有存，有网会自动补上。");
        setTimeout(send, 10000);
        sending = false;
        return;
      }
      sending = false;
      send();
    }
    addEventListener("online", () => send());
  }

  /* Texts by element, of no more than a size. The server looks at each element again. */
  function shaped(values) {
    if (typeof values !== "object" || values === null || Array.isArray(values)) return false;
    const entries = Object.entries(values);
    const size = entries.reduce((sum, [, value]) => sum + String(value).length, 0);
    return entries.length <= MOST && size <= LARGEST
      && entries.every(([name, value]) => ELEMENT.test(name) && typeof value === "string");
  }

  addEventListener("message", (event) => {
    const box = boxes.find((one) => one.frame() && one.frame().contentWindow === event.source);
    if (!box || event.origin !== box.origin) return;
    const told = event.data;
    if (typeof told !== "object" || told === null || told.anxin !== "package" || !Number.isInteger(told.item)) return;
    box.take(told);
  });
})();
