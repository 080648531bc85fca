// Photos are made small before they are sent: at most 1600 px, JPEG, without what the camera wrote into them.
(() => {
  "use strict";
  const LONGEST = 1600;
  const QUALITY = 0.82;

  const small = async (file) => {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), {
      width: Math.max(1, Math.round(picture.width * scale)), height: Math.max(1, Math.round(picture.height * scale)),
    });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
    return new File([blob], `${file.name.replace(/\.[^.]*$/, "").slice(0, 60) || "photo"}.jpg`, { type: "image/jpeg" });
  };

  const put = (input, files) => {
    const list = new DataTransfer();
    for (const file of files) list.items.add(file);
    input.files = list.files;
    input.kept = files;
    input.required = input.required && !files.length;
    show(input);
  };

  const show = (input) => {
    const row = input.closest("fieldset, form").querySelector("[data-photo-row]");
    if (!row) return;
    for (const picture of row.querySelectorAll("img")) URL.revokeObjectURL(picture.src);
    row.replaceChildren(...input.kept.map((file) => {
      const box = document.createElement("button");
      box.type = "button";
      box.className = "photo-chosen";
      box.setAttribute("aria-label", document.getElementById("offline-texts")?.dataset.removePhoto || "×");
      box.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" }), Object.assign(document.createElement("i"), { className: "ti ti-x" }));
      box.addEventListener("click", () => put(input, input.kept.filter((one) => one !== file)));
      return box;
    }));
  };

  document.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches?.("input[type=file][data-photos]") || !event.isTrusted && !input.files.length) return;
    const most = Number(input.dataset.photos);
    const chosen = [...input.files].filter((file) => !(input.kept || []).includes(file));
    const button = input.form?.querySelector(".btn-primary");
    button?.setAttribute("aria-busy", "true");
    try {
      const made = await Promise.all(chosen.map(small));
      put(input, [...(most > 1 ? input.kept || [] : []), ...made].slice(-most));
    } catch {
      put(input, input.kept || []);
      window.crm.toast({ text: document.getElementById("offline-texts")?.dataset.photoBad, look: "late" });
    } finally {
      button?.removeAttribute("aria-busy");
    }
  });
  window.crm.showPhotos = put;
})();
