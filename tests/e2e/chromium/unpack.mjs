// Unpacks the packed browser of @sparticuz/chromium: node unpack.mjs PACKAGE TARGET. Its own flags are not used.
import { createReadStream, createWriteStream, chmodSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const [, , from, to] = process.argv;
for (const name of ["chromium", "al2023.tar", "fonts.tar", "swiftshader.tar"]) {
  await pipeline(createReadStream(`${from}/bin/${name}.br`), createBrotliDecompress(), createWriteStream(`${to}/${name}`));
}
chmodSync(`${to}/chromium`, 0o755);
