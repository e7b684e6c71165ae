// Runs the steps of the story in tests/conformance and prints how each ended, a line of JSON each.
//
//   story.mjs STEPS URL

import fs from 'node:fs';
import process from 'node:process';
import { Client, DboscError } from './dbosc.mjs';

const [path, url] = process.argv.slice(2);
const open = () => new Client({ system_database_url: url });
let client = open();
let transaction = null;
const submitted = new Map();

const replied = (text) => `{"reply":${text}}`;
const failed = (failure) => {
  if (failure instanceof DboscError) return `{"error":${failure.text}}`;
  throw failure;
};

function submit({ operation, request, tag, times }) {
  const abort = new AbortController();
  const call = () => client.callText(operation, request, { signal: abort.signal }).then(replied, failed);
  submitted.set(tag, { abort, ends: Array.from({ length: times }, call) });
}

async function call({ operation, request, cancelled_after_ms: ms }) {
  const signal = ms && AbortSignal.timeout(ms);
  return [replied(await client.callText(operation, request, { signal }))];
}

const doings = {
  call,
  submit,
  cancel: ({ tag }) => submitted.get(tag).abort.abort(),
  await: ({ tag }) => Promise.all(submitted.get(tag).ends),
  begin: () => void (transaction = client.begin()),
  in_transaction: ({ operation, request }) => [replied(transaction.callText(operation, request))],
  execute: ({ sql, params }) => [replied(transaction.executeText(sql, params))],
  commit: () => transaction.commit(),
  rollback: () => transaction.rollback(),
  fork: () => ['{"skipped":"Node.js starts programs anew and never forks"}'],
  close: () => client.close(),
  open: () => void (client = open()),
};

for (const step of JSON.parse(fs.readFileSync(path, 'utf8'))) {
  const outcomes = await (async () => doings[step.do](step))().catch((failure) => [failed(failure)]);
  console.log(`[${outcomes ?? '{}'}]`);
}
