// The board: keys of its own, and the list asked for again while somebody looks at it – at most once a minute,
// only what has changed (ETag), less and less often while nothing does.
(() => {
  "use strict";
  const list = document.getElementById("case-list");
  if (!list) return;
  const LEAST = 60000, MOST = 600000;
  let tag = list.dataset.tag, wait = LEAST, timer = 0, asked = Date.now();

  // Whoever ticks, writes or has opened more pages is not interrupted; what is ticked stays ticked.
  const isBusy = () => list.querySelector("input[name=ids]:checked, details[open], .more-row + tbody") ||
    list.querySelectorAll("tbody:not(.more-row)").length > 1 || list.contains(document.activeElement?.closest("select, input"));

  const plan = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, Math.max(0, asked + wait - Date.now()));
  };

  const put = (html) => {
    const current = list.querySelector(".is-current a[href]")?.getAttribute("href");
    list.innerHTML = html;
    window.htmx?.process(list);
    if (current) list.querySelector(`[data-record] a[href="${CSS.escape(current)}"]`)?.closest("[data-record]")?.classList.add("is-current");
    const counts = list.querySelector("[data-counts]");
    for (const place of document.querySelectorAll("[data-count]")) {
      const number = counts?.dataset[place.dataset.count];
      if (number !== undefined) place.textContent = number;
    }
    document.dispatchEvent(new CustomEvent("clocks-drawn"));
  };

  const ask = async () => {
    asked = Date.now();
    if (isBusy()) { plan(); return; }
    try {
      const answer = await fetch(list.dataset.freshUrl, { headers: { "If-None-Match": tag, "X-Requested-With": "fetch" }, cache: "no-store" });
      if (answer.status === 304) {
        wait = Math.min(MOST, wait * 1.5);
      } else if (answer.ok && !answer.redirected) {
        const html = await answer.text();
        if (!isBusy()) {
          tag = answer.headers.get("ETag") || "";
          put(html);
        }
        wait = LEAST;
      } else {
        wait = MOST;
      }
    } catch {
      wait = Math.min(MOST, wait * 2);
    }
    plan();
  };

  document.addEventListener("visibilitychange", plan);
  // A search or a filter has put other rows here: they are fresh, and the address to ask is another.
  list.addEventListener("htmx:afterSwap", () => {
    const url = new URL(list.dataset.freshUrl, location.href);
    list.dataset.freshUrl = url.pathname + location.search;
    tag = ""; wait = LEAST; asked = Date.now();
    plan();
  });
  // A clock that runs out is a change: the next look is not put off.
  document.addEventListener("clock-late", (event) => {
    event.target.closest("[data-record]")?.classList.add("is-late");
    wait = LEAST;
    plan();
  });
  plan();

  const record = () => document.activeElement?.closest?.("[data-record]") || list.querySelector("[data-record].is-current");
  const keys = {
    a: () => record()?.querySelector("[data-accept]")?.click(),
    x: () => record()?.querySelector("input[name=ids]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (/^(textarea|select)$/i.test(event.target.localName) || (event.target.localName === "input" && event.target.type !== "checkbox")) return;
    const deed = keys[event.key.toLowerCase()];
    if (!deed) return;
    event.preventDefault();
    deed();
  });
})();
