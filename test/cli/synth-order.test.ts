import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { exampleText } from '../charts/support/examples.ts';
import { inTemporaryFolderAsync } from '../charts/support/folders.ts';
import { run } from './support/run.ts';

it('says all of the order each time, and marks what is new or changed since', () =>
  inTemporaryFolderAsync(async (folder) => {
    const dist = join(folder, 'dist');
    const text = exampleText('seed-004');
    const file = join(folder, 'fleet.yaml');
    const order = async (to: string) => {
      writeFileSync(file, to);
      const { stderr } = await run(['synth', file, '-d', dist]);
      const [said = ''] = stderr.split('\nfinding/');
      return said.split('\n').map((line) => line.replaceAll(/ +/g, ' '));
    };
    const first = await order(text);
    expect(first.filter((line) => /^ [+~]/.test(line))).toEqual([]);
    const steps = first.filter((line) => /^ \d/.test(line));

    const same = await order(text);
    expect(same.join('\n')).toContain('It asks for nothing new since the last time. Apply in this');
    expect(same.filter((line) => /^ \d/.test(line))).toEqual(steps);

    const other = await order(
      text
        .replace('ssm:GetParametersByPath', 'ssm:GetParameterHistory')
        .replace('AmazonEKSViewPolicy', 'AmazonEKSSecretReaderPolicy'),
    );
    expect(other.join('\n')).toContain(
      'Since the last time: 1 new, 1 changed, 1 gone. Apply in this order (+ new, ~ changed):',
    );
    expect(other.filter((line) => /^ (?:[+~] )?\d/.test(line))).toEqual(
      steps.map((line) => {
        if (line.endsWith('put-permissions 555555555555/eks-webservice-01-prod')) {
          return ` ~${line}`;
        }
        return line.endsWith('/auditors') ? ` ~${line}` : line;
      }),
    );
  }));
