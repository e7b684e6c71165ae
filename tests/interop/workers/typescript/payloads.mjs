// The TypeScript worker's workflows that carry payloads; ../README.md says what each does.

// An application's own error.
class CustomError extends Error {
  constructor({ name, message, code, data }) {
    super(message);
    Object.assign(this, { name, code, data });
  }
}

class Point {
  constructor(x, label) {
    Object.assign(this, { x, label });
  }
}

// Values of JavaScript's own types, by the names that the tests know them by.
const own = {
  null: null,
  undefined: undefined,
  true: true,
  integer: -2147483649,
  'big-number': 2 ** 63,
  float: 1.5,
  nan: NaN,
  infinity: Infinity,
  'negative-zero': -0,
  bigint: -(2n ** 64n),
  text: 'é漢😀\0"\\',
  'lone-surrogate': 'a\ud800b',
  array: [1, 'two', null, [3.5]],
  object: { a: 1, é: [true], 'x.y': undefined },
  date: new Date('2024-02-29T12:34:56.789Z'),
  'nested-dates': { when: [new Date(0)] },
  map: new Map([
    ['a', 1],
    ['b', new Date(0)],
  ]),
  'number-keys': new Map([[1, 'one']]),
  set: new Set([1, 'two']),
  regexp: /a\/b/gi,
  url: new URL('https://example.org/a?b=c'),
  'typed-array': new Uint8Array([0, 255]),
  buffer: Buffer.from([0, 255]),
  error: new RangeError('a value'),
  instance: new Point(1, 'é'),
};

export function payloadWorkflows(DBOS, start) {
  return {
    fail_custom: async (failure) => {
      throw new CustomError(failure);
    },
    set_event: async (value) => {
      await DBOS.setEvent('value', value);
    },
    write_stream: async (value) => {
      await DBOS.writeStream('log', value);
      await DBOS.closeStream('log');
    },
    step: async (value) => await DBOS.runStep(async () => value, { name: 'step' }),
    sleep: async (milliseconds) => {
      await DBOS.sleepms(milliseconds);
      return milliseconds;
    },
    publish: async ({ name, places }) => {
      const value = own[name];
      const publishing = {
        event: () => DBOS.setEvent('value', value),
        stream: () => DBOS.writeStream('log', value),
        step: () => DBOS.runStep(async () => value, { name: 'step' }),
        message: () => DBOS.send(DBOS.workflowID, value),
        input: () => start(value, `${DBOS.workflowID}-input`),
      };
      for (const place of places) await publishing[place]();
      return value;
    },
    publish_error: async (message) => {
      const step = async () => {
        throw new CustomError({ name: 'StepFailure', message, code: 7, data: null });
      };
      await DBOS.runStep(step, { name: 'step' });
    },
  };
}
