/** Web pages that come in place of an answer: of a captive portal, a proxy, a firewall, what stands in front of a server. */
import type { Answer } from './http.ts';

/** A title stands near the beginning (bytes). */
const searched = 16 * 1024;
const longestTitle = 80;

/**
 * A web page in words: `a web page ("Sign in")`. Undefined for any other answer; NetServer sends JSON or XML.
 */
export function pageInWords({ headers, body }: Pick<Answer, 'headers' | 'body'>): string | undefined {
  const start = body.toString('utf8', 0, searched);
  const isPage =
    /^\s*text\/html\b/i.test(headers.get('content-type') ?? '') ||
    /^\s*<(?:!doctype\s+html|html)\b/i.test(start);
  if (!isPage || start.trim() === '') return undefined;
  const title = /<title[^>]*>([^<]*)</i.exec(start)?.[1]?.replace(/\s+/g, ' ').trim() ?? '';
  if (title === '') return 'a web page';
  const short = title.length > longestTitle ? `${title.slice(0, longestTitle)}...` : title;
  return `a web page (${JSON.stringify(short)})`;
}
