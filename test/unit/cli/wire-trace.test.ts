import { describe, expect, test } from 'vitest';
import { wireTrace } from '../../../src/cli/wire-trace.ts';

const url = 'https://crm.example.com/api/v1/Agents/ErpSync/GetConnection';

/** What is told of one exchange. */
function told(
  {
    body = '',
    headers = {},
    address = url,
  }: { body?: string; headers?: Record<string, string>; address?: string },
  answer: { body?: string; headers?: Record<string, string>; status?: number } = {},
  verbose = 2,
): string {
  const lines: string[] = [];
  const globals = { verbose } as Parameters<typeof wireTrace>[0]['globals'];
  const { sent } = wireTrace({ globals, trace: (line) => void lines.push(line) });
  const done = sent({ method: 'POST', headers, body }, address);
  done({
    kind: 'answer',
    status: answer.status ?? 200,
    headers: new Map(Object.entries(answer.headers ?? {})),
    body: Buffer.from(answer.body ?? ''),
    durationMs: 1,
  });
  return lines.join('\n');
}

describe('the wire as it is shown', () => {
  test.each([
    ['Authorization', 'SOTicket 7T:hidden', 'SOTicket ********'],
    ['SO-AppToken', 'hidden', '********'],
    ['Cookie', 'ASP.NET_SessionId=hidden', '********'],
    ['Proxy-Authorization', 'Basic hidden', 'Basic ********'],
  ])('when a request has the header %s then its value is masked', (name, value, shown) => {
    expect(told({ headers: { [name]: value } })).toContain(`#1 > ${name}: ${shown}`);
  });

  test.each([
    ['a new cookie', { 'set-cookie': 'session=hidden; HttpOnly' }],
    ['an address with a code', { location: 'https://x.example/?code=hidden&lang=en' }],
  ])('when an answer has %s then it is masked', (_, headers) => {
    expect(told({}, { headers })).not.toContain('hidden');
  });

  test.each([
    ['JSON with a ticket', '{"Credentials":{"Ticket":"hidden"},"Token":"hidden","IsSuccessful":true}'],
    [
      'tokens',
      '{"access_token":"hidden","refresh_token":"hidden","id_token":"hidden","token_type":"Bearer"}',
    ],
    ['configuration fields', '{"ConfigFields":{"Company":"hidden"},"DisplayName":"Visma"}'],
    ['default values of a password', '[{"FieldType":"Password","DefaultValue":"hidden"}]'],
    [
      'XML with a login',
      '<n:Password>hidden</n:Password><n:Ticket a="b">hidden</n:Ticket><n:Name>seen</n:Name>',
    ],
    [
      'XML with configuration fields',
      '<ConfigFields><KeyValue><Key>seen</Key><Value>hidden</Value></KeyValue></ConfigFields>',
    ],
    ['XML that is cut off', '<ConfigFields><KeyValue><Key>seen</Key><Value>hidden'],
    ['a form', 'grant_type=refresh_token&refresh_token=hidden&client_secret=hidden'],
  ])('when a body is %s then its secrets are masked and the rest is shown', (_, body) => {
    for (const shown of [told({ body }), told({}, { body })]) {
      expect(shown).not.toContain('hidden');
      expect(shown).toContain('********');
      expect(shown).toMatch(/seen|Visma|IsSuccessful|Bearer|FieldType|grant_type/);
    }
  });

  test('when a member is called State then it is shown, since tasks and tenants have one', () => {
    expect(told({}, { body: '{"State":"Running","Code":"E7"}' })).toContain(
      '{"State":"Running","Code":"E7"}',
    );
    expect(told({ body: 'code=hidden&state=hidden' })).not.toContain('hidden');
  });

  test('when the answer is the configuration fields themselves then none of them is shown', () => {
    const address = url.replace('GetConnection', 'GetErpConnectionConfigFields');
    expect(told({ address }, { body: '{"Company":"hidden"}' })).not.toContain('hidden');
    const soap = '<GetErpConnectionConfigFieldsResponse><Response><Value>hidden</Value></Response>';
    expect(told({}, { body: soap })).not.toContain('hidden');
  });

  test('when a body is long then its beginning is shown, and how long it is', () => {
    const shown = told({}, { body: 'x'.repeat(100_000) });
    expect([shown.length < 10_000, shown.includes('(100000 characters in all)')]).toEqual([true, true]);
  });

  test.each([
    ['tags that do not end', '<a '.repeat(400_000)],
    ['configuration fields that do not end', '<ConfigFields '.repeat(100_000)],
    ['a form of nothing but marks', `a=${'?'.repeat(1_000_000)}`],
    ['blanks', ` ${' '.repeat(1_000_000)}x`],
  ])('when a body is %s then it is shown at once', (_, body) => {
    const startedAt = performance.now();
    expect(told({}, { body }).length).toBeLessThan(20_000);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });

  test('when JSON nests beyond all reason then it is not shown, since secrets in it are not found', () => {
    const body = `${'['.repeat(100_000)}{"Password":"hidden"}${']'.repeat(100_000)}`;
    expect(told({}, { body })).toContain('JSON that nests too deep');
    expect(told({}, { body })).not.toContain('hidden');
  });

  test('when a line for each request is asked for then there is one, with what became of it', () => {
    expect(told({ body: 'x' }, { status: 503 }, 1)).toMatch(
      /^#1 POST https:\/\/crm\.example\.com\S+: HTTP 503 in \d+ ms$/,
    );
  });
});
