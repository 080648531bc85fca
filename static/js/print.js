// The one button of a form on paper.
document.addEventListener("click", (event) => { if (event.target.closest?.("[data-print]")) window.print(); });
