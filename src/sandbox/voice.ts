/** How a protocol words what the server says, so that a fault need not know who asked. */
import { type Answer, errorAnswer, jsonAnswer } from './answers.ts';

/** The words of a protocol; in each of them nothing was done. */
export interface Voice {
  /** The application has failed: its error with status 500. */
  failure(message: string): Answer;
  /** An error of the application with this HTTP status; undefined where the protocol has no words for it. */
  error(status: number, message: string): Answer | undefined;
  /** What the tenant says when it refuses. */
  refusal(message: string): Answer;
  /** A result that is null where one was due. */
  nullResult(): Answer;
}

/** The error object of NetServer's REST agents, under any status. */
export const restVoice: Voice = {
  failure: (message) => errorAnswer(500, 'SoException', message),
  error: (status, message) => errorAnswer(status, 'SoException', message),
  refusal: (message) => errorAnswer(500, 'SoException', message),
  nullResult: () => jsonAnswer(200, null),
};
