// The intake: the chosen customer stays chosen, what is known of him comes by itself, complaints begin with the template.
// Without this script the same form works with its "Find" button.
(() => {
  "use strict";
  const form = document.querySelector("form[data-intake]");
  if (!form) return;
  const facts = form.elements.facts;
  const { template } = form.dataset;
  const kinds = form.dataset.templateKinds.split(" ");

  const ask = () => {
    if (form.querySelector("input[name=customer]:checked")) form.querySelector("#customer-known").dispatchEvent(new Event("known"));
  };

  const choose = (radio) => {
    const chip = radio.closest("label");
    const place = form.querySelector("#customer-choice");
    if (place.contains(chip)) return;
    place.replaceChildren(chip);
    const knownBy = radio.dataset.knownBy;
    if (knownBy) {
      const kept = Object.assign(document.createElement("input"), { type: "hidden", name: "known_by", value: knownBy });
      place.append(kept);
    }
    form.querySelector("#customer-found").replaceChildren();
    form.elements.q.value = "";
    // A page that is thrown away and opened again knows whose request it was; a number never stands in an address.
    if (!knownBy) {
      const url = new URL(location.href);
      url.searchParams.set("customer", radio.value);
      history.replaceState(history.state, "", url);
    }
  };

  const shape = () => {
    const kind = form.querySelector("input[name=kind]:checked")?.value || "";
    const hasTemplate = kinds.includes(kind);
    if (hasTemplate && !facts.value.trim()) facts.value = template;
    else if (!hasTemplate && facts.value.trim() === template.trim()) facts.value = "";
  };

  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!("asks" in field.dataset)) return;
    if (field.name === "customer") choose(field);
    if (field.name === "kind") shape();
    ask();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return;
    event.preventDefault();
    if (event.target.name === "q") form.querySelector("button[name=find]").click();
    else if (event.target.name !== "guide") form.requestSubmit(form.querySelector("#intake-save"));
  });
})();
