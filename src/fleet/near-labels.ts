import { nearest } from './suggest.ts';

type Labels = Readonly<Record<string, string | undefined>>;

/** The label that was probably meant, where no cluster has the key, or its value. */
export function nearLabel(wanted: Labels, clusters: readonly Labels[]): string | undefined {
  const keys = new Set(clusters.flatMap((labels) => Object.keys(labels)));
  for (const [key, value = ''] of Object.entries(wanted)) {
    if (!keys.has(key)) {
      const near = nearest(key, keys);
      if (near !== undefined) return `${near}: ${value}`;
      continue;
    }
    const values = new Set(clusters.flatMap((labels) => labels[key] ?? []));
    const near = values.has(value) ? undefined : nearest(value, values);
    if (near !== undefined) return `${key}: ${near}`;
  }
  return undefined;
}
