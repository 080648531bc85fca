// One tap dials: the number is not in the page, a logged POST answers it. Back from the call, the log sheet is open.
(() => {
  "use strict";
  const KEY = "dialled";
  const FRESH = 3 * 3600 * 1000;
  // A driven browser would hang at the system's question which program dials; it shows the number like a desk.
  const hasPhone = matchMedia("(any-pointer: coarse)").matches && !navigator.webdriver;
  const read = () => { try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; } };

  const openLog = () => {
    const call = read();
    if (!call || document.visibilityState !== "visible") return;
    if (call.user !== document.body.dataset.user || Date.now() - call.at > FRESH) return sessionStorage.removeItem(KEY);
    if (!call.left && Date.now() - call.at < 1500) return;
    sessionStorage.removeItem(KEY);
    const url = new URL(call.url, location.origin);
    url.searchParams.set("seconds", String(Math.round((Date.now() - call.at) / 1000)));
    window.crm.openSheet(url.pathname + url.search);
  };

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-dial-url]");
    if (!button || button.getAttribute("aria-busy")) return;
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await crm.post(button.dataset.dialUrl);
      if (!answer.ok) return crm.failed(answer.status, (await answer.json().catch(() => ({}))).detail);
      const { tel, log_url: url } = await answer.json();
      if (!tel) return crm.toast({ text: crm.words().noNumber, look: "late" });
      window.crm.dialled = tel;
      sessionStorage.setItem(KEY, JSON.stringify({ url, at: Date.now(), user: document.body.dataset.user, left: !hasPhone }));
      if (hasPhone) location.href = tel;
      // A desk without a telephone never leaves the page: the sheet shows the number and measures from now.
      setTimeout(openLog, hasPhone ? 2500 : 0);
    } catch {
      crm.failed(0);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  document.addEventListener("visibilitychange", () => {
    const call = read();
    if (call && document.visibilityState === "hidden") sessionStorage.setItem(KEY, JSON.stringify({ ...call, left: true }));
    openLog();
  });
  window.addEventListener("pageshow", () => {
    // The phone threw the page away during the call: it was left for certain.
    const call = read();
    if (call) sessionStorage.setItem(KEY, JSON.stringify({ ...call, left: true }));
    openLog();
  });
})();
