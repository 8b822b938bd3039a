/** An archive of many rows: a page takes about as long wherever it is. */
import { expect, test } from 'vitest';
import { firstLargeKey, largeTenant } from '../../support/large-tenant.ts';
import { rowsOf } from './archive-fixture.ts';
import { admin, type Fixture, open } from './sandbox-fixture.ts';

async function keysOf124(sandbox: Fixture): Promise<unknown[]> {
  const found: unknown[] = [];
  for (;;) {
    const rows = await rowsOf(sandbox, 'Dynamic', {
      $select: 'erpexternalkey.ErpInternalKeyId,erpexternalkey.ErpInternalKeyId.recordId',
      $filter: 'erpexternalkey.ErpConnectionId eq 124',
      $orderBy: 'erpexternalkey.erpexternalkey_id',
      $top: '1000',
      $skip: String(found.length),
    });
    found.push(...rows.map((row) => row['erpexternalkey.ErpInternalKeyId']));
    if (rows.length < 1000) return found;
  }
}

test('when a connection has 100000 linked records then paging through all of them finds each once', async () => {
  const companies = 100_000;
  const sandbox = await open({ begin: (now) => largeTenant(now, companies) });
  const found = await keysOf124(sandbox);
  expect(found).toHaveLength(6 + companies);
  expect(new Set(found).size).toBe(6 + companies);
  expect(found.at(-1)).toBe(firstLargeKey + companies - 1);
});

test('when 1000 companies are looked up at once by a form then each of their internal keys comes', async () => {
  const sandbox = await open({ begin: (now) => largeTenant(now, 100_000) });
  const companies = Array.from({ length: 1000 }, (_, index) => 1_000_001 + 97 * index);
  const conditions = companies.map(
    (id) => `erpinternalkey.tableId eq 5 and erpinternalkey.recordId eq ${id}`,
  );
  const { status, json } = await sandbox.send('/api/v1/Archive/dynamic', {
    method: 'POST',
    headers: { Authorization: admin },
    body: new URLSearchParams({
      $select: 'erpinternalkey.erpinternalkey_id',
      $filter: conditions.join(' or '),
      $top: '1000',
    }),
  });
  const { value } = json as { readonly value: readonly { readonly PrimaryKey: string }[] };
  expect([status, value.map(({ PrimaryKey }) => Number(PrimaryKey))]).toEqual([
    200,
    companies.map((id) => id - 1_000_001 + firstLargeKey),
  ]);
});
