// The place of a visit: asked of the phone only when the box is ticked, kept with this one visit only.
(() => {
  "use strict";
  const DIGITS = 5;
  const ready = (root) => {
    if (!("geolocation" in navigator)) return;
    root.querySelectorAll?.("[data-locate][hidden]").forEach((label) => { label.hidden = false; });
  };
  const fill = (box, values) => {
    for (const [name, value] of Object.entries(values)) {
      const field = box.querySelector(`input[name$="-${name}"]`);
      if (field) field.value = value;
    }
  };

  document.addEventListener("change", (event) => {
    const label = event.target.closest?.("[data-locate]");
    if (!label) return;
    const box = label.closest("[data-arrival]");
    const answer = box.querySelector("[data-locate-answer]");
    fill(box, { latitude: "", longitude: "", accuracy: "" });
    if (!event.target.checked) return;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const accuracy = Math.round(coords.accuracy);
        fill(box, { latitude: coords.latitude.toFixed(DIGITS), longitude: coords.longitude.toFixed(DIGITS), accuracy });
        answer.textContent = label.dataset.found.replace("#", accuracy);
      },
      () => { event.target.checked = false; answer.textContent = label.dataset.refused; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
  document.addEventListener("htmx:afterSwap", (event) => ready(event.target));
  new MutationObserver(() => ready(document)).observe(document.documentElement, { childList: true, subtree: true });
  ready(document);
})();
