import type { Fleet } from '../../../src/fleet/model.ts';
import type { OutputFile } from '../../../src/iam/render.ts';
import { readDocuments, type IamDocument } from './iam-documents.ts';
import { missingRights, permissionViolations } from './permission-violations.ts';
import { trustViolations } from './trust-violations.ts';

/** Whatever the IAM documents let in or allow without the fleet file asking for it, exactly. */
export function iamViolations(files: readonly OutputFile[], fleet: Fleet): readonly string[] {
  const read = readDocuments(files);
  const documents = read.flatMap((one) => (one.kind === 'document' ? one.document : []));
  return [
    ...read.flatMap((one) => (one.kind === 'violation' ? one.violation : [])),
    ...documents.flatMap((document) => documentViolations(document, fleet, documents)),
    ...tooMany(documents),
    ...missingRights(documents, fleet),
  ];
}

/** IAM's default quotas, in characters without white space (IAM user guide, "IAM and AWS STS quotas"). */
const mostCharacters = ({ kind, managed }: IamDocument): number =>
  kind === 'trust' ? 2048 : managed ? 6144 : 10240;

function documentViolations(
  document: IamDocument,
  fleet: Fleet,
  documents: readonly IamDocument[],
): readonly string[] {
  const { path, kind, size, statements } = document;
  const sids = statements.map(({ Sid }) => Sid);
  return [
    ...(size > mostCharacters(document) ? [`${size} characters`] : []),
    ...(new Set(sids).size === sids.length ? [] : ['a Sid twice']),
    ...statements.flatMap((statement) =>
      kind === 'trust'
        ? trustViolations(statement, document, fleet)
        : permissionViolations(statement, document, fleet, documents),
    ),
  ].map((violation) => `${path}: ${violation}`);
}

/** Ten managed policies a role, or one inline, and not both. */
function tooMany(documents: readonly IamDocument[]): readonly string[] {
  const policies = documents.filter(({ kind }) => kind === 'permissions');
  return policies
    .filter(({ account, role, managed }) => {
      const others = policies.filter((one) => one.account === account && one.role === role);
      return others.length > (managed ? 10 : 1);
    })
    .map(({ path }) => `${path}: one of too many`);
}
