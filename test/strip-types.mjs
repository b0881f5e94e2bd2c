import { stripTypeScriptTypes } from 'node:module';

// Node's own type stripping as a jest transformer: the tests run exactly what `node file.ts` runs.
const strip = (source) => ({ code: stripTypeScriptTypes(source) });

export default { process: strip, processAsync: async (source) => strip(source) };
