import { JsonPatch, type ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { propProblems, refuse } from './check-props.ts';
import type { PropsProblem } from './props-error.ts';

/**
 * The namespace that a construct is told, or else its chart's.
 *
 * @throws PropsError when neither is given, or it is none
 */
export function namespaceOf(scope: Construct, given: string | undefined): string {
  refuse(scope, namespaceProblems(scope, given));
  return given ?? Chart.of(scope).namespace ?? '';
}

/** What is wrong with the namespace that a construct is in. */
export function namespaceProblems(
  scope: Construct,
  given: string | undefined,
): readonly PropsProblem[] {
  const namespace = given ?? Chart.of(scope).namespace;
  if (namespace !== undefined) return propProblems([['namespace', namespace, 'dnsLabel']]);
  return [
    {
      code: 'construct/no-namespace',
      prop: 'namespace',
      found: 'nothing, in a chart that has none either',
      expected: 'a namespace: names in rights and in IAM stand for one object in one namespace',
      next: 'Give the construct a namespace, or its chart.',
    },
  ];
}

/** A chart gives its namespace to every object; this one's kind has none. */
export function clusterScoped<Made extends ApiObject>(object: Made): Made {
  if (object.chart.namespace !== undefined) {
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return object;
}
