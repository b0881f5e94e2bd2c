import fc from 'fast-check';

// `npm test` says the same of the same code every time; `npm run soak` looks for what it does not
// know yet, and prints the seed of what it finds.
if (process.env.SOAK_RUNS === undefined) fc.configureGlobal({ seed: 20261121 });
