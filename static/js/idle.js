// After a while without a touch the page is covered; the password uncovers it, everything typed is still there.
(() => {
  "use strict";
  const cover = document.getElementById("lock");
  if (!cover) return;
  const limit = Number(cover.dataset.idleSeconds) * 1000;
  const KEY = `seen:${document.body.dataset.user}`;
  const form = cover.querySelector("form");
  const error = cover.querySelector("[data-lock-error]");
  const seen = () => Number(localStorage.getItem(KEY) || 0);
  let written = 0;

  const touch = () => {
    if (cover.open || Date.now() - written < 5000) return;
    written = Date.now();
    try { localStorage.setItem(KEY, String(written)); } catch { /* the server still watches */ }
  };
  crm.lock = () => {
    if (cover.open) return;
    form.reset();
    error.hidden = true;
    cover.showModal();
  };
  const look = () => { if (limit && !cover.open && Date.now() - Math.max(seen(), written) > limit) crm.lock(); };

  cover.addEventListener("cancel", (event) => event.preventDefault());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await crm.post(form.action, new FormData(form));
      if (answer.status === 401 || answer.redirected) return location.reload();
      if (!answer.ok) {
        const said = (await answer.text()).trim();
        error.querySelector("span").textContent = said && said.length < 200 && !said.includes("<") ? said : crm.words().wrongPassword;
        error.hidden = false;
        form.elements.password.select();
        return;
      }
      form.reset();
      written = 0;
      cover.close();
      touch();
      document.dispatchEvent(new CustomEvent("unlocked"));
    } catch {
      error.querySelector("span").textContent = crm.words().offline;
      error.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
  for (const name of ["pointerdown", "keydown", "scroll"]) document.addEventListener(name, touch, { passive: true, capture: true });
  document.addEventListener("visibilitychange", look);
  setInterval(look, 15000);
  touch();
})();
