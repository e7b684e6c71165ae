// SQL in transactions of node-postgres; ../README.md says what it does. NODE_PATH names the folder of its packages.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const { Client } = createRequire(import.meta.url)('pg');

let client;

const commands = {
  open: async ({ url }) => {
    client = new Client({ connectionString: url });
    await client.connect();
  },
  begin: async () => void (await client.query('BEGIN')),
  run: async ({ sql, params }) => (await client.query(sql, params)).rowCount,
  commit: async () => void (await client.query('COMMIT')),
  rollback: async () => void (await client.query('ROLLBACK')),
  close: async () => void (await client.end()),
};

async function answer(line) {
  try {
    const { do: name, ...command } = JSON.parse(line);
    return { ok: (await commands[name](command)) ?? null };
  } catch (error) {
    return { error: String(error), code: error.code ?? null };
  }
}

console.log('READY');
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(line)));
}
process.exit(0);
