// The upload tray. It lives beside #main, so it survives every navigation; what it can't survive, it says.

import { cancelling, leaving, whereTo } from "./asking.js";
import { dropped, picked } from "./dropping.js";
import * as hashing from "./hashing.js";
import { row } from "./rows.js";
import * as server from "./server.js";
import { Upload } from "./upload.js";
import { left, size } from "./words.js";

const AT_ONCE = 3;
const tray = document.getElementById("tray");
const list = document.getElementById("tray-list");
const uploads = new Map(); // Upload → its row
const others = new BroadcastChannel("proofroom-uploads");
let letGo = false;

hashing.setUp(tray.dataset.worker, tray.dataset.sha256);

// --- the queue ---
function add(upload) {
  const element = row(upload, act);
  uploads.set(upload, element);
  list.append(element);
  let seen = upload.state;
  upload.addEventListener("change", () => {
    if (seen !== upload.state) document.dispatchEvent(new Event("proofroom:changed"));
    seen = upload.state;
    if (upload.state === "ready" && element.nextElementSibling) list.append(element); // what is under way stays on top
    next();
    sum();
  });
  sum();
}

const narrow = () => matchMedia("(max-width: 40em)").matches;
const inState = (...states) => [...uploads.keys()].filter((one) => states.includes(one.state));

async function next() {
  for (const one of inState("waiting").slice(0, Math.max(0, AT_ONCE - inState("sending").length))) {
    one.become("sending"); // taken, before the script has arrived
    await library();
    if (one.state === "sending") one.start();
  }
}

let loading = null;
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: tray.dataset.tus, onload: resolve, onerror: reject });
    document.head.append(script);
  });
  return loading;
}

async function take(found) {
  if (!found.length) return;
  await recalled; // else a file that goes on with an upload would begin another
  const again = [];
  const fresh = [];
  for (const one of found) {
    const missing = inState("missing").find((other) => sameFile(other, one) && !again.some(([taken]) => taken === other));
    if (missing) again.push([missing, one]);
    else fresh.push(one);
  }
  for (const [missing, one] of again) goOn(missing, one);
  const where = fresh.length ? await whereTo(fresh.length) : null;
  if (where) for (const { file, path } of fresh) begin(new Upload(file, { path, where }));
  fold(narrow());
}

function begin(upload) {
  add(upload);
  upload.hash();
  upload.become("waiting");
}

// --- going on with what a closed tab left ---
function sameFile(missing, { file }) {
  const { known } = missing;
  const sameTime = !known.modified || Math.abs(Date.parse(known.modified) - file.lastModified) < 2000;
  return known.name === file.name && known.length === file.size && sameTime;
}

function goOn(missing, { file, path }) {
  uploads.get(missing).remove();
  uploads.delete(missing);
  begin(new Upload(file, { path, where: missing.where, known: missing.known }));
}

async function recall() {
  const running = await heldElsewhere();
  const found = await server.unfinished().catch(() => []);
  for (const known of found) {
    if (running.has(known.id) || known.state !== "open") continue;
    const file = { name: known.name, size: known.length };
    const where = known.case ? { id: known.case, label: known.case } : null;
    const upload = new Upload(file, { known, where, path: known.path });
    upload.state = "missing";
    add(upload);
  }
  fold(narrow());
}

const recalled = recall();

function heldElsewhere() {
  const held = new Set();
  const hear = ({ data }) => data.holding?.forEach((id) => held.add(id));
  others.addEventListener("message", hear);
  others.postMessage({ who: true });
  return new Promise((resolve) => setTimeout(() => {
    others.removeEventListener("message", hear);
    resolve(held);
  }, 150));
}

others.addEventListener("message", ({ data }) => {
  if (data.who) others.postMessage({ holding: [...uploads.keys()].filter((one) => one.id && one.underWay).map((one) => one.id) });
});

// --- what a person does to a row ---
async function act(what, upload) {
  if (what === "pause") upload.pause();
  else if (what === "resume" || what === "retry") upload.retry();
  else if (what === "choose") document.getElementById("pick-files").click();
  else if (what === "clear") drop(upload);
  else if (what === "cancel" && (await cancelling(upload.file.name))) {
    await upload.cancel().catch((error) => upload.become("failed", error.message));
    if (upload.state === "cancelled") drop(upload);
  }
}

function drop(upload) {
  uploads.get(upload)?.remove();
  uploads.delete(upload);
  sum();
  next();
}

// --- the line that sums up ---
function sum() {
  const all = [...uploads.keys()];
  const going = all.filter((one) => ["waiting", "sending"].includes(one.state));
  const done = all.filter((one) => ["ready", "quarantined"].includes(one.state)).length;
  const rest = going.reduce((bytes, one) => bytes + one.file.size - one.sent, 0);
  const speed = going.reduce((bytes, one) => bytes + (one.pace?.speed ?? 0), 0);
  const words = [`Uploads: ${done} of ${all.length} ready`];
  if (going.length) words.push(`${size(rest)} left`);
  if (speed > 0) words.push(left(rest / speed));
  if (inState("missing").length) words.push(`${inState("missing").length} to go on with`);
  if (inState("failed").length) words.push(`${inState("failed").length} stopped`);
  document.getElementById("tray-sum").textContent = words.join(" · ");
  document.getElementById("tray-clear").hidden = done < 2;
  tray.hidden = all.length === 0;
  document.body.classList.toggle("has-tray", !tray.hidden);
}

document.getElementById("tray-clear").addEventListener("click", () => inState("ready", "quarantined").forEach(drop));
document.getElementById("tray-fold").addEventListener("click", () => {
  fold(!tray.classList.contains("tray-folded"));
});

function fold(folded) {
  tray.classList.toggle("tray-folded", folded);
  document.getElementById("tray-fold").setAttribute("aria-expanded", String(!folded));
}

// What is all done makes room as soon as the person goes on to another page.
document.addEventListener("htmx:pushedIntoHistory", () => {
  if (inState("ready", "quarantined").length === uploads.size) fold(true);
});

// --- where files come from ---
for (const input of document.querySelectorAll("#pick-files, #pick-folder")) {
  input.addEventListener("change", () => {
    take(picked(input));
    input.value = "";
  });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-pick]");
  if (button) document.getElementById(`pick-${button.dataset.pick}`).click();
});

const target = document.getElementById("drop-target");
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  const label = document.querySelector("#main [data-upload-case]")?.dataset.uploadLabel;
  target.firstElementChild.textContent = label ? `Drop to add to ${label}` : "Drop to add evidence";
  target.hidden = false;
});
document.addEventListener("dragleave", (event) => event.relatedTarget === null && (target.hidden = true));
document.addEventListener("drop", (event) => {
  target.hidden = true;
  if (!holdsFiles(event)) return;
  event.preventDefault();
  dropped(event.dataTransfer).then(take);
});

// --- leaving ---
const named = () => inState("waiting", "sending", "paused").map((one) => one.file.name);
window.addEventListener("beforeunload", (event) => {
  if (!letGo && named().length) event.preventDefault();
});
document.addEventListener("submit", async (event) => {
  // A form that answers with a file does not leave the page, though the browser asks as if it did.
  if (event.target.matches("[data-download]")) {
    letGo = true;
    setTimeout(() => (letGo = false), 2000);
  } else if (event.target.matches("[data-leaves]") && named().length) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await leaving(named())) {
      letGo = true;
      event.target.submit();
    }
  }
}, true);

window.addEventListener("online", () => inState("failed").forEach((one) => one.retry()));
