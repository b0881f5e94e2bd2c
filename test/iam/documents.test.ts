import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { prepare } from '../../charts/pipeline.ts';
import type { RoleNode } from '../../src/access/graph.ts';
import type { IamForm } from '../../src/fleet/model.ts';
import { iamLimits, roleDocuments } from '../../src/iam/documents.ts';
import { permissionStatements } from '../../src/iam/permission-statements.ts';
import { managedPolicyName } from '../../src/iam/policy-names.ts';
import {
  listOf,
  policySize,
  type PolicyDocument,
  type PolicyStatement,
} from '../../src/iam/policy.ts';
import { renderIam } from '../../src/iam/render.ts';
import { trustSidPattern } from '../../src/iam/sids.ts';
import { splitStatements } from '../../src/iam/split.ts';
import { shortTrustStatements, trustStatements } from '../../src/iam/trust-statements.ts';
import type { RoleName } from '../../src/names/arn.ts';
import { fleetModels, fleetText } from '../access/support/fleet-arbitrary.ts';
import { graphOf } from '../access/support/plan.ts';
import { graphs } from './support/graph-arbitrary.ts';
import { asked, graphOfRoles, hops, roleOf } from './support/roles.ts';

const region = 'eu-west-1';
const hub = { name: 'hub', account: 'ours', region, oidcIssuer: 'https://oidc.example.com/id/1' };
const range = (count: number) => Array.from({ length: count }, (_, index) => index);
const id = (index: number) => String(100_000_000_000 + index);

const fleet = (accounts: number, services: readonly object[]): string =>
  JSON.stringify(
    {
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'Fleet',
      name: 'fleet',
      accounts: Object.fromEntries([
        ['ours', '000000000001'],
        ...range(accounts).map((index) => [`a${index}`, id(index)] as const),
      ]),
      clusters: [
        hub,
        ...range(accounts).map((index) => ({ name: `c${index}`, account: `a${index}`, region })),
      ],
      services,
    },
    null,
    1,
  );

/** A role that so many services are let into. */
const trustingMany = (services: number): string =>
  fleet(
    1,
    range(services).map((index) => ({
      name: `s${index}`,
      env: 'prd',
      cluster: 'hub',
      namespace: 'n',
      reach: [{ clusters: {}, role: 'application', existing: true, kubernetesUser: 'app' }],
    })),
  );

const problemsOf = (text: string) => {
  const prepared = prepare(text, 'fleet.yaml');
  return prepared.kind === 'ready' ? [] : prepared.diagnostics;
};

describe('quotas', () => {
  it('iam/trust-too-large, at its place, where no shorter form fits', () => {
    let fits = 1;
    for (let step = 64; step >= 1; step /= 2) {
      if (problemsOf(trustingMany(fits + step)).length === 0) fits += step;
    }
    expect(fits).toBeGreaterThan(20);
    const problems = problemsOf(trustingMany(fits + 1));
    expect(problems.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['iam/trust-too-large', 'services.0.reach.0'],
    ]);
    expect(problems[0]?.source).toMatch(/\{/);
    // What is refused is over the quota, and what is let through is not.
    const said = Number(/of (\d+) characters/.exec(problems[0]?.found ?? '')?.[1]);
    expect(said).toBeGreaterThan(iamLimits.trustPolicy);
    expect(largest(trustingMany(fits))).toBeLessThanOrEqual(iamLimits.trustPolicy);
    expect(largest(trustingMany(fits))).toBeGreaterThan(iamLimits.trustPolicy * 0.9);
  });

  it.each([
    ['more than ten managed policies hold', hops(3000)],
    ['one statement that nothing divides', [asked(['x'.repeat(11_000)])]],
  ])('iam/permissions-too-large: %s', (_, permissions) => {
    const { problems } = roleDocuments('fleet', roleOf({ permissions }));
    expect(problems).toMatchObject([{ code: 'iam/permissions-too-large', path: ['services', 0] }]);
  });

  it('iam/dynamic-reference, where CloudFormation is written', () => {
    const role = roleOf({ permissions: [asked(['{{resolve:ssm:secret}}'])] });
    const inForms = (...forms: IamForm[]) => renderIam(graphOfRoles([role], { forms }));
    expect(inForms('json', 'cloudformation')).toMatchObject({
      kind: 'invalid',
      problems: [{ code: 'iam/dynamic-reference', path: ['services', 0] }],
    });
    expect(inForms('json', 'terraform').kind).toBe('rendered');
    const tags = { a: '{{resolve:ssm:secret}}' };
    expect(renderIam(graphOfRoles([roleOf()], { tags, forms: ['cloudformation'] }))).toMatchObject({
      problems: [{ code: 'iam/dynamic-reference', path: ['iam'] }],
    });
  });
});

