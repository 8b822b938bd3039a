/** The paths of the SOAP services: `/Remote/Services88/ErpSync.svc`. */
import { type AgentName, agents, type OperationName, operationNamed } from '../agent/contract.ts';

/** The versions of the services, oldest first. 84 and 85, which still exist, cannot force a resync. */
export const serviceVersions = [86, 87, 88] as const;
/** One of {@link serviceVersions}. */
export type ServiceVersion = (typeof serviceVersions)[number];

/** A service: an agent in a version. */
export interface Service {
  readonly agent: AgentName;
  readonly version: ServiceVersion;
  /** The namespace of all that is its own. */
  readonly namespace: string;
  /** Its path as it is documented. */
  readonly path: string;
  /** The operations that this version has, in the order of the contract. */
  readonly operations: readonly OperationName[];
}

const services: ReadonlyMap<string, Service> = new Map(
  serviceVersions.flatMap((version) =>
    agentNames().map((agent) => {
      const service = serviceOf(agent, version);
      return [service.path.toLowerCase(), service] as const;
    }),
  ),
);

/** The service at a path as sent; like IIS it is blind to case. */
export function serviceAt(path: string): Service | undefined {
  try {
    return services.get(decodeURIComponent(path).toLowerCase());
  } catch {
    return undefined;
  }
}

/** The action of an operation: what `SOAPAction` names. */
export function actionOf({ namespace, agent }: Service, operation: OperationName): string {
  return `${namespace}/${agent}/${operation}`;
}

function serviceOf(agent: AgentName, version: ServiceVersion): Service {
  const names = Object.keys(agents[agent]) as OperationName[];
  return {
    agent,
    version,
    namespace: `http://www.superoffice.net/ws/crm/NetServer/Services${version}`,
    path: `/Remote/Services${version}/${agent}.svc`,
    operations: names.filter((name) => version >= (operationNamed(name).since ?? 86)),
  };
}

function agentNames(): AgentName[] {
  return Object.keys(agents) as AgentName[];
}
