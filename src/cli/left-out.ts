import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { leftOut, type LeftOut } from '../../charts/left-out.ts';
import type { OutputFormat as Form } from '../../charts/output-format.ts';
import { printable } from '../fleet/terminal-text.ts';
import type { Ready } from './fleet-file.ts';

/** What a form leaves to the user: of folders those that are not there. */
export function leftToUser(form: Form, { graph }: Ready, output: string): LeftOut {
  const { infrastructure, components } = leftOut(form, graph);
  // kustomize follows links before it goes up (kyaml/filesys/fsondisk.go, `CleanedAbs`).
  const folder = existsSync(output) ? realpathSync(output) : resolve(output);
  return {
    infrastructure,
    components: components.filter((path) => !isComponent(join(folder, '..', path))),
  };
}

/** The names that kustomize looks for (kubernetes-sigs/kustomize, `RecognizedKustomizationFileNames`). */
const isComponent = (folder: string): boolean =>
  ['kustomization.yaml', 'kustomization.yml', 'Kustomization'].some((name) =>
    existsSync(join(folder, name)),
  );

/** So many say what is meant. */
const mostNamed = 10;

/** For people; empty where nothing is left out. */
export function leftOutText(form: Form, { infrastructure, components }: LeftOut): string {
  const names = components.slice(0, mostNamed).map(printable);
  const more = components.length - names.length;
  return [
    infrastructure.length === 0
      ? ''
      : `\nNot installed by --format ${form}, but by --format flux alone: ${infrastructure.join(', ')}.\n`,
    names.length === 0
      ? ''
      : `\nNot there, and needed by kustomize beside the output folder: ${names.join(', ')}${more > 0 ? `, and ${more} more` : ''}.\n`,
  ].join('');
}
