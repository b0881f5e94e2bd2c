/** The labels of an object that its pods are selected by: those that never change. */
export const podLabels = (labels: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    ['name', 'instance', 'component'].map((part) => {
      const key = `app.kubernetes.io/${part}`;
      return [key, labels[key] ?? ''];
    }),
  );
