/** Which batch tasks are forced resyncs: by their name, since the server gives no other sign. */
import type { BatchTaskInfoValue } from '../agent/batch-carriers.ts';

/** Whether a name is as a pattern says. */
export type NameTest = (name: string) => boolean;

/**
 * A pattern as it is typed, where * stands for anything and case does not matter, to be tried on whole names. It
 * looks at each part once, so that no name of a server makes it work for long.
 */
export function namePattern(pattern: string): NameTest {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const last = rest.pop();
  return (name) => {
    const text = name.toLowerCase();
    if (last === undefined) return text === first;
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last))
      return false;
    const end = text.length - last.length;
    let from = first.length;
    for (const part of rest) {
      const found = text.indexOf(part, from);
      if (found === -1 || found + part.length > end) return false;
      from = found + part.length;
    }
    return true;
  };
}

/** Whether name or description of a task are as the pattern says. */
export function isNamed({ Name, Description }: BatchTaskInfoValue, isMeant: NameTest): boolean {
  return isMeant(Name ?? '') || isMeant(Description ?? '');
}

/** Whether a task names another source of the data than this one, so that another job has started it. */
export function contradicts({ ParameterObject }: BatchTaskInfoValue, sourceId: number): boolean {
  return Object.entries(ParameterObject ?? {}).some(
    ([name, value]) =>
      name.toLowerCase() === 'erpconnectionid' &&
      /^[0-9]{1,10}$/.test(value ?? '') &&
      Number(value) !== sourceId,
  );
}
