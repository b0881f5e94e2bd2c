import { describe, expect, it } from '@jest/globals';
import { synthFigures, synthText } from './support/synth-figures.ts';

const runs = (...ms: readonly number[]) =>
  ms.map((one) => ({ ms: one, cpu: one, peak: 100_000_000 }));
const app = runs(4000);

describe('the figures of synth', () => {
  it.each([
    ['all is kept', [500, 3000, 5700], [true, true, true]],
    ['more than its part of the App', [500, 3100, 5800], [true, false, true]],
    ['more a cluster among many than among few', [500, 2500, 6000], [true, true, false]],
  ])('tell that %s', (_, [few = 0, more = 0, many = 0], kept) => {
    const sizes = new Map([
      [100, runs(few)],
      [1000, runs(more)],
      [2000, runs(many)],
    ]);
    const figures = synthFigures([{ format: 'flux', sizes }], app);
    expect(figures.map((one) => one.kept)).toEqual(kept);
    expect(synthText(figures, app).includes('ABOVE')).toBe(kept.includes(false));
  });

  it('keep no bound of memory that is passed', () => {
    const sizes = new Map([[1000, [{ ms: 1, cpu: 1, peak: 400_000_001 }]]]);
    expect(synthFigures([{ format: 'flux', sizes }], app)[0]?.kept).toBe(false);
  });

  it('are medians', () => {
    const figures = synthFigures(
      [{ format: 'flux', sizes: new Map([[1000, runs(9, 1, 2)]]) }],
      app,
    );
    expect(figures[0]).toMatchObject({ ms: 2, toApp: 2 / 4000 });
  });
});
