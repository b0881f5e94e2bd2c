import { loadFleet } from '../../src/fleet/load.ts';
import type { Fleet } from '../../src/fleet/model.ts';

/** A sound fleet file that uses every key outside of strategies: those are in examples/strategy.yaml. */
export const soundFleet = `apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: grada
image: registry.example.com/rollcall:0.1.0
accounts:
  cranberry: "903716715040"
  golf: "012345678901"
naming:
  role: "eks-{service}-{env}"
clusters:
  - name: ci
    account: cranberry
    region: eu-west-1
    oidcIssuer: https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E
    podIdentity: irsa
    labels: {env: prd}
  - name: golf-prd
    account: golf
    region: eu-west-1
    eksCluster: golf_PRD
    accessControl: aws-auth
    labels: {env: prd, wave: canary}
    connection:
      endpoint: https://example.gr7.eu-west-1.eks.amazonaws.com
      certificateAuthority: ${Buffer.from('-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n').toString('base64')}
  - name: golf-stg
    account: golf
    region: us-gov-west-1
services:
  - name: key-restarter
    env: prd
    cluster: ci
    namespace: sts
    existingNamespace: true
    serviceAccount: restarter
    role: own-role
    reach:
      - clusters: {env: prd}
        role: sts-prd-js-encryption-role
        existing: true
        externalId: "id:1"
        kubernetesUser: sts
      - clusters: [ci]
restarts:
  - name: after-key-creation
    service: key-restarter
    schedule: "15 2 * * 1"
    timeZone: Europe/London
    suspend: true
    clusters: {env: prd}
    workloads:
      - namespace: sts
        kind: Deployment
        names: [sts-js-avro-encryption-processor, other]
    strategy: {maxConcurrentClusters: 3, maxConcurrentRollouts: 2, timeout: 90s}
`;

/** `soundFleet` with one text in place of another, which must be there. */
export function changed(from: string, to: string, text: string = soundFleet): string {
  if (!text.includes(from)) throw new Error(`the fleet does not hold ${from}`);
  return text.replace(from, () => to);
}

/** `code line:column` of each diagnostic; none for a sound file. */
export function faultsOf(text: string): string[] {
  const result = loadFleet(text, 'fleet.yaml');
  if (result.kind === 'fleet') return [];
  return result.diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);
}

export function sound(text: string): Fleet {
  const result = loadFleet(text, 'fleet.yaml');
  if (result.kind === 'fleet') return result.fleet;
  throw new Error(JSON.stringify(result.diagnostics, null, 2));
}
