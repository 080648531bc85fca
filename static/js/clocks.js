// Counts deadlines down from the server's clock: <time data-due="ms" data-warn="ms"> (complaints/time_left.py).
// One timer for the page; none while nobody looks at it.
(() => {
  "use strict";
  const place = document.getElementById("clock-words");
  if (!place) return;
  const words = JSON.parse(place.dataset.words);
  const ahead = Date.parse(place.dataset.now) - Date.now();
  const MINUTE = 60, HOUR = 3600, DAY = 86400, NEAR = 10 * MINUTE;
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);

  const length = (seconds, isLate) => {
    const minutes = Math.floor(seconds / MINUTE);
    if (seconds >= DAY) return fill(words.day, { days: Math.floor(seconds / DAY), hours: Math.floor(seconds % DAY / HOUR) });
    if (seconds >= HOUR) return fill(words.hour, { hours: Math.floor(seconds / HOUR), minutes: minutes % 60 });
    if (seconds < NEAR && !isLate) return fill(words.second, { minutes, seconds: seconds % MINUTE });
    return fill(words.minute, { minutes });
  };

  // Draws one clock; answers whether its seconds are shown.
  const draw = (clock, now) => {
    const left = Math.floor((Number(clock.dataset.due) - now) / 1000);
    const isLate = Number(clock.dataset.due) <= now;
    const isSoon = !isLate && clock.dataset.warn && Number(clock.dataset.warn) <= now;
    const text = fill(isLate ? words.late : words.left, { time: length(Math.abs(left), isLate) });
    if (clock.textContent !== text) clock.textContent = text;
    if (isLate && !clock.classList.contains("late")) clock.dispatchEvent(new CustomEvent("clock-late", { bubbles: true }));
    clock.classList.toggle("late", isLate);
    clock.classList.toggle("soon", Boolean(isSoon));
    return !isLate && left < NEAR + 15;
  };

  let timer = 0;
  const tick = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    const now = Date.now() + ahead;
    let isNear = false;
    for (const clock of document.querySelectorAll("[data-due]")) isNear = draw(clock, now) || isNear;
    timer = setTimeout(tick, isNear ? 1000 - now % 1000 : 15000);
  };
  document.addEventListener("visibilitychange", tick);
  document.addEventListener("htmx:afterSwap", tick);
  document.addEventListener("clocks-drawn", tick);
  tick();
})();
