// The code on the trainer's screen is fetched anew every few seconds; it changes on the server's clock.
(() => {
  "use strict";
  const picture = document.querySelector("[data-fresh]");
  if (!picture) return;
  const fault = document.querySelector("[data-fresh-fault]");
  const address = picture.getAttribute("src");
  const every = Number(picture.dataset.fresh) * 1000;
  picture.addEventListener("load", () => { fault.hidden = true; picture.style.visibility = ""; });
  // An old code only leads people to a page that says it is old: better none.
  picture.addEventListener("error", () => { fault.hidden = false; picture.style.visibility = "hidden"; });
  setInterval(() => { picture.src = `${address}?at=${Date.now()}`; }, every);
})();
