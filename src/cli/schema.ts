import { fleetJsonSchema } from '../fleet/json-schema.ts';
import type { CliIo } from './io.ts';

/** `rollcall schema`: the fleet file's JSON Schema. */
export function runSchema(io: CliIo): void {
  io.stdout(`${JSON.stringify(fleetJsonSchema(), null, 2)}\n`);
}
