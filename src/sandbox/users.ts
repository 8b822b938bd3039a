/** Who can log in to the sandbox, and what `currentPrincipal` and logins say of them. */
import type { SoPrincipalCarrier } from '../agent/login-carriers.ts';
import type { ValueOf } from '../agent/wire-types.ts';

/** A user of the tenant. */
export interface User {
  readonly username: string;
  readonly password: string;
  /** Owner of the batch tasks that the user starts; 0 is kept for the system. */
  readonly associateId: number;
  readonly personId: number;
  readonly fullName: string;
  readonly roleId: number;
  readonly roleName: string;
  readonly functionRights: readonly string[];
  /** Whether the ErpSync agent answers this user; who may not gets 403. */
  readonly mayUseErpSync: boolean;
}

/** The administrator, under the name and password of this sandbox. */
export function administrator(username: string, password: string): User {
  return {
    username,
    password,
    associateId: 5,
    personId: 11,
    fullName: 'Terje Example',
    roleId: 1,
    roleName: 'User level 0',
    functionRights: ['admin-all'],
    mayUseErpSync: true,
  };
}

/** A user who can log in and look, without the right to use the ErpSync agent. Loopback only. */
export const reader: User = {
  username: 'reader',
  password: 'Reader0',
  associateId: 6,
  personId: 12,
  fullName: 'Rita Reader',
  roleId: 2,
  roleName: 'User level 2',
  functionRights: [],
  mayUseErpSync: false,
};

/** Who an app is that calls for itself: it may do everything, and cannot log in with a password. */
export const systemUser: User = {
  username: 'SYSTEM',
  password: '',
  associateId: 2,
  personId: 0,
  fullName: 'System User',
  roleId: 1,
  roleName: 'User level 0',
  functionRights: ['admin-all'],
  mayUseErpSync: true,
};

/** The full name of an associate; nobody's for the system, 0. */
export function associateName(associateId: number): string {
  const users = [administrator('', ''), reader, systemUser];
  return users.find((user) => user.associateId === associateId)?.fullName ?? '';
}

/** What REST says of a user: the carrier and, at its end, `UserName`. */
export function principalOf(user: User): Readonly<Record<string, unknown>> {
  return { ...principalCarrier(user), UserName: user.username };
}

/** The SoPrincipalCarrier of a user, members in the order of the carrier. */
export function principalCarrier(user: User): NonNullable<ValueOf<typeof SoPrincipalCarrier>> {
  return {
    UserType: user === systemUser ? 'SystemAssociate' : 'InternalAssociate',
    Associate: user.username,
    AssociateId: user.associateId,
    IsPerson: true,
    PersonId: user.personId,
    CountryId: 578,
    HomeCountryId: 578,
    ContactId: 1,
    GroupId: 1,
    BusinessId: 1,
    CategoryId: 1,
    ContactOwner: user.associateId,
    RoleId: user.roleId,
    RoleName: user.roleName,
    RoleDescription: '',
    RoleType: 'Employee',
    Licenses: [],
    FullName: user.fullName,
    EMailAddress: `${user.username}@example.com`,
    FunctionRights: user.functionRights,
    EjUserId: 0,
    EjAccessLevel: 0,
    EjUserStatus: 'StatusNone',
    ProvidedCredentials: [],
    SecondaryGroups: [],
    DatabaseContextIdentifier: 'Default',
  };
}
