import { JsonPatch, type ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { checkProps } from './check-props.ts';
import { PropsError } from './props-error.ts';

/**
 * The namespace that a construct is told, or else its chart's.
 *
 * @throws PropsError when neither is given, or it is none
 */
export function namespaceOf(scope: Construct, given: string | undefined): string {
  const namespace = given ?? Chart.of(scope).namespace;
  if (namespace === undefined) {
    throw new PropsError(scope, [
      {
        code: 'construct/no-namespace',
        prop: 'namespace',
        found: 'nothing, in a chart that has none either',
        expected: 'a namespace: names in rights and in IAM stand for one object in one namespace',
        next: 'Give the construct a namespace, or its chart.',
      },
    ]);
  }
  checkProps(scope, ['namespace', namespace, 'dnsLabel']);
  return namespace;
}

/** A chart gives its namespace to every object; this one's kind has none. */
export function clusterScoped<Made extends ApiObject>(object: Made): Made {
  if (object.chart.namespace !== undefined) {
    object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  }
  return object;
}
