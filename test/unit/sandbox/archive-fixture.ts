/** Queries of archives as tests send them. */
import { expect } from 'vitest';
import { admin, type Fixture, type Reply } from './sandbox-fixture.ts';

/** A row of an OData answer. */
export type ArchiveRow = Readonly<Record<string, unknown>>;

/** Sends a query of an archive over REST. */
export function query(
  sandbox: Fixture,
  archive: string,
  options: Readonly<Record<string, string>>,
): Promise<Reply> {
  const text = new URLSearchParams(options).toString();
  return sandbox.send(`/api/v1/Archive/${archive}?${text}`, { headers: { Authorization: admin } });
}

/** The rows of a query, which has to succeed. */
export async function rowsOf(
  sandbox: Fixture,
  archive: string,
  options: Readonly<Record<string, string>>,
): Promise<readonly ArchiveRow[]> {
  const reply = await query(sandbox, archive, options);
  expect([reply.status, reply.text]).toEqual([200, expect.any(String)]);
  return (reply.json as { readonly value: readonly ArchiveRow[] }).value;
}

/** The primary keys of a query's rows. */
export async function keysOf(
  sandbox: Fixture,
  archive: string,
  options: Readonly<Record<string, string>>,
): Promise<readonly unknown[]> {
  return (await rowsOf(sandbox, archive, options)).map(({ PrimaryKey }) => PrimaryKey);
}
