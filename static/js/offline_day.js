// The end of the day without signal (日结): one sentence, one tap, kept in the queue like a log sheet. One row of the queue
// a day: changed, it holds the newer sentence; sent twice, it closes the day once.
(() => {
  "use strict";
  const crm = window.crm;
  const { texts } = crm.queue;
  const CLOSE = "/offline/close-day/";
  const PATIENCE = 12000;
  const keyOf = (day) => `day:${document.body.dataset.user}:${day}`;
  const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short" }).format(Date.now());
  const make = (tag, className = "", text = "", more = {}) => {
    const made = Object.assign(document.createElement(tag), more);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const icon = (name) => { const made = make("i", `ti ti-${name}`); made.setAttribute("aria-hidden", "true"); return made; }; // ti-moon ti-circle-check ti-cloud-upload ti-pencil ti-x
  const mark = (look, name, text) => { const made = make("span", `mark ${look}`); made.append(icon(name), text); return made; };
  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
  };

  // ------------------------------------------------------------------ into the queue
  const keep = async (form) => {
    const day = form.elements.on.value;
    const sentence = form.elements.sentence.value.trim();
    await crm.queue.add({
      key: keyOf(day), kind: "day", to: CLOSE, user: document.body.dataset.user, title: `${texts().dayTitle} ${day}`,
      fields: [["on", day], ["sentence", sentence]], photos: [], customers: [], people: [], told: null,
      summary: { when: day, how: "", outcome: "", said: sentence },
    });
    crm.clearDraft?.(form.dataset.draft);
    release(form);
    if (form.closest("#sheet")) crm.closeSheet();
    else form.replaceWith(mark("soon", "cloud-upload", texts().waits));
    crm.toast({ text: texts().kept, look: "soon" });
    crm.queue.flush();
  };

  // With a signal the form is sent as ever; when nobody is heard it is kept instead.
  const send = async (form) => {
    if (form.dataset.offline || !navigator.onLine) return keep(form);
    let answer;
    try {
      answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    } catch {
      return keep(form);
    }
    if (answer.type === "opaqueredirect") return location.reload();
    return [502, 503, 504].includes(answer.status) ? keep(form) : form.submit();
  };
  window.addEventListener("submit", (event) => {
    if (!event.target.matches?.("form[data-day-form]")) return;
    event.preventDefault();
    send(event.target);
  }, true);

  // ------------------------------------------------------------------ the form where there is no page of the site
  const formOf = (day, sentence = "") => {
    const form = make("form", "day-end-form", "", { method: "post" });
    Object.assign(form.dataset, { dayForm: "", offline: "1", plain: "", draft: `day:${day}` });
    const field = make("input", "form-control", "", { name: "sentence", maxLength: 500, autocomplete: "off", placeholder: texts().daySentence });
    field.value = field.defaultValue = sentence;
    field.setAttribute("aria-label", texts().daySentence);
    const close = make("button", "btn btn-primary");
    close.append(icon("moon"), ` ${texts().dayClose}`);
    form.append(make("input", "", "", { type: "hidden", name: "on", value: day }), field, close);
    return form;
  };
  const settled = (form) => document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: form } }));

  // On Today as the phone shows it: to be closed, kept to be sent, or closed.
  const section = (bundle) => {
    const box = make("section", "card edge day-end");
    box.id = "day-end";
    const head = make("div", "card-header");
    head.append(make("h2", "card-title", texts().dayTitle));
    const body = make("div", "card-body stack");
    box.append(head, body);
    const draw = async () => {
      const day = today();
      const item = await crm.store.item(keyOf(day));
      if (body.dataset.shows === `${day}:${item?.state}` && !item) return;
      body.dataset.shows = `${day}:${item?.state}`;
      if (item) {
        const change = make("button", "btn btn-sm", "", { type: "button" });
        change.append(icon("pencil"), texts().edit);
        change.addEventListener("click", () => edit(item));
        const line = make("div", "cluster");
        line.append(item.state === "refused" ? mark("late", "x", texts().notAccepted) : mark("soon", "cloud-upload", texts().waits), change);
        body.replaceChildren(...(item.summary.said ? [make("p", "visit-text", item.summary.said)] : []), line);
      } else if (bundle.closed && bundle.day === day) {
        const line = make("div", "cluster");
        line.append(mark("met", "circle-check", texts().dayClosed));
        body.replaceChildren(line);
      }
      else {
        const form = formOf(day);
        body.replaceChildren(form, make("p", "xs text-3", texts().dayItself));
        settled(form);
      }
    };
    document.addEventListener("queue-drawn", () => { if (box.isConnected) draw(); });
    draw();
    return box;
  };

  // Opened again from what waits; meanwhile it is not sent.
  const edit = async (kept) => {
    const item = await crm.store.hold(kept.key);
    if (!item) return crm.toast({ text: texts().sending, look: "soon" });
    const head = make("div", "sheet-head");
    const close = make("button", "tool", "", { type: "button" });
    close.dataset.closeDialog = "";
    close.setAttribute("aria-label", document.getElementById("texts").dataset.close);
    close.append(icon("x"));
    head.append(make("h2", "", item.title), close);
    const form = formOf(item.summary.when, item.summary.said);
    form.dataset.draft = `queue:${item.key}`;
    const content = make("div", "sheet-content");
    content.append(form);
    const sheet = make("div", "sheet-body");
    sheet.append(head, content);
    document.getElementById("sheet").replaceChildren(sheet);
    const dialog = document.getElementById("sheet-dialog");
    dialog.setAttribute("aria-label", item.title);
    if (!dialog.open) dialog.showModal();
    dialog.addEventListener("close", () => crm.store.letGo(item.key), { once: true });
    return settled(form);
  };

  crm.offlineDay = { section, edit };
})();