describe('permissions', () => {
  const policiesOf = (permissions: RoleNode['permissions']) =>
    roleDocuments('fleet', roleOf({ permissions })).policies;

  it('are one inline policy while they fit, then managed ones, each within its quota', () => {
    const kinds = new Set<string>();
    for (const count of [1, 10, 100, 200, 210, 220, 230, 400, 800, 1200]) {
      const policies = policiesOf(hops(count));
      for (const { kind, name, document } of policies) {
        kinds.add(kind);
        expect(name).toBe(
          kind === 'inline'
            ? 'rollcall-fleet'
            : `rollcall-fleet_role_${policies.findIndex((one) => one.document === document) + 1}`,
        );
        expect(policySize(document)).toBeLessThanOrEqual(
          kind === 'inline' ? iamLimits.inlinePolicies : iamLimits.managedPolicy,
        );
      }
      if (policies[0]?.kind === 'managed') {
        expect(count).toBeGreaterThan(200);
        for (const { document } of policies.slice(0, -1)) {
          expect(policySize(document)).toBeGreaterThan(iamLimits.managedPolicy * 0.98);
        }
      } else expect(policies).toHaveLength(1);
    }
    expect([...kinds]).toEqual(['inline', 'managed']);
  });

  it('lose nothing and gain nothing where they are divided', () => {
    const long = (least: number, most: number) =>
      fc
        .tuple(fc.integer({ min: least, max: most }), fc.nat({ max: 99 }))
        .map(([length, number]) => `${String(number)}:${'x'.repeat(length)}`);
    const resource = long(1, 3000);
    const action = long(1, 1500);
    const permissions = fc.array(
      fc
        .tuple(
          fc.uniqueArray(resource, { minLength: 1, maxLength: 30 }),
          fc.uniqueArray(action, { minLength: 1, maxLength: 8 }),
        )
        .map(([resources, actions]) => asked(resources, actions)),
      { minLength: 1, maxLength: 4 },
    );
    let divided = 0;
    fc.assert(
      fc.property(permissions, (all) => {
        const statements = permissionStatements('fleet', roleOf({ permissions: all }));
        const split = splitStatements(statements);
        if (split.kind !== 'split') return;
        divided += Number(split.documents.length > 1);
        expect(rightsIn(split.documents.flatMap(({ Statement }) => Statement))).toEqual(
          rightsIn(statements),
        );
        for (const document of split.documents) {
          expect(policySize(document)).toBeLessThanOrEqual(iamLimits.managedPolicy);
          const sids = document.Statement.map(({ Sid }) => Sid);
          expect(new Set(sids).size).toBe(sids.length);
        }
      }),
      { numRuns: 60 },
    );
    expect(divided).toBeGreaterThan(10);
  });

  it('have names that IAM takes, whatever the role’s', () => {
    const long = 'r'.repeat(64) as RoleName;
    const names = [1, 2].flatMap((number) =>
      [long, `${long.slice(1)}s` as RoleName].map((role) =>
        managedPolicyName('f'.repeat(63), role, number),
      ),
    );
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(name).toMatch(/^[\w+=,.@-]{1,128}$/);
  });
});

/** Each right of its own, in short. */
const rightsIn = (statements: readonly PolicyStatement[]): readonly string[] =>
  statements
    .flatMap(({ Action, Resource, Principal, Condition }) =>
      listOf(Action).flatMap((action) =>
        [...(Resource === undefined ? principalsOf(Principal) : listOf(Resource))].flatMap(
          (whose) =>
            alternatives(Condition).map((condition) => JSON.stringify([action, whose, condition])),
        ),
      ),
    )
    .sort();

