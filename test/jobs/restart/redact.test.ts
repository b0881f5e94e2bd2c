import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { safeText } from '../../../jobs/restart/redact.ts';
import { plantedSecrets } from './support/secrets.ts';

describe('safeText', () => {
  it.each(Object.entries(plantedSecrets))('removes %s', (_what, { text, secret }) => {
    const safe = safeText(`before ${text} after`);
    expect(safe).not.toContain(secret);
    expect(safe).toMatch(/^before /);
    expect(safe).toContain('removed]');
  });

  it.each([
    'User: arn:aws:sts::903716715040:assumed-role/eks-key-restarter-prd/rollcall-after-key-creation is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::508208880112:role/sts-prd-js-encryption-role because no identity-based policy allows the sts:AssumeRole action',
    'deployments.apps "sts-js-avro-encryption-processor" is forbidden: User "sts" cannot patch resource "deployments" in API group "apps" in the namespace "sts"',
    'No OpenIDConnect provider found in your account for https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E',
    `arn:aws:sts::903716715040:assumed-role/${'Eks-Role-1'.repeat(6)}/${'Session-2-'.repeat(6)}`,
    'connect ECONNREFUSED 127.0.0.1:6443',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'Unauthorized',
  ])('leaves %s as it is', (text) => {
    expect(safeText(text)).toBe(text);
  });

  it('makes one line of what would rewrite a terminal or a log', () => {
    expect(safeText('a\r\n\u001b[31mred\u0000\u2028b\u202e\u200bc\t d')).toBe('a [31mred bc d');
  });

  it('is bounded, printable, and safe to apply again', () => {
    const noise = fc.string({ unit: 'binary', maxLength: 3000 });
    const planted = fc.constantFrom(...Object.values(plantedSecrets).map(({ text }) => text));
    const texts = fc.array(fc.oneof(noise, planted), { maxLength: 40 });
    fc.assert(
      fc.property(texts, (parts) => {
        const safe = safeText(parts.join(' '));
        expect(safe.length).toBeLessThanOrEqual(1000);
        expect(safe).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        for (const { secret } of Object.values(plantedSecrets)) expect(safe).not.toContain(secret);
      }),
    );
  });

  it('shows no half of a token that lies across its own bounds', () => {
    const { text } = plantedSecrets.jwt;
    for (const length of [950, 990, 999, 16_300, 16_380]) {
      expect(safeText(`${'x '.repeat(length / 2)}${text}`)).not.toContain('eyJ');
    }
  });

  it('takes no long time over a long hostile text', () => {
    const hostile = ['https://', 'a', 'eyJ', 'X-Amz-', 'A1a', '='].map((part) =>
      part.repeat(40_000),
    );
    const began = performance.now();
    for (const text of hostile) safeText(text);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
