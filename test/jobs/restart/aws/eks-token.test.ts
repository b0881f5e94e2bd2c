import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createTokenSource, eksToken } from '../../../../jobs/restart/aws/eks-token.ts';
import type { Session } from '../../../../jobs/restart/aws/sessions/session.ts';
import { LinkError } from '../../../../jobs/restart/link-error.ts';
import type { Region } from '../../../../src/names/arn.ts';
import { tokenOf, urlIn, verifyToken } from '../support/authenticator.ts';
import { makeTarget, regionsOf } from '../support/targets.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const now = Date.UTC(2026, 0, 5, 2, 15);
const minute = 60_000;

const makeSession = (changes: Partial<Session> = {}): Session => ({
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEJ3//////////wEaCWV1LXdlc3QtMQ==',
  expiresAt: now + 60 * minute,
  ...changes,
});

const target = makeTarget();
const verify = (token: string, changes: { clusterId?: string; now?: number } = {}) =>
  verifyToken(token, {
    clusterId: target.eksCluster,
    now,
    secretAccessKey: makeSession().secretAccessKey,
    ...changes,
  });

describe('eksToken', () => {
  it.each(regionsOf)('is accepted in %s %s', async (partition, region) => {
    const place = { ...target, partition, region: region as Region };
    const token = await eksToken(place, makeSession(), now);
    expect(verify(token)).toBe('accepted');
    const domain = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    expect(new URL(urlIn(token)).host).toBe(`sts.${region}.${domain}`);
    expect(new URL(urlIn(token)).searchParams.get('X-Amz-Expires')).toBe('60');
  });

  // Each row breaks one rule of the authenticator: the verifier of these tests must see it.
  it.each<[string, string, (url: string) => string]>([
    ['another scheme', 'scheme', (url) => url.replace('https:', 'http:')],
    ['another host', 'host', (url) => url.replace('sts.', 'evil.')],
    ['a host that only ends well', 'host', (url) => url.replace('sts.', 'evil-sts.')],
    ['a port', 'url', (url) => url.replace('amazonaws.com/', 'amazonaws.com:8443/')],
    ['a path', 'path', (url) => url.replace('/?', '/x?')],
    ['a parameter too many', 'parameter', (url) => `${url}&DurationSeconds=1`],
    ['a parameter twice', 'duplicate', (url) => `${url}&action=GetCallerIdentity`],
    ['another action', 'action', (url) => url.replace('GetCallerIdentity', 'GetSessionToken')],
    ['a long expiry', 'expires', (url) => url.replace('Expires=60', 'Expires=901')],
    ['no expiry', 'expires', (url) => url.replace('&X-Amz-Expires=60', '')],
    ['an unsigned cluster', 'unsigned cluster', (url) => url.replace('%3Bx-k8s-aws-id', '')],
    ['another date', 'signature', (url) => url.replace('T021500Z', 'T021501Z')],
    ['another key', 'signature', (url) => url.replace('ASIAIOSF', 'ASIAIOSG')],
  ])('with %s would be refused', async (_what, refused, change) => {
    const url = urlIn(await eksToken(target, makeSession(), now));
    const changed = change(url);
    expect(changed).not.toBe(url);
    expect(verify(tokenOf(changed))).toEqual({ refused });
  });

  it('is refused by another cluster, after 15 minutes, and cut off', async () => {
    const token = await eksToken(target, makeSession(), now);
    expect(verify(token, { clusterId: 'other' })).toEqual({ refused: 'signature' });
    expect(verify(token, { now: now + 15 * minute + 1 })).toEqual({ refused: 'expired' });
    expect(verify(token, { now: now + 15 * minute })).toBe('accepted');
    expect(verify(token.slice(0, -2))).not.toBe('accepted');
  });

  it('keeps every rule for any session, cluster and region, or says that it is too long', async () => {
    const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const character = fc.nat(63).map((at) => base64.charAt(at));
    const sessionToken = fc.string({
      unit: character,
      minLength: 1,
      maxLength: 3600,
      size: 'max',
    });
    const cluster = fc.stringMatching(/^[0-9A-Za-z][A-Za-z0-9\-_]{0,99}$/);
    const place = fc.constantFrom(...regionsOf);
    const secret = fc.string({ unit: character, minLength: 40, maxLength: 40 });
    let tooLong = 0;
    await fc.assert(
      fc.asyncProperty(
        sessionToken,
        cluster,
        place,
        secret,
        async (text, eksCluster, [partition, region], secretAccessKey) => {
          const session = makeSession({ sessionToken: text, secretAccessKey });
          const where = { eksCluster, partition, region: region as Region };
          const result = await eksToken(where, session, now).catch((error: unknown) => error);
          if (typeof result === 'string') {
            const verdict = verifyToken(result, { clusterId: eksCluster, now, secretAccessKey });
            expect(verdict).toBe('accepted');
            return;
          }
          tooLong += 1;
          expect(result).toBeInstanceOf(LinkError);
          const { link, transient, message } = result as LinkError;
          expect([link, transient]).toEqual(['mapping', false]);
          expect(message).toContain('4096');
          expect(message).not.toContain(text);
          // What is called too long must really be so: the session token alone stands in it thrice percent-encoded at most.
          expect((text.length * 3 + 600) * 1.34).toBeGreaterThan(4096);
        },
      ),
      { numRuns: 200 },
    );
    expect(tooLong).toBeGreaterThan(0);
  });
});

describe('createTokenSource', () => {
  const start = (sessionLife = 60 * minute) => {
    const clock = new VirtualClock(now);
    let sessions = 0;
    let session = makeSession({ expiresAt: now + sessionLife });
    const source = createTokenSource({
      target,
      clock,
      session: () => {
        sessions += 1;
        if (clock.now() >= session.expiresAt - 5 * minute) {
          session = makeSession({ expiresAt: clock.now() + 60 * minute });
        }
        return Promise.resolve(session);
      },
    });
    return { clock, source, sessions: () => sessions };
  };

  it('gives the same token for twelve minutes, and then another', async () => {
    const { clock, source } = start();
    const first = await source();
    await clock.advance(12 * minute - 1);
    expect(await source()).toBe(first);
    await clock.advance(1);
    const second = await source();
    expect(second).not.toBe(first);
    expect(verify(second, { now: clock.now() })).toBe('accepted');
  });

  it('never outlives the session under it', async () => {
    const { clock, source } = start(10 * minute);
    const first = await source();
    await clock.advance(9 * minute);
    expect(await source()).not.toBe(first);
  });

  it('is signed once for callers that meet', async () => {
    const { source, sessions } = start();
    const tokens = await Promise.all([source(), source(), source()]);
    expect(new Set(tokens).size).toBe(1);
    expect(sessions()).toBe(1);
  });

  it('leaves a caller whose signal aborts, and serves the others', async () => {
    const { source } = start();
    const stop = new AbortController();
    const leaving = source(stop.signal);
    const staying = source();
    const reason = new Error('stop');
    stop.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    await expect(staying).resolves.toMatch(/^k8s-aws-v1\./);
  });
});
