// The sums of the weights while they are typed (KPI-9); without it the page shows them after saving.
"use strict";

(() => {
  const form = document.querySelector("form[data-sum-of-weights]");
  if (!form) return;
  const inputs = [...form.querySelectorAll("input[data-weight]")];
  const cents = (input) => Math.round(Number(input.value.replace(",", ".")) * 100) || 0;
  const write = (name, sum) => {
    const place = form.querySelector(`[data-weight-sum="${name}"]`);
    if (!place) return;
    place.textContent = String(sum / 100);
    if (name === "all") place.classList.toggle("text-late", sum !== 10000);
  };
  const count = () => {
    const sums = new Map();
    for (const input of inputs) sums.set(input.dataset.weight, (sums.get(input.dataset.weight) || 0) + cents(input));
    let whole = 0;
    for (const [name, sum] of sums) {
      write(name, sum);
      whole += sum;
    }
    write("all", whole);
  };
  form.addEventListener("input", count);
  count();
})();
