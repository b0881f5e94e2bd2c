import { describe, expect, it } from '@jest/globals';
import type { RoleNode, Trust } from '../../src/access/graph.ts';
import { parseRoleArn } from '../../src/names/arn.ts';
import { resolve } from '../identities/kiam/matcher.ts';
import {
  agentPermits,
  baseArn,
  clusterArnOf,
  ownArn,
  podServices,
  podTrusts,
  targetArn,
  targetsOf,
} from './support/expected-identities.ts';
import { holds } from './support/holds.ts';

const assumes = (role: RoleNode): string[] =>
  role.permissions.flatMap((one) =>
    one.kind === 'assume-role'
      ? [`${role.arn} → ${one.roleArn} tags ${one.tagSession} source ${one.setSourceIdentity}`]
      : [],
  );
const trusts = (role: RoleNode): string[] =>
  role.trusts.flatMap((one) =>
    one.kind === 'role'
      ? [
          `${one.roleArn} → ${role.arn} tags ${one.podTags !== undefined} source ${one.sourceIdentity !== undefined}`,
        ]
      : [],
  );

it('who may assume a role is who the role trusts, in the same words, and the other way round', () => {
  holds(({ graph: { roles } }) => {
    const permitted = roles.flatMap(assumes);
    expect(permitted.toSorted()).toEqual(roles.flatMap(trusts).sort());
    expect(new Set(permitted).size).toBe(permitted.length);
  });
});

it('no trust names a role that comes later; a service’s, none that is not in the graph', () => {
  holds(({ graph: { roles } }) => {
    const ours = new Set<string>(roles.map(({ arn }) => arn));
    const made = new Set<string>();
    for (const { arn, trusts } of roles) {
      for (const trust of trusts) {
        if (trust.kind === 'role') expect(made).toContain(trust.roleArn);
        if (trust.kind === 'people' && ours.has(trust.principalArn))
          expect(made).toContain(trust.principalArn);
      }
      expect(made).not.toContain(arn);
      made.add(arn);
    }
  });
});

const principal = /^arn:aws(?:-cn|-us-gov)?:iam::\d{12}:(?:user|role)\/[\w+=,.@/-]+$/;

/** Why a trust lets in more than it should, or nothing. */
function boundless(trust: Trust): string | undefined {
  switch (trust.kind) {
    case 'web-identity':
      return /^system:serviceaccount:[\w-]+:[\w.-]+$/.test(trust.subject) &&
        /^[\w.]+$/.test(trust.audience) &&
        trust.providerArn.endsWith(`/${trust.issuer.replace('https://', '')}`)
        ? undefined
        : `${trust.subject} for ${trust.audience}`;
    case 'pod-identity': {
      const { clusterArn, namespace, serviceAccount } = trust.tags;
      return clusterArn.split(':')[4] === trust.account &&
        ![clusterArn, namespace, serviceAccount].some((text) => /^$|[*?]/.test(text))
        ? undefined
        : clusterArn;
    }
    case 'role':
      return parseRoleArn(trust.roleArn) && principal.test(trust.roleArn)
        ? undefined
        : trust.roleArn;
    case 'people':
      return principal.test(trust.principalArn) ? undefined : trust.principalArn;
  }
}

it('no trust is without a bound, and every role of ours has one', () => {
  holds(({ graph: { roles } }) => {
    for (const role of roles) {
      expect(role.trusts.flatMap((trust) => boundless(trust) ?? [])).toEqual([]);
      if (role.ownership === 'rollcall') expect(role.trusts.length).toBeGreaterThan(0);
    }
  });
});

const wayIn = ({ arn }: RoleNode, trust: Trust): string[] => {
  if (trust.kind === 'web-identity')
    return [`${arn} ← ${trust.providerArn} ${trust.issuer} ${trust.audience} ${trust.subject}`];
  if (trust.kind !== 'pod-identity') return [];
  const { clusterArn, namespace, serviceAccount } = trust.tags;
  return [
    `${arn} ← ${trust.account} ${clusterArn} ${namespace}/${serviceAccount} tags ${trust.sessionTags}`,
  ];
};

