// What the tray asks the server, apart from the tus protocol itself.

const UPLOADS = "/api/v1/uploads/";

export const token = () => document.querySelector('meta[name="csrf-token"]').content;

async function ask(url, { method = "GET", json, headers = {} } = {}) {
  const told = { Accept: "application/json", ...headers };
  if (method !== "GET") told["X-CSRFToken"] = token();
  if (json) told["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers: told, body: json && JSON.stringify(json), credentials: "same-origin" });
  if (!answer.ok) throw await refusal(answer);
  return answer.status === 204 ? null : answer.json();
}

async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  const error = new Error(problem.detail || problem.title || `The server answered ${answer.status}.`);
  error.status = answer.status;
  return error;
}

/** The person's unfinished uploads, all pages of them; each comes with a fresh credential. */
export async function unfinished() {
  const found = [];
  for (let url = UPLOADS; url; ) {
    const page = await ask(url);
    found.push(...page.results);
    url = page.next;
  }
  return found;
}

export const state = (id) => ask(`${UPLOADS}${id}/state`, { headers: { "X-Automatic": "1" } });

export const sendSource = (id, credential, source) =>
  ask(`${UPLOADS}${id}/source`, { method: "PUT", json: source, headers: { Authorization: `Upload ${credential}` } });

export const end = (id, credential) =>
  ask(`${UPLOADS}${id}/`, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0", Authorization: `Upload ${credential}` } });

/** Open cases that the person may file into, for the question where files belong. */
export const cases = async () => (await ask("/api/v1/cases/?status=open")).results;

/** What a tus error says to a person. */
export function plainly(error) {
  const answer = error.originalResponse;
  if (!answer) return error.originalRequest ? "The connection was lost." : String(error.message || error);
  try {
    const problem = JSON.parse(answer.getBody());
    return problem.detail || problem.title;
  } catch {
    return `The server answered ${answer.getStatus()}.`;
  }
}
