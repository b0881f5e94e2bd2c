import { expectAgreement } from '../support/agree.ts';
import { sessionOf } from '../support/scenario.ts';
import { hub, target, both, allow, trusts, asked } from './asked.ts';

const named = trusts({ AWS: hub }, ['sts:AssumeRole', 'sts:SetSourceIdentity'], {
  StringLike: { 'sts:RoleSessionName': 'rollcall-*', 'sts:SourceIdentity': 'run-*' },
});
const asRun = { 'sts:RoleSessionName': 'rollcall-1', 'sts:SourceIdentity': 'run-1' };
const tagged = trusts({ AWS: hub }, both, {
  'ForAllValues:StringEquals': {
    'aws:TagKeys': ['team', 'cost'],
    'sts:TransitiveTagKeys': ['team'],
  },
  Null: { 'aws:RequestTag/team': 'false' },
});
const team = { 'aws:RequestTag/team': 'golf', 'aws:TagKeys': ['team'] };

expectAgreement('session names, source identities and tags', [
  ['a session and source identity of a run', 'allowed', asked(sessionOf(hub), named, asRun)],
  [
    'the source identity itself',
    'denied',
    { ...asked(sessionOf(hub), named, asRun), action: 'sts:SetSourceIdentity' },
  ],
  [
    'and with a permission for it',
    'allowed',
    asked(sessionOf(hub), named, asRun, {
      action: 'sts:SetSourceIdentity',
      identity: [allow('sts:SetSourceIdentity', target)],
    }),
  ],
  [
    'another session name',
    'denied',
    asked(sessionOf(hub), named, { ...asRun, 'sts:RoleSessionName': 'x-rollcall-1' }),
  ],
  [
    'no source identity',
    'denied',
    asked(sessionOf(hub), named, { 'sts:RoleSessionName': 'rollcall-1' }),
  ],
  ['the tag that is asked for', 'allowed', asked(sessionOf(hub), tagged, team)],
  ['no tag', 'denied', asked(sessionOf(hub), tagged)],
  [
    'a tag too many',
    'denied',
    asked(sessionOf(hub), tagged, { ...team, 'aws:TagKeys': ['team', 'env'] }),
  ],
  [
    'a tag that may not go on',
    'denied',
    asked(sessionOf(hub), tagged, { ...team, 'sts:TransitiveTagKeys': ['team', 'cost'] }),
  ],
  [
    'a tag that may',
    'allowed',
    asked(sessionOf(hub), tagged, { ...team, 'sts:TransitiveTagKeys': ['team'] }),
  ],
]);
