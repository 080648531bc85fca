// Single keys: ? help, / search in the list, V log a visit, J and K next and previous record, Enter opens it.
(() => {
  "use strict";
  const isTyping = (target) => target.isContentEditable || /^(input|textarea|select)$/i.test(target.localName);
  const shown = (element) => element.offsetParent !== null;

  // A record opened from a list: its address keeps the list, for deeds that come back to it and for the next step.
  const steps = document.querySelector("[data-steps]");
  if (steps?.dataset.steps) history.replaceState(history.state, "", steps.dataset.steps);

  const move = (step) => {
    const neighbour = document.querySelector(step > 0 ? "[data-steps] a[rel=next]" : "[data-steps] a[rel=prev]");
    if (neighbour) {
      neighbour.click();
      return;
    }
    const rows = [...document.querySelectorAll("main [data-record]")].filter(shown);
    if (!rows.length) {
      document.querySelector(step > 0 ? "a[rel=next]" : "a[rel=prev]")?.click();
      return;
    }
    const now = rows.findIndex((row) => row.classList.contains("is-current"));
    const next = Math.min(rows.length - 1, Math.max(0, now + step));
    rows[now]?.classList.remove("is-current");
    rows[next].classList.add("is-current");
    const link = rows[next].querySelector("a[href]");
    (link || rows[next]).focus({ preventScroll: true });
    rows[next].scrollIntoView({ block: "nearest" });
  };

  const log = () => {
    const row = document.activeElement?.closest("[data-record]") || document.querySelector("[data-record].is-current");
    const current = row?.querySelector("[data-log-visit]");
    (current || document.querySelector("main [data-log-visit]:not([data-record] *)") || document.querySelector("[data-log-visit]"))?.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const deeds = {
      "?": () => document.getElementById("shortcuts")?.showModal(),
      "/": () => document.querySelector("[data-search], .filterbar input[type=search], .filterbar .search input")?.focus(),
      j: () => move(1),
      k: () => move(-1),
      v: log,
    };
    const deed = deeds[event.key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
})();
