// libdbosc from Node.js by koffi: every call is a promise, and any number of them wait on one thread of libuv's pool.
//
//   const client = new Client({ system_database_url: url });
//   const { workflow_id } = await client.call('enqueue', { workflow_name: 'greet', queue_name: 'q', args: ['Ada'] });
//   const { result } = await client.call('get_result', { workflow_id }, { signal: AbortSignal.timeout(5000) });
//   await client.close();
//
// Operations and their keys: docs/reference.md.

import process from 'node:process';
import koffi from 'koffi';

const TIMEOUT = 4;
const A_WHILE_MS = 200;

const lib = koffi.load(process.env.DBOSC_LIBRARY ?? 'libdbosc.so.0');
const c = {
  open: lib.func('int dbosc_client_open(str, void*, _Out_ void**, _Out_ void**)'),
  submit: lib.func('int dbosc_client_submit(void*, str, str, void*, void*, int64_t, _Out_ void**)'),
  shutdown: lib.func('int dbosc_client_shutdown(void*, int64_t, _Out_ void**)'),
  free: lib.func('void dbosc_client_free(void*)'),
  newCancel: lib.func('void* dbosc_cancel_new()'),
  trigger: lib.func('void dbosc_cancel_trigger(void*)'),
  freeCancel: lib.func('void dbosc_cancel_free(void*)'),
  newQueue: lib.func('int dbosc_completions_new(int64_t, _Out_ void**, _Out_ void**)'),
  next: lib.func('int dbosc_completions_next(void*, int64_t, _Out_ void**)'),
  freeQueue: lib.func('void dbosc_completions_free(void*)'),
  tag: lib.func('int64_t dbosc_completion_tag(void*)'),
  reply: lib.func('str dbosc_completion_reply(void*)'),
  error: lib.func('void* dbosc_completion_error(void*)'),
  freeCompletion: lib.func('void dbosc_completion_free(void*)'),
  begin: lib.func('int dbosc_transaction_begin(void*, str, void*, _Out_ void**, _Out_ void**)'),
  callIn: lib.func('int dbosc_transaction_call(void*, str, str, void*, _Out_ void**, _Out_ void**)'),
  execute: lib.func('int dbosc_transaction_execute(void*, str, str, void*, _Out_ void**, _Out_ void**)'),
  commit: lib.func('int dbosc_transaction_commit(void*, void*, _Out_ void**)'),
  rollback: lib.func('int dbosc_transaction_rollback(void*, void*, _Out_ void**)'),
  freeTransaction: lib.func('void dbosc_transaction_free(void*)'),
  freeString: lib.func('void dbosc_string_free(void*)'),
  errorJson: lib.func('str dbosc_error_json(void*)'),
  freeError: lib.func('void dbosc_error_free(void*)'),
};

/** A call that failed: `status` and `kind` tell how, `details` is the library's whole account of it. */
export class DboscError extends Error {
  constructor(text) {
    const details = JSON.parse(text);
    super(details.message);
    Object.assign(this, { name: new.target.name, text, details, status: details.status, kind: details.kind });
  }
}

/** The awaited workflow failed; its own error is the cause. */
export class WorkflowFailed extends DboscError {
  constructor(text) {
    super(text);
    this.cause = this.details.workflow_error;
  }
}

function failure(text) {
  return JSON.parse(text).status === 'WORKFLOW_FAILED' ? new WorkflowFailed(text) : new DboscError(text);
}

function check(call) {
  const error = [null];
  if (call(error) === 0) return;
  const text = c.errorJson(error[0]);
  c.freeError(error[0]);
  throw failure(text);
}

function take(call) {
  const reply = [null];
  check((error) => call(reply, error));
  const text = koffi.decode(reply[0], 'char', -1);
  c.freeString(reply[0]);
  return text;
}

function handle(call) {
  const made = [null];
  check((error) => call(made, error));
  return made[0];
}

