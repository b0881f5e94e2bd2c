import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LinkError } from '../link-error.ts';
import type { RecordShard, RecordStore } from '../ports.ts';
import { safeText } from '../redact.ts';

const shardData = z.record(z.string(), z.string());

/**
 * The run record in a folder, for a run from a laptop: one JSON file for each ConfigMap, replaced
 * as a whole. The version is a hash of the content. One process at a time: between the check and
 * the rename nothing holds others off.
 */
export function createFileRecordStore(folder: string): RecordStore {
  const read = async (configMap: string): Promise<RecordShard> => {
    const file = fileOf(folder, configMap);
    const text = await readOrEmpty(file);
    try {
      return { data: shardData.parse(JSON.parse(text)), resourceVersion: versionOf(text) };
    } catch (error) {
      throw new LinkError(
        'record',
        `${file} is no run record: ${safeText(String(error))}. Expected: a JSON object of strings. ` +
          'Next: move it away; what it recorded is then unknown.',
      );
    }
  };

  return {
    read(configMap, signal) {
      signal.throwIfAborted();
      return read(configMap);
    },
    async write(configMap, data, resourceVersion, signal) {
      signal.throwIfAborted();
      const current = await read(configMap);
      if (current.resourceVersion !== resourceVersion) return 'conflict';
      const file = fileOf(folder, configMap);
      const text = JSON.stringify(data);
      await replaceFile(folder, file, text);
      return { data, resourceVersion: versionOf(text) };
    },
  };
}

const versionOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function fileOf(folder: string, configMap: string): string {
  // A ConfigMap's name is a DNS subdomain; nothing else may become a path.
  if (/^[a-z0-9](?:[-.a-z0-9]*[a-z0-9])?$/.test(configMap))
    return join(folder, `${configMap}.json`);
  throw new LinkError('record', `${safeText(configMap)} is no ConfigMap name.`);
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '{}';
    throw new LinkError('record', `The run record can't be read: ${safeText(String(error))}.`);
  }
}

/** Written beside it and renamed: a reader sees the old file or the new one, never half of one. */
async function replaceFile(folder: string, file: string, text: string): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(beside, text, { flush: true });
    await rename(beside, file);
  } catch (error) {
    await rm(beside, { force: true });
    throw new LinkError('record', `The run record can't be written: ${safeText(String(error))}.`);
  }
}
