// Worker and client of the TypeScript SDK; ../README.md says what it does. NODE_PATH names the folder of its packages.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

import { payloadWorkflows } from './payloads.mjs';

const require = createRequire(import.meta.url);
const { ConfiguredInstance, DBOS, DBOSClient, DebouncerClient, PortableWorkflowError } = require('@dbos-inc/dbos-sdk');

const longSeconds = 600;
const pollMs = 100;

// Standard output carries READY and the answers alone.
const log = (...parts) => process.stderr.write(parts.map(String).join(' ') + '\n');
const logger = { info: log, debug: () => {}, warn: log, error: log };

let executions = 0;
const failed = new Set();

// A step: the number of its execution, counted over all workflows of this process.
async function execute(name) {
  if (name.startsWith('fails once') && !failed.has(name)) {
    failed.add(name);
    throw new RangeError(name);
  }
  return ++executions;
}

// The workflows as the SDK knows them, by name.
const registered = {};

const workflows = {
  echo: async (value) => value,
  add: async (a, b) => a + b,
  fail: async (message) => {
    throw new RangeError(message);
  },
  fail_portable: async (name, message, code, data) => {
    throw new PortableWorkflowError(message, name, code, data);
  },
  events: async (n) => {
    for (let i = 1; i <= n; i++) await DBOS.setEvent('progress', i);
    return n;
  },
  receive: async (topic) => await DBOS.recv(topic ?? undefined, longSeconds),
  block: async () => await DBOS.recv('go', longSeconds),
  steps: async (names) => {
    const results = [];
    for (const name of names) {
      results.push(name === 'wait' ? await DBOS.recv('go', longSeconds) : await DBOS.runStep(() => execute(name), { name }));
    }
    return results;
  },
  stream: async (values, close) => {
    for (const value of values) await DBOS.writeStream('log', value);
    if (close) await DBOS.closeStream('log');
    return values.length;
  },
  relay: async () => {
    for (let value; (value = await DBOS.recv('value', longSeconds)) !== null; ) await DBOS.writeStream('log', value);
    await DBOS.closeStream('log');
    return await DBOS.recv('go', longSeconds);
  },
  family: async (count) => {
    const handles = [];
    for (let i = 0; i < count; i++) {
      const workflowID = `${DBOS.workflowID}-child-${i}`;
      handles.push(await DBOS.startWorkflow(registered.block, { workflowID })());
    }
    const results = [];
    for (const handle of handles) results.push(await handle.getResult());
    return results;
  },
  scheduled: async (at, context) => ({ type: at.constructor.name, at: at.toISOString(), context }),
  whoami: async () => ({
    workflow_id: DBOS.workflowID,
    authenticated_user: DBOS.authenticatedUser,
    authenticated_roles: DBOS.authenticatedRoles,
    assumed_role: DBOS.assumedRole,
  }),
};

const startEcho = async (value, workflowID) => await DBOS.startWorkflow(registered.echo, { workflowID })(value);

class Box extends ConfiguredInstance {
  async describe(value) {
    return `${this.name}: ${value}`;
  }
}

async function work(url, application, version) {
  const all = { ...workflows, ...payloadWorkflows(DBOS, startEcho) };
  for (const [name, workflow] of Object.entries(all)) registered[name] = DBOS.registerWorkflow(workflow, { name });
  Box.prototype.describe = DBOS.registerWorkflow(Box.prototype.describe, {
    name: 'describe',
    className: 'Box',
    ctorOrProto: Box.prototype,
  });
  new Box('box1');
  DBOS.setConfig({ name: application, systemDatabaseUrl: url, applicationVersion: version, logger, schedulerPollingIntervalMs: pollMs });
  await DBOS.launch();
  await DBOS.registerQueue('q', { minPollingIntervalMs: pollMs });
  await DBOS.registerQueue('serial', { globalConcurrency: 1, minPollingIntervalMs: pollMs });
  await DBOS.registerQueue('pq', { partitionConcurrency: 1, minPollingIntervalMs: pollMs });
  console.log('READY');
  for await (const _ of process.stdin);
  // At once, whatever waits for a message: a workflow's state is in the database.
  process.exit(0);
}

function enqueueOptions(command) {
  return {
    workflowName: command.workflow,
    queueName: command.queue,
    workflowID: command.id,
    appVersion: command.version,
    authenticatedUser: command.user,
    authenticatedRoles: command.roles,
    attributes: command.attributes,
    priority: command.priority,
    queuePartitionKey: command.partition,
    applicationName: command.application,
  };
}

