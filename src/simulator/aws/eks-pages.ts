import { AwsError } from './aws-error.ts';

/** What a caller asks of a list (EKS API reference, ListClusters). */
export interface PageRequest {
  /** 1–100. Default: 100. */
  readonly maxResults?: number;
  /** Of the page before. Default: the first page. */
  readonly nextToken?: string;
}

export interface Page {
  readonly clusters: readonly string[];
  /** `null` on the last page. */
  readonly nextToken: string | null;
}

const most = 100;

/**
 * A page of the names, in their order. A token is good for the list that it is of alone, and goes on
 * after the last name told, whatever has come or gone meanwhile.
 *
 * @param list of which account and region
 */
export function pageOf(
  names: readonly string[],
  { maxResults = most, nextToken }: PageRequest,
  list: string,
): Page {
  if (!Number.isInteger(maxResults) || maxResults < 1 || maxResults > most) {
    throw invalid(`maxResults must be from 1 to ${most}`);
  }
  const after = nextToken === undefined ? '' : afterOf(nextToken, list);
  const rest = names.filter((name) => name > after).sort((a, b) => (a < b ? -1 : 1));
  const clusters = rest.slice(0, maxResults);
  const last = clusters.at(-1);
  const isLast = last === undefined || rest.length <= maxResults;
  return { clusters, nextToken: isLast ? null : encode([list, last]) };
}

const encode = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** Names hold no quotes (src/names/kubernetes.ts), so that the token can be told from any other text. */
function afterOf(token: string, list: string): string {
  const text = Buffer.from(token, 'base64url').toString();
  const after = /^\["[^"]*","([^"]*)"\]$/.exec(text)?.[1];
  if (after === undefined || encode([list, after]) !== token) throw invalid('Invalid token');
  return after;
}

const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterException', message, 400);
