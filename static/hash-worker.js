// SHA-256 of a file, read in slices, away from the page's thread. One file at a time.
// In: {script} once, then {id, file} or {stop: id}. Out: {id, read} as it goes, {id, sha256} or {id, failed}.
"use strict";

const SLICE = 8 * 1024 * 1024;
const stopped = new Set();

self.onmessage = async ({ data }) => {
  if (data.script) importScripts(data.script);
  else if (data.stop) stopped.add(data.stop);
  else await hash(data.id, data.file);
};

async function hash(id, file) {
  try {
    const running = await hashwasm.createSHA256();
    running.init();
    for (let at = 0; at < file.size; at += SLICE) {
      if (stopped.delete(id)) return self.postMessage({ id, failed: "stopped" });
      running.update(new Uint8Array(await file.slice(at, at + SLICE).arrayBuffer()));
      self.postMessage({ id, read: Math.min(file.size, at + SLICE) });
    }
    self.postMessage({ id, sha256: running.digest("hex") });
  } catch (error) {
    self.postMessage({ id, failed: String(error.message || error) });
  }
}