async function statusOf(dbos, command) {
  const status = await dbos.retrieveWorkflow(command.id).getStatus();
  return {
    status: status.status,
    name: status.workflowName,
    user: status.authenticatedUser,
    roles: status.authenticatedRoles,
    attributes: status.attributes,
    application: status.applicationName,
    version: status.applicationVersion,
    priority: status.priority,
    partition: status.queuePartitionKey,
  };
}

const rateLimit = (given) => given && { limitPerPeriod: given.limit, periodSec: given.period_ms / 1000 };

async function registerQueue(dbos, c) {
  await dbos.registerQueue(c.queue, {
    globalConcurrency: c.global_concurrency,
    workerConcurrency: c.worker_concurrency,
    rateLimit: rateLimit(c.rate_limit),
    partitionConcurrency: c.partition_concurrency,
    partitionWorkerConcurrency: c.partition_worker_concurrency,
    partitionRateLimit: rateLimit(c.partition_rate_limit),
    minPollingIntervalMs: c.polling_interval_ms,
    applicationName: c.application,
  });
}

const milliseconds = (limit) => limit && { limit: limit.limitPerPeriod, period_ms: Math.round(limit.periodSec * 1000) };

async function queueOf(dbos, name) {
  const queue = await dbos.retrieveQueue(name);
  return (
    queue && {
      name: queue.name,
      global_concurrency: queue.concurrency ?? null,
      worker_concurrency: queue.workerConcurrency ?? null,
      rate_limit: milliseconds(queue.rateLimit) ?? null,
      partition_concurrency: queue.partitionConcurrency ?? null,
      partition_worker_concurrency: queue.partitionWorkerConcurrency ?? null,
      partition_rate_limit: milliseconds(queue.partitionRateLimit) ?? null,
      polling_interval_ms: Math.round(queue.minPollingIntervalMs),
      application_name: queue.applicationName ?? null,
    }
  );
}

async function debounce(dbos, c) {
  const debouncer = new DebouncerClient(dbos, {
    workflowName: c.workflow,
    workflowClassName: c.class,
    startWorkflowParams: { queueName: c.queue, workflowID: c.id },
    debounceTimeoutMs: c.timeout_ms,
    serializationType: c.portable === false ? undefined : 'portable',
  });
  return (await debouncer.debounce(c.key, c.period_ms, ...(c.args ?? []))).workflowID;
}

async function client(url) {
  const dbos = await DBOSClient.create({ systemDatabaseUrl: url, logger });
  const commands = {
    enqueue: async (c) => {
      const args = c.args ?? [];
      const handle =
        c.portable === false
          ? await dbos.enqueue(enqueueOptions(c), ...args)
          : await dbos.enqueuePortable(enqueueOptions(c), args, c.kwargs);
      return handle.workflowID;
    },
    debounce: async (c) => await debounce(dbos, c),
    versions: async () => (await dbos.listApplicationVersions()).map((v) => v.versionName),
    latest: async () => (await dbos.getLatestApplicationVersion()).versionName,
    set_latest: async (c) => await dbos.setLatestApplicationVersion(c.version),
    schedules: async () => Object.fromEntries((await dbos.listSchedules()).map((s) => [s.scheduleName, s.context ?? null])),
    create_schedule: async (c) =>
      await dbos.createSchedule({
        scheduleName: c.name,
        workflowName: c.workflow,
        schedule: c.schedule,
        context: c.context,
        options: { applicationName: c.application },
      }),
    trigger: async (c) => (await dbos.triggerSchedule(c.name)).workflowID,
    backfill: async (c) =>
      (await dbos.backfillSchedule(c.name, new Date(c.start), new Date(c.end))).map((handle) => handle.workflowID),
    send: async (c) => {
      await dbos.send(c.id, c.message, c.topic, undefined, { serializationType: 'portable' });
      return null;
    },
    result: async (c) => await dbos.retrieveWorkflow(c.id).getResult({ pollingIntervalMs: pollMs }),
    event: async (c) => await dbos.getEvent(c.id, c.key),
    status: async (c) => await statusOf(dbos, c),
    register_queue: async (c) => await registerQueue(dbos, c),
    queue: async (c) => await queueOf(dbos, c.queue),
    queues: async (c) => (await dbos.listQueues(c.application)).map((queue) => queue.name).sort(),
  };
  console.log('READY');
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    let answer;
    try {
      answer = { ok: (await commands[command.do](command)) ?? null };
    } catch (error) {
      answer = { error: `${error.name}: ${error.message}` };
    }
    console.log(JSON.stringify(answer));
  }
  await dbos.destroy();
}

const [mode, ...rest] = process.argv.slice(2);
await { work, client }[mode](...rest);
