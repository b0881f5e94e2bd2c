import type { ApiRequest } from './api.ts';

/** What goes wrong with a request, for tests of what clients make of it. */
export type Fault =
  | { readonly kind: 'throttle'; readonly retryAfterSeconds: number }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'hang' };

interface Armed {
  readonly fault: Fault;
  readonly matches: (request: ApiRequest) => boolean;
  left: number;
}

/** Faults that are armed beforehand: each request meets the first that matches it, and uses it up once. */
export class Faults {
  readonly #armed: Armed[] = [];

  /** `times`: how many requests it hits (default: 1). `matches`: which (default: any). */
  arm(
    fault: Fault,
    {
      times = 1,
      matches = () => true,
    }: { times?: number; matches?: (request: ApiRequest) => boolean } = {},
  ): void {
    this.#armed.push({ fault, matches, left: times });
  }

  take(request: ApiRequest): Fault | undefined {
    const hit = this.#armed.find(({ left, matches }) => left > 0 && matches(request));
    if (hit) hit.left -= 1;
    return hit?.fault;
  }
}