/** A condition for each subject of a token that it lets in. */
function alternatives(condition: PolicyStatement['Condition']): readonly unknown[] {
  const { StringEquals = {}, ...others } = condition ?? {};
  const [key] = Object.keys(StringEquals).filter((one) => one.endsWith(':sub'));
  if (key === undefined) return [condition];
  return listOf(StringEquals[key]).map((subject) => ({
    ...others,
    StringEquals: { ...StringEquals, [key]: subject },
  }));
}

const principalsOf = (principal: PolicyStatement['Principal']): readonly string[] =>
  principal && 'AWS' in principal ? listOf(principal.AWS) : [JSON.stringify(principal)];

it('a short trust policy lets in whom a long one does, by the same conditions', () => {
  fc.assert(
    fc.property(graphs, ({ fleet, roles }) => {
      for (const role of roles) {
        const long = trustStatements(fleet, role);
        const short = shortTrustStatements(fleet, role);
        expect(new Set(rightsIn(short))).toEqual(new Set(rightsIn(long)));
        expect(short.length).toBeLessThanOrEqual(long.length);
        for (const { Sid } of [...long, ...short]) {
          expect(Sid).toMatch(/^Rollcall[A-Za-z0-9]+$/);
          expect(Sid).toMatch(new RegExp(trustSidPattern(fleet)));
        }
      }
    }),
    { numRuns: 100 },
  );
});

/** Characters without white space outside of strings, counted on the file itself. */
function largest(text: string): number {
  const prepared = prepare(text, 'fleet.yaml');
  if (prepared.kind !== 'ready') throw new Error('not sound');
  const documents = prepared.iam.filter(({ path }) => !path.endsWith('apply-order.json'));
  return Math.max(...documents.map((file) => file.text.replace(/^\s+|\n|(?<=":) /gm, '').length));
}

it('Sids are of letters and digits, and differ within a document', () => {
  const word = fc.stringMatching(/^[\w+=,.@-]{1,30}$/);
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 2, maxLength: 5, selector: lower }), (roles) => {
      const services = roles.map((role, index) => ({
        name: `s${index}`,
        env: 'prd',
        cluster: 'hub',
        namespace: 'n',
        role: `r${role}`,
        reach: [{ clusters: ['c0'], role: 'application', kubernetesUser: 'app' }],
      }));
      for (const { document } of documentsOf(fleet(1, services))) {
        const sids = document.Statement.map(({ Sid }) => Sid);
        for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
        expect(new Set(sids).size).toBe(sids.length);
      }
    }),
    { numRuns: 50 },
  );
});

const lower = (text: string): string => text.toLowerCase();

it('the apply order gives each document once, every trust before any permission', () => {
  fc.assert(
    fc.property(fleetModels, (model) => {
      const rendered = renderIam(graphOf(fleetText(model)));
      if (rendered.kind === 'invalid') throw new Error('over a quota');
      const { order, files } = rendered;
      expect(order.steps.map(({ step }) => step)).toEqual(order.steps.map((_, index) => index + 1));
      const documented = order.steps.filter((step) => 'file' in step);
      expect(files.map(({ path }) => path)).toEqual([
        '_iam/apply-order.json',
        ...documented.map(({ file }) => file),
      ]);
      expect(new Set(files.map(({ path }) => path.toLowerCase())).size).toBe(files.length);
      const kinds = order.steps.map(({ action }) => !/permission|policy/.test(action));
      expect(kinds).toEqual(kinds.toSorted((a, b) => Number(b) - Number(a)));
      for (const { action, file } of documented) {
        const existing = file.includes('/application/');
        expect(action).toMatch(
          existing ? /^add-.*-statements$/ : /^(create-role|put-permissions)$/,
        );
        expect(file.endsWith('-to-add.json')).toBe(existing);
      }
    }),
    { numRuns: 60 },
  );
});

function documentsOf(text: string): readonly { path: string; document: PolicyDocument }[] {
  const rendered = renderIam(graphOf(text));
  if (rendered.kind === 'invalid') throw new Error(JSON.stringify(rendered.problems));
  return rendered.files
    .filter(({ path }) => !path.endsWith('apply-order.json'))
    .map(({ path, text }) => ({ path, document: JSON.parse(text) as PolicyDocument }));
}
