// The queue of log sheets, and of ends of days, that are not on the server yet. Each has the key its sheet was made with, so that sending it
// twice makes one visit; each is sent only while the person who wrote it is signed in; none is ever dropped by itself.
(() => {
  "use strict";
  const crm = (window.crm = window.crm || {});
  const STATE = "/offline/state/";
  const SEND = "/offline/send/";
  const PHOTO = "/visits/photos/add/";
  const BUNDLE = "/offline/bundle/";
  const SKEW = 5 * 60000;
  const EVERY = 60000;
  const REFUSALS = new Set([400, 404, 409, 410, 413, 415, 422]);
  const user = () => document.body.dataset.user || "";
  const texts = () => document.getElementById("offline-texts").dataset;
  const say = (name, value) => (texts()[name] || "").replace("{}", value);
  const air = window.BroadcastChannel ? new BroadcastChannel("crm-queue") : null;

  const all = async () => crm.store.queue();
  const mine = async () => (await all()).filter((item) => String(item.user) === user());

  // ------------------------------------------------------------------ "3 waiting", on every page
  const draw = async () => {
    const items = await mine();
    const count = items.length;
    for (const pill of document.querySelectorAll("[data-waiting]")) {
      pill.hidden = !count;
      pill.classList.toggle("is-refused", items.some((item) => item.state === "refused"));
      pill.querySelector("[data-waiting-count]").textContent = count;
    }
    const form = document.querySelector("[data-sign-out]");
    if (form) {
      if (count) Object.assign(form.dataset, { confirm: say("signOut", count), confirmMore: texts().signOutMore, confirmYes: texts().signOutYes });
      else for (const name of ["confirm", "confirmMore", "confirmYes"]) delete form.dataset[name];
    }
    document.dispatchEvent(new CustomEvent("queue-drawn"));
  };
  const changed = () => { air?.postMessage("changed"); return draw(); };
  air?.addEventListener("message", draw);

  // ------------------------------------------------------------------ is the server heard, and who is signed in?
  const ask = async () => {
    const before = Date.now();
    let answer;
    try {
      answer = await fetch(STATE, {
        headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(15000),
      });
    } catch {
      return { problem: "offline" };
    }
    if (answer.status === 423) return { problem: "locked" };
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return { problem: "signedOut" };
    if (!answer.ok) return { problem: "offline" };
    const state = await answer.json().catch(() => null);
    if (!state?.user) return { problem: "offline" };
    await tellClock(Date.parse(state.now) - (before + Date.now()) / 2);
    return state;
  };

  // Positive: this device is slow.
  const tellClock = async (skew) => {
    const wrong = Math.abs(skew) > SKEW ? Math.round(skew / 60000) : 0;
    await crm.store.note("skew", wrong);
    if (!wrong || sessionStorage.getItem("skew") === String(wrong)) return;
    sessionStorage.setItem("skew", String(wrong));
    crm.banner?.(`${clockWords(wrong)} ${texts().clockMore}`);
  };
  const clockWords = (wrong) => say(wrong < 0 ? "clockFast" : "clockSlow", Math.abs(wrong));

  // ------------------------------------------------------------------ sending
  const post = (url, data, token, seconds) => fetch(url, {
    method: "POST", body: data, credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(seconds * 1000),
    headers: { Accept: "application/json", "X-CSRFToken": token, "X-Requested-With": "fetch" },
  });

  // "sent", "refused" with why, or "held": everything that is nobody's fault and goes by.
  const deliver = async (url, data, token, seconds) => {
    let answer;
    try {
      answer = await post(url, data, token, seconds);
    } catch {
      return { how: "held" };
    }
    const told = await answer.json().catch(() => null);
    if (answer.ok && told) return { how: "sent", told };
    if (!REFUSALS.has(answer.status) || !told?.code || told.code === "other_user") return { how: "held" };
    return { how: "refused", told: { status: answer.status, code: told.code, detail: told.detail, errors: told.errors || [], current: told.current } };
  };

  const sheetOf = (item) => {
    const data = new FormData();
    for (const [name, value] of item.fields) data.append(name, value);
    data.append("user", item.user);
    if (item.anyway) data.append("anyway", "1");
    return data;
  };

  const sendPhotos = async (item, token) => {
    for (const photo of item.photos || []) {
      if (photo.sent) continue;
      const data = new FormData();
      data.append("sheet", item.key);
      data.append("key", photo.key);
      data.append("photo", photo.file, photo.name || "photo.jpg");
      const { how, told } = await deliver(PHOTO, data, token, 60);
      if (how !== "sent") return { how, told };
      photo.sent = true;
      await crm.store.change(item.key, (now) => now && { ...now, photos: item.photos });
    }
    return { how: "sent" };
  };

  // One sheet: claimed, so that a second tab leaves it alone meanwhile.
  const sendOne = async (key, token) => {
    const item = await crm.store.claim(key);
    if (!item) return null;
    let result = { how: "sent", told: item.told };
    if (!item.saved) {
      result = await deliver(item.to || SEND, sheetOf(item), token, 30);
      // An earlier try had arrived after all, and the sheet was changed since: the change is only here.
      if (result.told?.duplicate && item.isChanged) result = { how: "refused", told: { code: "saved_before", detail: texts().savedBefore, errors: [] } };
      if (result.how === "sent") {
        Object.assign(item, { saved: true, told: result.told });
        await crm.store.change(key, (now) => now && { ...now, saved: true, told: result.told });
      }
    }
    if (result.how === "sent") {
      const photos = await sendPhotos(item, token);
      if (photos.how !== "sent") result = photos;
    }
    await crm.store.change(key, (now) => {
      if (!now || result.how === "sent") return null;
      if (result.how === "refused") return { ...now, lease: 0, state: "refused", refusal: result.told };
      return { ...now, lease: 0 };
    });
    await changed();
    return { ...result, item };
  };

  const tell = (results) => {
    const sent = results.filter((result) => result.how === "sent");
    const refused = results.filter((result) => result.how === "refused");
    if (sent.length === 1) crm.toast({ text: say("sent", sent[0].item.title) + (sent[0].told?.text ? ` · ${sent[0].told.text}` : ""), undo: sent[0].told?.undo || "" });
    else if (sent.length) crm.toast({ text: say("sent", sent.length) });
    for (const { item } of refused) crm.toast({ text: say("refused", item.title), look: "late" });
    if (!sent.length) return;
    document.dispatchEvent(new CustomEvent("visit-logged"));
    refresh(true);
  };

  const run = async () => {
    const waiting = (await mine()).filter((item) => item.state !== "refused");
    if (!waiting.length) return "";
    const state = await ask();
    if (state.problem) return state.problem;
    if (String(state.user) !== user()) return "signedOut";
    const results = [];
    for (const { key } of waiting) {
      const result = await sendOne(key, state.token);
      if (result) results.push(result);
      if (result?.how === "held") break;
    }
    tell(results);
    return results.some((result) => result.how === "held") ? "offline" : "";
  };
  // What could not go now is tried again soon while there seems to be a signal: it often comes back before it carries anything.
  const SOON = 2000;
  let running = null;
  let next = null;
  let pause = SOON;
  let timer = 0;
  const lookAgain = (problem) => {
    if (problem !== "offline" || !navigator.onLine) { pause = SOON; return problem; }
    timer = setTimeout(flush, pause);
    pause = Math.min(pause * 2, EVERY);
    return problem;
  };
  const start = () => {
    clearTimeout(timer);
    next = null;
    return (running ||= run().then(lookAgain).finally(() => { running = null; }));
  };
  // Who asks while a run goes on gets one of his own after it: that one may have begun without signal.
  const flush = () => (running ? (next ||= running.then(start, start)) : start());

  // ------------------------------------------------------------------ what is put in, taken out, changed
  const add = async (item) => {
    await crm.store.change(item.key, (now) => ({
      ...now, ...item, at: now?.at || Date.now(), isChanged: Boolean(now?.tried), state: "waiting", lease: 0, held: 0, refusal: null,
    }));
    navigator.storage?.persist?.().catch(() => {});
    await changed();
  };
  const discard = async (key) => { await crm.store.change(key, () => null); await changed(); };
  const again = async (key, more = {}) => {
    await crm.store.change(key, (now) => now && { ...now, ...more, state: "waiting", lease: 0, refusal: null });
    await changed();
    return flush();
  };

  // ------------------------------------------------------------------ the cards, fetched politely
  const FRESH = 2 * 60000;
  const OLD = 15 * 60000;
  const refresh = async (isChanged = false) => {
    if (texts().keeps === undefined || !navigator.onLine) return;
    const kept = await crm.store.bundle();
    const age = kept && kept.language === document.documentElement.lang.toLowerCase() ? Date.now() - kept.at : Infinity;
    const isToday = document.body.dataset.place === "today";
    if (!isChanged && age < (navigator.connection?.saveData ? OLD * 4 : isToday ? FRESH : OLD)) return;
    const answer = await fetch(BUNDLE, { headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "manual", priority: "low" }).catch(() => null);
    const made = answer?.ok ? await answer.json().catch(() => null) : null;
    if (!made || String(made.user) !== user()) return;
    await crm.store.keepBundle(made);
    await tellClock(Date.parse(made.now) - Date.now());
  };

  // What somebody else left here goes as soon as another person is signed in; his queue stays, and waits for him.
  const begin = async () => {
    const kept = await crm.store.bundle();
    if (kept && String(kept.user) !== user()) await crm.store.forgetBundle();
    await draw();
    await flush();
    await refresh();
  };

  window.addEventListener("online", flush);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") flush(); });
  document.addEventListener("unlocked", flush);
  setInterval(async () => { if (navigator.onLine && (await mine()).length) flush(); }, EVERY);
  document.querySelector("[data-sign-out]")?.addEventListener("submit", () => crm.store.forgetBundle());

  crm.queue = { all, mine, add, discard, again, flush, ask, begin, draw, refresh, say, texts, clockWords };
})();
