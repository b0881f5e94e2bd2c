import { describe, expect, it } from '@jest/globals';
import { median, startFigures, startText } from './support/start-figures.ts';

describe('the figures of a start', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('takes of %j the median %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it.each([
    [15, 50, [true, true, true]],
    [15.1, 50, [true, false, true]],
    [15, 50.1, [true, true, false]],
  ])('holds %d and %d ms against 10 ms', (version, selfCheck, kept) => {
    const times = { 'node -e 0': [10], '--version': [version], '--self-check': [selfCheck] };
    expect(startFigures(times, 'node -e 0').map((one) => one.kept)).toEqual(kept);
  });

  it('keeps no bound without times', () => {
    const figures = startFigures({ 'node -e 0': [], '--version': [] }, 'node -e 0');
    expect(figures.at(-1)?.kept).toBe(false);
  });

  it('marks what is above its bound', () => {
    const figures = startFigures({ 'node -e 0': [10], '--version': [20] }, 'node -e 0');
    expect(startText(figures, 51).match(/ABOVE/g)).toHaveLength(2);
    expect(startText(figures.slice(0, 1), 50)).not.toContain('ABOVE');
  });
});
