/** The sync log: a row for each field that a link or a sync gave another value. */
import { type Clock, storedTime } from './clock.ts';
import type { ActorMapping, CrmRecord, ErpActor, SyncLogEntry, Tenant } from './state.ts';

type Values = Readonly<Record<string, string>>;

/** The two sides of a link after a change, and their values before it. */
interface Changed {
  readonly actor: ErpActor;
  readonly record: CrmRecord;
  readonly mapping: ActorMapping;
  readonly before: { readonly erp: Values; readonly crm: Values };
}

/** Writes a row for each mapped field whose value is another than before, on the side where it is. */
export function logChanges(tenant: Tenant, now: Clock, { actor, record, mapping, before }: Changed): void {
  const link = {
    connectionId: actor.connectionId,
    actorType: actor.actorType,
    erpKey: actor.erpKey,
    crmType: record.type,
    recordId: record.id,
    registered: storedTime(now()),
  };
  for (const { key, crmKey } of mapping.fields) {
    if (crmKey === '') continue;
    const sides = [
      { targetIsCrm: false, oldValue: before.erp[key] ?? '', newValue: actor.values[key] ?? '' },
      { targetIsCrm: true, oldValue: before.crm[crmKey] ?? '', newValue: record.values[crmKey] ?? '' },
    ];
    for (const side of sides.filter(({ oldValue, newValue }) => oldValue !== newValue)) {
      tenant.syncLog.push({ id: tenant.nextIds.syncLogEntry++, ...link, crmKey, ...side });
    }
  }
}

/** What the log holds at the start: changes of the last three days, in both directions. */
export function startingSyncLog(now: Clock): SyncLogEntry[] {
  const hours = 60 * 60 * 1000;
  const nordic = { crmType: 'Contact', recordId: 12 } as const;
  const visma = { connectionId: 124, actorType: 'Customer', erpKey: 'C-10012' } as const;
  return [
    {
      id: 9001,
      ...visma,
      ...nordic,
      crmKey: 'Phone',
      targetIsCrm: true,
      oldValue: '+47 22 00 0000',
      newValue: '+47 22 00 0012',
      registered: storedTime(now() - 72 * hours),
    },
    {
      id: 9002,
      connectionId: 125,
      actorType: 'Customer',
      erpKey: '10012',
      ...nordic,
      crmKey: 'Phone',
      targetIsCrm: false,
      oldValue: '+47 22 00 0000',
      newValue: '+47 22 00 0012',
      registered: storedTime(now() - 71 * hours),
    },
    {
      id: 9003,
      connectionId: 124,
      actorType: 'Person',
      erpKey: 'P-77',
      crmType: 'Person',
      recordId: 77,
      crmKey: 'BirthDate',
      targetIsCrm: false,
      oldValue: '',
      newValue: '[D:09.11.1977]',
      registered: storedTime(now() - 26 * hours),
    },
    {
      id: 9004,
      connectionId: 125,
      actorType: 'Project',
      erpKey: 'PRJ-5',
      crmType: 'Project',
      recordId: 5,
      crmKey: 'EndDate',
      targetIsCrm: true,
      oldValue: '[D:31.03.2026]',
      newValue: '[D:30.06.2026]',
      registered: storedTime(now() - 2 * hours),
    },
  ];
}
