// Giving quotas on: the sum of what is typed, and what it lacks of the unit's own quota.
(() => {
  "use strict";
  const form = document.querySelector("[data-quotas]");
  if (!form) return;
  const target = form.dataset.target === undefined ? null : Number(form.dataset.target);
  const place = (name) => form.querySelector(`[data-${name}]`);
  const show = () => {
    const fields = [...form.querySelectorAll("input[data-quota]")];
    const sum = fields.reduce((total, field) => total + (Number(field.value) || 0), 0);
    place("sum").textContent = String(sum);
    if (target === null) return;
    const gap = target - sum;
    place("gap").hidden = gap === 0;
    place("gap").className = gap > 0 ? "small text-soon" : "small text-2";
    place("short").hidden = gap <= 0;
    place("over").hidden = gap > 0;
    place("number").textContent = String(Math.abs(gap));
  };
  const asBefore = place("as-before");
  const last = [...form.querySelectorAll("[data-last]")];
  if (asBefore && last.length) {
    asBefore.hidden = false;
    asBefore.addEventListener("click", () => {
      for (const cell of last) {
        const field = cell.closest("tr").querySelector("input[data-quota]");
        if (field && !field.value) field.value = cell.dataset.last;
      }
      show();
    });
  }
  form.addEventListener("input", show);
  show();
})();
