// A signature drawn with a finger: the picture travels in a hidden field of the form. Without this script the form
// is sent without a drawing, which a one-time link allows.
(() => {
  "use strict";
  const LINE = 2.2;

  const size = (canvas, pad) => {
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    const drawn = pad.toData();
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    pad.fromData(drawn);
  };

  const begin = (box) => {
    if (box.dataset.begun || typeof SignaturePad === "undefined") return;
    box.dataset.begun = "1";
    box.hidden = false;
    const canvas = box.querySelector("canvas");
    const form = box.closest("form");
    const field = form.querySelector("[data-sign-field]");
    const pad = new SignaturePad(canvas, { minWidth: 0.8, maxWidth: LINE, penColor: "#10222c" });
    size(canvas, pad);
    new ResizeObserver(() => size(canvas, pad)).observe(canvas);
    box.querySelector("[data-sign-clear]").addEventListener("click", () => { pad.clear(); field.value = ""; });
    pad.addEventListener("endStroke", () => { field.value = pad.isEmpty() ? "" : pad.toDataURL("image/png"); });
  };

  const all = (root) => root.querySelectorAll?.("[data-sign-pad]").forEach(begin);
  document.addEventListener("toggle", (event) => { if (event.target.open) all(event.target); }, true);
  document.addEventListener("htmx:afterSwap", (event) => all(event.target));
  all(document);
})();
