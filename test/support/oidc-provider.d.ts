/** oidc-provider has no types of its own; what the tests use of it. */
declare module 'oidc-provider' {
  import { EventEmitter } from 'node:events';
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export default class Provider extends EventEmitter {
    constructor(issuer: string, configuration: object);
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: object,
      options?: object,
    ): Promise<void>;
    readonly AccessToken: { find(token: string): Promise<{ readonly accountId: string } | undefined> };
    readonly RefreshToken: { find(token: string): Promise<{ destroy(): Promise<void> } | undefined> };
    readonly Grant: new (of: {
      readonly accountId: string;
      readonly clientId: string;
    }) => { addOIDCScope(scope: string): void; save(): Promise<string> };
  }
}
