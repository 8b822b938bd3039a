/** Answers that a server could send in malice or in error, byte by byte, for properties. */
import fc from 'fast-check';

/** Text with what steers terminals in it, and what means something to parsers. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '\u001b[2J',
    '\u202e',
    '\u009b1m',
    '\ufeff',
    '\ud800',
    '\u0000',
    '%0d%0a',
    '__proto__',
    '1e400',
  ),
);

/** Names that objects have already, or that mean something to the reader of an answer. */
const names = fc.constantFrom(
  ...['toString', 'valueOf', '__proto__', 'constructor', 'toJSON', 'then', 'length', 'hasOwnProperty'],
  ...['Error', 'ErrorMessage', 'Message', 'MessageDetail', 'error', 'error_description', 'IsOk', 'value'],
  ...[
    'ErpConnectionId',
    'DisplayName',
    'Active',
    'Deleted',
    'ConfigFields',
    'Id',
    'State',
    'Name',
    'Request',
  ],
  ...[
    'ContextIdentifier',
    'Endpoint',
    'Api',
    'ValidUntil',
    'IsRunning',
    'keys',
    'kty',
    'n',
    'e',
    'ServicesCurrent',
  ],
  ...[
    'IsSuccessful',
    'Token',
    'AssociateId',
    'UserName',
    'ActorType',
    'Progress',
    'access_token',
    'id_token',
  ],
);

const scalars = fc.oneof(
  texts,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(
    null,
    0,
    -1,
    124,
    2 ** 53,
    '2026-01-31T12:00:00',
    '0001-01-01T00:00:00',
    'Running',
    'Cust12345',
  ),
  fc.constantFrom<unknown>({ toString: 1, valueOf: 1 }, [[[]]], { __proto__: null }, {}, []),
);

/** JSON of any shape whose members have the names that are looked for. */
export const hostileJson = fc
  .letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      scalars,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof({ weight: 5, arbitrary: names }, { weight: 1, arbitrary: texts }),
        tie('value'),
        {
          maxKeys: 6,
          noNullPrototype: true,
        },
      ),
    ),
  }))
  .value.map((value) => JSON.stringify(value) ?? 'null');

const deep = fc.constantFrom(
  `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
  `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  '['.repeat(50_000),
  '<a>'.repeat(20_000),
  '<a '.repeat(20_000),
  '<ConfigFields '.repeat(20_000),
  `{"Message":"a${' '.repeat(50_000)}b"}`,
  `a=${'?'.repeat(50_000)}`,
  `a${' '.repeat(50_000)}b`,
);

const soap = 'http://schemas.xmlsoap.org/soap/envelope/';
const envelopes = fc
  .tuple(
    fc.constantFrom('', '<s:Header/>', '<s:Header><Succeeded>false</Succeeded></s:Header>'),
    fc.constantFrom(
      's:Fault',
      'GetConnectionResponse',
      'ForceResyncBatchTaskResponse',
      'AuthenticateResponse',
      'a:b',
    ),
    fc.constantFrom(
      '',
      'xmlns="http://www.superoffice.net/ws/crm/NetServer/Services88"',
      'xmlns="x" a="1" a="2"',
    ),
    fc.oneof(
      texts,
      fc.constantFrom('<Response/>', '<Response>&x;</Response>', '<![CDATA[x]]>', '<faultstring>x'),
    ),
  )
  .map(
    ([head, name, attributes, content]) =>
      `<s:Envelope xmlns:s="${soap}">${head}<s:Body><${name} ${attributes}>${content}</${name}></s:Body></s:Envelope>`,
  );
const doctypes = fc.constantFrom(
  '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
  '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
  '<?xml version="1.0" encoding="ebcdic"?><a/>',
  '<a xmlns:x="x" x:b="1" x:b="2"/>',
);

/** Bodies: what looks like an answer, what does not, and what is cut off or begins with a byte order mark. */
export const hostileBodies = fc
  .oneof(
    { weight: 8, arbitrary: hostileJson },
    { weight: 3, arbitrary: envelopes },
    { weight: 1, arbitrary: deep },
    { weight: 1, arbitrary: doctypes },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', 'null', '[null]', 'true', '0', '""', '<html>\u001b[2J</html>'),
    },
  )
  .chain((text) =>
    fc.constantFrom(
      Buffer.from(text),
      Buffer.from(text),
      Buffer.from(`\ufeff${text}`),
      Buffer.from(text.slice(0, text.length / 2)),
      Buffer.from(`\ufeff${text.slice(0, 1000)}`, 'utf16le'),
    ),
  );

