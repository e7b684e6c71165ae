// Firings as the TypeScript SDK's scheduler computes them, by its own module: vectors.mjs NODE_MODULES.
// Reads [expression, zone, start, count] lines; answers with epoch seconds, "never" ending a short list, or "refused".
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const require = createRequire(import.meta.url);
const { TimeMatcher, validateCrontab } = require(
  join(process.argv[2], '@dbos-inc/dbos-sdk/dist/src/scheduler/crontab.js'),
);

function answer(expression, zone, start, count) {
  try {
    validateCrontab(expression);
  } catch {
    return 'refused';
  }
  const matcher = new TimeMatcher(expression, zone);
  const found = [];
  let last = start * 1000;
  while (found.length < count) {
    const next = matcher.nextWakeupTime(last).getTime();
    if (!matcher.match(next)) return [...found, 'never'];
    found.push(next / 1000);
    last = next;
  }
  return found;
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(answer(...JSON.parse(line))));
}
