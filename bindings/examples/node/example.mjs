// Enqueues a workflow to whoever works on the database, and prints its result.
//
//   example.mjs URL

import process from 'node:process';
// [readme]
import { Client, WorkflowFailed } from './dbosc.mjs';

const client = new Client({ system_database_url: process.argv[2] });
try {
  const { workflow_id } = await client.call('enqueue', {
    workflow_name: 'echo', queue_name: 'q', args: ['Hello from Node.js 😀'],
  });
  const { result } = await client.call('get_result', { workflow_id, timeout_ms: 60_000 });
  console.log(result);
} catch (failure) {
  if (!(failure instanceof WorkflowFailed)) throw failure;
  console.error(`the workflow failed: ${failure.cause.message}`);
} finally {
  await client.close();
}
// [/readme]