/** Connections to one system database. */
export class Client {
  #client;
  #queue;
  #open = new Map();
  #lastTag = 0;
  #taking = null;
  #shut = false;

  constructor(config) {
    this.#client = handle((made, error) => c.open(JSON.stringify(config), null, made, error));
    this.#queue = handle((made, error) => c.newQueue(0, made, error));
  }

  /** Any operation by its name. A number past 2^53 is rounded by JSON.parse: callText keeps it. */
  async call(operation, request = {}, options = {}) {
    return JSON.parse(await this.callText(operation, JSON.stringify(request), options));
  }

  /** The same with both texts as they are. `signal`, an AbortSignal, gives the call up. */
  async callText(operation, request, { signal } = {}) {
    if (this.#shut) throw new DboscError('{"status":"INVALID_STATE","kind":"closed","message":"the client is closed"}');
    const tag = ++this.#lastTag;
    const cancel = c.newCancel();
    const giveUp = () => c.trigger(cancel);
    signal?.addEventListener('abort', giveUp);
    const ended = new Promise((resolve, reject) => this.#open.set(tag, { resolve, reject }));
    try {
      if (signal?.aborted) giveUp();
      check((error) => c.submit(this.#client, operation, request, cancel, this.#queue, tag, error));
      this.#taking ??= this.#take();
      return await ended;
    } finally {
      this.#open.delete(tag);
      signal?.removeEventListener('abort', giveUp);
      c.freeCancel(cancel);
    }
  }

  /** A transaction on a connection of the client's. Its calls block. */
  begin() {
    return new Transaction(handle((made, error) => c.begin(this.#client, null, null, made, error)));
  }

  // Runs while something is in flight, so that the program ends by itself when nothing is.
  async #take() {
    while (this.#open.size > 0) {
      let completion = await this.#next();
      for (; completion !== null; completion = this.#nextAtOnce()) this.#settle(completion);
      await null;
    }
    this.#taking = null;
  }

  #settle(completion) {
    const { resolve, reject } = this.#open.get(Number(c.tag(completion)));
    this.#open.delete(Number(c.tag(completion)));
    const error = c.error(completion);
    if (error === null) resolve(c.reply(completion));
    else reject(failure(c.errorJson(error)));
    c.freeCompletion(completion);
  }

  #nextAtOnce() {
    const completion = [null];
    return c.next(this.#queue, 0, completion) === 0 ? completion[0] : null;
  }

  #next() {
    const completion = [null];
    return new Promise((resolve, reject) => {
      c.next.async(this.#queue, A_WHILE_MS, completion, (broken, status) => {
        if (broken) reject(broken);
        else if (status !== 0 && status !== TIMEOUT) reject(new Error(`dbosc_completions_next: ${status}`));
        else resolve(completion[0]);
      });
    });
  }

  /** Ends what is in flight, and frees; again does nothing. */
  async close() {
    if (this.#shut) return;
    this.#shut = true;
    c.shutdown(this.#client, -1, [null]);
    await this.#taking;
    c.free(this.#client);
    c.freeQueue(this.#queue);
  }
}

/** Operations and statements that count together. */
class Transaction {
  #transaction;

  constructor(transaction) {
    this.#transaction = transaction;
  }

  call(operation, request = {}) {
    return JSON.parse(this.callText(operation, JSON.stringify(request)));
  }

  callText(operation, request) {
    return take((reply, error) => c.callIn(this.#transaction, operation, request, null, reply, error));
  }

  execute(sql, ...params) {
    return JSON.parse(this.executeText(sql, JSON.stringify(params)));
  }

  executeText(sql, params) {
    return take((reply, error) => c.execute(this.#transaction, sql, params, null, reply, error));
  }

  commit() {
    this.#end(c.commit);
  }

  rollback() {
    this.#end(c.rollback);
  }

  #end(how) {
    try {
      check((error) => how(this.#transaction, null, error));
    } finally {
      c.freeTransaction(this.#transaction);
      this.#transaction = null;
    }
  }
}
