import { isTrue } from './request-info.ts';
import { invalidOptions } from './status-error.ts';

/**
 * Which parameters of a list or watch exclude each other: 422 otherwise
 * (apimachinery pkg/apis/meta/internalversion/validation/validation.go, ValidateListOptions).
 */
export function checkListOptions(query: URLSearchParams): void {
  const watch = isTrue(query.get('watch'));
  const match = query.get('resourceVersionMatch') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const initialEvents = query.get('sendInitialEvents') !== null;
  const forbid = (field: string, problem: string): never => {
    throw invalidOptions('ListOptions', field, `Forbidden: ${problem}`);
  };
  if (initialEvents) {
    if (!watch) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
    if (match !== 'NotOlderThan')
      forbid(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      );
    return;
  }
  if (match === '') return;
  if (watch)
    forbid(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  if (version === '')
    forbid(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  if (query.get('continue'))
    forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
  if (match !== 'Exact' && match !== 'NotOlderThan')
    throw invalidOptions(
      'ListOptions',
      'resourceVersionMatch',
      `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
    );
  if (match === 'Exact' && version === '0')
    forbid(
      'resourceVersionMatch',
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
}
