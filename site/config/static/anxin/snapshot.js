/* Snapshots of an exam to which the learner agreed: a small picture now and then. A camera that does not open is said,
   and stops nothing. */
(() => {
  "use strict";
  const root = document.getElementById("exam");
  const told = document.getElementById("exam-camera");
  if (!root || !root.dataset.snapshot) return;
  const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
  const every = Number(root.dataset.every) * 1000;
  const WIDTH = 320;

  const closed = () => { told.textContent = "摄像头没有打开，可以接着考；请告诉监考人。"; };
  const send = (picture) => fetch(root.dataset.snapshot, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "image/jpeg", "X-CSRFToken": token },
    body: picture,
  }).catch(() => {});
  const take = (film) => {
    if (!film.videoWidth) return;
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH;
    canvas.height = Math.round(WIDTH * film.videoHeight / film.videoWidth);
    canvas.getContext("2d").drawImage(film, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((picture) => { if (picture) send(picture); }, "image/jpeg", 0.6);
  };
  const begin = async () => {
    try {
      const film = document.createElement("video");
      film.muted = true;
      film.playsInline = true;
      film.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "user", width: WIDTH } });
      await film.play();
      told.textContent = "摄像头已打开，考试中不定时抓拍。";
      take(film);
      window.setInterval(() => window.setTimeout(() => take(film), Math.random() * every / 4), every);
    } catch (error) { closed(); }
  };
  if (navigator.mediaDevices) begin();
  else closed();
})();
