/** Gauges as text that Prometheus reads, such as from a file of its node exporter. */

/** One value with its labels. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Values of one kind. */
export interface Gauge {
  /** `erpsync_run_ok`: lower case, and the unit at its end where it has one. */
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The text of gauges; one without a sample is left out. */
export function prometheusText(gauges: readonly Gauge[]): string {
  return gauges
    .filter(({ samples }) => samples.length > 0)
    .flatMap(gaugeLines)
    .join('');
}

function gaugeLines({ name, help, samples }: Gauge): readonly string[] {
  return [
    `# HELP ${name} ${help}\n`,
    `# TYPE ${name} gauge\n`,
    ...samples.map(({ labels, value }) => {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
      return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
    }),
  ];
}

/** Inside quotes only these three mean something. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
