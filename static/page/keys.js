// Single keys: `/` search, `j` `k` in lists, the player's keys, `?` the list of them. A switch turns them off (WCAG 2.1.4).

import { playerKey } from "../player.js";

const STORED = "proofroom-keys";
const typing = (element) => element.matches?.("input, textarea, select, [contenteditable]") && element.type !== "checkbox";

const on = () => document.getElementById("main").dataset.keys !== "off" && localStorage.getItem(STORED) !== "off";

export function listenForKeys() {
  document.addEventListener("keydown", pressed);
  const box = document.querySelector("[data-keys-switch]");
  if (!box) return;
  box.checked = on();
  box.addEventListener("change", () => localStorage.setItem(STORED, box.checked ? "on" : "off"));
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && document.getElementById("keys")) return take(event, () => document.getElementById("keys").showModal());
  if (!on()) return;
  if (event.key === "/") return take(event, search);
  if (event.key === "j" || event.key === "k") return take(event, () => step(event.key === "j" ? 1 : -1));
  // What has the focus takes these itself; a player would otherwise be turned on and off again.
  const native = event.target.closest("button, a, summary, video, audio") && [" ", "Enter"].includes(event.key);
  if (!native && playerKey(event.key)) event.preventDefault();
}

function take(event, act) {
  event.preventDefault();
  act();
}

function search() {
  const boxes = [...document.querySelectorAll('#main input[type="search"], [data-key="/"]')];
  const box = boxes.find((one) => one.offsetParent);
  if (box) box.focus();
  else window.location.assign("/search");
}

/** Focus the next or previous row's link; Enter then opens it, as links do. */
function step(by) {
  const links = [...document.querySelectorAll("#main [data-list] tbody tr, #main ul.grid > li")].map((row) => row.querySelector("a[href]")).filter(Boolean);
  if (!links.length) return;
  const now = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
  links[Math.max(0, Math.min(links.length - 1, now + by))].focus();
}
