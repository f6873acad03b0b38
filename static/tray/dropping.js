// What was dropped or picked, as a flat list of files with their paths inside the folder that was dropped.

/** Files of a drop, folders walked through. Must be called before the event ends: entries are gone afterwards. */
export function dropped(transfer) {
  const entries = [...transfer.items].filter((one) => one.kind === "file").map((one) => one.webkitGetAsEntry?.());
  if (entries.every(Boolean) && entries.length) return Promise.all(entries.map(walk)).then((found) => found.flat());
  return Promise.resolve([...transfer.files].map((file) => ({ file, path: "" })));
}

/** Files of an `<input type=file>`, with paths when a folder was picked. */
export const picked = (input) => [...input.files].map((file) => ({ file, path: file.webkitRelativePath }));

async function walk(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    return [{ file, path: path.includes("/") ? path : "" }];
  }
  const reader = entry.createReader();
  const found = [];
  // A reader gives at most a hundred entries at a time, and none when it has given all.
  for (let some; (some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))).length; ) {
    for (const one of some) found.push(...(await walk(one)));
  }
  return found;
}
