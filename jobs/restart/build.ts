import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { leaveOut, undiciParts } from './build-plugins.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `.ts` in a checkout, `.js` in the package. */
const extension = extname(import.meta.filename);

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // Packages as modules where they have them: what is not used of them can then be left out.
  mainFields: ['module', 'main'],
  // undici's own name for a bundle without its second parser.
  define: { esbuildDetection: 'true' },
  minify: true,
  legalComments: 'eof',
  logLevel: 'warning',
};

/**
 * The job as two files, which are all that its image holds besides Node: the small one is what is
 * started, and loads the other from beside it. In one file `--version` would take the time to parse
 * all of it (docs/benchmarks.md). Whoever moves one moves both.
 *
 * @param outfile the small one, by its whole path; the other is called `<outfile without .mjs>.job.mjs`
 */
export async function buildJob(outfile: string): Promise<void> {
  const job = `${basename(outfile, '.mjs')}.job.mjs`;
  await build({
    ...common,
    entryPoints: [`jobs/restart/job${extension}`],
    outfile: join(dirname(outfile), job),
    plugins: [undiciParts, leaveOut],
    // Dependencies in CommonJS call `require` for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  await build({
    ...common,
    entryPoints: [`jobs/restart/entry${extension}`],
    outfile,
    plugins: [besides(`./job${extension}`, `./${job}`)],
  });
}

/** An import that stays one, of a file beside the bundle. */
const besides = (source: string, file: string): Plugin => ({
  name: 'besides',
  setup(bundle) {
    bundle.onResolve({ filter: /^\.\// }, ({ path }) =>
      path === source ? { path: file, external: true } : undefined,
    );
  },
});

if (import.meta.main) await buildJob(join(root, 'build/restart.mjs'));
