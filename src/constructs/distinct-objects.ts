import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

const mark = 'rollcall:distinct-objects';

/**
 * Has a chart checked when it is synthesised: two objects of one kind and name would be one in the
 * cluster, and the second would silently win. Whoever makes objects by given names asks for it.
 */
export function keepDistinct(scope: Construct): void {
  const { node } = Chart.of(scope);
  // The chart's own memory: once is enough.
  if (node.metadata.some(({ type }) => type === mark)) return;
  node.addMetadata(mark, true);
  node.addValidation({ validate: () => collisions(Chart.of(scope)) });
}

function collisions(chart: Chart): string[] {
  const objects = chart.node.findAll().filter((one) => ApiObject.isApiObject(one));
  const groups = Map.groupBy(
    objects.filter((object) => Chart.of(object) === chart),
    ({ apiGroup, kind, metadata, name }) =>
      JSON.stringify([apiGroup, kind, metadata.namespace ?? '', name]),
  );
  return [...groups.values()].flatMap(([first, second]) => {
    if (!first || !second) return [];
    return [
      [
        `construct/same-object ${first.kind} ${first.name}`,
        `  found:    made by ${first.node.path} and by ${second.node.path}`,
        '  expected: every object of a chart once',
        '  next:     Give one of them another name, or share what one of them makes.',
      ].join('\n'),
    ];
  });
}
