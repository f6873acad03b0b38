// Posters of a grid come by one reading of purpose `list`: asked for once a page, never one by one.

export async function showPosters(main) {
  for (const grid of main.querySelectorAll("[data-posters]")) {
    const pictures = [...grid.querySelectorAll("img[data-poster]:not([src])")];
    if (!pictures.length) continue;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
    const body = JSON.stringify({ items: pictures.map((one) => one.dataset.poster) });
    const answer = await fetch(grid.dataset.posters, { method: "POST", headers, body, credentials: "same-origin" }).catch(() => null);
    if (!answer?.ok) continue;
    const { posters } = await answer.json();
    for (const picture of pictures) {
      const url = posters?.[picture.dataset.poster];
      if (!url) continue;
      picture.addEventListener("load", () => (picture.hidden = false), { once: true });
      picture.src = url;
    }
  }
}
