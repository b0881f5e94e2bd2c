import { describe, expect, it } from '@jest/globals';
import type { IamForm } from '../../src/fleet/model.ts';
import { renderIam } from '../../src/iam/render.ts';
import { account, graphOfRoles, hops, roleOf } from './support/roles.ts';

/** What a form says and can't do: it must point at files that are there. */
describe.each(['terraform', 'cloudformation'] as const)('%s', (form) => {
  const filesWith = (forms: readonly IamForm[]) => {
    const existing = roleOf({ ownership: 'existing', permissions: hops(1) });
    const rendered = renderIam(graphOfRoles([existing], { forms }));
    if (rendered.kind === 'invalid') throw new Error(JSON.stringify(rendered.problems));
    return rendered.files;
  };

  it.each([[[form]], [[form, 'aws-cli']]] as const)(
    'with %j it points at files that are there',
    (forms) => {
      const files = filesWith(forms);
      const text = files.find(({ path }) => path.includes(`_${form}/${account}`))?.text ?? '';
      const named = [...text.matchAll(/_(?:iam|aws-cli)\/[\w./-]+\.(?:json|sh)/g)].map(
        ([path]) => path,
      );
      expect(named).toEqual([
        `_iam/${account}/role/trust-statements-to-add.json`,
        ...((forms as readonly IamForm[]).includes('aws-cli') ? [`_aws-cli/${account}.sh`] : []),
      ]);
      expect(files.map(({ path }) => path)).toEqual(expect.arrayContaining(named));
    },
  );
});
