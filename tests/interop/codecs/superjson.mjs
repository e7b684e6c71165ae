// What the TypeScript SDK reads and writes in its own format: a command on each line of the input, a JSON text.
// NODE_PATH names the folder of its packages.

import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import path from "node:path";

const require = createRequire(import.meta.url);
// No export of the package: the module by its file.
const sdk = path.dirname(require.resolve("@dbos-inc/dbos-sdk"));
const { DBOSJSON } = require(path.join(sdk, "serialization.js"));
const superjson = require("superjson").default;

class Point {
  constructor(x) {
    this.x = x;
  }
}
superjson.registerClass(Point, "Point");

const commands = {
  // A stored text, read and written again.
  again: (text) => DBOSJSON.stringify(DBOSJSON.parse(text)),
  // A JavaScript expression, written.
  expression: (text) => DBOSJSON.stringify((0, eval)(`const Point = globalThis.Point; (${text})`)),
  // A JSON text, written.
  json: (text) => DBOSJSON.stringify(JSON.parse(text)),
};
globalThis.Point = Point;

for await (const line of createInterface({ input: process.stdin })) {
  const { command, text } = JSON.parse(line);
  try {
    process.stdout.write(JSON.stringify({ ok: commands[command](text) }) + "\n");
  } catch (failure) {
    process.stdout.write(JSON.stringify({ error: String(failure) }) + "\n");
  }
}
