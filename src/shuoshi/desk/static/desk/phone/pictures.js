/* Photos made small on the phone, which also drops where they were taken; and a signature drawn with a finger. */
"use strict";

const pictures = (() => {
  const LONGEST = 1600;
  const jpeg = (canvas, quality) => new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/jpeg", quality);
  });
  // Raises where the file is no picture that this phone reads.
  const reduced = async (file) => {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return (await jpeg(canvas, 0.85)).arrayBuffer();
  };

  // The canvas one signs on: black on white whatever the theme, since it is printed. `changed` after each stroke.
  const pad = (canvas, changed) => {
    const context = canvas.getContext("2d");
    let drawing = false, any = false;
    const clear = () => {
      context.fillStyle = "#ffffff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      any = false;
    };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      Object.assign(context, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#000000" });
      context.beginPath();
      context.moveTo(...at(event));
      drawing = true;
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!drawing) return;
      context.lineTo(...at(event));
      context.stroke();
      any = true;
    });
    const end = () => { if (drawing) { drawing = false; if (any) changed(); } };
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    const restore = async (data) => {
      context.drawImage(await createImageBitmap(new Blob([data], { type: "image/jpeg" })), 0, 0);
      any = true;
    };
    clear();
    return { clear, restore, signed: () => any, drawn: async () => (await jpeg(canvas, 0.9)).arrayBuffer() };
  };
  return { reduced, pad };
})();
