/** A pod that asks for credentials, as the API server knows it. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly serviceAccount: string;
  readonly annotations: Readonly<Record<string, string>>;
}
