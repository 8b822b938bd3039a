import { defineCommand } from '../../cli/define.ts';
import { table } from '../../output/table.ts';
import {
  addressHolders,
  inherited,
  type Lineage,
  originIn,
  traceLineage,
} from '../../profiles/inheritance.ts';
import { openProfileStore } from '../../profiles/store.ts';

export default defineCommand({
  path: ['profile', 'list'],
  summary: 'list the stored profiles',
  effect: 'read',
  arguments: {},
  flags: {},
  examples: [
    { run: 'erpsync profile list', why: 'all profiles; a star marks the one of "profile use"' },
    { run: 'erpsync profile list -o json', why: 'the same for a script' },
  ],
  idColumn: 'name',
  async run(_given, { configDirectory, host }) {
    const { current, profiles } = await openProfileStore({
      directory: configDirectory,
      uid: host.uid,
    }).read();
    return {
      items: [...profiles].map(([name, profile]) => {
        // A broken chain is told by "profile show"; here each has its line all the same.
        const { line } = traceLineage(name, profiles);
        return {
          name,
          current: name === current,
          extends: profile.extends ?? null,
          url: addressHolders(line).url?.profile.url ?? null,
          tenant: tenantIn(line),
          auth: inherited(line, 'auth') ?? null,
          username: inherited(line, 'username') ?? null,
        };
      }),
    };
  },
  render({ items }, style) {
    if (items.length === 0) return 'No profile is stored. Add one: erpsync profile add <name> --url <url>';
    const linked = items.some((item) => item.extends !== null);
    return table(
      items,
      [
        { heading: ' ', cell: ({ current }) => (current ? '*' : '') },
        { heading: 'name', cell: ({ name }) => name, whole: true },
        ...(linked
          ? [{ heading: 'extends', cell: (item: (typeof items)[number]) => item.extends ?? '' }]
          : []),
        { heading: 'server', cell: ({ url, tenant }) => url ?? tenant ?? '' },
        { heading: 'auth', cell: ({ auth }) => auth ?? '' },
        { heading: 'username', cell: ({ username }) => username ?? '' },
      ],
      style,
    );
  },
});

/** Environment and tenant, or an environment for those that extend it; null for a profile with a url. */
function tenantIn(line: Lineage): string | null {
  return addressHolders(line).url === undefined ? (originIn(line) ?? null) : null;
}
