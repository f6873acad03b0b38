// One row of the tray a file: its name, what is happening, and the buttons that make sense now.

import { left, percent, size } from "./words.js";

const BUTTONS = {
  waiting: ["pause", "cancel"], sending: ["pause", "cancel"], paused: ["resume", "cancel"], failed: ["retry", "cancel"],
  missing: ["choose", "cancel"], sealing: [], ready: ["open", "clear"], quarantined: ["open", "clear"], cancelled: ["clear"],
};
const SHAPES = { ready: "done", quarantined: "stop", failed: "care", paused: "pause", missing: "care", sealing: "wait", cancelled: "dash" };

/** What is happening to this file, in words. */
export function says(upload) {
  const { state, file, sent, read, pace } = upload;
  const hashing = upload.digest ? "" : ` · hashing ${percent(read, file.size)} %`;
  switch (state) {
    case "waiting": return `Waiting its turn${hashing}`;
    case "sending": {
      const speed = pace ? ` · ${size(pace.speed)}/s · ${left(pace.left)} left` : "";
      return `Sending ${percent(sent, file.size)} % of ${size(file.size)}${speed}${hashing}`;
    }
    case "paused": return `Paused at ${percent(sent, file.size)} %`;
    case "sealing": return upload.digest ? "Sealing: being read back and compared" : `Received${hashing}`;
    case "ready": return `Ready: sealed${upload.number ? ` as ${upload.number}` : ""}`;
    case "quarantined": return `Quarantined: what arrived is not what was sent. ${upload.why}`;
    case "missing": return `${percent(sent, file.size)} % of ${size(file.size)} is safe. Choose the file again to go on.`;
    case "cancelled": return "Cancelled";
    default: return upload.why || "It did not work.";
  }
}

/** A row that redraws itself when its upload changes, at most once a frame. */
export function row(upload, act) {
  const element = document.getElementById("tray-row").content.firstElementChild.cloneNode(true);
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  part("name").textContent = upload.path || upload.file.name;
  part("where").textContent = upload.where?.label ?? "No case yet";
  for (const button of element.querySelectorAll("[data-act]")) {
    const name = upload.path || upload.file.name;
    button.setAttribute("aria-label", `${button.dataset.act[0].toUpperCase()}${button.dataset.act.slice(1)} ${name}`);
    button.addEventListener("click", () => act(button.dataset.act, upload));
  }
  let due = false;
  const draw = () => {
    due = false;
    element.dataset.state = upload.state;
    part("says").textContent = says(upload);
    const bar = part("bar");
    bar.max = upload.file.size || 1;
    bar.value = upload.file.size ? upload.sent : 1;
    bar.hidden = ["ready", "quarantined", "cancelled"].includes(upload.state);
    bar.setAttribute("aria-label", `${upload.file.name} sent`);
    for (const shape of element.querySelectorAll("[data-shape]")) shape.hidden = shape.dataset.shape !== (SHAPES[upload.state] ?? "arrive");
    for (const button of element.querySelectorAll("[data-act]")) button.hidden = !BUTTONS[upload.state].includes(button.dataset.act);
    const link = element.querySelector("a[data-open]");
    link.hidden = !upload.item || !["ready", "sealing", "quarantined"].includes(upload.state);
    if (upload.item) link.href = `/items/${upload.item}/`;
  };
  upload.addEventListener("change", () => {
    if (!due) requestAnimationFrame(draw);
    due = true;
  });
  draw();
  return element;
}
