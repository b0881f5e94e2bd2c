import { outputFormats } from '../io.ts';

export const migrationFormats = [...outputFormats, 'script'] as const;
export type MigrationFormat = (typeof migrationFormats)[number];