describe('every pod has exactly one way to its identity', () => {
  it('by its token or by EKS: exactly the trusts that its ServiceAccount needs', () => {
    holds(({ fleet, graph: { roles } }) => {
      const given = roles.flatMap((role) => role.trusts.flatMap((trust) => wayIn(role, trust)));
      const expected = podServices(fleet).flatMap((service) => podTrusts(fleet, service));
      expect(given.toSorted()).toEqual(expected.toSorted());
    });
  });

  it('by an association, where EKS gives it: of the one role, and the one target if that is asked', () => {
    holds(({ fleet, graph: { clusters } }) => {
      for (const { cluster, associations } of clusters) {
        const expected = podServices(fleet).flatMap((service) => {
          const { podIdentity, namespace, serviceAccount } = service;
          if (service.cluster !== cluster || podIdentity.kind !== 'eks-pod-identity') return [];
          return [
            {
              namespace,
              serviceAccount,
              roleArn: ownArn(fleet, service),
              ...(podIdentity.targetRole ? { targetRoleArn: targetsOf(fleet, service)[0] } : {}),
              disableSessionTags: !podIdentity.sessionTags,
            },
          ];
        });
        expect(associations).toEqual(expected);
      }
    });
  });

  it('by a node’s agent: the annotated role, which its namespace permits, and no other role', () => {
    holds(({ fleet, graph: { clusters, roles } }) => {
      for (const { cluster, namespaces, pods } of clusters) {
        const there = podServices(fleet).filter((service) => service.cluster === cluster);
        for (const { service: id, wiring } of pods) {
          const service = there.find((one) => one.id === id);
          const byAgent = service && /^ki|^ku/.test(service.podIdentity.kind);
          expect(wiring.podAnnotations['iam.amazonaws.com/role']).toBe(
            byAgent ? ownArn(fleet, service) : undefined,
          );
        }
        const candidates = roles.flatMap(({ arn, name }) => [arn, name, `${arn}x`, `x${name}`]);
        for (const namespace of new Set(there.map((one) => one.namespace))) {
          const annotations = namespaces.find(({ name }) => name === namespace)?.annotations ?? {};
          for (const kind of ['kiam', 'kube2iam'] as const) {
            const users = there.filter(
              (one) => one.namespace === namespace && one.podIdentity.kind === kind,
            );
            const permitted = candidates
              .filter((role) => agentPermits(cluster, annotations, kind, role))
              .map((role) => resolve(role, baseArn(cluster)));
            const own = new Set(users.map((service) => ownArn(fleet, service)));
            expect(new Set(permitted)).toEqual(own);
          }
        }
      }
    });
  });

  it('by a node’s agent: its role trusts the agent’s role, and nobody else', () => {
    holds(({ fleet, graph: { roles } }) => {
      for (const service of podServices(fleet)) {
        const { podIdentity, cluster } = service;
        const agents =
          podIdentity.kind === 'kiam'
            ? [cluster.kiam?.serverRoleArn]
            : podIdentity.kind === 'kube2iam'
              ? (cluster.kube2iam?.nodeRoleArns ?? [])
              : undefined;
        if (!agents) continue;
        const role = roles.find(({ arn }) => arn === ownArn(fleet, service));
        expect(role?.trusts).toEqual(agents.map((roleArn) => ({ kind: 'role', roleArn })));
      }
    });
  });
});

it('a target’s role lets in each service that reaches it, and bounds it as its identity can', () => {
  holds(({ fleet, graph: { roles } }) => {
    for (const service of fleet.services) {
      for (const reach of service.reach) {
        for (const at of reach.clusters) {
          const role = roles.find(({ arn }) => arn === targetArn(fleet, reach, at));
          expect(role?.ownership).toBe(reach.existing ? 'existing' : 'rollcall');
          if (service.kind === 'pod' && isDirect(service.podIdentity)) {
            expect(role?.maxSessionSeconds).toBeGreaterThanOrEqual(
              service.podIdentity.sessionSeconds,
            );
            continue;
          }
          const { externalId } = reach;
          const tagged =
            service.kind === 'pod' &&
            service.podIdentity.kind === 'eks-pod-identity' &&
            service.podIdentity.sessionTags
              ? {
                  podTags: {
                    clusterArn: clusterArnOf(service.cluster),
                    namespace: service.namespace,
                    serviceAccount: service.serviceAccount,
                  },
                }
              : {};
          const source = service.kind === 'pod' && fleet.iam.sourceIdentity;
          expect(role?.trusts).toContainEqual({
            kind: 'role',
            roleArn: ownArn(fleet, service),
            ...(externalId === undefined ? {} : { externalId }),
            ...tagged,
            ...(source
              ? { sourceIdentity: expect.stringMatching(/^rollcall-[\w-]{1,55}$/) as unknown }
              : {}),
          });
        }
      }
    }
  });
});

const isDirect = (
  identity: ReturnType<typeof podServices>[number]['podIdentity'],
): identity is Extract<typeof identity, { kind: 'irsa' }> =>
  identity.kind === 'irsa' && identity.hops === 1;

it('the providers are those that roles trust, each once, with every audience that they ask for', () => {
  holds(({ fleet, graph: { roles, providers } }) => {
    const asked = new Map<string, Set<string>>();
    for (const trust of roles.flatMap(({ trusts }) => trusts)) {
      if (trust.kind !== 'web-identity') continue;
      asked.set(trust.providerArn, (asked.get(trust.providerArn) ?? new Set()).add(trust.audience));
    }
    expect(new Set(providers.map(({ arn }) => arn)).size).toBe(providers.length);
    expect(new Map(providers.map(({ arn, clientIds }) => [arn, new Set(clientIds)]))).toEqual(
      asked,
    );
    for (const { arn, account, issuer, ownership } of providers) {
      expect(arn).toContain(`:iam::${account}:oidc-provider/`);
      const home = fleet.clusters.find(({ oidcIssuer }) => oidcIssuer === issuer);
      const existing = home?.existingOidcProviders.includes(account);
      expect(ownership).toBe(existing ? 'existing' : 'rollcall');
    }
  });
});
