// Ctrl/⌘-K: customers, people, pages, actions. The server answers with a list of links; arrows choose, Enter opens.
(() => {
  "use strict";
  const dialog = document.getElementById("palette");
  const opener = document.querySelector("[data-palette]");
  if (!dialog || !opener) return;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("#palette-list");
  let asked = null;
  let timer;

  const options = () => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];
  const choose = (option) => {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (!option) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  };
  const chosen = () => options().find((option) => option.getAttribute("aria-selected") === "true");

  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const url = new URL(opener.href);
    url.searchParams.set("q", input.value.trim());
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal: asked.signal });
      if (!answer.ok) {
        dialog.close();
        const to = answer.headers.get("HX-Redirect");
        return to ? location.assign(to) : crm.failed(answer.status);
      }
      list.innerHTML = await answer.text();
      options().forEach((option, index) => { option.id = `palette-option-${index}`; option.tabIndex = -1; });
      choose(options()[0]);
    } catch (error) {
      if (error.name !== "AbortError") { dialog.close(); crm.failed(0); }
    }
  };

  const open = () => {
    if (dialog.open) return dialog.close();
    dialog.showModal();
    input.select();
    ask();
  };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    }
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(timer);
      chosen()?.click();
    }
  });
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  list.addEventListener("click", (event) => { if (event.target.closest("a") && !event.ctrlKey && !event.metaKey) setTimeout(() => dialog.close()); });
})();
