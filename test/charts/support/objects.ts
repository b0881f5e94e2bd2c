import { parseAllDocuments } from 'yaml';
import type { PodSpec } from './pod-violations.ts';
import type { Rule } from './rule-violations.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, unknown>>;
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly rules?: readonly Rule[];
  readonly data?: Readonly<Record<string, string>>;
  readonly roleRef?: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects?: readonly {
    readonly kind: string;
    readonly name: unknown;
    readonly namespace?: string;
  }[];
}

/** The objects of a manifest, as a parser of YAML 1.1 sees them, or one of 1.2. */
export const objectsOf = (text: string, version: '1.1' | '1.2' = '1.1'): readonly KubeObject[] =>
  parseAllDocuments(text, { version, merge: false }).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as KubeObject;
  });

/** The pods that an object makes, or is. */
export function podOf({ kind, spec }: KubeObject): PodSpec | undefined {
  switch (kind) {
    case 'Pod':
      return spec as PodSpec | undefined;
    case 'DaemonSet':
      return (spec as Templated | undefined)?.template.spec;
    case 'CronJob':
      return (spec as { readonly jobTemplate: { readonly spec: Templated } } | undefined)
        ?.jobTemplate.spec.template.spec;
    default:
      return undefined;
  }
}

interface Templated {
  readonly template: { readonly spec: PodSpec };
}
