import { z } from 'zod';
import { fleetFile } from './schema.ts';

/**
 * JSON Schema (2020-12) of the fleet file, for editors. It holds the shape; the rules of names and
 * what the parts mean together are checked at loading alone.
 */
export const fleetJsonSchema = (): object => z.toJSONSchema(fleetFile, { io: 'input' });
