/** No object of the API is as long: etcd takes 1.5 MiB. Characters. */
const longestLine = 8 * 1024 * 1024;

/**
 * The lines of a byte stream, without empty ones. A character may be split over chunks, as may a
 * line. Throws when the stream ends within a line, or when a line has no end.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  /** The pieces of the line that is not yet whole. Joined once: a long line costs no more than its length. */
  let pieces: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    const rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = pieces.join('') + part;
      pieces = [];
      length = 0;
      if (line.trim() !== '') yield line;
    }
    pieces.push(rest);
    length += rest.length;
    if (length > longestLine) throw new Error(`a line of the stream is longer than ${longestLine}`);
  }
  if ((pieces.join('') + decoder.decode()).trim() !== '') {
    throw new Error('the stream ended in the middle of a line');
  }
}
