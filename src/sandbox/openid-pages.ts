/** The pages of the login service that people see in their browser. */
import { randomBytes } from 'node:crypto';
import type { Answer } from './answers.ts';
import { element, escaped } from './markup.ts';

/** A page in which nothing runs and which nobody may frame or keep. */
function page(status: number, title: string, content: readonly string[], script?: string): Answer {
  const nonce = randomBytes(16).toString('base64');
  const scripts = script === undefined ? [] : [element('script', { nonce }, script)];
  const html = element(
    'html',
    { lang: 'en' },
    element('head', {}, element('meta', { charset: 'utf-8' }), element('title', {}, escaped(title))),
    element('body', {}, element('h1', {}, escaped(title)), ...content, ...scripts),
  );
  const sources = script === undefined ? "'none'" : `'nonce-${nonce}'`;
  return {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Content-Security-Policy': `default-src 'none'; script-src ${sources}; frame-ancestors 'none'; base-uri 'none'`,
      'Referrer-Policy': 'no-referrer',
    },
    body: `<!DOCTYPE html>\n${html}\n`,
    ...(status >= 400 && { isRefusal: true }),
  };
}

/** What can be told to the user alone, since there is nobody to be sent back to. */
export function errorPage(status: number, message: string): Answer {
  return page(status, 'The sign-in has failed', [element('p', {}, escaped(message))]);
}

/** Asks for name and password, and posts them to where it came from. */
export function signInPage(tenant: string, username: string, problem: string | undefined): Answer {
  const field = (label: string, attributes: Readonly<Record<string, string>>): string =>
    element('p', {}, element('label', {}, `${label} `, element('input', attributes)));
  const button = (value: string, label: string): string =>
    element('button', { name: 'answer', value, type: 'submit' }, label);
  const shown = page(200, `Sign in to ${tenant}`, [
    ...(problem === undefined ? [] : [element('p', { role: 'alert' }, escaped(problem))]),
    element(
      'form',
      { method: 'post' },
      field('User name', { name: 'username', value: username, autocomplete: 'username' }),
      field('Password', { name: 'password', type: 'password', autocomplete: 'current-password' }),
      element('p', {}, button('allow', 'Sign in and allow'), ' ', button('deny', 'Cancel')),
    ),
  ]);
  return problem === undefined ? shown : { ...shown, isRefusal: true };
}

/** Sends the browser back with a form: response_mode form_post. */
export function formPostPage(redirectUri: string, values: ReadonlyMap<string, string>): Answer {
  const fields = [...values].map(([name, value]) => element('input', { type: 'hidden', name, value }));
  const form = element(
    'form',
    { method: 'post', action: redirectUri },
    ...fields,
    element('button', { type: 'submit' }, 'Continue'),
  );
  return page(200, 'You are signed in', [form], 'document.forms[0].submit();');
}
