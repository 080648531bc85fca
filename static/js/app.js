// The behaviour every page shares: toasts, forms sent once, htmx errors, dialogs, menus, bulk bar, theme.
// Comfort only: without it each link and form still works.
(() => {
  "use strict";
  const crm = (window.crm = window.crm || {});
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = () => $("#texts")?.dataset || {};
  crm.token = () => document.body.dataset.token || $("[name=csrfmiddlewaretoken]")?.value || "";
  crm.words = words;

  crm.post = (url, data = {}) =>
    fetch(url, {
      method: "POST",
      body: data instanceof FormData ? data : new URLSearchParams(data),
      headers: { "X-CSRFToken": crm.token(), Accept: "application/json", "X-Requested-With": "fetch" },
      credentials: "same-origin",
    });

  // ------------------------------------------------------------------ toasts
  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  const leaveLater = (toast) => {
    let timer;
    const start = () => { timer = setTimeout(() => toast.remove(), $(".undo", toast) ? 12000 : 6000); };
    const stop = () => clearTimeout(timer);
    for (const name of ["mouseenter", "focusin"]) toast.addEventListener(name, stop);
    for (const name of ["mouseleave", "focusout"]) toast.addEventListener(name, start);
    start();
  };

  crm.toast = ({ text, undo = "", look = "", draft = "" }) => {
    if (draft) crm.clearDraft?.(draft);
    if (!text) return;
    const toast = element("div", `toast-item ${look}`);
    toast.append(element("span", "", text));
    if (undo) {
      const form = element("form");
      form.method = "post";
      form.action = undo;
      const token = element("input");
      token.type = "hidden";
      token.name = "csrfmiddlewaretoken";
      token.value = crm.token();
      form.append(token, element("button", "undo", words().undo));
      toast.append(form);
    }
    const close = element("button");
    close.type = "button";
    close.dataset.closeToast = "";
    close.setAttribute("aria-label", words().close || "×");
    close.append(element("i", "ti ti-x"));
    toast.append(close);
    $("#toasts").append(toast);
    leaveLater(toast);
  };

  // ------------------------------------------------------------------ the banner: something failed, nothing is lost
  crm.banner = (text, { reload = false } = {}) => {
    const banner = $("#page-alert");
    if (!banner) return;
    $("[data-banner-text]", banner).textContent = text;
    $("[data-reload]", banner).hidden = !reload;
    banner.hidden = false;
  };
  const clearBanner = () => { const banner = $("#page-alert"); if (banner) banner.hidden = true; };

  const problemText = (xhr) => {
    if (isForBanner(xhr)) return new DOMParser().parseFromString(xhr.responseText, "text/html").body.textContent.trim();
    try {
      const body = JSON.parse(xhr.responseText);
      return body.detail || body.title || "";
    } catch {
      return "";
    }
  };

  crm.failed = (status, text = "") => {
    const say = words();
    if (status === 423) return crm.lock?.();
    if (status === 401) return location.reload();
    if (status === 403) return crm.banner(text || say.outOfDate, { reload: true });
    if (status === 404 || status === 410) return crm.banner(text || say.gone, { reload: true });
    if (status === 409) return crm.banner(text || say.conflict, { reload: true });
    if (status === 429) return crm.banner(text || say.tooMany);
    if (status === 0) return crm.banner(say.offline);
    return crm.banner(text || say.server);
  };

  // ------------------------------------------------------------------ htmx
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = crm.token();
  });
  document.addEventListener("htmx:beforeRequest", () => document.documentElement.classList.add("is-busy"));
  // The server sends refusals of a fragment to the banner: their text is shown there, the page stays.
  const isForBanner = (xhr) => xhr.getResponseHeader("HX-Retarget") === "#page-alert";
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    if (isForBanner(xhr)) {
      event.detail.shouldSwap = false;
      return;
    }
    const type = xhr.getResponseHeader("Content-Type") || "";
    const isFragment = type.startsWith("text/html") && !/<html[\s>]/i.test(xhr.responseText) && xhr.responseText.trim();
    event.detail.shouldSwap = [400, 409, 422].includes(xhr.status) && Boolean(isFragment);
    event.detail.isError = !event.detail.shouldSwap;
  });
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    if (!xhr.getResponseHeader("HX-Redirect")) crm.failed(xhr.status, problemText(xhr));
  });
  document.addEventListener("htmx:sendError", () => crm.failed(0));
  document.addEventListener("htmx:timeout", () => crm.failed(0));
  document.addEventListener("htmx:afterRequest", (event) => {
    document.documentElement.classList.remove("is-busy");
    if (event.detail.successful) clearBanner();
    const form = event.detail.elt.closest?.("form");
    if (form) release(form);
  });
  document.addEventListener("toast", (event) => crm.toast(event.detail));

  // ------------------------------------------------------------------ dialogs and the sheet
  const sheet = $("#sheet-dialog");
  const open = (dialog) => { if (!dialog.open) dialog.showModal(); };
  const close = (dialog) => { if (dialog?.open) dialog.close(); };
  crm.closeSheet = () => close(sheet);
  crm.openSheet = (url) => window.htmx?.ajax("GET", url, { target: "#sheet", swap: "innerHTML" });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.id !== "sheet") return;
    if (!event.detail.target.childElementCount) return close(sheet);
    const heading = $("h2", sheet);
    if (heading) sheet.setAttribute("aria-label", heading.textContent.trim());
    open(sheet);
  });
  document.addEventListener("sheet-close", () => close(sheet));
  sheet?.addEventListener("close", () => { $("#sheet").replaceChildren(); });

  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-close-dialog],[data-open-dialog],[data-close-toast],[data-close-banner],[data-reload],[data-shortcuts],[data-bulk-clear]");
    if (event.target.localName === "dialog" && event.target.id !== "lock" && event.target.open) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      const isTyped = event.target.id === "sheet-dialog" && $("form[data-touched]", event.target);
      if (!inside && !isTyped) close(event.target);
    }
    for (const menu of $$("details.menu[open], details[data-dismiss][open]")) if (!menu.contains(event.target)) menu.open = false;
    if (!target) return;
    const { dataset } = target;
    if ("closeDialog" in dataset) close(target.closest("dialog"));
    if (dataset.openDialog) open(document.getElementById(dataset.openDialog));
    if ("shortcuts" in dataset) open($("#shortcuts"));
    if ("closeToast" in dataset) target.closest(".toast-item").remove();
    if ("closeBanner" in dataset) clearBanner();
    if ("reload" in dataset) location.reload();
    if ("bulkClear" in dataset) clearBulk(target.closest("form"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = $("details.menu[open], details[data-dismiss][open]");
    if (!menu) return;
    menu.open = false;
    $("summary", menu).focus();
  });

  // ------------------------------------------------------------------ "are you sure?"
  const asks = (form, submitter) => submitter?.dataset.confirm || form.dataset.confirm;
  const confirmed = new WeakSet();
  const ask = (form, submitter) => {
    const dialog = $("#confirm");
    const source = submitter?.dataset.confirm ? submitter : form;
    $("#confirm-text").textContent = source.dataset.confirm;
    $("[data-confirm-more]", dialog).textContent = source.dataset.confirmMore || "";
    const yes = $("[data-confirm-yes]", dialog);
    yes.textContent = source.dataset.confirmYes || words().confirm;
    yes.classList.toggle("btn-danger", "confirmDanger" in source.dataset);
    dialog.returnValue = "";
    open(dialog);
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      confirmed.add(form);
      form.requestSubmit(submitter || undefined);
    }, { once: true });
  };

  // ------------------------------------------------------------------ a form is sent once
  const release = (form) => {
    delete form.dataset.sent;
    for (const button of $$("[aria-busy=true]", form)) button.removeAttribute("aria-busy");
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const { submitter } = event;
    if (form.method === "dialog") return;
    if (asks(form, submitter) && !confirmed.delete(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(form, submitter);
      return;
    }
    if (form.method !== "post" || "plain" in form.dataset) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "1";
    (submitter || $("button:not([type=button])", form))?.setAttribute("aria-busy", "true");
  }, true);
  window.addEventListener("pageshow", (event) => { if (event.persisted) for (const form of $$("form[data-sent]")) release(form); });
  document.addEventListener("input", (event) => { const form = event.target.form; if (form) form.dataset.touched = "1"; });

  // ------------------------------------------------------------------ bulk bar
  const boxes = (form) => $$("input[type=checkbox][name=ids]", form);
  const countBulk = (form) => {
    const ticked = boxes(form).filter((box) => box.checked).length;
    const bar = $("[data-bulk-bar]", form);
    if (!bar) return;
    bar.hidden = !ticked;
    $$("[data-bulk-count]", bar).forEach((place) => { place.textContent = ticked; });
    $$("[data-bulk-exactly]", bar).forEach((button) => { button.disabled = ticked !== Number(button.dataset.bulkExactly); });
    const all = $("[data-check-all]", form);
    if (all) {
      all.checked = ticked > 0 && ticked === boxes(form).length;
      all.indeterminate = ticked > 0 && !all.checked;
    }
  };
  const clearBulk = (form) => { boxes(form).forEach((box) => { box.checked = false; }); countBulk(form); };
  let lastBox = null;
  document.addEventListener("click", (event) => {
    const box = event.target;
    if (box.name !== "ids" || box.type !== "checkbox" || !box.form) return;
    if (event.shiftKey && lastBox?.form === box.form) {
      const all = boxes(box.form);
      const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((one) => { one.checked = box.checked; });
    }
    lastBox = box;
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form?.closest?.("form[data-bulk]");
    if (!form) return;
    if ("checkAll" in event.target.dataset) boxes(form).forEach((box) => { box.checked = event.target.checked; });
    countBulk(form);
  });
  window.addEventListener("pageshow", () => $$("form[data-bulk]").forEach(countBulk));

  // ------------------------------------------------------------------ theme
  const showTheme = () => {
    const now = document.documentElement.dataset.bsTheme;
    for (const button of $$("[data-theme-form] button")) button.setAttribute("aria-pressed", String(button.value === now));
  };
  $("[data-theme-form]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    document.documentElement.dataset.bsTheme = event.submitter.value;
    showTheme();
    release(form);
    crm.post(form.action, { theme: event.submitter.value }).catch(() => {});
  });
  showTheme();

  // ------------------------------------------------------------------ demo logins, files, what the server has said
  document.addEventListener("click", (event) => {
    const login = event.target.closest?.("[data-demo-login]");
    const form = login && $("form[data-sign-in]");
    if (!form) return;
    form.elements.login.value = login.dataset.demoLogin;
    form.elements.password.value = login.dataset.demoPassword;
    form.requestSubmit();
  });
  // Back on the page after a while: is there anything new?
  const bell = $("#bell-count");
  let asked = Date.now();
  document.addEventListener("visibilitychange", async () => {
    if (!bell || document.visibilityState !== "visible" || Date.now() - asked < 60000) return;
    asked = Date.now();
    const answer = await fetch(bell.dataset.bellUrl, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
    if (answer?.ok) bell.innerHTML = await answer.text();
    else if (answer?.status === 423) crm.lock?.();
  });
  $$("[data-toast]").forEach(leaveLater);
  if (navigator.platform?.startsWith("Mac")) $$(".topbar-search kbd").forEach((key) => { key.textContent = "⌘ K"; });
  document.documentElement.dataset.ready = "1";
})();
