// Parts of a page that follow what the server does: an element with `data-follow` (seconds) and an id is fetched
// again with its page until the new one no longer asks for it.

let timer = null;
let beat = null; // what the timer will do, for whoever can't wait
let soon = false;

export function unfollow() {
  clearTimeout(timer);
  beat = null;
  soon = false;
}

/** Something that this page shows has changed just now: look soon. Several at once are one look. */
document.addEventListener("proofroom:changed", () => {
  if (!beat || soon) return;
  soon = true;
  clearTimeout(timer);
  timer = setTimeout(beat, 400);
});

export function follow(main, changed) {
  unfollow();
  const parts = [...main.querySelectorAll("[data-follow][id]")];
  if (!parts.length) return;
  const seconds = Math.min(...parts.map((part) => Number(part.dataset.follow) || 3));
  const page = location.href;
  beat = async () => {
    const fresh = document.hidden ? null : await fetched(page);
    if (location.href !== page) return;
    // What only goes along (tabs with their counts) never makes the page be fetched, and waits while somebody is in it.
    const along = [...main.querySelectorAll("[data-follows-along][id]")].filter((part) => !part.contains(document.activeElement));
    if (fresh && replaced([...parts, ...along], fresh)) changed();
    else follow(main, changed);
  };
  timer = setTimeout(beat, seconds * 1000);
}

async function fetched(page) {
  // The header says that no person did this, so that a forgotten tab does not keep its session alive.
  const answer = await fetch(page, { headers: { "X-Automatic": "1" }, credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function replaced(parts, fresh) {
  let any = false;
  for (const part of parts) {
    const other = fresh.getElementById(part.id);
    // A part that names its version is compared by it: pictures and ticks in it have changed here since.
    if (!other || (part.dataset.version && part.dataset.version === other.dataset.version) || other.isEqualNode(part)) continue;
    part.replaceWith(document.adoptNode(other));
    window.htmx?.process(document.getElementById(part.id));
    any = true;
  }
  return any;
}
