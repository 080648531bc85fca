// Nothing typed is ever lost: a form with data-draft="key" keeps its text in this browser, per user, until it is saved.
// It comes back after the phone discarded the page, the session expired, the signal broke or a save failed.
(() => {
  "use strict";
  const user = document.body.dataset.user;
  const LIFE = 12 * 3600 * 1000;
  const PREFIX = "draft:";
  const own = `${PREFIX}${user}:`;
  const read = (name) => { try { return JSON.parse(localStorage.getItem(name)); } catch { return null; } };
  const write = (name, draft) => { try { localStorage.setItem(name, JSON.stringify(draft)); } catch { /* full: typing goes on */ } };
  const names = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  const forms = (root = document) => [...(root.querySelectorAll?.("form[data-draft]") || [])];
  const keeps = (field) => field.name && !field.disabled && !("noDraft" in field.dataset)
    && !["hidden", "password", "file", "submit", "button"].includes(field.type) && field.name !== "csrfmiddlewaretoken";

  const isTouched = (field) =>
    /^(checkbox|radio)$/.test(field.type) ? field.checked !== field.defaultChecked
      : field.options ? [...field.options].some((option) => option.selected !== option.defaultSelected) : field.value !== field.defaultValue;

  const values = (form, wanted = () => true) => [...form.elements].filter((field) => keeps(field) && wanted(field)).map((field) =>
    /^(checkbox|radio)$/.test(field.type) ? [field.name, field.value, field.checked]
      : field.multiple ? [field.name, [...field.selectedOptions].map((option) => option.value)] : [field.name, field.value]);

  // Of a record that others change too (it has a version) only what was touched is kept: the rest may be newer by then.
  const keep = (form) => {
    const name = own + form.dataset.draft;
    const known = new Set((read(name)?.values || []).map(([field]) => field));
    const wanted = form.elements.version ? (field) => isTouched(field) || known.has(field.name) : undefined;
    write(name, { at: Date.now(), page: location.pathname, values: values(form, wanted) });
  };

  const put = (form, kept) => {
    let changed = false;
    for (const [name, value, checked] of kept) {
      const fields = [...form.elements].filter((field) => field.name === name && keeps(field));
      for (const field of fields) {
        if (/^(checkbox|radio)$/.test(field.type)) {
          if (field.value !== value || field.checked === checked) continue;
          field.checked = checked;
        } else if (Array.isArray(value)) {
          if (!field.multiple) continue;
          for (const option of field.options) option.selected = value.includes(option.value);
        } else {
          if (field.value === value) continue;
          field.value = value;
        }
        changed = true;
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    return changed;
  };

  const forget = (key) => localStorage.removeItem(own + key);
  crm.clearDraft = forget;

  const offerDiscard = (form, fresh) => {
    const bar = document.createElement("div");
    bar.className = "note";
    bar.dataset.draftNote = "";
    const text = document.createElement("div");
    text.textContent = crm.words().restored;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = crm.words().discard;
    button.addEventListener("click", () => { forget(form.dataset.draft); put(form, fresh); bar.remove(); });
    bar.append(text, button);
    (form.querySelector("[data-draft-place]") || form.querySelector(".sheet-content") || form).prepend(bar);
  };

  const hasErrors = (form) => form.querySelector(".is-invalid, .field-error, .note.late, .conflict") !== null;

  const restore = (form) => {
    if (form.dataset.draftReady) return;
    form.dataset.draftReady = "1";
    const name = own + form.dataset.draft;
    const draft = read(name);
    if (!draft) return;
    if (Date.now() - draft.at > LIFE) return forget(form.dataset.draft);
    if (hasErrors(form)) { delete draft.sent; write(name, draft); return; }
    const fresh = values(form);
    if (put(form, draft.values)) offerDiscard(form, fresh);
  };

  // A save ends in a redirect to a page that is all right. Anything else (refused, failed, sign-in, locked) keeps the
  // draft, and so does a page that shows the form again with its errors.
  const settle = () => {
    const arrived = performance.getEntriesByType("navigation")[0];
    const isSaved = user && arrived?.redirectCount > 0 && !(arrived.responseStatus >= 400);
    for (const name of names()) {
      const draft = read(name);
      if (!draft || Date.now() - draft.at > LIFE) { localStorage.removeItem(name); continue; }
      if (!draft.sent || (user && !name.startsWith(own))) continue;
      const form = forms().find((one) => own + one.dataset.draft === name);
      if (isSaved && Date.now() - draft.sent < 60000 && !(form && hasErrors(form))) { localStorage.removeItem(name); continue; }
      delete draft.sent;
      write(name, draft);
    }
    for (const toast of document.querySelectorAll("[data-clear-draft]")) forget(toast.dataset.clearDraft);
  };

  if (!user) return settle();
  document.addEventListener("input", (event) => { const form = event.target.form; if (form?.dataset.draft) keep(form); });
  document.addEventListener("change", (event) => { const form = event.target.form; if (form?.dataset.draft && event.isTrusted) keep(form); });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset?.draft || event.defaultPrevented) return;
    keep(form);
    if (form.matches("[hx-post],[data-hx-post],[hx-put],[hx-patch]")) return;
    const name = own + form.dataset.draft;
    write(name, { ...read(name), sent: Date.now() });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest?.("form[data-draft]");
    const { xhr, requestConfig } = event.detail;
    if (!form || !xhr || requestConfig.verb === "get") return;
    const again = new DOMParser().parseFromString(xhr.responseText || "", "text/html").querySelector("form[data-draft]");
    if (event.detail.successful && xhr.status < 400 && !(again && hasErrors(again))) forget(form.dataset.draft);
  });
  document.addEventListener("htmx:afterSettle", (event) => { forms(event.detail.elt.parentNode || document).forEach(restore); });
  document.querySelector("[data-sign-out]")?.addEventListener("submit", () => {
    for (const name of names()) if (name.startsWith(own)) localStorage.removeItem(name);
  });
  settle();
  forms().forEach(restore);
})();
