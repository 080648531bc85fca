// The page that opens without signal: Today, one's customers, a customer and the log sheet, drawn from what the phone
// keeps. It says how old that is, and gives the real page back as soon as there is a signal.
(() => {
  "use strict";
  const crm = window.crm;
  const $ = (selector, root = document) => root.querySelector(selector);
  const nothing = $("#offline-nothing");
  let bundle = null;
  let words = {};
  let relative = null;

  const make = (tag, className = "", text = "", more = {}) => {
    const made = Object.assign(document.createElement(tag), more);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };
  const icon = (name) => { const made = make("i", `ti ti-${name}`); made.setAttribute("aria-hidden", "true"); return made; }; // ti-flag-3 ti-heart ti-bell-off ti-pencil ti-message-circle ti-cloud-off ti-confetti
  const lookOf = (part) => { const made = make("span", `mark ${part[1]}`); made.append(icon(part[2]), part[0]); return made; };

  // ------------------------------------------------------------------ days in words
  const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short" }).format(Date.now());
  const away = (day) => Math.round((Date.parse(day) - Date.parse(today())) / 86400000);
  const dayWords = (day) => (Math.abs(away(day)) > 31 ? day : relative.format(away(day), "day"));
  const dueMark = (day) => {
    const days = away(day);
    const made = make("span", `due ${days < 0 ? "late" : days <= 3 ? "soon" : ""}`, days < 0 ? `${words.overdue} · ${dayWords(day)}` : dayWords(day));
    made.title = day;
    return made;
  };
  const promiseWords = ({ text, on }) => (on ? `${text} · ${on.slice(5).replace("-", "/")}` : text);

  // ------------------------------------------------------------------ one customer
  const tier = (card) => {
    if (!card.tier) return null;
    const made = make("span", `tier tier-${card.tier[0]}`);
    made.append(...(card.tier[2] ? [icon(card.tier[2])] : []), card.tier[1]);
    return made;
  };
  const link = (card) => { const made = make("a", "title", card.name, { href: `/customers/${card.id}/` }); made.dataset.go = ""; return made; };
  const logButton = (card, look = "btn-primary") => {
    const made = make("a", `btn ${look} log`, "", { href: `/log/?customer=${card.id}` });
    made.dataset.logVisit = "";
    made.append(icon("pencil"), make("span", "", words.log));
    return made;
  };
  const lastWords = (card) => (card.last ? [dayWords(card.last.on), card.last.how, card.last.text].filter(Boolean).join(" · ") : words.never);
  const said = (name, text, label = "") => {
    const made = make("span", label ? "said" : "");
    made.append(icon(name), ...(label ? [make("b", "", label), " "] : []), text);
    return made;
  };

  const row = (card, line = {}) => {
    const made = make("li", `today-row${card.late ? " is-late" : ""}`);
    const who = make("div", "today-who");
    who.append(link(card), ...[tier(card)].filter(Boolean), ...(line.chips || []).map(lookOf));
    const due = make("div", "today-due");
    if (card.due) due.append(dueMark(card.due));
    const brief = make("div", "today-brief");
    const promise = line.promise || card.promise;
    if (promise) brief.append(said("flag-3", promiseWords(promise), words.promised));
    brief.append(said("message-circle", lastWords(card)));
    if (card.prefers) brief.append(said("heart", card.prefers));
    if (card.quiet) brief.append(said("bell-off", card.quiet));
    const acts = make("div", "today-acts");
    acts.append(logButton(card));
    made.append(who, due, brief, acts);
    return made;
  };
  const listOf = (rows) => {
    const card = make("section", "card edge today-list");
    const list = make("ul", "today-rows");
    list.append(...rows);
    card.append(list);
    return card;
  };
  const empty = (name, text) => {
    const made = make("div", "empty");
    made.append(icon(name), make("h3", "", text));
    return made;
  };
  const head = (text) => { const made = make("div", "page-head"); const box = make("div"); box.append(make("h1", "", text)); made.append(box); return made; };

  // ------------------------------------------------------------------ the pages
  const cardOf = (id) => bundle.customers.find((one) => one.id === id);

  const todayPage = () => {
    const rows = bundle.today.map((line) => [cardOf(line.id), line]).filter(([card]) => card).map(([card, line]) => row(card, line));
    const title = head(words.today);
    const { met, owed } = bundle.ring;
    title.append(make("div", "offline-ring text-2", `${met}/${owed} ${words.met}`));
    return [title, rows.length ? listOf(rows) : empty("confetti", words.empty), crm.offlineDay.section(bundle)];
  };

  const customersPage = () => {
    const box = make("div", "search offline-search");
    const input = make("input", "form-control", "", { type: "search", placeholder: crm.queue.texts().find, autocomplete: "off" });
    input.setAttribute("aria-label", input.placeholder);
    box.append(icon("search"), input);
    const place = make("div");
    const draw = () => {
      const asked = input.value.trim().toLowerCase();
      const found = bundle.customers.filter((one) => !asked || one.name.toLowerCase().includes(asked) || (one.initials || "").startsWith(asked));
      place.replaceChildren(found.length ? listOf(found.map((one) => row(one))) : empty("cloud-off", words.unknown));
    };
    input.addEventListener("input", draw);
    draw();
    return [head(words.customers), box, place];
  };

  const customerPage = (id) => {
    const card = cardOf(id);
    if (!card) return [head(words.customers), empty("cloud-off", words.unknown)];
    const line = bundle.today.find((one) => one.id === id) || {};
    const title = head(card.name);
    title.firstChild.append(...[tier(card), ...(line.chips || []).map(lookOf)].filter(Boolean));
    const acts = make("div", "page-actions");
    acts.append(logButton(card));
    title.append(acts);
    const facts = make("dl", "facts");
    const add = (label, ...value) => { const told = make("dd"); told.append(...value); facts.append(make("dt", "", label), told); };
    if (card.due) add(words.due, dueMark(card.due));
    add(words.last, lastWords(card));
    const promise = line.promise || card.promise;
    if (promise) add(words.promised, promiseWords(promise));
    if (card.prefers) add(words.prefers, card.prefers);
    if (card.quiet) add(words.quiet, card.quiet);
    if (card.persons) add(words.persons, card.persons.map(([, name, role]) => (role ? `${name}(${role})` : name)).join("、"));
    const box = make("section", "card edge");
    const body = make("div", "card-body stack");
    body.append(facts, make("p", "text-3 small", words.noNumbers));
    box.append(body);
    return [title, box];
  };

  const draw = () => {
    const path = location.pathname;
    const one = path.match(/^\/customers\/(\d+)\/$/);
    const isKept = /^\/(log\/|customers\/(\d+\/)?)?$/.test(path);
    const page = one ? customerPage(Number(one[1])) : path === "/customers/" ? customersPage() : todayPage();
    const main = $("#content");
    main.replaceChildren(...(isKept ? [] : [Object.assign(make("div", "note soon"), { textContent: words.notKept })]), ...page);
    document.title = `${$("h1", main).textContent} · ${words.offline}`;
    for (const place of document.querySelectorAll(".bottom-bar a, .segmented a")) place.toggleAttribute("aria-current", place.getAttribute("href") === path);
    $("[data-as-of]").textContent = asOf();
    if (path !== "/log/") return;
    crm.offlineSheet.open(`/log/${location.search}`);
    document.getElementById("sheet-dialog").addEventListener("close", () => history.replaceState(null, "", "/"), { once: true });
  };

  // "As of 18:42 · 3 hours ago"
  const asOf = () => {
    const minutes = Math.round((bundle.at - Date.now()) / 60000);
    const ago = Math.abs(minutes) < 60 ? relative.format(minutes, "minute") : relative.format(Math.round(minutes / 60), "hour");
    const when = new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" }).format(bundle.at);
    return `${words.asOf.replace("{}", when)} · ${ago}`;
  };

  const go = (address) => {
    history.pushState(null, "", address);
    draw();
    window.scrollTo(0, 0);
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-again]")) return location.reload();
    const place = event.target.closest?.("a[data-go]");
    if (!place || event.ctrlKey || event.metaKey) return undefined;
    event.preventDefault();
    return go(place.getAttribute("href"));
  });

  // ------------------------------------------------------------------ a signal again
  const lookAgain = async () => {
    const state = await crm.queue?.ask();
    if (!state || state.problem === "offline") return;
    await crm.queue.flush();
    if (!document.getElementById("sheet-dialog")?.open) return location.reload();
    const bar = $(".offline-bar");
    bar.classList.add("is-back");
    $("[data-as-of]").textContent = words.back;
    $("[data-again]", bar).textContent = words.reload;
  };

  // ------------------------------------------------------------------ begin
  const load = (address) => new Promise((done, failed) => {
    const script = Object.assign(document.createElement("script"), { src: address, async: false });
    script.addEventListener("load", done);
    script.addEventListener("error", failed);
    document.head.append(script);
  });

  const tellNothing = async () => {
    const ended = await crm.store.fact("ended");
    $("[data-why=none]").hidden = Boolean(ended);
    $("[data-why=expired]").hidden = !ended;
    const waiting = await crm.store.queue();
    $("[data-queue]").hidden = !waiting.length;
    $("[data-queue-count]").textContent = waiting.length;
    document.title = "没有网络 · No signal";
    nothing.hidden = false;
    window.addEventListener("online", () => location.reload());
  };

  const begin = async () => {
    bundle = await crm.store.bundle();
    if (!bundle) return tellNothing();
    document.documentElement.lang = bundle.language === "en" ? "en" : "zh-Hans";
    document.body.dataset.user = bundle.user;
    relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
    nothing.insertAdjacentHTML("beforebegin", `<div class="offline frame">${bundle.frame}</div>`);
    nothing.remove();
    words = $("#offline-page-texts").dataset;
    await Promise.all(document.body.dataset.scripts.trim().split(" ").map(load));
    await crm.queue.draw();
    draw();
    window.addEventListener("popstate", draw);
    window.addEventListener("online", lookAgain);
    setInterval(() => { $(".is-back") || lookAgain(); }, 30000);
    setInterval(async () => { if (!(await crm.store.bundle())) location.reload(); }, 60000);
    document.documentElement.dataset.offlineReady = "1";
  };
  begin();
})();
