import { describe, expect, test } from 'vitest';
import { open } from './sandbox-fixture.ts';
import { callSoap, credentials, expectException, textOf } from './soap-fixture.ts';

const hour = 60 * 60 * 1000;
const appToken = '<n:ApplicationToken>1234567-1234-9876</n:ApplicationToken>';
const ticketOf = (ticket: string) => `<n:Credentials><n:Ticket>${ticket}</n:Ticket></n:Credentials>`;
const principal = { service: 'SoPrincipal', blocks: '' };

const password = (name: string, secret: string) =>
  `<n:UserName>${name}</n:UserName><n:Password>${secret}</n:Password>`;

/** Logs in and returns the ticket. */
async function loggedIn(
  sandbox: Awaited<ReturnType<typeof open>>,
  name = 'tje0',
  secret = 'Tje0',
): Promise<string> {
  const reply = await callSoap(sandbox, 'AuthenticateUsernamePassword', password(name, secret), principal);
  expect(textOf(reply, 'AuthenticationSucceeded')).toBe('true');
  return textOf(reply, 'Ticket') ?? '';
}

describe('tickets', () => {
  test('when a login succeeds then its ticket is new, in the known form, and no other login has it', async () => {
    const sandbox = await open();
    const [one, two] = [await loggedIn(sandbox), await loggedIn(sandbox)];
    expect(one).toMatch(/^7T:[A-Za-z0-9=]{60,}$/);
    expect(two).not.toBe(one);
  });

  test('when a ticket was issued then SOAP and REST both take it', async () => {
    const sandbox = await open();
    const ticket = await loggedIn(sandbox);
    const reply = await callSoap(sandbox, 'GetEngineStatus', '', { blocks: ticketOf(ticket) });
    expect(textOf(reply, 'Succeeded')).toBe('true');
    const headers = { Authorization: `SOTicket ${ticket}` };
    expect((await sandbox.call('ErpSync/GetEngineStatus', null, headers)).status).toBe(200);
  });

  test('when a ticket stands in place of the user name then it logs its user in', async () => {
    const sandbox = await open();
    const ticket = await loggedIn(sandbox, 'reader', 'Reader0');
    const reply = await callSoap(sandbox, 'AuthenticateUsernamePassword', password(ticket, ''), principal);
    expect(textOf(reply, 'Associate')).toBe('reader');
    const nil = `<n:UserName>${ticket}</n:UserName><n:Password i:nil="true"/>`;
    const again = await callSoap(sandbox, 'AuthenticateUsernamePassword', nil, principal);
    expect(textOf(again, 'AuthenticationSucceeded')).toBe('true');
  });

  test('when a ticket is used within six hours then it lives on, else it is dead', async () => {
    const sandbox = await open();
    const blocks = ticketOf(await loggedIn(sandbox));
    for (const pause of [5 * hour, 5 * hour]) {
      sandbox.advance(pause);
      expect(textOf(await callSoap(sandbox, 'GetEngineStatus', '', { blocks }), 'Succeeded')).toBe('true');
    }
    sandbox.advance(6 * hour);
    expectException(
      await callSoap(sandbox, 'GetEngineStatus', '', { blocks }),
      'SoSessionException',
      'expired',
    );
  });

  test('when an issued ticket stands in a path then the log does not show it', async () => {
    const sandbox = await open();
    const ticket = await loggedIn(sandbox);
    await sandbox.send(`/${ticket}/x`);
    await sandbox.send(`/${encodeURIComponent(ticket)}/y`);
    expect(
      sandbox
        .logLines()
        .map(({ path }) => path)
        .slice(1),
    ).toEqual(['/***/x', '/***/y']);
  });
});

describe('logins that fail', () => {
  test.each([
    ['a wrong password', password('tje0', 'tje0')],
    ['an unknown user', password('nobody', 'Tje0')],
    ['a ticket that is none', password('7T:another==', '')],
    ['nobody', '<n:UserName i:nil="true"/><n:Password i:nil="true"/>'],
  ])(
    'when %s is given then it is an answer without ticket and without exception',
    async (_what, parameters) => {
      const sandbox = await open();
      const reply = await callSoap(sandbox, 'AuthenticateUsernamePassword', parameters, principal);
      expect([reply.status, textOf(reply, 'Succeeded')]).toEqual([200, 'true']);
      expect(reply.text).toContain(
        '<n:AuthenticateResponse><n:Response i:nil="true"/><n:Credentials i:nil="true"/><n:AuthenticationSucceeded>false</n:AuthenticationSucceeded></n:AuthenticateResponse>',
      );
    },
  );
});

describe('requests without a login that holds', () => {
  test.each([
    ['no block', '', 'no ticket'],
    ['a nil block', '<n:Credentials i:nil="true"/>', 'no ticket'],
    ['a nil ticket', '<n:Credentials><n:Ticket i:nil="true"/></n:Credentials>', 'no ticket'],
    ['a ticket that is none', ticketOf('7T:another=='), 'not valid'],
    [
      'a ticket in another namespace',
      '<a:Credentials><a:Ticket>7T:1234abcxyzExample==</a:Ticket></a:Credentials>',
      'no ticket',
    ],
    [
      'a wrong application token',
      `<n:ApplicationToken>x</n:ApplicationToken>${credentials}`,
      'application token is not valid',
    ],
  ])('when there is %s then it is a SoSessionException', async (_what, blocks, words) => {
    const sandbox = await open();
    const reply = await callSoap(sandbox, 'GetEngineStatus', '', { blocks });
    expectException(reply, 'SoSessionException', words);
    expect(sandbox.logLines()).toMatchObject([
      { operation: 'GetEngineStatus', status: 200, outcome: 'refused' },
    ]);
  });

  test('when the user has no right to ErpSync then it is a SoAccessDeniedException, and Batch answers', async () => {
    const sandbox = await open();
    const blocks = ticketOf(await loggedIn(sandbox, 'reader', 'Reader0'));
    expectException(
      await callSoap(sandbox, 'GetEngineStatus', '', { blocks }),
      'SoAccessDeniedException',
      'ErpSync',
    );
    const reply = await callSoap(sandbox, 'GetBatchTaskInfo', '<n:Id>70</n:Id>', {
      blocks,
      service: 'Batch',
    });
    expect(textOf(reply, 'Succeeded')).toBe('true');
  });
});

describe('as SuperOffice Online', () => {
  test('when the application token is absent then agents and logins refuse, else they answer', async () => {
    const sandbox = await open({ online: true });
    const login = (blocks: string) =>
      callSoap(sandbox, 'AuthenticateUsernamePassword', password('tje0', 'Tje0'), { ...principal, blocks });
    expectException(await login(''), 'SoSessionException', 'missing');
    expect(textOf(await login(appToken), 'AuthenticationSucceeded')).toBe('true');
    expectException(await callSoap(sandbox, 'GetEngineStatus'), 'SoSessionException', 'missing');
    const reply = await callSoap(sandbox, 'GetEngineStatus', '', { blocks: appToken + credentials });
    expect(textOf(reply, 'Succeeded')).toBe('true');
  });
});

test.each(['AuthenticateUsernamePassword', 'GetSystemInfo'])(
  'when REST is asked for %s then there is no such path',
  async (name) => {
    const sandbox = await open();
    expect((await sandbox.call(`SoPrincipal/${name}`, {})).status).toBe(404);
  },
);
