// The wall: the whole screen at one tap. The figures come by htmx.
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-full-screen]")) return;
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.().catch(() => {});
});
