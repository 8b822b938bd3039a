import { exitCodeMeanings } from '../../errors.ts';
import type { Page } from '../help-page.ts';

/** `erpsync help exit-codes`. */
export function exitCodesPage(): Page {
  return [
    { content: ['Exit codes. Never 0 unless everything asked for was accepted.'] },
    { content: [{ rows: exitCodeMeanings.map(([code, name, when]) => [code, `${name}: ${when}`]) }] },
    {
      content: [
        '11 is the one to look into: a request was handed over and no answer came, so its work may or may not have been done. It is never sent again by itself.',
        '',
        'The page of each command names those that it can end with: erpsync help force-resync',
      ],
    },
  ];
}
