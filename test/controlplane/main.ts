import { buildControlPlane } from './build.ts';
import { programOf } from './cache.ts';
import { components, versionOf } from './components.ts';

/** `npm run controlplane`: builds what lacks, then lists the programs: name, version, path. */
try {
  await buildControlPlane();
  for (const component of components)
    process.stdout.write(`${component.name} ${versionOf(component)} ${programOf(component)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
