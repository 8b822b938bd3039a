/** The archive of batch tasks. A row's primary key is the task's id, for which there is no column. */
import { type BatchTaskInfoValue, BatchTaskState } from '../../agent/batch-carriers.ts';
import { resyncTaskName, taskInfo, taskUpdatedAt } from '../batch-tasks.ts';
import { associateName } from '../users.ts';
import type { Cell } from './cells.ts';
import type { Archive, Column } from './column.ts';
import { flatArchive } from './flat-archive.ts';

interface TaskRow {
  readonly info: BatchTaskInfoValue;
  readonly updated: string;
}

/** Ids of the definitions that the sandbox knows; a task of another name belongs to none. */
const definitionIds: ReadonlyMap<string, number> = new Map([
  ['DatabaseStatistics', 1],
  ['SelectionExport', 2],
  [resyncTaskName, 3],
]);
/** After how many seconds a task counts as dead; none of the sandbox's takes so long. */
const definitionTimeOut = 3600;

const columns: readonly Column<TaskRow>[] = [
  column('DefinitionId', 'int', ({ Name }) => definitionIds.get(Name ?? '') ?? 0),
  column('DefinitionName', 'string', ({ Name }) => Name),
  column('DefinitionDescription', 'string', ({ Name }) => Name),
  column('DefinitionTimeOut', 'int', () => definitionTimeOut),
  column('Description', 'string', ({ Description }) => Description),
  column('DbTag', 'string', () => ''),
  column('State', 'int', ({ State }) => BatchTaskState.values[State ?? 'Unknown']),
  column('DetailsTable', 'int', ({ DetailsTable }) => DetailsTable),
  column('DetailsRecord', 'int', ({ DetailsRecord }) => DetailsRecord),
  { ...column('Request', 'string', ({ Request }) => Request), canOrderBy: false },
  { ...column('Response', 'string', ({ Response }) => Response), canOrderBy: false },
  column('StartCount', 'int', ({ StartCount }) => StartCount),
  column('LastStarted', 'date', ({ LastStarted }) => LastStarted),
  column('ProgressPercent', 'int', ({ ProgressPercent }) => ProgressPercent),
  {
    ...column('ProgressDescription', 'string', ({ ProgressDescription }) => ProgressDescription),
    canOrderBy: false,
  },
  associate('updatedBy'),
  { ...column('updatedDate', 'date', () => null), read: ({ updated }) => updated },
  associate('registeredBy'),
  column('registeredDate', 'date', ({ Created }) => Created),
];

/** The archive; tasks move by the clock, so each request reads them anew. */
export const taskArchive: Archive = flatArchive<TaskRow>({
  name: 'BatchTasks',
  entities: ['batchtask'],
  columns,
  rows: ({ tenant, now }) =>
    tenant.tasks.map((task) => ({ info: taskInfo(task, now), updated: taskUpdatedAt(task, now) })),
  keyOf: ({ info }) => info.Id ?? 0,
  entityOf: () => 'batchtask',
});

function column(
  name: string,
  type: 'int' | 'string' | 'date',
  read: (info: BatchTaskInfoValue) => Cell | undefined,
): Column<TaskRow> {
  const empty = type === 'string' ? '' : null;
  return { name, type, restriction: type, canOrderBy: true, read: ({ info }) => read(info) ?? empty };
}

/** Shows a name, while conditions compare the associate's id. */
function associate(name: string): Column<TaskRow> {
  return {
    name,
    type: 'string',
    restriction: 'associate',
    canOrderBy: true,
    read: ({ info }) => associateName(info.AssociateId ?? 0),
    compared: ({ info }) => info.AssociateId ?? 0,
  };
}
