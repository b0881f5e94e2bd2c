import { LinkError, type Link } from '../link-error.ts';

/** Whatever fails on the way to something of the hub is that link, in the other side's own words. */
export async function asLink<T>(
  link: Link,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (signal.aborted || !(error instanceof LinkError) || error.link === link) throw error;
    const { message, transient, retryAfterMs } = error;
    throw new LinkError(link, message, { transient, retryAfterMs });
  }
}
