import {
  hubIssuer,
  movingFleet,
  ownRole,
  targetRole,
} from '../../simulator/support/moving-world.ts';
import { expectAgreement } from './support/agree.ts';
import type { Case } from './support/agree.ts';
import { clusterArn, roleArn } from './support/arns.ts';
import { evaluatedText, podTags, type EvaluatedFleet } from './support/fleet.ts';

const hubs = '000000000010';
const pod = {
  clusterArn: clusterArn('eu-central-1', hubs, 'hub'),
  serviceAccount: 'moves/mover',
};
const own = { issuer: hubIssuer, serviceAccount: 'moves/mover' };
const id = { 'sts:ExternalId': 'moving:mover' };
const server = roleArn(hubs, 'kiam-server');

const both = (from: unknown, to: unknown): EvaluatedFleet =>
  evaluatedText(movingFleet('kiam', { podIdentity: to, migratingFrom: from }));
const only = (to: unknown): EvaluatedFleet =>
  evaluatedText(movingFleet('kiam', { podIdentity: to }));

const untagged = (fleet: EvaluatedFleet) => fleet.assumeRole(ownRole, targetRole, id);
const tagged = (fleet: EvaluatedFleet, over: Partial<typeof pod> = {}) =>
  fleet.assumeRole(ownRole, targetRole, { ...id, ...podTags({ ...pod, ...over }) });
const tag = 'sts:TagSession';

const fromKiam = both('kiam', 'irsa');
const toPods = both('irsa', 'eks-pod-identity');
const toTargets = both('kiam', { irsa: { hops: 1 } });
const audiences = both({ irsa: { audience: 'old.example.com' } }, 'irsa');
const moved = only('irsa');
const movedToPods = only('eks-pod-identity');

const cases: readonly Case[] = [
  ['kiam → IRSA: a running pod’s server', 'allowed', fromKiam.assumeRole(server, ownRole)],
  ['kiam → IRSA: a new pod', 'allowed', fromKiam.webIdentity(ownRole, own)],
  [
    'kiam → IRSA: another ServiceAccount',
    'denied',
    fromKiam.webIdentity(ownRole, { ...own, serviceAccount: 'moves/default' }),
  ],
  [
    'kiam → IRSA: the server’s nodes, past the server',
    'denied',
    fromKiam.assumeRole(roleArn(hubs, 'servers'), ownRole),
  ],
  ['kiam → IRSA: the target', 'allowed', untagged(fromKiam)],
  [
    'kiam → IRSA: the target without its external id',
    'denied',
    fromKiam.assumeRole(ownRole, targetRole),
  ],
  ['IRSA alone: the server that was', 'denied', moved.assumeRole(server, ownRole)],
  ['IRSA alone: a pod', 'allowed', moved.webIdentity(ownRole, own)],
  ['IRSA → Pod Identity: a running pod', 'allowed', toPods.webIdentity(ownRole, own)],
  ['IRSA → Pod Identity: a new pod', 'allowed', toPods.podIdentity(ownRole, pod)],
  ['IRSA → Pod Identity: its tags', 'allowed', toPods.podIdentity(ownRole, pod, tag)],
  [
    'IRSA → Pod Identity: another pod',
    'denied',
    toPods.podIdentity(ownRole, { ...pod, serviceAccount: 'moves/default' }),
  ],
  ['IRSA → Pod Identity: a running pod to the target', 'allowed', untagged(toPods)],
  ['IRSA → Pod Identity: a new one to the target', 'allowed', tagged(toPods)],
  ['IRSA → Pod Identity: tags at the target', 'allowed', { ...tagged(toPods), action: tag }],
  [
    'IRSA → Pod Identity: another pod’s tags at the target',
    'denied',
    { ...tagged(toPods, { serviceAccount: 'moves/default' }), action: tag },
  ],
  ['Pod Identity alone: a pod without tags to the target', 'denied', untagged(movedToPods)],
  ['Pod Identity alone: one with them', 'allowed', tagged(movedToPods)],
  ['Pod Identity alone: a token', 'denied', movedToPods.webIdentity(ownRole, own)],
  ['kiam → one hop: a running pod’s server', 'allowed', toTargets.assumeRole(server, ownRole)],
  ['kiam → one hop: its hop', 'allowed', untagged(toTargets)],
  ['kiam → one hop: a new pod', 'allowed', toTargets.webIdentity(targetRole, own)],
  ['kiam → one hop: its own role', 'denied', toTargets.webIdentity(ownRole, own)],
  [
    'audiences: a token of before',
    'allowed',
    audiences.webIdentity(ownRole, { ...own, audience: 'old.example.com' }),
  ],
  ['audiences: a new one', 'allowed', audiences.webIdentity(ownRole, own)],
  [
    'audiences: the old one, afterwards',
    'denied',
    moved.webIdentity(ownRole, { ...own, audience: 'old.example.com' }),
  ],
];

expectAgreement('the documents of a move', cases);
