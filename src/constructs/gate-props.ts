/** A condition in the status of an object of the hub. */
export interface ConditionProps {
  /** The object’s API version, such as `apps/v1`. */
  readonly apiVersion: string;
  /** Its resource: plural, in lower case, such as `deployments`. Never `secrets`. */
  readonly resource: string;
  /**
   * Its namespace.
   *
   * @default it has none
   */
  readonly namespace?: string;
  /** Its name. */
  readonly name: string;
  /** The condition’s type, such as `Available`. */
  readonly type: string;
  /**
   * The status in which the condition holds.
   *
   * @default 'True'
   */
  readonly status?: 'True' | 'False' | 'Unknown';
}

/** A query that is quiet when it answers with nothing. */
export interface PrometheusProps {
  /** Where Prometheus answers: `http(s)://HOST[:PORT][/PATH]`, without credentials. */
  readonly url: string;
  /** In PromQL. */
  readonly query: string;
}

/** How long something is waited for. */
export interface WaitProps {
  /**
   * After it the run halts: `1s` to `24h`.
   *
   * @default '8h' for an approval, else '30m'
   */
  readonly timeout?: string;
}

/** A Job in the hub, beside the restart’s own. */
export interface GateJobProps extends WaitProps {
  /** The Job’s container image. */
  readonly image: string;
  /**
   * Its command.
   *
   * @default the image’s own
   */
  readonly command?: readonly string[];
}

/** What must hold before a wave begins: exactly one of these. */
export interface GateProps {
  /**
   * Somebody says `rollcall approve`.
   *
   * @default none
   */
  readonly approval?: WaitProps;
  /**
   * A condition of an object of the hub holds.
   *
   * @default none
   */
  readonly condition?: ConditionProps & WaitProps;
  /**
   * A query answers with nothing.
   *
   * @default none
   */
  readonly prometheus?: PrometheusProps & WaitProps;
  /**
   * A Job succeeds. Whoever makes Jobs can run any pod in the restart’s namespace: it gets that right.
   *
   * @default none
   */
  readonly job?: GateJobProps;
}

/** What blocks every new restart while it holds: exactly one of these. */
export interface BlockerProps {
  /**
   * A condition of an object of the hub holds.
   *
   * @default none
   */
  readonly condition?: ConditionProps;
  /**
   * A query answers with anything.
   *
   * @default none
   */
  readonly prometheus?: PrometheusProps;
}
