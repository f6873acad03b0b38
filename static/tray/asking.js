// The tray's questions: where files belong, whether to cancel, whether to leave.

import * as server from "./server.js";
import { files } from "./words.js";

/** Show a dialog of the page and give what its button said; "" when it was closed. */
export function ask(id, fill = () => {}) {
  const dialog = document.getElementById(id);
  fill((name) => dialog.querySelector(`[data-part="${name}"]`), dialog);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true }));
}

/** The case that this page says its files go to, or null. */
export function caseOfPage() {
  const element = document.querySelector("#main [data-upload-case]");
  return element && { id: element.dataset.uploadCase, label: element.dataset.uploadLabel };
}

/** Where the files belong: the page's case, or what the person answers. Null: nowhere, nothing is sent. */
export async function whereTo(count) {
  const here = caseOfPage();
  if (here) return here;
  const known = await server.cases().catch(() => []);
  const answer = await ask("upload-where", (part) => {
    part("count").textContent = files(count);
    const options = known.map((one) => new Option(`${one.number}  ${one.title}`, one.id));
    part("case").replaceChildren(...options, new Option("No case yet (uncategorised)", ""));
  });
  if (answer !== "yes") return null;
  const chosen = known.find((one) => one.id === document.querySelector('#upload-where [data-part="case"]').value);
  return chosen ? { id: chosen.id, label: chosen.number } : { id: "", label: "No case yet" };
}

export const cancelling = (name) => ask("upload-cancel", (part) => (part("name").textContent = name)).then((said) => said === "yes");

export const leaving = (names) =>
  ask("upload-leave", (part) => {
    part("names").replaceChildren(...names.map((name) => Object.assign(document.createElement("li"), { textContent: name })));
  }).then((said) => said === "yes");