const dates = [
  ...['Sat, 13 Sep 275760 00:00:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT'],
  ...[
    'Wed, 25 Nov 2026 22:00:00 GMT',
    'Wed Nov 25 22:00:00 2026',
    'Mon, 99 Foo 2026',
    'Tue',
    '5',
    '-1',
    '1e400',
  ],
];
const headerValues: Readonly<Record<string, readonly string[]>> = {
  'Retry-After': [...dates, '0', '1', '999999999', '99999999999999999999', '1.5', '-5', '0x10', ' ', '1, 2'],
  Date: dates,
  Location: [
    '/',
    'https://evil.example/?token=a',
    '//evil.example',
    'javascript:1',
    `/${'?'.repeat(4_000)}`,
    ' ',
  ],
  'WWW-Authenticate': ['Basic realm="x"', 'Negotiate', 'Bearer error="invalid_token"', 'Basic Basic', '='],
  'Content-Type': [
    'application/json',
    'text/xml; charset=utf-16',
    'text/html',
    'a',
    ';;;',
    'application/json; charset=x',
  ],
  'Content-Encoding': ['gzip', 'identity', 'br', 'x'],
  'Set-Cookie': ['a=b', 'XSRF-TOKEN=x; Path=/', '=', 'a'],
  Connection: ['close', 'keep-alive', 'upgrade', 'x'],
};
/** Bytes of a header's value as they stand on the wire: controls of the second kind among them. */
const odd = fc.constantFrom('\u009b31m', '\u0085', '\u00ff', '\t', 'a'.repeat(5_000), '');

/** Heads: a status and lines, each a name and a value. */
export const hostileHeads = fc.record({
  status: fc.oneof(
    fc.constantFrom(200, 200, 200, 204, 202, 302, 400, 401, 403, 404, 408, 421, 429, 500, 503, 504),
    fc.integer({ min: 200, max: 999 }),
  ),
  lines: fc.array(
    fc
      .constantFrom(...Object.keys(headerValues))
      .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(headerValues[name] ?? [])), odd)),
    { maxLength: 4 },
  ),
  /** How the length of the body is told: rightly, in pieces, not at all, wrongly, or as nonsense. */
  framing: fc.constantFrom(
    'right',
    'right',
    'right',
    'chunked',
    'none',
    'long',
    'short',
    '-1',
    '1e3',
    '0x5',
    '5, 6',
    'bad',
  ),
  /** What comes before the final answer. */
  before: fc.constantFrom(
    '',
    '',
    '',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n',
  ),
});

/** An answer as bytes. */
export interface HostileHead {
  readonly status: number;
  readonly lines: readonly (readonly [name: string, value: string, odd: string])[];
  readonly framing: string;
  readonly before: string;
}

/** The bytes of an answer. */
export function hostileAnswer({ status, lines, framing, before }: HostileHead, body: Buffer): Buffer {
  const lengths: Readonly<Record<string, string>> = {
    right: String(body.length),
    long: String(body.length + 7),
    short: String(Math.max(0, body.length - 1)),
  };
  const isChunked = framing === 'chunked' || framing === 'bad';
  const length = isChunked
    ? ['Transfer-Encoding: chunked']
    : framing === 'none'
      ? []
      : [`Content-Length: ${lengths[framing] ?? framing}`];
  const head = [
    `HTTP/1.1 ${status} Said`,
    ...lines.map(([name, value, more]) => `${name}: ${value}${more}`),
    ...length,
  ];
  const size = framing === 'bad' ? 'zz' : body.length.toString(16);
  const chunks = [Buffer.from(`${size}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')];
  const content = isChunked ? (body.length > 0 ? chunks : [Buffer.from('0\r\n\r\n')]) : [body];
  return Buffer.concat([
    Buffer.from(before),
    Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'),
    ...content,
  ]);
}
