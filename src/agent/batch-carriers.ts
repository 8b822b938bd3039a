/** The data types of the Batch agent: names, members, types and order as the Services88 WSDL has them. */
import {
  boolean,
  carrier,
  dateTime,
  enumeration,
  int16,
  int32,
  string,
  stringMap,
  type ValueOf,
} from './wire-types.ts';

/** State of a batch task. `Aquired` is spelled so on the wire; `All` is for queries only. */
export const BatchTaskState = enumeration('BatchTaskState', {
  Unknown: 0,
  New: 1,
  Aquired: 2,
  Started: 3,
  Succeeded: 4,
  Failed: 5,
  SucceededManualCleanup: 6,
  All: 99999,
});

export const BatchTaskCancellationBehaviour = enumeration('BatchTaskCancellationBehaviour', {
  CanCancel: 0,
  CancelWithWarning: 1,
  CannotCancel: 2,
});

/** A background job of NetServer. `AssociateId` is 0 for a system task; `FileName` and `CancellationBehaviour` are absent before Services88. */
export const BatchTaskInfo = carrier(
  'BatchTaskInfo',
  {
    Id: int32,
    Name: string,
    AssociateId: int32,
    DetailsTable: int16,
    DetailsRecord: int32,
    IsSystemTask: boolean,
    IsInternalTask: boolean,
    ParameterObject: stringMap,
    LastStarted: dateTime,
    Created: dateTime,
    StartCount: int32,
    DatabaseSerialNumber: string,
    Context: string,
    Result: string,
    State: BatchTaskState,
    Description: string,
    Response: string,
    Request: string,
    ProgressDescription: string,
    ProgressPercent: int16,
    FileName: string,
    CancellationBehaviour: BatchTaskCancellationBehaviour,
  },
  ['FileName', 'CancellationBehaviour'],
);

/** Values of a batch task as the server answers them. */
export type BatchTaskInfoValue = NonNullable<ValueOf<typeof BatchTaskInfo>>;
