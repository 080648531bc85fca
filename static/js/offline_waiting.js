// What waits to be sent, in a sheet on any page: change it, send it, throw it away; what the server did not take stands
// side by side with what it says, and not a word of it is lost.
(() => {
  "use strict";
  const crm = window.crm;
  const { texts, say } = crm.queue;
  const sheet = () => document.getElementById("sheet");
  const make = (tag, className = "", text = "", more = {}) => {
    const made = Object.assign(document.createElement(tag), more);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const icon = (name) => { const made = make("i", `ti ti-${name}`); made.setAttribute("aria-hidden", "true"); return made; }; // ti-send ti-pencil ti-trash ti-copy ti-arrows-exchange ti-clock-exclamation ti-cloud-off ti-login-2 ti-user-question ti-cloud-check
  const button = (look, name, text, deed) => {
    const made = make("button", `btn btn-sm ${look}`, "", { type: "button" });
    made.append(icon(name), text);
    made.addEventListener("click", async () => { made.setAttribute("aria-busy", "true"); await deed(); made.removeAttribute("aria-busy"); });
    return made;
  };
  const note = (look, name, text) => {
    const made = make("div", `note ${look}`);
    made.append(icon(name), make("div", "", text));
    return made;
  };

  const facts = (pairs) => {
    const list = make("dl", "facts");
    for (const [label, value] of pairs) if (value) list.append(make("dt", "", label), make("dd", "", value));
    return list;
  };
  const side = (title, ...content) => {
    const made = make("section");
    made.append(make("h3", "", title), ...content);
    return made;
  };
  const own = ({ title, summary, photos }) => facts([
    [texts().customer, title], [texts().when, summary.when], [texts().how, summary.how], [texts().outcome, summary.outcome],
    [texts().said, summary.said], [texts().photos, photos.length ? String(photos.length) : ""],
  ]);
  const sides = (item) => {
    const { detail, errors, current } = item.refusal;
    const made = make("div", "sides");
    const told = [...new Set([detail, ...errors.map((error) => error.detail)])].map((text) => make("p", "", text));
    const theirs = current?.when ? [facts([[texts().customer, current.customer], [texts().when, current.when], [texts().how, current.channel], [texts().outcome, current.outcome], [texts().said, current.content]])] : [];
    made.append(side(texts().mine, own(item)), side(texts().theirs, ...told, ...theirs));
    return made;
  };

  const discard = (item) => {
    const form = make("form", "", "", { method: "post" });
    Object.assign(form.dataset, { plain: "", confirm: texts().discardAsk, confirmMore: `${item.title} · ${texts().discardMore}`, confirmYes: texts().discard, confirmDanger: "" });
    const send = make("button", "btn btn-sm");
    send.append(icon("trash"), texts().discard);
    form.append(send);
    form.addEventListener("submit", (event) => { event.preventDefault(); crm.queue.discard(item.key); });
    return form;
  };

  const passOn = async (item) => {
    const state = await crm.queue.ask();
    if (state.problem) return crm.failed(0);
    const data = new FormData();
    for (const [name, value] of item.fields) if (["customer", "client_key", "content", "result", "next_step", "heard-text"].includes(name)) data.append(name, value);
    const answer = await fetch("/log/pass-on/", { method: "POST", body: data, credentials: "same-origin", headers: { "X-CSRFToken": state.token, "HX-Request": "true" } }).catch(() => null);
    if (!answer?.ok) return crm.failed(answer?.status || 0);
    await crm.queue.discard(item.key);
    crm.toast(JSON.parse(answer.headers.get("HX-Trigger")).toast);
  };

  const written = (item) => item.fields.filter(([name, value]) => /content|result|next_step|new_person|text|note|suggestion|sentence/.test(name) && value).map(([, value]) => value).join("\n");
  const acts = (item) => {
    const made = make("div", "acts");
    const code = item.refusal?.code;
    if (item.saved && !item.refusal) made.append(button("btn-primary", "send", texts().sendAll, () => crm.queue.again(item.key)));
    else {
      if (code === "handed_over") made.append(button("btn-primary", "arrows-exchange", texts().passOn, () => passOn(item)));
      if (code === "logged_already" || code === "closed") made.append(button("btn-primary", "send", texts().sendAnyway, () => crm.queue.again(item.key, { anyway: true })));
      if (!item.saved) made.append(button("", "pencil", texts().edit, () => (item.kind === "day" ? crm.offlineDay.edit(item) : crm.offlineSheet.edit(item.key))));
      if (code && code !== "logged_already" && code !== "closed") made.append(button("", "send", texts().sendAll, () => crm.queue.again(item.key)));
      if (code && written(item)) made.append(button("", "copy", texts().copy, () => navigator.clipboard?.writeText(written(item)).then(() => crm.toast({ text: texts().copied }))));
    }
    made.append(discard(item));
    return made;
  };

  const row = (item) => {
    const made = make("li", "row-item waiting-item");
    const body = make("div", "grow");
    const state = item.state === "refused" ? ["late", texts().notAccepted] : (item.lease || 0) > Date.now() ? ["info", texts().sending] : item.saved ? ["soon", say("photosLeft", item.photos.filter((photo) => !photo.sent).length)] : ["soon", texts().waits];
    const head = make("div", "title");
    head.append(item.title, " ", make("span", `mark ${state[0]}`, state[1]));
    body.append(head);
    if (item.refusal) body.append(sides(item));
    else body.append(make("div", "meta", [item.summary.when, item.summary.how, item.summary.outcome].filter(Boolean).join(" · ")), ...(item.summary.said ? [make("div", "said", item.summary.said)] : []));
    body.append(acts(item));
    made.append(body);
    return made;
  };

  const draw = async (problem = "") => {
    const everything = await crm.queue.all();
    const items = await crm.queue.mine();
    const content = make("div", "sheet-content stack");
    const wrong = await crm.store.fact("skew");
    if (wrong) content.append(note("late", "clock-exclamation", `${crm.queue.clockWords(wrong)} ${texts().clockMore}`));
    if (items.length && (problem === "offline" || !navigator.onLine)) content.append(note("soon", "cloud-off", texts().noSignal));
    if (problem === "signedOut") content.append(note("soon", "login-2", texts().signIn));
    if (items.length) { const list = make("ul", "rows"); list.append(...items.map(row)); content.append(list); }
    else { const empty = make("div", "empty"); empty.append(icon("cloud-check"), make("h3", "", texts().none), make("p", "", texts().noneMore)); content.append(empty); }
    const others = everything.length - items.length;
    if (others) content.append(note("", "user-question", say("others", others)));
    const head = make("div", "sheet-head");
    const close = make("button", "tool", "", { type: "button" });
    close.dataset.closeDialog = "";
    close.setAttribute("aria-label", document.getElementById("texts").dataset.close);
    close.append(icon("x"));
    head.append(make("h2", "", texts().title), close);
    const body = make("div", "sheet-body");
    body.dataset.waitingList = "";
    body.append(head, content);
    if (items.some((item) => item.state !== "refused")) {
      const foot = make("div", "sheet-foot");
      const send = button("btn-primary", "send", texts().sendAll, async () => { const why = await crm.queue.flush(); if (isShown()) draw(why); });
      send.classList.remove("btn-sm");
      foot.append(send);
      body.append(foot);
    }
    sheet().replaceChildren(body);
  };
  const isShown = () => document.getElementById("sheet-dialog").open && sheet().querySelector("[data-waiting-list]");

  const open = async () => {
    await draw();
    const dialog = document.getElementById("sheet-dialog");
    dialog.setAttribute("aria-label", texts().title);
    if (!dialog.open) dialog.showModal();
  };
  document.addEventListener("queue-drawn", () => { if (isShown()) draw(); });
  document.addEventListener("click", (event) => { if (event.target.closest?.("[data-waiting], [data-open-waiting]")) open(); });
  crm.openWaiting = open;
})();
