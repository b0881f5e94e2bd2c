import { type RuleName, rules } from '../form/rules.ts';
import { regionParts } from '../names/arn.ts';
import { isIssuer } from '../names/endpoint.ts';
import { knownRegions } from '../names/regions.ts';
import { nearest } from './suggest.ts';

/** What to write in place of a text that breaks its rule: of the text itself, where that says enough. */
export function nextStep(rule: RuleName, value: unknown): string {
  const { code, next } = rules[rule];
  if (typeof value !== 'string') return next;
  const better = code === 'fleet/duration' ? withUnit(rule, value) : ofText[rule]?.(value);
  return better ?? next;
}

/** A span of time that lacks its unit, with those that the rule holds for. */
export function withUnit(rule: RuleName, text: string): string | undefined {
  if (!/^\d{1,6}$/.test(text)) return undefined;
  const sound = ['s', 'm', 'h'].map((unit) => `${text}${unit}`).filter(rules[rule].test);
  return sound.length === 0 ? undefined : `Write its unit too: ${sound.join(' or ')}.`;
}

const ofText: Partial<Record<RuleName, (text: string) => string | undefined>> = {
  issuer(text) {
    const without = text.replace(/\/{1,9}$/, '');
    return without !== text && isIssuer(without)
      ? `Take the slash off its end: write ${without}.`
      : undefined;
  },
  region(text) {
    const near = nearRegion(text);
    return near === undefined || near === text ? undefined : `Write ${near}.`;
  },
  roleTemplate(text) {
    const known = ['service', 'env'];
    const unknown = (text.match(/\{[^{}]{1,64}\}/g) ?? [])
      .map((found) => found.slice(1, -1))
      .find((name) => !known.includes(name));
    const near = unknown === undefined ? undefined : nearest(unknown, known);
    return near && `Write {${near}}.`;
  },
};

/** A region that there is, part by part; the letter of an availability zone is taken off. */
function nearRegion(text: string): string | undefined {
  const match = /^([a-z]{1,9}(?:[-_]gov)?)[-_ ]([a-z]{1,20})[-_ ]?(\d)[a-z]?$/i.exec(text);
  if (!match) return undefined;
  const [, area = '', direction = '', number = ''] = match;
  const near = [
    nearest(area.replace('_', '-'), regionParts.areas),
    nearest(direction, regionParts.directions),
    number,
  ].join('-');
  return knownRegions.has(near) ? near : undefined;
}
