// The week board: cards are dragged, or moved by Alt and an arrow key; without this script the plain form does it.
(() => {
  "use strict";
  const said = document.getElementById("plan-said");
  const board = () => document.querySelector("[data-board]");
  let dragged = null;

  const move = (card, half, place) => {
    if (!half || half.hasAttribute("data-over")) return;
    const values = { on: half.dataset.on, half: half.dataset.half, seen_on: card.dataset.on, seen_half: card.dataset.half };
    if (place !== undefined) values.place = place;
    focusAgain = card.dataset.item;
    if (said) said.textContent = half.dataset.words;
    window.htmx.ajax("POST", `/plan/items/${card.dataset.item}/move/`, { source: card, values, swap: "none" });
  };
  // The page draws the board again: the card that was moved by keys keeps the focus.
  let focusAgain = "";
  document.addEventListener("htmx:afterSettle", () => {
    if (!focusAgain) return;
    const card = document.querySelector(`[data-item="${CSS.escape(focusAgain)}"]`);
    if (card && (document.activeElement === document.body || !document.activeElement)) card.focus();
  });

  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-board] [data-item]");
    if (!card) return;
    dragged = card;
    card.classList.add("is-dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.item);
  });
  const clear = () => document.querySelectorAll(".plan-half.is-over").forEach((half) => half.classList.remove("is-over"));
  document.addEventListener("dragend", () => { dragged?.classList.remove("is-dragged"); dragged = null; clear(); });
  document.addEventListener("dragover", (event) => {
    const half = event.target.closest?.("[data-board] .plan-half");
    if (!dragged || !half || half.hasAttribute("data-over")) return;
    event.preventDefault();
    if (!half.classList.contains("is-over")) { clear(); half.classList.add("is-over"); }
  });
  document.addEventListener("drop", (event) => {
    const half = event.target.closest?.("[data-board] .plan-half");
    if (!dragged || !half) return;
    event.preventDefault();
    const cards = [...half.querySelectorAll("[data-item]")].filter((card) => card !== dragged);
    const before = cards.findIndex((card) => {
      const box = card.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    move(dragged, half, before < 0 ? cards.length : before);
  });

  document.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("[data-board] [data-item]");
    if (!card || card !== event.target || !event.altKey || !event.key.startsWith("Arrow")) return;
    const halves = [...board().querySelectorAll(".plan-half")];
    const at = halves.indexOf(card.closest(".plan-half"));
    const step = { ArrowLeft: -2, ArrowRight: 2, ArrowUp: -1, ArrowDown: 1 }[event.key];
    event.preventDefault();
    move(card, halves[at + step]);
  });
})();
