/* Page 1 of saying something, deferred: say it into the microphone. What was recorded becomes the file of the form, which
   goes out with it; nothing is sent from here, nothing is kept beyond the page. Without script a file can be chosen. */
"use strict";

(() => {
  const box = document.querySelector("[data-voice]");
  const recorder = box && box.querySelector("[data-recorder]");
  if (!recorder || !window.MediaRecorder || !navigator.mediaDevices || !window.DataTransfer) return;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [start, speaking, heard, time, said] = ["start", "speaking", "heard", "time", "said"].map(part);
  const input = box.querySelector("input[type=file]");
  const player = heard.querySelector("audio");
  const form = input.form;
  const forgotten = part("forgotten"); // what was deleted here may lie in the draft, where the page was come back to
  const longest = Number(box.dataset.longest);
  const kinds = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  let running = null; // the recorder at work
  let starting = false; // the browser asks whether the microphone may be used
  let begun = 0;
  let timer = 0;
  let button = null; // what was pressed while somebody still spoke

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const passed = () => Math.floor((Date.now() - begun) / 1000);

  function draw(state) {
    start.closest("p").hidden = state !== "empty";
    speaking.hidden = state !== "speaking";
    heard.hidden = state !== "heard";
    part("file").hidden = state !== "empty";
    if (state === "speaking") form.dataset.held = "voice"; else delete form.dataset.held;
  }

  function fail(words) {
    const note = document.getElementById("voice-e");
    note.querySelector("span").textContent = words;
    note.hidden = !words;
  }

  function tick() {
    form.dataset.held = "voice"; // photos that went up meanwhile let go of it
    time.textContent = clock(Math.min(passed(), longest));
    if (passed() >= longest) running.stop();
  }

  function take(chunks, kind) {
    const seconds = Math.min(Math.max(1, passed()), longest);
    const blob = new Blob(chunks, { type: kind.split(";")[0] });
    const carried = new DataTransfer();
    carried.items.add(new File([blob], box.dataset.name, { type: blob.type }));
    forgotten.disabled = true;
    input.files = carried.files;
    if (player.src) URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(blob);
    part("length").textContent = clock(seconds);
    draw("heard");
    said.textContent = seconds >= longest ? box.dataset.full : box.dataset.done;
    if (button) button.click(); else player.focus();
    button = null;
  }

  async function record() {
    if (starting || running) return;
    starting = true;
    fail("");
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const kind = kinds.find((one) => MediaRecorder.isTypeSupported(one));
      running = new MediaRecorder(stream, { ...(kind && { mimeType: kind }), audioBitsPerSecond: 32000 });
    } catch {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      fail(box.dataset.refused);
      return;
    } finally {
      starting = false;
    }
    const chunks = [];
    running.addEventListener("dataavailable", (event) => { if (event.data.size) chunks.push(event.data); });
    running.addEventListener("stop", () => {
      window.clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      take(chunks, running.mimeType);
      running = null;
    });
    running.start(1000);
    begun = Date.now();
    time.textContent = clock(0);
    timer = window.setInterval(tick, 250);
    draw("speaking");
    said.textContent = box.dataset.recording;
    part("stop").focus();
  }

  function forget() {
    player.removeAttribute("src");
    player.load();
    input.value = "";
    forgotten.disabled = false;
    draw("empty");
    said.textContent = box.dataset.forgotten;
    start.focus();
  }

  recorder.hidden = false;
  input.removeAttribute("capture"); // whoever speaks here needs no second recorder
  start.addEventListener("click", record);
  part("stop").addEventListener("click", () => { if (running) running.stop(); });
  part("again").addEventListener("click", () => { forget(); record(); });
  part("forget").addEventListener("click", forget);
  form.addEventListener("pressed", (event) => {
    if (!running) return;
    button = event.detail;
    running.stop();
  });
  window.addEventListener("pagehide", () => { if (running) running.stop(); });
})();
