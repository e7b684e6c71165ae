// The TypeScript SDK's serializer, superjson, and JSON itself as a peer (bench/README.md). NODE_PATH names the folder of
// its packages.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(import.meta.url);
// No export of the package: the module by its file.
const { DBOSJSON } = require(path.join(path.dirname(require.resolve("@dbos-inc/dbos-sdk")), "serialization.js"));
const codecs = { portable_json: JSON, js_superjson: DBOSJSON };
const texts = {};
const values = {};

console.log("ready");
for await (const line of createInterface({ input: process.stdin })) {
  const [op, format, shape, times] = line.split(" ");
  const codec = codecs[format];
  const key = `${format}.${shape}`;
  texts[key] ??= readFileSync(path.join(process.argv[2], key), "utf8");
  values[key] ??= codec.parse(texts[key]);
  let result;
  for (let i = 0; i < Number(times); ++i) result = op === "decode" ? codec.parse(texts[key]) : codec.stringify(values[key]);
  console.log(result.length ?? Object.keys(result).length);
}
