/** A tenant whose names, messages and texts hold everything that steers a terminal. */
import { createServer, request as forward } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import * as archiveCarriers from '../../src/agent/archive-carriers.ts';
import * as batchCarriers from '../../src/agent/batch-carriers.ts';
import * as carriers from '../../src/agent/carriers.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { listening } from './listening.ts';

/** C0, DEL, C1, marks and overrides of direction, separators of lines, a byte order mark; some of them as sequences. */
export const evil = [
  '\u001b[31m\u001b]0;title\u0007\u001b[2J\u009b31m',
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 33 }, (_, code) => String.fromCharCode(0x7f + code)),
  '\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff',
  '\nerpsync: all is well\r\n',
].join('');

/** What of it XML and headers can carry. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML cannot carry
const evilXml = evil.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '');
const evilHeader = evil.replace(/[^\u0080-\u00ff]/g, '');

const enumNames = new Set(
  [carriers, batchCarriers, archiveCarriers]
    .flatMap((module) => Object.values(module))
    .flatMap((type) => (type.kind === 'enum' ? Object.keys(type.values) : [])),
);

/** Texts that mean something to a client: names of the contract, points in time, durations, cells, addresses, nothing. */
const plain = /^$|^\d{4}-\d\d-\d\dT|^P[\dT]|^[-\d.:]+$|^\[[A-Z]+:|^https?:|^Success$|^urn:|^7T:|^[\w.]+$/;

function spoiled(value: unknown): unknown {
  if (typeof value === 'string') {
    return enumNames.has(value) || /^\d{4}-|^[\d.:]*$|^\[|^http/.test(value) ? value : `${value}${evil}`;
  }
  if (Array.isArray(value)) return value.map(spoiled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, spoiled(member)]));
}

function spoiledXml(xml: string): string {
  return xml.replace(/>([^<>]+)<\//g, (whole, content: string) =>
    plain.test(content) || enumNames.has(content) ? whole : `>${content}${evilXml}</`,
  );
}

/** How the tenant answers: with its data, spoilt, or with errors of several kinds in its place. */
export type Mood = 'data' | 'refusal' | 'unauthorized' | 'redirect' | 'busy' | 'html';

const errors: Readonly<Record<Exclude<Mood, 'data'>, readonly [number, string, string]>> = {
  refusal: [500, 'application/json', JSON.stringify({ Error: true, ErrorType: evil, ErrorMessage: evil })],
  unauthorized: [401, 'application/json', JSON.stringify({ Message: evil, MessageDetail: evil })],
  redirect: [302, 'text/plain', evil],
  busy: [429, 'text/plain', evil],
  html: [200, 'text/html', `<html>${evil}</html>`],
};

async function sandboxUrl(): Promise<string> {
  const sandbox = await startSandbox({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => sandbox.close());
  return sandbox.url;
}

/** Starts one for one test. @returns its address */
export async function hostileTenant(mood: Mood): Promise<string> {
  const behind = mood === 'data' ? await sandboxUrl() : '';
  const server = createServer((request, response) => {
    const headers = {
      Location: `/${evilHeader}`,
      'Retry-After': `1${evilHeader}`,
      'WWW-Authenticate': `Basic realm="${evilHeader}"`,
      'Set-Cookie': `a=${evilHeader}`,
      'X-Evil': evilHeader,
    };
    if (mood !== 'data') {
      const [status, type, body] = errors[mood];
      response.writeHead(status, { ...headers, 'Content-Type': `${type}; x=${evilHeader}` });
      response.end(body);
      return;
    }
    const { method, headers: given } = request;
    const onward = forward(`${behind}${request.url}`, { method, headers: given, agent: false }, (answer) => {
      void text(answer).then((body) => {
        const type = answer.headers['content-type'] ?? '';
        const shown = type.includes('json')
          ? JSON.stringify(spoiled(JSON.parse(body)))
          : type.includes('xml')
            ? spoiledXml(body)
            : body;
        response.writeHead(answer.statusCode ?? 500, {
          ...(type !== '' && { 'Content-Type': type }),
          'X-Evil': evilHeader,
        });
        response.end(shown);
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  return `http://127.0.0.1:${await listening(server)}`;
}
