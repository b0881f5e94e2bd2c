import { readFile } from 'node:fs/promises';
import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';

/**
 * A projected ServiceAccount token: the file is read afresh each time, since kubelet replaces it at
 * 80 % of its life. Throws `LinkError` with link `identity`.
 *
 * @param what it is, for messages
 * @param volume the pod's projected volume that holds it
 */
export async function readTokenFile(file: string, what: string, volume: string): Promise<string> {
  const token = await read(file, what, volume);
  if (token !== '') return token;
  throw new LinkError('identity', `The ${what} file ${safeText(file)} is empty.`, {
    transient: true,
  });
}

async function read(file: string, what: string, volume: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new LinkError(
      'identity',
      `The ${what} can't be read: ${safeText(String(error))}. ` +
        `Compare: the pod's projected volume ${volume} and the user that the container runs as.`,
    );
  }
}
