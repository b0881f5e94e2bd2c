import importX from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Import direction. A folder imports itself and what its row names; nothing imports the CLI, and
 * the simulator knows the generated output alone, never the model it came from.
 */
const layers = {
  './src/names': [],
  './src/plan': ['./src/names'],
  './src/aws-auth': ['./src/names'],
  './src/form': ['./src/names'],
  './src/identities': ['./src/names', './src/form', './src/plan'],
  './src/fleet': ['./src/names', './src/form', './src/identities'],
  './src/import': ['./src/names', './src/form', './src/fleet', './src/aws-auth'],
  './src/init': ['./src/names', './src/form', './src/fleet', './src/import/cluster-names.ts'],
  './src/access': ['./src/names', './src/fleet', './src/identities', './src/plan'],
  './src/iam': ['./src/names', './src/identities', './src/access', './src/fleet'],
  './src/constructs': [
    './src/names',
    './src/plan',
    './src/form',
    './src/fleet',
    './src/identities',
    './src/access',
  ],
  './src/delivery': ['./src/names', './src/constructs/labels.ts'],
  './src/flux': ['./src/names', './src/fleet', './src/constructs/keep.ts', './src/delivery'],
  './src/argocd': ['./src/names', './src/fleet', './src/delivery'],
  './src/kustomize': ['./src/names', './src/fleet', './src/delivery'],
  './src/helm': ['./src/names'],
  './charts': [
    './src/names',
    './src/plan',
    './src/aws-auth',
    './src/identities',
    './src/fleet',
    './src/access',
    './src/iam',
    './src/constructs',
    './src/delivery',
    './src/flux',
    './src/argocd',
    './src/kustomize',
    './src/helm',
  ],
  './src/simulator': ['./src/names'],
  './jobs': ['./src/plan/restart-plan.ts'],
  './src/demo': ['./src/names', './src/aws-auth', './src/simulator', './charts', './jobs'],
};

const zones = Object.entries(layers).map(([target, allowed]) => ({
  target,
  from: '.',
  except: [target, ...allowed, './node_modules'],
  message: `${target} may import only ${[target, ...allowed].join(', ')}.`,
}));

export default defineConfig(
  globalIgnores(['dist', 'build', 'node_modules', 'coverage']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='process'][callee.property.name='exit']",
          message: 'Set process.exitCode in the entry point; everything else returns or throws.',
        },
      ],
      'max-lines': ['error', 300],
    },
  },
  {
    files: ['jest.config.ts', 'jest.e2e.config.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
);
