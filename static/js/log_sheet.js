// The log sheet: two taps save a call, the length of a call measures itself, customers are found while typing.
// Without it the same form saves by its button.
(() => {
  "use strict";
  const ZONE = "Asia/Shanghai";
  const hasPhone = matchMedia("(any-pointer: coarse)").matches && !navigator.webdriver;
  const $ = (selector, root) => root.querySelector(selector);
  const $$ = (selector, root) => [...root.querySelectorAll(selector)];
  const formOf = (element) => element?.closest?.("form[data-log-form]");
  const chosen = (form, name) => $(`input[name=${name}]:checked`, form);

  // "2026-11-21T10:32:05", the clock of the site whatever the clock of the phone
  const stamp = (at) => new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "medium" }).format(at).replace(" ", "T");

  // ------------------------------------------------------------------ two taps
  const isQuick = (form) => !chosen(form, "channel")?.hasAttribute("data-on-site")
    && !$(".log-more[open]", form)
    && !$(".field-error, .note.late", form)
    && !$$("[data-text], textarea", form).some((field) => field.value.trim())
    && $$("input[name=customer]:checked", form).length > 0;

  const saveWhenTold = (form) => {
    if (form.dataset.sent || !chosen(form, "outcome") || !chosen(form, "occasion") || !isQuick(form)) return;
    form.requestSubmit();
  };

  document.addEventListener("change", (event) => {
    const form = formOf(event.target);
    if (!form) return;
    const { name } = event.target;
    if (event.isTrusted && (name === "outcome" || name === "occasion")) saveWhenTold(form);
    if (name === "started_at" || name === "minutes") tellTime(form);
    if (name === "customer") refreshPeople(form);
    if (name === "with" && !event.isTrusted) { bringBack(form); refreshPeople(form); }
  });

  // The number just dialled, for who dials it by hand; it lives in this page's memory only.
  document.addEventListener("htmx:afterSwap", (event) => {
    const place = event.detail.target.id === "sheet" && $("[data-tel]", event.detail.target);
    if (!place || !crm.dialled) return;
    place.href = crm.dialled;
    place.textContent = crm.dialled.replace("tel:", "").replace(/^(1\d{2})(\d{4})(\d{4})$/, "$1 $2 $3");
    place.hidden = false;
  });

  // ------------------------------------------------------------------ how long it took
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const elapsed = (form) => Math.max(0, Math.round((Date.now() - Date.parse(form.dataset.tapped)) / 1000));
  const isRunning = (form) => form.dataset.tapped && !form.elements.ended_at?.value && !form.elements.minutes?.value;

  setInterval(() => {
    for (const form of $$("form[data-tapped]", document)) {
      const timer = $("[data-call-timer]", form);
      if (!timer) continue;
      timer.hidden = !isRunning(form);
      if (!timer.hidden) timer.textContent = clock(elapsed(form));
    }
  }, 1000);

  const stopClock = (form) => { if (isRunning(form)) form.elements.ended_at.value = stamp(new Date()); };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") $$("form[data-tapped]", document).forEach(stopClock);
  });
  document.addEventListener("submit", (event) => { const form = formOf(event.target); if (form) stopClock(form); }, true);

  const tellTime = (form) => {
    const place = $("[data-time-text]", form);
    const [day, time] = form.elements.started_at.value.split("T");
    if (!place || !time) return;
    const minutes = form.elements.minutes.value;
    place.textContent = `${day} ${time.slice(0, 5)}${minutes ? ` · ${minutes}′` : ""}`;
  };

  // ------------------------------------------------------------------ who else was met
  let asked = null;
  let timer;
  const fetchText = async (url) => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal: asked?.signal });
    if (!answer.ok) { crm.failed(answer.status); throw new DOMException("refused", "AbortError"); }
    return answer.text();
  };

  const find = async (input) => {
    asked?.abort();
    asked = new AbortController();
    const form = formOf(input);
    const place = $("[data-found]", form);
    const text = input.value.trim();
    if (!text) return place.replaceChildren();
    try {
      place.innerHTML = await fetchText(`${input.dataset.find}?q=${encodeURIComponent(text)}`);
      const known = new Set($$("input[name=customer]:checked", form).map((box) => box.value));
      for (const box of $$("input[name=customer]", place)) if (known.has(box.value)) box.closest("label").remove();
    } catch (error) {
      if (error.name !== "AbortError") crm.failed(0);
    }
  };

  const refreshPeople = async (form) => {
    const list = $(".log-who > .chips", form);
    for (const box of $$("[data-found] input:checked, [data-likely] input:checked", form)) list.append(box.closest("label"));
    keepWith(form);
    const ids = $$("input[name=customer]:checked", form).map((box) => `customer=${box.value}`);
    const met = $$("input[name=met]:checked", form).map((box) => `met=${box.value}`);
    if (ids.length && $("[data-find]", form)) { $("[data-find]", form).value = ""; $("[data-found]", form).replaceChildren(); }
    const place = $("[data-people]", form);
    if (!place) return;
    try {
      place.innerHTML = ids.length ? await fetchText(`${place.dataset.people}?${[...ids, ...met].join("&")}`) : "";
      takeParts(form, $("template[data-parts-now]", place));
    } catch (error) {
      if (error.name !== "AbortError") crm.failed(0);
    }
  };

  // Other customers, other parts of the sheet; what is typed stays as long as the parts are the same.
  const takeParts = (form, fresh) => {
    const place = $("[data-parts]", form);
    const codes = fresh?.dataset.partsNow || "";
    if (!place || place.dataset.parts === codes) return fresh?.remove();
    place.replaceChildren(fresh ? fresh.content : "");
    place.dataset.parts = codes;
    fresh?.remove();
  };

  // Customers added by hand are chips that a fresh sheet does not have: a draft keeps them by number and name.
  const keepWith = (form) => {
    const boxes = $$(".log-who > .chips input:checked", form);
    $("[data-with]", form).value = JSON.stringify(boxes.map((box) => [box.value, $("span", box.closest("label")).textContent]));
  };
  const bringBack = (form) => {
    const list = $(".log-who > .chips", form);
    for (const [id, name] of JSON.parse($("[data-with]", form).value || "[]")) {
      if ($$("input[name=customer]", list).some((box) => box.value === id)) continue;
      const chip = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "customer", value: id, checked: true });
      const text = document.createElement("span");
      chip.className = "chip";
      text.textContent = name;
      chip.append(box, text);
      list.append(chip);
    }
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("[data-find]")) return;
    clearTimeout(timer);
    timer = setTimeout(find, 200, event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("input")) return;
    const form = formOf(event.target);
    if (!form) return;
    event.preventDefault();
    // Enter saves; left to itself the browser would press the first button of the form, which looks for customers.
    if (!event.target.matches("[data-find]")) return form.requestSubmit(form.querySelector("button.btn-primary:not([formaction])"));
    const first = $("[data-found] input[name=customer]", formOf(event.target));
    if (first) first.click(); else find(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[name=find], [data-day]");
    const form = formOf(button);
    if (!form) return;
    event.preventDefault();
    if (button.name === "find") return find($("[data-find]", form));
    const field = document.getElementById(button.closest("[data-days-for]").dataset.daysFor);
    field.value = button.dataset.day;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // ------------------------------------------------------------------ links that open in the sheet
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest?.("a[data-sheet]");
    if (!link) return;
    event.preventDefault();
    window.crm.openSheet(link.getAttribute("href"));
  });

  document.addEventListener("sheet-open", (event) => window.crm.openSheet(event.detail.value));

  // ------------------------------------------------------------------ a page thrown away with an open sheet opens it again
  const OPEN = "sheet";
  document.addEventListener("htmx:afterSwap", (event) => {
    const { target, requestConfig } = event.detail;
    if (target.id !== "sheet" || requestConfig?.verb !== "get" || !$("form[data-log-form]", target)) return;
    sessionStorage.setItem(OPEN, JSON.stringify({ url: requestConfig.path, page: location.pathname, user: document.body.dataset.user }));
  });
  document.getElementById("sheet-dialog")?.addEventListener("close", () => sessionStorage.removeItem(OPEN));
  const reopen = () => {
    const left = JSON.parse(sessionStorage.getItem(OPEN) || "null");
    sessionStorage.removeItem(OPEN);
    const how = performance.getEntriesByType("navigation")[0]?.type;
    if (left && (document.wasDiscarded || how !== "navigate") && left.page === location.pathname && left.user === document.body.dataset.user) {
      window.crm.openSheet(left.url);
    }
  };
  window.addEventListener("pageshow", (event) => { if (!event.persisted) reopen(); });

  // ------------------------------------------------------------------ quiet hours are asked about before a call (CUS-29)
  const agreed = new WeakSet();
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-dial-url][data-quiet]");
    const dialog = document.getElementById("quiet");
    if (!button || !dialog || agreed.has(button)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    $("[data-quiet-hours]", dialog).textContent = button.dataset.quiet;
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => {
      if (dialog.returnValue !== "yes") return;
      agreed.add(button);
      button.click();
    }, { once: true });
  }, true);

  // ------------------------------------------------------------------ ready texts: copied, or handed to the phone's messages
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy], [data-send-url]");
    if (!button) return;
    event.preventDefault();
    const text = $("textarea", button.closest("[data-message]")).value;
    if (button.matches("[data-copy]")) {
      await navigator.clipboard.writeText(text);
      return crm.toast({ text: button.dataset.copied });
    }
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      const answer = await crm.post(button.dataset.sendUrl);
      if (!answer.ok) return crm.failed(answer.status, (await answer.json().catch(() => ({}))).detail);
      const { number, log_url: url } = await answer.json();
      if (!hasPhone) {
        // A desk sends it by other means: the text is copied, the sheet shows the number.
        await navigator.clipboard?.writeText(text).catch(() => {});
        crm.dialled = `tel:${number}`;
        return window.crm.openSheet(url);
      }
      sessionStorage.setItem("dialled", JSON.stringify({ url, at: Date.now(), user: document.body.dataset.user }));
      location.href = `sms:${number}?body=${encodeURIComponent(text)}`;
    } catch {
      crm.failed(0);
    } finally {
      button.removeAttribute("aria-busy");
    }
  });

  // ------------------------------------------------------------------ saved: what shows it is drawn again
  document.addEventListener("visit-logged", () => {
    const place = $("[data-fresh]", document);
    if (place?.id) window.htmx.ajax("GET", location.href, { target: `#${place.id}`, select: `#${place.id}`, swap: "outerHTML" });
  });
})();
