/** What each controller of Flux is told, on loopback ports of its own. */
export const controllerArguments = (ports: {
  readonly health: number;
  readonly metrics: number;
}): readonly string[] => [
  '--watch-all-namespaces',
  '--enable-leader-election=false',
  '--events-addr=',
  // How soon what depends on another is looked at again; by default half a minute.
  '--requeue-dependency=1s',
  `--health-addr=127.0.0.1:${ports.health}`,
  `--metrics-addr=127.0.0.1:${ports.metrics}`,
];
