// 听一听: reads a part of the page aloud with the browser's own voice; the buttons are hidden where there is none.
(() => {
  "use strict";
  const voice = window.speechSynthesis;
  const buttons = [...document.querySelectorAll("[data-listen]")];
  if (!voice || !window.SpeechSynthesisUtterance || !buttons.length) return;
  const SKIP = "button,select,script,style,audio,video,details,[data-listen-skip],.visually-hidden,.exam-saved";
  const BLOCKS = "p,li,h1,h2,h3,h4,legend,label,td,th,dt,dd,figcaption,blockquote,div,span.exam-stem";
  const WORDS = { idle: "听一听", reading: "停一停", paused: "接着听" };
  const LONGEST = 120; // characters: some browsers stop in the middle of a long piece
  let current = null; // { button, id }

  const languageOf = (button) => button.dataset.lang || document.documentElement.lang || "zh-CN";
  const base = (code) => code.toLowerCase().replace("_", "-").split("-")[0];

  function voiceFor(language) {
    const all = voice.getVoices();
    return all.find((one) => one.lang.toLowerCase().startsWith(language.toLowerCase()))
      || all.find((one) => base(one.lang) === base(language));
  }

  function show() {
    for (const button of buttons) button.hidden = !voiceFor(languageOf(button));
  }

  function say(button, state) {
    button.textContent = WORDS[state];
    button.setAttribute("aria-pressed", state === "reading" ? "true" : "false");
  }

  /* The words of a part, block by block, in pieces short enough for every browser. */
  function piecesOf(root) {
    const found = [];
    let last = null;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      const text = walker.currentNode.textContent.replace(/\s+/g, " ");
      if (!text.trim() || parent.closest(SKIP)) continue;
      const block = parent.closest(BLOCKS);
      if (block === last) found[found.length - 1] += text;
      else found.push(text);
      last = block;
    }
    const short = new RegExp(`[^。！？；.!?;]{1,${LONGEST}}[。！？；.!?;]*`, "g");
    return found.flatMap((text) => text.match(short) || []).filter((text) => text.trim());
  }

  function stop() {
    if (current) say(current.button, "idle");
    current = null;
    voice.cancel();
  }

  function start(button) {
    stop();
    const language = languageOf(button);
    const mine = { button };
    const pieces = piecesOf(document.getElementById(button.dataset.listen));
    if (!pieces.length) return;
    current = mine;
    say(button, "reading");
    pieces.forEach((text, place) => {
      const one = new SpeechSynthesisUtterance(text);
      one.lang = language;
      one.voice = voiceFor(language) || null;
      one.rate = 0.9;
      const ends = () => { if (current === mine && place === pieces.length - 1) stop(); };
      one.onend = ends;
      one.onerror = ends;
      voice.speak(one);
    });
  }

  function press(button) {
    if (!current || current.button !== button) return start(button);
    if (button.getAttribute("aria-pressed") === "true") { voice.pause(); say(button, "paused"); }
    else { voice.resume(); say(button, "reading"); }
  }

  for (const button of buttons) button.addEventListener("click", () => press(button));
  if (voice.addEventListener) voice.addEventListener("voiceschanged", show); // they come late
  window.addEventListener("pagehide", stop);
  show();
})();
