import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The job as one file, which is all that its image holds besides Node. */
export async function buildJob(outfile: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['jobs/restart/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    legalComments: 'eof',
    logLevel: 'warning',
    // Dependencies in CommonJS call `require` for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
}

if (import.meta.main) await buildJob('build/restart.mjs');
