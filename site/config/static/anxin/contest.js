/* A contest's question: shows the seconds that are left and hands in when none are. The server's clock decides. */
(function () {
  "use strict";
  var clock = document.getElementById("contest-clock");
  var form = document.getElementById("contest-form");
  if (!clock || !form) return;
  var end = performance.now() + Number(clock.dataset.left) * 1000;
  var sent = false;
  form.addEventListener("submit", function (event) {
    if (sent) event.preventDefault();
    sent = true;
  });
  function tick() {
    var left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    clock.textContent = left + " 秒";
    clock.classList.toggle("text-danger", left <= 5);
    if (left === 0 && !sent) form.requestSubmit();
    else if (!sent) window.setTimeout(tick, 250);
  }
  tick();
})();
