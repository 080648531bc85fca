// Today: small deeds of a row are sent without leaving the page; a toast says what was done.
(() => {
  "use strict";
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.matches("[data-postpone], [data-quick]")) return;
    event.preventDefault();
    const form = event.target;
    window.htmx.ajax("POST", button.formAction, { source: button, values: { next: form.elements.next?.value || "/" }, swap: "none" })
      .finally(() => { delete form.dataset.sent; button.removeAttribute("aria-busy"); });
  });
})();
