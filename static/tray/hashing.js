// Two workers hash files in the order they came, while sending goes on beside them.

const WORKERS = 2;
const idle = [];
const queue = [];
let made = 0;
let addresses = null;

export function setUp(worker, script) {
  addresses = { worker, script };
}

/** SHA-256 of the file in hex. `onRead` is told how many bytes are done. Rejects when the file can't be read. */
export function sha256(file, onRead, signal) {
  return new Promise((resolve, reject) => {
    queue.push({ id: crypto.randomUUID(), file, onRead, signal, resolve, reject });
    next();
  });
}

function next() {
  if (!queue.length) return;
  if (idle.length === 0 && made < WORKERS) {
    const worker = new Worker(addresses.worker);
    worker.postMessage({ script: addresses.script });
    made += 1;
    idle.push(worker);
  }
  const worker = idle.pop();
  if (worker) run(worker, queue.shift());
}

function run(worker, task) {
  const done = (settle, value) => {
    worker.onmessage = worker.onerror = null;
    idle.push(worker);
    settle(value);
    next();
  };
  if (task.signal.aborted) return done(task.reject, new Error("stopped"));
  const stop = () => worker.postMessage({ stop: task.id });
  task.signal.addEventListener("abort", stop, { once: true });
  worker.onmessage = ({ data }) => {
    if (data.id !== task.id) return;
    if (data.read !== undefined) return task.onRead(data.read);
    task.signal.removeEventListener("abort", stop);
    if (data.sha256) done(task.resolve, data.sha256);
    else done(task.reject, new Error(data.failed));
  };
  worker.onerror = () => done(task.reject, new Error("The hash could not be computed."));
  worker.postMessage({ id: task.id, file: task.file });
}
