import type { RecordShard, RecordStore } from '../ports.ts';
import { fileOf, parseFile, readOrEmpty, replaceFile, texts, versionOf } from './files.ts';

/**
 * The run record in a folder, for a run from a laptop: one JSON file for each ConfigMap, replaced
 * as a whole. The version is a hash of the content. One process at a time: between the check and
 * the rename nothing holds others off. What an operator says to the run stands beside it, in
 * `<ConfigMap>.annotations.json`, and is only read.
 */
export function createFileRecordStore(folder: string): RecordStore {
  const read = async (configMap: string): Promise<RecordShard> => {
    const file = fileOf(folder, configMap, '.json');
    const beside = fileOf(folder, configMap, '.annotations.json');
    const text = await readOrEmpty(file);
    return {
      data: parseFile(file, text, texts),
      annotations: parseFile(beside, await readOrEmpty(beside), texts),
      resourceVersion: versionOf(text),
    };
  };

  return {
    // Async, so that a bad name is a rejection too.
    async read(configMap, signal) {
      signal.throwIfAborted();
      return read(configMap);
    },
    async write(configMap, data, resourceVersion, signal) {
      signal.throwIfAborted();
      const current = await read(configMap);
      if (current.resourceVersion !== resourceVersion) return 'conflict';
      const text = JSON.stringify(data);
      await replaceFile(folder, fileOf(folder, configMap, '.json'), text);
      return { data, annotations: current.annotations, resourceVersion: versionOf(text) };
    },
  };
}
