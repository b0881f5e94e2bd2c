import { product } from '../names/product.ts';

export interface LabelProps {
  /** What the object belongs to, such as `rollcall-restart`. */
  readonly name: string;
  /** Which one of them: a restart's or a service's name. */
  readonly instance: string;
  /** Its part in the whole, such as `restart` or `access`. */
  readonly component: string;
  /** The fleet. */
  readonly partOf: string;
}

/** What an object is part of when no fleet is named. */
export const defaultFleet = 'rollcall';

/** The recommended labels (kubernetes.io, "Recommended Labels"). */
export const recommendedLabels = (props: LabelProps): Record<string, string> => ({
  'app.kubernetes.io/name': props.name,
  'app.kubernetes.io/instance': props.instance,
  'app.kubernetes.io/version': product.version,
  'app.kubernetes.io/component': props.component,
  'app.kubernetes.io/part-of': props.partOf,
  'app.kubernetes.io/managed-by': product.name,
});
