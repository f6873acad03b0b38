// The viewer of an item. Bytes come only through a reading that the server opened; what was watched is told back.

const TELL_EVERY = 20_000; // milliseconds between beacons while something plays
const viewers = new Set();

const token = () => document.querySelector('meta[name="csrf-token"]').content;

export function openViewers(main) {
  for (const viewer of viewers) {
    if (viewer.element.isConnected) continue;
    viewer.close();
    viewers.delete(viewer);
  }
  for (const element of main.querySelectorAll("[data-viewer]:not([data-awake])")) viewers.add(new Viewer(element));
}

export function closeViewers() {
  for (const viewer of viewers) viewer.close();
  viewers.clear();
}

/** True when a viewer of this page took the key. */
export const playerKey = (key) => [...viewers].some((viewer) => viewer.key(key));

class Viewer {
  constructor(element) {
    this.element = element;
    this.stage = element.querySelector("[data-part=stage]");
    this.message = element.querySelector("[data-part=message]");
    this.media = null;
    this.reading = null;
    element.dataset.awake = "yes";
    element.querySelector("[data-part=start]")?.addEventListener("click", () => this.open());
    for (const button of element.querySelectorAll("[data-does]")) button.addEventListener("click", () => this.key(button.dataset.does));
    element.querySelector("[data-part=speed]")?.addEventListener("change", (event) => this.media && (this.media.playbackRate = Number(event.target.value)));
    if (element.dataset.viewer === "picture") this.open();
  }

  /** Ask for a reading; the answer names the address that its bytes have. */
  async open(at = 0) {
    const headers = { "X-CSRFToken": token(), Accept: "application/json" };
    const answer = await fetch(this.element.dataset.play, { method: "POST", headers, credentials: "same-origin" }).catch(() => null);
    const said = await answer?.json().catch(() => ({}));
    if (!answer?.ok) return this.say(said?.detail || "The server did not answer. Try again in a moment.");
    this.reading = said.reading;
    this.say("");
    if (this.element.dataset.viewer === "picture") this.picture(said.url);
    else this.play(said, at);
  }

  play({ url }, at) {
    if (!this.media) this.make();
    this.media.src = url;
    if (at) this.media.addEventListener("loadedmetadata", () => (this.media.currentTime = at), { once: true });
    this.media.play().catch(() => {}); // a browser may want the person to press play; the controls are there
  }

  make() {
    this.media = document.createElement(this.element.dataset.viewer);
    Object.assign(this.media, { controls: true, preload: "metadata", playsInline: true, disableRemotePlayback: true });
    this.media.setAttribute("controlslist", "nodownload noremoteplayback");
    this.media.setAttribute("aria-label", this.element.dataset.name);
    for (const moment of ["pause", "ended"]) this.media.addEventListener(moment, () => this.tell(false));
    this.media.addEventListener("error", () => this.failed());
    this.stage.replaceChildren(this.media);
    this.element.classList.add("viewer-on");
    this.media.focus({ preventScroll: true });
    this.timer = setInterval(() => !this.media.paused && this.tell(false), TELL_EVERY);
  }

  async failed() {
    const { error, currentTime } = this.media;
    // A reading ends after a long pause; a new one goes on at the same place. Twice at one place is a real failure.
    if (error?.code === MediaError.MEDIA_ERR_NETWORK && this.failedAt !== currentTime) {
      this.failedAt = currentTime;
      return this.open(currentTime);
    }
    this.say("This browser cannot play this recording. It is sealed and complete: download the original to play it elsewhere.");
  }

  picture(url) {
    const image = new Image();
    image.alt = this.element.dataset.name;
    image.addEventListener("load", () => this.element.classList.add("viewer-on"));
    image.addEventListener("error", () => this.say("The preview cannot be shown. The original can be downloaded."));
    image.addEventListener("click", () => this.zoom(this.scale > 1 ? 1 : 2));
    image.src = url;
    this.image = image;
    this.scale = 1;
    this.stage.replaceChildren(image);
    this.stage.tabIndex = 0;
  }

  zoom(scale) {
    this.scale = Math.max(1, Math.min(8, scale));
    this.element.classList.toggle("viewer-zoomed", this.scale > 1);
    this.image.style.width = this.scale > 1 ? `${this.scale * 100}%` : "";
  }

  key(key) {
    if (this.image) return this.pictureKey(key);
    if (!this.media) return key === " " && Boolean(this.element.querySelector("[data-part=start]")) && (this.open(), true);
    const frame = 1 / (Number(this.element.dataset.rate) || 30);
    const moves = { ArrowLeft: -5, ArrowRight: 5, ",": -frame, ".": frame };
    if (key in moves) {
      if (key === "," || key === ".") this.media.pause();
      this.media.currentTime = Math.max(0, this.media.currentTime + moves[key]);
    } else if (key !== " ") return false;
    else if (this.media.paused) this.media.play().catch(() => {});
    else this.media.pause();
    return true;
  }

  pictureKey(key) {
    if (key === "+" || key === "=") this.zoom(this.scale * 1.5);
    else if (key === "-") this.zoom(this.scale / 1.5);
    else if (key === "0") this.zoom(1);
    else return false;
    return true;
  }

  /** Tell the server what was played, in seconds of the recording. `keepalive` lets it outlive the page. */
  tell(ended) {
    if (!this.reading) return;
    const played = this.media?.played;
    const watched = played ? [...Array(played.length).keys()].map((i) => [played.start(i), played.end(i)]) : [];
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token() };
    const body = JSON.stringify({ watched, ended });
    fetch(`/readings/${this.reading}/beacon`, { method: "POST", headers, body, keepalive: true, credentials: "same-origin" }).catch(() => {});
  }

  close() {
    clearInterval(this.timer);
    this.media?.pause();
    this.tell(true);
    this.reading = null;
    this.media?.removeAttribute("src");
    this.media?.load();
  }

  say(words) {
    this.message.textContent = words;
    this.message.hidden = !words;
  }
}
