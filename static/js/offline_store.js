// What this browser keeps (IndexedDB, through idb): the cards for a place without signal, and the log sheets not sent yet.
(() => {
  "use strict";
  const crm = (window.crm = window.crm || {});
  const LIFE = 12 * 3600 * 1000;
  const LEASE = 90 * 1000;
  const HOLD = 15 * 60 * 1000;
  const isBusy = (item) => Math.max(item.lease || 0, item.held || 0) > Date.now();
  let opened = null;
  const database = () => (opened ||= idb.openDB("crm-offline", 1, {
    upgrade(db) {
      db.createObjectStore("kept");
      db.createObjectStore("queue", { keyPath: "key" });
    },
    blocking() { opened?.then((db) => db.close()); opened = null; },
    terminated() { opened = null; },
  }));

  // Cached cards end after twelve hours, whatever the clock was turned to.
  const isFresh = (bundle) => bundle && bundle.at <= Date.now() + 60000 && Date.now() - bundle.at < LIFE;
  const bundle = async () => {
    const db = await database();
    const found = await db.get("kept", "bundle");
    if (!found || isFresh(found)) return found || null;
    await db.delete("kept", "bundle");
    await db.put("kept", Date.now(), "ended");
    return null;
  };
  const keepBundle = async (made) => {
    const db = await database();
    await db.delete("kept", "ended");
    await db.put("kept", { ...made, at: Date.now() }, "bundle");
  };
  const forgetBundle = async () => (await database()).delete("kept", "bundle");
  const fact = async (name) => (await database()).get("kept", name);
  const note = async (name, value) => (await database()).put("kept", value, name);

  const queue = async () => (await (await database()).getAll("queue")).sort((one, other) => one.at - other.at);
  const item = async (key) => (await database()).get("queue", key);

  // Read, change and write in one transaction: two tabs never overwrite each other. `change` returns what is written,
  // null to remove it, nothing to leave it.
  const change = async (key, how) => {
    const work = (await database()).transaction("queue", "readwrite");
    const now = await work.store.get(key);
    const next = how(now);
    if (next === null) await work.store.delete(key);
    else if (next) await work.store.put(next);
    await work.done;
    return next;
  };
  const claim = (key) => change(key, (now) => {
    if (!now || now.state === "refused" || isBusy(now)) return undefined;
    return { ...now, lease: Date.now() + LEASE, tried: true };
  });
  // While a sheet of the queue is open to be changed it is not sent.
  const hold = (key) => change(key, (now) => (now && !isBusy(now) ? { ...now, held: Date.now() + HOLD } : undefined));
  const letGo = (key) => change(key, (now) => now && { ...now, held: 0 });

  // randomUUID is missing where the page came without encryption.
  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  crm.store = { bundle, keepBundle, forgetBundle, fact, note, queue, item, change, claim, hold, letGo, newKey };
})();
