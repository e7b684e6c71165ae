// libuv (Node.js) over the C library, by FFI: any number of calls in flight as promises. koffi runs a call that blocks
// on a thread of libuv's pool; here that is one call for all of them, the wait for completions.
//
//   node libuv_client.mjs LIBRARY URL   libdbosc.so and a system database, as in sqlite:////path/to/system.sqlite;
//                                       makes it if missing. Needs the package koffi.

import process from 'node:process';
import koffi from 'koffi';

const TIMEOUT = 4, CONFLICT = 3, WORKFLOW_CANCELLED = 12;
const ALL_AT_ONCE = 1000, A_WHILE_MS = 200;

class Failure extends Error {
  constructor(error) {
    super(error.message);
    this.code = error.code;
  }
}

class Client {
  #open = new Map();
  #tag = 0;
  #taking = null;

  constructor(library, config) {
    const lib = koffi.load(library);
    this.lib = {
      open: lib.func('int dbosc_client_open(str, void*, _Out_ void**, _Out_ void**)'),
      free: lib.func('void dbosc_client_free(void*)'),
      submit: lib.func('int dbosc_client_submit(void*, str, str, void*, void*, int64_t, _Out_ void**)'),
      queue: lib.func('int dbosc_completions_new(int64_t, _Out_ void**, _Out_ void**)'),
      read: lib.func('int dbosc_completions_read(void*, int64_t, int64_t, _Out_ void**, _Out_ void**)'),
      freeQueue: lib.func('void dbosc_completions_free(void*)'),
      errorJson: lib.func('str dbosc_error_json(void*)'),
      freeError: lib.func('void dbosc_error_free(void*)'),
      freeString: lib.func('void dbosc_string_free(void*)'),
    };
    const client = [null], queue = [null], error = [null];
    this.#check(this.lib.open(JSON.stringify(config), null, client, error), error);
    this.#check(this.lib.queue(0, queue, error), error);
    this.client = client[0];
    this.queue = queue[0];
  }

  #check(status, [error]) {
    if (status === 0) return;
    const text = this.lib.errorJson(error);
    this.lib.freeError(error);
    throw new Failure(JSON.parse(text));
  }

  call(operation, request = {}) {
    const tag = ++this.#tag, error = [null];
    const ended = new Promise((resolve, reject) => this.#open.set(tag, { resolve, reject }));
    try {
      const text = JSON.stringify(request);
      this.#check(this.lib.submit(this.client, operation, text, null, this.queue, tag, error), error);
    } catch (failure) {
      this.#open.delete(tag);
      throw failure;
    }
    this.#taking ??= this.#take();
    return ended;
  }

  // Runs while something is in flight, so that the program ends by itself when nothing is.
  async #take() {
    while (this.#open.size > 0) {
      for (const { tag, status, reply, error } of await this.#read()) {
        const { resolve, reject } = this.#open.get(tag);
        this.#open.delete(tag);
        if (status === 0) resolve(reply);
        else reject(new Failure(error));
      }
    }
    this.#taking = null;
  }

  #read() {
    return new Promise((resolve, reject) => {
      const text = [null], error = [null];
      this.lib.read.async(this.queue, A_WHILE_MS, ALL_AT_ONCE, text, error, (broken, status) => {
        try {
          if (broken) throw broken;
          this.#check(status, error);
          const read = JSON.parse(koffi.decode(text[0], 'char', -1));
          this.lib.freeString(text[0]);
          resolve(read.completions);
        } catch (failure) {
          if (failure.code === TIMEOUT) resolve([]);
          else reject(failure);
        }
      });
    });
  }

  async close() {
    this.lib.free(this.client);
    await this.#taking;
    this.lib.freeQueue(this.queue);
  }
}

async function startAndCancel(client, id) {
  await client.call('enqueue', { workflow_name: 'example', queue_name: 'nobody', workflow_id: id });
  const result = client.call('get_result', { workflow_id: id });
  const ended = result.then(() => false, (failure) => failure.code === WORKFLOW_CANCELLED);
  await client.call('cancel_workflows', { workflow_ids: [id] });
  return ended;
}

const [library, url] = process.argv.slice(2);
const client = new Client(library, { system_database_url: url, lazy: true });
await client.call('create_system_database').catch((failure) => {
  if (failure.code !== CONFLICT) throw failure;
});
const ids = Array.from({ length: 100 }, (_, i) => `libuv-${process.pid}-${i}`);
const ended = await Promise.all(ids.map((id) => startAndCancel(client, id)));
await client.close();
console.log(`${ended.filter(Boolean).length} workflows have ended`);
