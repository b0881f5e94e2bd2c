/**
 * Time in lapse for a process that loads this first: its Date and its timers run TIME_LAPSE times as
 * fast, so that a timeout of half a minute is met in seconds. The program itself is unchanged.
 */
import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';

const factor = Number(process.env.TIME_LAPSE);
const RealDate = Date;
const start = RealDate.now();
const now = () => Math.round(start + (RealDate.now() - start) * factor);

globalThis.Date = class Date extends RealDate {
  constructor(...parameters) {
    if (parameters.length === 0) super(now());
    else super(...parameters);
  }

  static now() {
    return now();
  }
};

const { setTimeout: realTimeout } = globalThis;
globalThis.setTimeout = Object.assign(
  (run, ms = 0, ...parameters) => realTimeout(run, ms / factor, ...parameters),
  realTimeout,
);

const { setTimeout: realSleep } = timersPromises;
timersPromises.setTimeout = (ms = 0, ...parameters) => realSleep(ms / factor, ...parameters);
syncBuiltinESMExports();
