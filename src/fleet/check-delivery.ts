import type { Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportRepeated } from './references.ts';
import type { FleetDraft } from './shape.ts';

type Flux = NonNullable<NonNullable<FleetDraft['delivery']>['flux']>;

/** What is said of the ways to the clusters goes together, and with the clusters. */
export function checkDelivery({ delivery, clusters }: FleetDraft, problems: Problems): void {
  const { git, flux, kustomize } = delivery ?? {};
  if (flux) checkCharts(flux, ['delivery', 'flux'], problems);
  const kind = flux?.source?.kind;
  if (git && kind !== undefined && kind !== 'GitRepository') {
    problems.add({
      code: 'fleet/delivery',
      path: ['delivery', 'flux', 'source', 'kind'],
      found: `the source kind ${kind}, and delivery.git`,
      expected: 'GitRepository: Flux gets the output from the repository that delivery.git names',
      next: 'Remove delivery.git, or the kind.',
    });
  }
  if (!kustomize) return;
  if ('components' in kustomize && !('overlayLabels' in kustomize)) {
    problems.add({
      code: 'fleet/misplaced-key',
      path: ['delivery', 'kustomize', 'components'],
      atKey: true,
      found: 'components, and no overlayLabels',
      expected: 'the labels that there are components for',
      next: 'Add overlayLabels, or remove components.',
    });
  }
  const path = ['delivery', 'kustomize', 'overlayLabels'];
  reportRepeated(problems, kustomize.overlayLabels, path);
  const known = (clusters ?? []).flatMap((cluster) => Object.keys(cluster?.labels ?? {}));
  for (const [index, label] of (kustomize.overlayLabels ?? []).entries()) {
    if (label === undefined || known.includes(label)) continue;
    problems.add({
      code: 'fleet/delivery',
      path: [...path, index],
      found: `the label ${quoted(label)}, which no cluster has`,
      expected: 'a label of a cluster',
      next: 'Correct it, or give clusters this label.',
    });
  }
}

/** Helm's rights can't be worked out: it keeps its releases in Secrets, and creates without naming. */
function checkCharts(flux: Flux, path: FleetPath, problems: Problems): void {
  if (flux.via !== 'helm') {
    if (!('registry' in flux) || ('via' in flux && flux.via === undefined)) return;
    problems.add({
      code: 'fleet/misplaced-key',
      path: [...path, 'registry'],
      atKey: true,
      found: 'a registry of charts, and no via: helm',
      expected: 'charts that are installed from it',
      next: 'Add via: helm, or remove the registry.',
    });
    return;
  }
  const missing = (['registry', 'serviceAccountName'] as const).filter((key) => !(key in flux));
  if (missing.length === 0) return;
  problems.add({
    code: 'fleet/delivery',
    path: [...path, 'via'],
    found: `via: helm, and no ${missing.join(', no ')}`,
    expected: 'the registry that the charts are in, and an account that may install them',
    next: `Add ${missing.join(' and ')}.`,
  });
}
