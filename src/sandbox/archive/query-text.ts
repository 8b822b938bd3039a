/** The parts of a query that are written as texts: lists of columns and entities, the order. */
import { Refusal } from '../refusal.ts';
import type { Order } from './run.ts';

/** A comma list of names; none for an empty text. */
export function readNames(text: string | null | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** `name asc, fullname, category desc`. @throws Refusal for another direction. */
export function readOrder(text: string | null | undefined): Order[] {
  return readNames(text).map((part) => {
    const [column = '', direction = 'asc', ...more] = part.split(/\s+/);
    if (!/^(asc|desc)$/i.test(direction) || more.length > 0)
      throw new Refusal(`The order cannot be read: "${part}"`);
    return { column, descending: direction.toLowerCase() === 'desc' };
  });
}
