// One file on its way: hashed and sent at the same time, then sealed by the server, then ready.

import { sha256 } from "./hashing.js";
import * as server from "./server.js";

const PART = 33_553_880; // bytes of plain text in one stored part, so that each PATCH ends on one (docs/vault-format.md)
const RETRIES = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000];
const ASKED_AT_ONCE = 8;
const FRESH_CREDENTIAL = new Set([401, 403]);

// Uploads whose sealing is waited for; a few at a time are asked after, so that a thousand files are no storm.
const sealing = new Set();
let asking = false;

async function askAfter(pause = 500) {
  if (asking) return;
  asking = true;
  while (sealing.size) {
    await new Promise((go) => setTimeout(go, pause));
    for (const one of [...sealing].slice(0, ASKED_AT_ONCE)) {
      sealing.delete(one);
      if (!(await one.isSettled())) sealing.add(one);
    }
    pause = Math.min(pause * 1.3, 3000);
  }
  asking = false;
}

export class Upload extends EventTarget {
  /** `known` is an entry of the server's list of unfinished uploads, when this goes on with one. */
  constructor(file, { path = "", where = null, known = null } = {}) {
    super();
    Object.assign(this, { file, path, where, known, state: "waiting", read: 0, sent: known?.offset ?? 0, why: "" });
    this.id = known?.id ?? null;
    this.item = known?.item ?? null;
    this.credential = known?.credential ?? null;
    this.stopping = new AbortController();
    this.paces = [];
    this.sourceTold = false;
    this.running = false;
    this.created = Promise.resolve();
    this.settleCreation = () => {};
  }

  become(state, why = "") {
    Object.assign(this, { state, why });
    this.dispatchEvent(new Event("change"));
  }

  get underWay() {
    return ["waiting", "sending", "paused", "failed"].includes(this.state);
  }

  /** Hashing starts as soon as the file is in the tray, ahead of its turn to be sent. */
  hash() {
    const told = (read) => {
      this.read = read;
      this.dispatchEvent(new Event("change"));
    };
    this.hashing = sha256(this.file, told, this.stopping.signal);
    this.hashing.then((digest) => this.tellSource(digest), (error) => {
      this.hashing = null;
      this.fail(error);
    });
  }

  start() {
    this.become("sending");
    if (this.running) return;
    this.running = true;
    // Creation is never cut off: the server would keep an upload that nobody here knows.
    if (!this.id) this.created = new Promise((settle) => (this.settleCreation = settle));
    if (this.tus) return this.tus.start();
    this.tus = new window.tus.Upload(this.file, {
      // An address that is known is never replaced: a refused HEAD must not begin a second upload of the same file.
      endpoint: this.known ? null : "/api/v1/uploads/",
      uploadUrl: this.known?.location ?? null,
      chunkSize: PART,
      retryDelays: RETRIES,
      storeFingerprintForResuming: false,
      metadata: this.metadata(),
      onBeforeRequest: (request) => this.authorise(request),
      onAfterResponse: (request, answer) => this.learn(request, answer),
      onShouldRetry: (error) => this.mayRetry(error),
      onProgress: (sent) => this.moved(sent),
      onSuccess: () => this.arrived(),
      onError: (error) => this.fail(error),
    });
    this.tus.start();
  }

  metadata() {
    const said = { filename: this.file.name, source_hash: "sha256", type: this.file.type || "application/octet-stream" };
    said.modified = new Date(this.file.lastModified).toISOString();
    if (this.path) said.relative_path = this.path;
    if (this.where?.id) said.case = this.where.id;
    return said;
  }

  async authorise(request) {
    if (request.getMethod() === "POST") return request.setHeader("X-CSRFToken", server.token());
    if (this.stale) {
      const mine = (await server.unfinished()).find((one) => one.id === this.id);
      if (mine) this.credential = mine.credential;
      this.stale = false;
    }
    request.setHeader("Authorization", `Upload ${this.credential}`);
  }

  async learn(request, answer) {
    const said = (name) => answer.getHeader(name);
    if (request.getMethod() === "HEAD" && said("Proofroom-Busy")) {
      // The server still takes what was on the way when somebody stopped: sending now would be refused, bytes and all.
      await new Promise((go) => setTimeout(go, Math.min(2, Number(said("Proofroom-Busy"))) * 500));
      throw new Error("busy");
    }
    if (request.getMethod() !== "POST" || answer.getStatus() !== 201) return;
    this.credential = said("Proofroom-Credential");
    this.item = said("Proofroom-Item");
    this.id = new URL(said("Location"), location.href).pathname.split("/").filter(Boolean).pop();
    this.tus.options.endpoint = null;
    this.settleCreation();
    if (this.digest) this.tellSource(this.digest);
  }

  mayRetry(error) {
    const status = error.originalResponse?.getStatus() ?? 0;
    if (FRESH_CREDENTIAL.has(status) && this.id && !this.renewed) return (this.stale = this.renewed = true);
    return status < 400 || status >= 500 || [409, 423, 429].includes(status);
  }

  moved(sent) {
    const now = performance.now();
    this.sent = sent;
    this.paces.push([now, sent]);
    while (this.paces.length > 2 && now - this.paces[0][0] > 5000) this.paces.shift();
    this.dispatchEvent(new Event("change"));
  }

  /** Bytes a second over the last five, and seconds left at that pace; null while nothing is known. */
  get pace() {
    if (this.state !== "sending" || this.paces.length < 2) return null;
    const [first, last] = [this.paces[0], this.paces.at(-1)];
    const speed = ((last[1] - first[1]) * 1000) / Math.max(1, last[0] - first[0]);
    return speed > 0 ? { speed, left: (this.file.size - this.sent) / speed } : null;
  }

  async tellSource(digest) {
    this.digest = digest;
    if (!this.id || this.sourceTold || this.state === "cancelled") return;
    this.sourceTold = true;
    const modified = new Date(this.file.lastModified).toISOString();
    const source = { sha256: digest, bytes: this.file.size, path: this.path || this.file.name, modified };
    for (const delay of RETRIES) {
      try {
        return await server.sendSource(this.id, this.credential, source);
      } catch (error) {
        if (error.status && error.status < 500 && error.status !== 429) {
          this.sourceTold = false;
          return this.fail(error);
        }
        await new Promise((go) => setTimeout(go, delay));
      }
    }
    this.sourceTold = false;
  }

  arrived() {
    this.sent = this.file.size;
    this.become("sealing");
    sealing.add(this);
    askAfter();
  }

  /** Ask how far the server is; true when it is sealed or says why not. */
  async isSettled() {
    const now = await server.state(this.id).catch(() => null);
    if (now?.number) this.number = now.number;
    if (now?.item_state === "sealed") this.become("ready");
    else if (now?.item_state === "quarantined") this.become("quarantined", "The custodian has been told.");
    else if (now?.item_state === "abandoned") this.become("failed", "The server ended this upload.");
    return this.state !== "sealing";
  }

  async pause() {
    this.paces = [];
    this.become("paused");
    await this.created;
    if (this.state === "paused") this.halt();
  }

  halt() {
    this.running = false;
    return this.tus?.abort();
  }

  retry() {
    this.renewed = false;
    if (this.digest) this.tellSource(this.digest);
    else if (!this.hashing) this.hash();
    this.become("waiting");
  }

  fail(error) {
    this.settleCreation();
    if (this.state === "cancelled") return;
    this.halt();
    this.become("failed", server.plainly(error));
  }

  async cancel() {
    this.become("cancelled");
    this.stopping.abort();
    await this.created;
    await this.halt();
    if (this.id) await server.end(this.id, this.credential);
  }
}
