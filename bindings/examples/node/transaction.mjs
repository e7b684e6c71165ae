// Writes an order and starts its workflow in one transaction of node-postgres.
//
//   transaction.mjs URL ORDER commit|rollback

import process from 'node:process';
// [readme]
import pg from 'pg';
import { Client } from './dbosc.mjs';

const [url, order, end] = process.argv.slice(2);

const client = new Client({ system_database_url: url });
const { statements } = await client.call('prepare_enqueue', {
  workflow_name: 'echo', queue_name: 'q', args: [order], workflow_id: order,
});
await client.close();

const database = new pg.Client(url);
await database.connect();
try {
  await database.query('BEGIN');
  await database.query('INSERT INTO orders VALUES ($1)', [order]);
  for (const { sql, params } of statements) await database.query(sql, params);
  await database.query(end);
} finally {
  await database.end();
}
// [/readme]
