import { describe, expect, test } from 'vitest';
import type { ConnectionFlags } from '../../../src/cli/connection-flags.ts';
import type { Context } from '../../../src/cli/context.ts';
import { newAddress } from '../../../src/cli/new-address.ts';

/** Someone at a terminal who types one thing, and picks the last of what is offered. */
function person(typed: string) {
  const asked: string[] = [];
  const prompts: Context['prompts'] = {
    available: true,
    async text(question, options) {
      asked.push(question);
      const problem = options?.check?.(typed);
      if (problem !== undefined) throw new Error(problem);
      return typed;
    },
    async select(question, choices) {
      asked.push(`${question}: ${choices.join(', ')}`);
      return choices[choices.length - 1] as (typeof choices)[number];
    },
    secret: () => Promise.reject(new Error('no secret is asked for')),
  };
  const host = { environment: {} } as Context['host'];
  const flags = { allowHttp: false } as ConnectionFlags;
  return { asked, answer: newAddress(flags, [], { host, prompts }) };
}

describe('the address of a new profile, at a terminal', () => {
  test('when a tenant is typed then its environment is asked for', async () => {
    const { asked, answer } = person('cust12345');
    expect(await answer).toEqual({ tenant: 'Cust12345', environment: 'online' });
    expect(asked).toEqual([
      'Base URL of SuperOffice, or a tenant as Cust12345',
      'Environment: sod, qaonline, online',
    ]);
  });

  test('when a url is typed then that is all', async () => {
    const { asked, answer } = person('https://crm.example.com/super/api/');
    expect(await answer).toEqual({ url: 'https://crm.example.com/super' });
    expect(asked).toHaveLength(1);
  });

  test('when something else is typed then it is asked again', async () => {
    await expect(person('crm').answer).rejects.toThrow('not an http or https address');
  });
});
