import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, send, type Handler } from '../../../src/simulator/servers/loopback.ts';
import type { Place } from '../../../src/simulator/servers/start.ts';
import type { Random } from '../../simulation/prng.ts';

export const faultKinds = ['resetBefore', 'resetAfter', 'serverError', 'throttled'] as const;

/**
 * What may go wrong with one request. `resetBefore`: the connection breaks, and nothing has
 * happened; `resetAfter`: it breaks when all has happened, and a watch with its first event.
 */
export type FaultKind = (typeof faultKinds)[number];

/** The fault that the next request meets, if any: a share of them, by a seed. */
export const nextFault = (random: Random, share: number): FaultKind | undefined =>
  random.chance(share) ? random.pick(faultKinds) : undefined;

/** Answers one request with a fault. */
export async function suffer(
  fault: FaultKind,
  handler: Handler,
  { request, response, place }: Exchange,
): Promise<void> {
  switch (fault) {
    case 'resetBefore':
      request.socket.destroy();
      return;
    case 'resetAfter':
      loseAnswer(request, response);
      await handler(request, response);
      return;
    case 'serverError':
      await refuse(500, request, response, place);
      return;
    case 'throttled':
      await refuse(429, request, response, place);
      return;
  }
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly place: Place;
}

/** The first byte of a body breaks the connection instead. */
function loseAnswer({ socket }: IncomingMessage, response: ServerResponse): void {
  response.write = () => {
    socket.destroy();
    return false;
  };
  response.end = () => {
    socket.destroy();
    return response;
  };
}

async function refuse(
  status: 429 | 500,
  request: IncomingMessage,
  response: ServerResponse,
  place: Place,
): Promise<void> {
  // Left unread, it would stand before the connection's next request.
  await readBody(request);
  const [type, body] = refusal(status, place);
  send(response, status, type, body, status === 429 ? { 'retry-after': '1' } : {});
}

/** As each of them words it. */
function refusal(status: 429 | 500, { kind }: Place): readonly [type: string, body: string] {
  const message = status === 429 ? 'Too many requests, please try again later.' : 'Out of order.';
  switch (kind) {
    case 'cluster': {
      const reason = status === 429 ? 'TooManyRequests' : 'InternalError';
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason };
      return ['application/json', JSON.stringify({ ...body, code: status })];
    }
    case 'eks':
      return ['application/json', JSON.stringify({ message })];
    case 'sts': {
      const code = status === 429 ? 'ThrottlingException' : 'InternalFailure';
      return [
        'text/xml',
        `<ErrorResponse><Error><Type>Receiver</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      ];
    }
  }
}
