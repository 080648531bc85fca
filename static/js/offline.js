// A place without signal: after the page is drawn, the rest is fetched, the queue is looked at, the worker registered.
(() => {
  "use strict";
  const texts = document.getElementById("offline-texts");
  if (!window.indexedDB) return;

  // Somebody who keeps nothing here has signed in: what another person left goes, his queue stays.
  const forget = () => {
    const asked = indexedDB.open("crm-offline");
    asked.addEventListener("upgradeneeded", () => asked.transaction.abort());
    asked.addEventListener("error", (event) => event.preventDefault());
    asked.addEventListener("success", () => {
      const work = asked.result.transaction("kept", "readwrite");
      work.objectStore("kept").delete("bundle");
      work.addEventListener("complete", () => asked.result.close());
    });
  };
  if (!texts) return forget();

  const fetchAll = () => {
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: texts.dataset.css }));
    return Promise.all(["idb", "store", "queue", "list", "sheet", "day"].map((name) => new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: texts.dataset[name], async: false });
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
      document.head.append(script);
    })));
  };
  const start = async () => {
    try {
      await fetchAll();
      await crm.queue.begin();
    } catch {
      return; // the page works without it; the next page tries again
    }
    document.documentElement.dataset.offlineReady = "1";
    if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
  };
  const later = () => (window.requestIdleCallback ? requestIdleCallback(start, { timeout: 1500 }) : setTimeout(start, 200));
  if (document.readyState === "complete") later();
  else window.addEventListener("load", later, { once: true });
})();
