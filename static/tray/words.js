// Sizes and times as people say them; the same manner as the server's pages.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

export function size(count) {
  let [value, unit] = [count, 0];
  while (value >= 999.5 && unit < UNITS.length - 1) [value, unit] = [value / 1000, unit + 1];
  if (unit === 0) return count === 1 ? "1 byte" : `${count} bytes`;
  return `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ${UNITS[unit]}`;
}

export function left(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

export const percent = (part, whole) => (whole ? Math.floor((100 * part) / whole) : 100);

export const files = (count) => (count === 1 ? "1 file" : `${count} files`);
