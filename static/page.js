// What every page does: HTMX swaps of #main, copying, dialogs, keys, following a state. Rules are the server's.

import { follow, unfollow } from "./page/follow.js";
import { listenForKeys } from "./page/keys.js";
import { showPosters } from "./page/posters.js";
import { closeViewers, openViewers } from "./player.js";

const main = () => document.getElementById("main");
const say = (words) => (document.getElementById("said").textContent = words);

/** Everything in #main that a script must wake up; called for each new page, however it came. */
function wake() {
  markRoom();
  openViewers(main());
  showPosters(main());
  follow(main(), wake);
}

function markRoom() {
  for (const link of document.querySelectorAll("[data-room]")) {
    if (new RegExp(link.dataset.room).test(location.pathname)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function sleep() {
  closeViewers();
  unfollow();
}

// --- swaps ---
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, serverResponse } = event.detail;
  // A page without our frame (sign-in, a refusal in plain text) is loaded whole.
  if (!serverResponse.includes('id="main"') || serverResponse.includes("data-whole")) {
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL || "/");
    return;
  }
  sleep();
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "main" && !event.detail.elt?.querySelector?.("#main")) return;
  arrive();
});
document.addEventListener("htmx:historyCacheMissLoad", () => sleep());
document.addEventListener("htmx:historyRestore", () => arrive());
for (const failed of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, () => note("The server did not answer. Check the connection and try again."));
}

function arrive() {
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  wake();
  const heading = main().querySelector("h1");
  heading?.focus({ preventScroll: true });
  say(document.title);
}

/** A message of this page's own, in the place of the server's. */
function note(words) {
  const notes = document.getElementById("notes");
  const frame = document.createElement("div");
  frame.className = "usa-alert usa-alert--slim usa-alert--error";
  frame.setAttribute("role", "alert");
  frame.innerHTML = '<div class="usa-alert__body"><p class="usa-alert__text"></p></div>';
  frame.querySelector("p").textContent = words;
  notes?.replaceChildren(frame);
}

// --- small behaviours, by attribute ---
document.addEventListener("click", async (event) => {
  const on = (selector) => event.target.closest(selector);
  const copy = on("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy).then(() => say("Copied"), () => say("Could not copy"));
    copy.classList.add("copied");
    setTimeout(() => copy.classList.remove("copied"), 1500);
  }
  const opens = on("[data-opens]");
  if (opens) document.getElementById(opens.dataset.opens).showModal();
  on("[data-closes]")?.closest("dialog").close();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.activeElement.closest?.("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("change", (event) => event.target.matches("[data-submits]") && event.target.form.requestSubmit());
// A form is sent once, however often its button is pressed; one that answers with a file can be sent again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, form.matches("[data-download]") ? 1500 : 4000);
});
document.addEventListener("htmx:confirm", (event) => event.target.matches("form[data-busy]") && event.preventDefault());
document.addEventListener("htmx:beforeRequest", (event) => event.target.matches("form") && (event.target.dataset.busy = "yes"));
document.addEventListener("htmx:afterRequest", (event) => delete event.target.dataset?.busy);
// Without a tray, a file that is dropped would replace the page.
for (const moment of ["dragover", "drop"]) {
  document.addEventListener(moment, (event) => {
    if (!document.getElementById("tray") && event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}
window.addEventListener("pagehide", closeViewers);
window.addEventListener("pageshow", (event) => event.persisted && location.reload()); // personal pages aren't kept

listenForKeys();
wake();
