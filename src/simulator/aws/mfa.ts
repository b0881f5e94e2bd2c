import { accessDenied, validationError } from './aws-error.ts';
import { isRoleSession } from './sessions.ts';
import type { Actor } from './sessions.ts';

/** What a person types from an MFA device. */
export interface MfaProof {
  /** The device's ARN or serial number. */
  readonly serialNumber?: string;
  /** Six digits. */
  readonly tokenCode?: string;
}

/** Whether the caller proved a device with this request. Throws `AwsError` where that fails. */
export function proveMfa(actor: Actor, { serialNumber, tokenCode }: MfaProof): boolean {
  if (serialNumber === undefined && tokenCode === undefined) return false;
  if (serialNumber === undefined || tokenCode === undefined) {
    throw validationError('Both SerialNumber and TokenCode must be given for MFA.');
  }
  const device = isRoleSession(actor) ? undefined : actor.user.mfaDevice;
  if (device?.serialNumber !== serialNumber) {
    throw accessDenied(
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    );
  }
  if (device.code !== tokenCode) {
    throw accessDenied('MultiFactorAuthentication failed with invalid MFA one time pass code. ');
  }
  return true;
}
