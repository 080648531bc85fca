// The log sheet without signal: a blank one is on the phone and is filled from its cards; a sheet that could not be sent
// goes into the queue with all that was typed and chosen.
(() => {
  "use strict";
  const crm = window.crm;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const { texts, say } = crm.queue;
  const NOT_SENT = new Set(["csrfmiddlewaretoken", "q", "with", "next", "find"]);
  const PHOTOS = "photo-pictures";
  const LIKELY = 8;
  const isLog = (address) => /^\/log\/(\?|$)/.test(address || "");
  const stamp = (at) => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" }).format(at).replace(" ", "T");
  const dayBefore = (day, days) => new Date(Date.parse(`${day}T00:00:00Z`) - days * 86400000).toISOString().slice(0, 10);
  const chipText = (form, name) => $(`input[name=${name}]:checked`, form)?.closest("label").querySelector("span").textContent || "";

  // ------------------------------------------------------------------ a sheet goes into the queue
  const itemOf = (form) => {
    const given = [...new FormData(form)].filter(([name]) => !NOT_SENT.has(name));
    const isFile = (value) => value instanceof Blob;
    const named = (name) => $$(`input[name=${name}]:checked`, form).map((box) => [box.value, box.closest("label").querySelector("span").textContent]);
    const customers = named("customer");
    return {
      key: form.elements.client_key.value,
      user: document.body.dataset.user,
      fields: given.filter(([, value]) => !isFile(value)),
      photos: given.filter(([name, value]) => name === PHOTOS && isFile(value) && value.size).map(([, file]) => ({ key: crm.store.newKey(), file, name: file.name })),
      customers,
      people: named("met"),
      title: customers.map(([, name]) => name).join("、"),
      told: null,
      summary: {
        when: form.elements.started_at.value.replace("T", " ").slice(0, 16),
        how: chipText(form, "channel"), outcome: chipText(form, "outcome"),
        said: given.filter(([name, value]) => /^content$|-text$/.test(name) && value).map(([, value]) => value).join(" / "),
      },
    };
  };

  const release = (form) => {
    delete form.dataset.sent;
    for (const button of $$("[aria-busy=true]", form)) button.removeAttribute("aria-busy");
  };

  const keep = async (form) => {
    const item = itemOf(form);
    await crm.queue.add(item);
    crm.clearDraft?.(form.dataset.draft);
    release(form);
    const alert = $("#page-alert");
    if (alert) alert.hidden = true;
    if (form.closest("#sheet")) crm.closeSheet();
    else form.reset();
    crm.toast({ text: texts().kept, look: "soon" });
    crm.queue.flush();
  };

  const isPlain = (form) => !form.matches("[hx-post]");
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-log-form]") || event.submitter?.hasAttribute("formaction") || event.submitter?.name === "find") return;
    if (!form.dataset.offline && !(isPlain(form) && !navigator.onLine)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keep(form);
  }, true);
  const unsent = (event) => {
    const { elt, requestConfig, target, xhr } = event.detail;
    if (xhr?.status && ![502, 503, 504].includes(xhr.status)) return;
    const form = elt.closest?.("form[data-log-form]");
    if (form && requestConfig?.verb === "post" && isLog(requestConfig.path)) keep(form);
    else if (requestConfig?.verb === "get" && target?.id === "sheet" && isLog(requestConfig.path)) open(requestConfig.path);
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) document.addEventListener(name, unsent);

  // ------------------------------------------------------------------ the blank sheet, filled in
  const chip = (name, value, label, hint = "", isChosen = false) => {
    const box = Object.assign(document.createElement("input"), { type: "checkbox", name, value });
    box.checked = isChosen;
    box.defaultChecked = isChosen;
    const made = Object.assign(document.createElement("label"), { className: "chip" });
    made.append(box, Object.assign(document.createElement("span"), { textContent: label }));
    if (hint) made.append(Object.assign(document.createElement("small"), { className: "text-3", textContent: hint }));
    return made;
  };

  const drawPeople = (form, bundle, known = []) => {
    const place = $("[data-people-here]", form);
    if (!place) return;
    const met = new Set($$("input[name=met]:checked", place).map((box) => box.value).concat(known.map(([id]) => id)));
    const chosen = $$("input[name=customer]:checked", form).map((box) => bundle?.customers.find((one) => String(one.id) === box.value)).filter(Boolean);
    const listed = new Set();
    place.replaceChildren(...chosen.filter((one) => one.persons).map((one) => {
      const set = Object.assign(document.createElement("fieldset"), { className: "chips" });
      set.append(Object.assign(document.createElement("legend"), { textContent: say("whom", one.name) }));
      for (const [id, name, role] of one.persons) { listed.add(String(id)); set.append(chip("met", id, name, role, met.has(String(id)))); }
      return set;
    }));
    for (const [id, name] of known) if (!listed.has(id)) place.append(chip("met", id, name, "", true));
  };

  const find = (form, bundle) => {
    const asked = $("[data-find-here]", form).value.trim().toLowerCase();
    const chosen = new Set($$("input[name=customer]:checked", form).map((box) => box.value));
    const due = bundle.today.map((row) => bundle.customers.find((one) => one.id === row.id)).filter(Boolean);
    const fits = asked ? bundle.customers.filter((one) => one.name.toLowerCase().includes(asked) || (one.initials || "").startsWith(asked)) : due.length ? due : bundle.customers;
    $("[data-found]", form).replaceChildren(...fits.filter((one) => !chosen.has(String(one.id))).slice(0, LIKELY).map((one) => chip("customer", one.id, one.name, one.late ? texts().overdue : "")));
  };

  const setTime = (form, bundle, asked) => {
    const seconds = Number(asked.get("seconds")) || 0;
    const now = Date.now();
    const today = stamp(now).slice(0, 10);
    const past = asked.get("on");
    const start = past && past < today ? `${past}T18:00:00` : stamp(now - seconds * 1000);
    const field = form.elements.started_at;
    field.value = field.defaultValue = seconds || past ? start : `${start.slice(0, 16)}:00`;
    field.min = `${dayBefore(today, bundle?.back_days ?? 3)}T00:00`;
    field.max = `${today}T23:59`;
    form.elements.ended_at.value = seconds ? stamp(now) : "";
    if (form.elements.next_on) form.elements.next_on.min = today;
    const place = $("[data-time-text]", form);
    if (place) place.textContent = start.replace("T", " ").slice(0, 16);
    if (bundle?.day !== today) $(".quick-days", form)?.remove();
  };

  const ready = (form, bundle, customers) => {
    for (const name of ["hx-post", "hx-target", "hx-encoding"]) form.removeAttribute(name);
    Object.assign(form.dataset, { offline: "1", draft: customers.length ? `log:${customers[0][0]}` : "log:new" });
    const people = $("[data-people]", form);
    if (people) { people.removeAttribute("data-people"); people.dataset.peopleHere = ""; }
    const search = $("[data-find]", form);
    search.removeAttribute("data-find");
    search.dataset.findHere = "";
    $("button[name=find]", form)?.remove();
    $(".log-who > .chips", form).replaceChildren(...customers.map(([id, name]) => chip("customer", id, name, "", true)));
    $("[data-likely]", form)?.remove();
    $(".log-add", form).open = !customers.length;
    form.elements.client_key.value = form.elements.client_key.defaultValue = crm.store.newKey();
    const heading = form.closest(".sheet-body").querySelector("h2");
    if (customers.length) heading.textContent = customers.map(([, name]) => name).join(" · ");
    form.addEventListener("change", (event) => { if (event.target.name === "customer") drawPeople(form, bundle); });
    search.addEventListener("input", () => find(form, bundle));
    if (bundle) find(form, bundle);
  };

  const show = (html) => {
    const sheet = $("#sheet");
    sheet.innerHTML = html;
    const dialog = $("#sheet-dialog");
    dialog.setAttribute("aria-label", $("h2", sheet).textContent.trim());
    if (!dialog.open) dialog.showModal();
    return $("form[data-log-form]", sheet);
  };

  const blank = (bundle, customers) => {
    const first = customers.length && bundle.customers.find((one) => String(one.id) === String(customers[0][0]));
    return bundle.sheets[first?.kind] || bundle.sheets.group || Object.values(bundle.sheets)[0];
  };

  // Opens the sheet for an address like /log/?customer=12; false when nothing is kept to open it from.
  const open = async (address) => {
    const asked = new URL(address, location.origin).searchParams;
    const bundle = await crm.store.bundle();
    if (!bundle || String(bundle.user) !== document.body.dataset.user || !Object.keys(bundle.sheets).length) return false;
    const customers = asked.getAll("customer").map((id) => bundle.customers.find((one) => String(one.id) === id)).filter(Boolean).map((one) => [String(one.id), one.name]);
    const form = show(blank(bundle, customers));
    ready(form, bundle, customers);
    setTime(form, bundle, asked);
    if (asked.get("tap")) form.elements.tap.value = asked.get("tap");
    const channel = asked.get("channel") && $(`input[name=channel][value="${CSS.escape(asked.get("channel"))}"]`, form);
    if (channel) channel.checked = true;
    drawPeople(form, bundle);
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: form } }));
    const alert = $("#page-alert");
    if (alert) alert.hidden = true;
    return true;
  };

  // ------------------------------------------------------------------ a sheet of the queue, opened again
  const fill = (form, item, bundle) => {
    const left = [];
    for (const field of form.elements) if (/^(checkbox|radio)$/.test(field.type) && field.name !== "customer") field.checked = false;
    for (const [name, value] of item.fields) {
      if (name === "customer" || name === "met") continue;
      const fields = [...form.elements].filter((field) => field.name === name && field.type !== "file");
      const box = fields.find((field) => /^(checkbox|radio)$/.test(field.type) && field.value === value);
      if (box) box.checked = true;
      else if (fields.length && !/^(checkbox|radio)$/.test(fields[0].type)) fields[0].value = value;
      else left.push([name, value]);
    }
    for (const [name, value] of left) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    drawPeople(form, bundle, item.people);
    const photos = $("input[data-photos]", form);
    if (photos && item.photos.length) crm.showPhotos(photos, item.photos.map((photo) => photo.file));
    const more = $(".log-more", form);
    if (more) more.open = true;
    const time = $(".log-time", form);
    if (time) time.open = true;
    form.elements.client_key.value = item.key;
  };

  const edit = async (key) => {
    const bundle = await crm.store.bundle();
    const item = bundle && await crm.store.hold(key);
    if (!item) return crm.toast({ text: bundle ? texts().sending : texts().openToday, look: "soon" });
    const form = show(blank(bundle, item.customers));
    ready(form, bundle, item.customers);
    setTime(form, bundle, new URLSearchParams());
    fill(form, item, bundle);
    form.dataset.draft = `queue:${key}`;
    $("#sheet-dialog").addEventListener("close", () => crm.store.letGo(key), { once: true });
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: form } }));
    return true;
  };

  // ------------------------------------------------------------------ the ways in, while there is no signal
  const openOnline = crm.openSheet;
  const isOut = () => document.body.classList.contains("is-offline") || !navigator.onLine;
  crm.openSheet = async (address) => {
    if (isLog(address) && isOut() && await open(address)) return undefined;
    return openOnline?.(address);
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-log-visit], a[href^='/log/']");
    if (!link || link.dataset.sheet !== undefined || !isOut() || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    crm.openSheet(link.getAttribute("href"));
  });

  crm.offlineSheet = { open, edit, keep };
})();
