/** Which batch tasks are forced resyncs: by their name, since the server gives no other sign. */
import type { BatchTaskInfoValue } from '../agent/batch-carriers.ts';

/**
 * What the names of ERP resync tasks look like. The server's own name for them is documented nowhere; only the
 * key of its text is (`SR_BATCH_ERPFORCERESYNCBATCHPLUGIN_NAME`).
 */
export const resyncTaskPattern = '*erp*resync*';

/** A pattern as it is typed, where * stands for anything and case does not matter, to be tried on whole names. */
export function namePattern(text: string): RegExp {
  const parts = text.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'is');
}

/** Whether name or description of a task are as the pattern says. */
export function isNamed({ Name, Description }: BatchTaskInfoValue, pattern: RegExp): boolean {
  return pattern.test(Name ?? '') || pattern.test(Description ?? '');
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
