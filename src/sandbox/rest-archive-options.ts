/** The options of an OData query of an archive, in a URL or in a form. */

/** What a query says, or why it is refused. */
export type ArchiveOptions =
  | {
      readonly kind: 'options';
      readonly select: string;
      readonly filter: string;
      readonly orderBy: string;
      readonly entities: string;
      readonly top: number | undefined;
      readonly skip: number;
      readonly mode: 'slim' | 'full';
      readonly output: 'logical' | 'display';
      /** Whether names of columns are made of letters, digits and underscores alone. */
      readonly jsonSafe: boolean;
      /** All of them as given, by their documented names. */
      readonly given: ReadonlyMap<string, string>;
    }
  | { readonly kind: 'problem'; readonly problem: string };

const anything = /^/;
/** What each option may be; those that no archive here understands may only be empty. */
const forms: Readonly<Record<string, RegExp>> = {
  $select: anything,
  $filter: anything,
  $orderBy: anything,
  $entities: anything,
  $top: /^[1-9]\d{0,8}$/,
  $skip: /^\d{1,9}$/,
  $mode: /^(slim|full)$/i,
  $output: /^(logical|display)$/i,
  $jsonSafe: /^(true|false)$/i,
  $inlineCount: /^false$/i,
  $format: /^json$/i,
  $options: /^$/,
  $context: /^$/,
  $metadata: /^$/,
};
const names = new Map(Object.keys(forms).map((name) => [name.toLowerCase(), name]));

/** Reads options strictly: nothing that is not documented, nothing twice. Names bind whatever their case. */
export function readArchiveOptions(text: string): ArchiveOptions {
  const given = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(text)) {
    const name = names.get(key.toLowerCase());
    if (name === undefined) return problem(`the option "${key.slice(0, 40)}" is not known`);
    if (given.has(name)) return problem(`the option "${name}" is given twice`);
    if (!forms[name]?.test(value)) return problem(`the option "${name}" cannot be "${value.slice(0, 40)}"`);
    given.set(name, value);
  }
  const option = (name: string) => given.get(name) ?? '';
  return {
    kind: 'options',
    select: option('$select'),
    filter: option('$filter'),
    orderBy: option('$orderBy'),
    entities: option('$entities'),
    top: given.has('$top') ? Number(option('$top')) : undefined,
    skip: Number(option('$skip')),
    mode: /^full$/i.test(option('$mode')) ? 'full' : 'slim',
    output: /^display$/i.test(option('$output')) ? 'display' : 'logical',
    jsonSafe: /^true$/i.test(option('$jsonSafe')),
    given,
  };
}

function problem(text: string): ArchiveOptions {
  return { kind: 'problem', problem: text };
}
